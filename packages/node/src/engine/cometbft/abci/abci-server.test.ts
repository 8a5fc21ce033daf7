/**
 * Goal: what a server holds is bounded, its socket is for its user alone, and it ends in time.
 * Method: real unix sockets, peers that ask too much or read too little, an application whose methods the tests hold.
 */
import { readdirSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate, setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { connectAbci } from "./abci-client.testing.ts";
import { checkTx, commit, echo, flush, gate, query, serve } from "./abci-served.testing.ts";

test("requests wait in the socket while too many are under way", async () => {
  let begun = 0;
  const held = gate();
  const server = await serve(
    {
      checkTx: async () => {
        begun += 1;
        await held.passed;
        return {};
      },
    },
    { requestsMax: 100 },
  );
  const client = await server.connect();
  const tx = checkTx(...new Uint8Array(1_000));
  const answers = client.ask(...Array.from({ length: 5_000 }, () => tx), flush);
  await expect.poll(() => begun).toBeGreaterThanOrEqual(100);
  await expect.poll(() => client.unsentBytes()).toBeGreaterThan(1_000_000);
  // What was read with the last one that fits is begun too.
  expect(begun).toBeLessThan(300);
  held.open();
  await Promise.all(answers);
  expect(begun).toBe(5_000);
});

test("requests wait in the socket while those under way have too many bytes", async () => {
  let begun = 0;
  const held = gate();
  const server = await serve(
    {
      checkTx: async () => {
        begun += 1;
        await held.passed;
        return {};
      },
    },
    { requestBytesMax: 100_000 },
  );
  const client = await server.connect();
  const tx = checkTx(...new Uint8Array(50_000));
  const answers = client.ask(...Array.from({ length: 60 }, () => tx), flush);
  await expect.poll(() => begun).toBeGreaterThanOrEqual(2);
  await expect.poll(() => client.unsentBytes()).toBeGreaterThan(1_000_000);
  expect(begun).toBeLessThan(6);
  held.open();
  await Promise.all(answers);
});

test("a peer that does not take its answers is not read from, and goes on when it does", async () => {
  let answered = 0;
  const server = await serve({
    query: async () => {
      answered += 1;
      return { value: new Uint8Array(100_000) };
    },
  });
  const client = await server.connect();
  client.stopReading();
  const answers: Promise<unknown>[] = [];
  for (let round = 0; round < 200; round++) {
    answers.push(...client.ask(query));
    await setImmediate();
  }
  await expect.poll(() => answered).toBeGreaterThan(0);
  // One that reads nothing holds up nobody else.
  await Promise.all((await server.connect()).ask(query, flush));
  expect(answered).toBeLessThan(200);
  client.readAgain();
  await Promise.all(answers);
  expect(answered).toBe(201);
});

test("more connections than are allowed are closed as they come", async () => {
  const server = await serve({}, { connectionsMax: 2 });
  const clients = [await server.connect(), await server.connect()];
  const third = await server.connect();
  await third.closed;
  for (const [at, client] of clients.entries())
    expect((await client.ask(flush)[0]!).case, `connection ${at}`).toBe("flush");
});

test("the socket is for this user alone, takes the place of a stale one, and goes with the server", async () => {
  const first = await serve({});
  expect(statSync(first.socketPath).mode & 0o777).toBe(0o600);
  // What a killed process leaves: a socket that nobody listens on, as a server does that does not find its own to remove.
  renameSync(first.socketPath, `${first.socketPath}.stale`);
  await first.close();
  renameSync(`${first.socketPath}.stale`, first.socketPath);
  await expect(connectAbci(first.socketPath)).rejects.toThrow("ECONNREFUSED");
  const second = await serve({}, { socketPath: first.socketPath });
  const client = await connectAbci(first.socketPath);
  expect((await client.ask(flush)[0]!).case).toBe("flush");
  client.close();
  await second.close();
  expect(readdirSync(join(first.socketPath, ".."))).toEqual([]);
});

test("what is no socket is left where it is, and a path that is too long is told", async () => {
  const server = await serve({});
  const file = `${server.socketPath}.txt`;
  writeFileSync(file, "precious");
  await expect(serve({}, { socketPath: file })).rejects.toThrow("expected a socket or nothing");
  expect(statSync(file).size).toBe(8);
  const long = `/tmp/${"x".repeat(120)}`;
  await expect(serve({}, { socketPath: long })).rejects.toThrow("at most 103 bytes, got 125");
});

test("closing waits for what is under way, answers it, and begins nothing more", async () => {
  const held = gate();
  const seen: string[] = [];
  const server = await serve({
    commit: async () => {
      seen.push("commit");
      await held.passed;
      return { retainHeight: 5n };
    },
    query: async () => {
      seen.push("query");
      return {};
    },
  });
  const client = await server.connect();
  const [committed, never] = client.ask(commit, query);
  await expect.poll(() => seen).toEqual(["commit"]);
  const closing = server.close();
  client.ask(query);
  held.open();
  expect(await committed!).toMatchObject({ case: "commit", value: { retainHeight: 5n } });
  await expect(never!).rejects.toThrow("ended before");
  await closing;
  expect(seen).toEqual(["commit"]);
  await expect(server.connect()).rejects.toThrow();
});

test("closing takes no longer than it may, whatever the application and the peer do", async () => {
  const server = await serve({ commit: () => new Promise(() => {}) }, { closeMsMax: 100 });
  const stuck = await server.connect();
  stuck.ask(commit);
  const lazy = await server.connect();
  lazy.stopReading();
  for (let round = 0; round < 50; round++) lazy.ask(echo("x".repeat(100_000)));
  await Promise.all((await server.connect()).ask(flush));
  const isClosed = server.close().then(() => true);
  expect(await Promise.race([isClosed, setTimeout(5_000, false)])).toBe(true);
  await stuck.closed;
});
