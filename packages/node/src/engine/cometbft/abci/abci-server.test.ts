/**
 * Goal: whatever the application takes for its answers and whatever comes over the sockets, answers go out in the order of
 * their requests, memory is bounded, and a broken application stops its node.
 * Method: real unix sockets, an application whose methods the tests open and close.
 */
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate, setTimeout } from "node:timers/promises";
import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import type { Response } from "../../../../generated/tendermint/abci/types_pb.js";
import { type AbciClient, type AskedRequest, connectAbci } from "./abci-client.testing.ts";
import { type AbciServer, type AbciServerOptions, serveAbci } from "./abci-server.ts";
import type { AbciApplication } from "./application.ts";
import { joinFrames } from "./framing.ts";

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

/** An application that answers all with nothing, but for what a test gives it. */
function applicationOf(given: Partial<AbciApplication>): AbciApplication {
  const nothing = async () => ({});
  return {
    ...{ info: nothing, initChain: nothing, checkTx: nothing, prepareProposal: nothing, query: nothing },
    ...{ processProposal: nothing, finalizeBlock: nothing, commit: nothing, listSnapshots: nothing },
    ...{ offerSnapshot: nothing, loadSnapshotChunk: nothing, applySnapshotChunk: nothing },
    ...given,
  };
}

type Served = AbciServer & {
  readonly socketPath: string;
  readonly failures: unknown[];
  readonly garbage: string[];
  readonly connect: () => Promise<AbciClient>;
};

async function serve(
  given: Partial<AbciApplication>,
  options: Partial<AbciServerOptions> = {},
): Promise<Served> {
  const folder = mkdtempSync(join(tmpdir(), "cityroot-abci-"));
  const socketPath = join(folder, "socket");
  const failures: unknown[] = [];
  const garbage: string[] = [];
  const server = await serveAbci({
    ...{ application: applicationOf(given), socketPath, closeMsMax: 2_000 },
    onFailure: (cause) => failures.push(cause),
    onGarbage: (cause) => garbage.push(cause.message),
    ...options,
  });
  undo.push(() => rmSync(folder, { recursive: true, force: true }));
  undo.push(server.close);
  const connectOne = async (): Promise<AbciClient> => {
    const client = await connectAbci(socketPath);
    undo.push(client.close);
    return client;
  };
  return { ...server, socketPath, failures, garbage, connect: connectOne };
}

const checkTx = (...bytes: readonly number[]): AskedRequest => ({
  case: "checkTx",
  value: { tx: Uint8Array.from(bytes) },
});
const echo = (message: string): AskedRequest => ({ case: "echo", value: { message } });
const info: AskedRequest = { case: "info", value: {} };
const query: AskedRequest = { case: "query", value: {} };
const commit: AskedRequest = { case: "commit", value: {} };
const flush: AskedRequest = { case: "flush", value: {} };

const gasOf = (answer: Response["value"]): number =>
  answer.case === "checkTx" ? Number(answer.value.gasWanted) : -1;

/** Something that is waited for until it is opened. */
function gate(): { readonly passed: Promise<void>; readonly open: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { passed: promise, open: resolve };
}

test("answers keep the order of their requests, whatever each takes", async () => {
  const server = await serve({
    checkTx: async ({ tx }) => {
      for (let turn = 0; turn < tx[1]!; turn++) await setImmediate();
      return { gasWanted: BigInt(tx[0]!) };
    },
    query: async () => {
      await setImmediate();
      return {};
    },
  });
  const client = await server.connect();
  const request = fc.oneof(
    { weight: 5, arbitrary: fc.tuple(fc.nat(255), fc.nat(6)).map(([gas, turns]) => checkTx(gas, turns)) },
    { weight: 1, arbitrary: fc.constantFrom(flush, query, info, echo("é")) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(request, { maxLength: 60 }), async (requests) => {
      const answers = await Promise.all(client.ask(...requests));
      expect(answers.map((answer) => answer.case)).toEqual(requests.map((asked) => asked.case));
      const gas = requests.map((asked) => (asked.case === "checkTx" ? asked.value.tx![0]! : -1));
      expect(answers.map(gasOf)).toEqual(gas);
    }),
    { numRuns: 100 },
  );
});

test("transactions are checked at once; other requests of a connection wait for one another", async () => {
  const under = { checkTx: 0, query: 0 };
  const most = { checkTx: 0, query: 0 };
  const run = async (name: "checkTx" | "query"): Promise<object> => {
    most[name] = Math.max(most[name], ++under[name]);
    for (let turn = 0; turn < 3; turn++) await setImmediate();
    under[name] -= 1;
    return {};
  };
  const server = await serve({ checkTx: () => run("checkTx"), query: () => run("query") });
  const client = await server.connect();
  await Promise.all(client.ask(...Array.from({ length: 50 }, () => [checkTx(1), query]).flat(), flush));
  expect(most).toEqual({ checkTx: 50, query: 1 });
});

test("what decides on blocks comes one after the other over all connections", async () => {
  const held = gate();
  const seen: string[] = [];
  const server = await serve({
    commit: async () => {
      seen.push("commit begins");
      await held.passed;
      seen.push("commit ends");
      return {};
    },
    info: async () => {
      seen.push("info");
      return {};
    },
  });
  const [old, next] = [await server.connect(), await server.connect()];
  old.ask(commit, flush);
  await expect.poll(() => seen).toEqual(["commit begins"]);
  // CometBFT was killed and started again.
  old.close();
  const [answer] = next.ask(info, flush);
  const [asked] = next.ask(echo("there"));
  const other = await server.connect();
  await Promise.all(other.ask(query, checkTx(1), flush));
  expect(seen).toEqual(["commit begins"]);
  held.open();
  await Promise.all([answer, asked]);
  expect(seen).toEqual(["commit begins", "commit ends", "info"]);
});

test("a flush is answered when what was before it is, and no later", async () => {
  const held = gate();
  const server = await serve({
    checkTx: async () => {
      await held.passed;
      return {};
    },
  });
  const client = await server.connect();
  const [first, second] = client.ask(echo("1"), flush, checkTx(1), flush);
  await Promise.all([first, second]);
  const [last] = client.ask(flush);
  let isAnswered = false;
  void last!.then(() => {
    isAnswered = true;
  });
  const other = await server.connect();
  await Promise.all(other.ask(flush));
  expect(isAnswered).toBe(false);
  held.open();
  expect((await last!).case).toBe("flush");
});

test("four connections are served at once", async () => {
  const server = await serve({ checkTx: async ({ tx }) => ({ gasWanted: BigInt(tx[0]!) }) });
  const clients = await Promise.all([1, 2, 3, 4].map(server.connect));
  const answers = await Promise.all(
    clients.map((client, at) =>
      Promise.all(client.ask(...Array.from({ length: 500 }, () => checkTx(at)), flush)),
    ),
  );
  for (const [at, some] of answers.entries())
    expect(new Set(some.slice(0, -1).map(gasOf)), `connection ${at}`).toEqual(new Set([at]));
});

test("a block that comes in many pieces is whole", async () => {
  const txs = Array.from({ length: 1_000 }, (_, at) => new Uint8Array(4_000).fill(at));
  const server = await serve({
    finalizeBlock: async (block) => ({
      txResults: block.txs.map((tx, at) => ({
        code: tx.length === 4_000 && tx.every((byte) => byte === at % 256) ? 0 : 1,
      })),
    }),
  });
  const client = await server.connect();
  const [answer] = client.ask({ case: "finalizeBlock", value: { txs, height: 1n } }, flush);
  const { case: name, value } = await answer!;
  expect(name).toBe("finalizeBlock");
  const results = name === "finalizeBlock" ? value.txResults : [];
  expect(results.map(({ code }) => code)).toEqual(txs.map(() => 0));
});

test("what the application throws is an exception, told once; nothing more is begun", async () => {
  const seen: string[] = [];
  const server = await serve({
    finalizeBlock: async () => {
      seen.push("finalizeBlock");
      throw new Error("the state root differs");
    },
    commit: async () => {
      seen.push("commit");
      return {};
    },
  });
  const client = await server.connect();
  const [before, failed, after] = client.ask(
    echo("a"),
    { case: "finalizeBlock", value: { height: 7n } },
    commit,
    flush,
  );
  expect((await before!).case).toBe("echo");
  expect(await failed!).toMatchObject({ case: "exception", value: { error: "the state root differs" } });
  await expect(after!).rejects.toThrow("ended before");
  await client.closed;
  expect(seen).toEqual(["finalizeBlock"]);
  const again = await server.connect();
  expect((await again.ask({ case: "finalizeBlock", value: {} }, flush)[0]!).case).toBe("exception");
  expect(server.failures).toEqual([new Error("the state root differs")]);
});

test("an exception comes after the answers that are before it", async () => {
  const held = gate();
  const server = await serve({
    checkTx: async ({ tx }) => {
      if (tx[0] === 2) throw new Error("broken");
      await held.passed;
      return { gasWanted: 1n };
    },
  });
  const client = await server.connect();
  const [first, second, third] = client.ask(checkTx(1), checkTx(2), checkTx(3));
  await expect.poll(() => server.failures.length).toBe(1);
  held.open();
  expect(gasOf(await first!)).toBe(1);
  expect((await second!).case).toBe("exception");
  await expect(third!).rejects.toThrow("ended before");
});

test("an answer that cannot be encoded is a failure too", async () => {
  const server = await serve({ info: async () => ({ lastBlockHeight: 2n ** 64n }) });
  const client = await server.connect();
  expect((await client.ask(info, flush)[0]!).case).toBe("exception");
  expect(server.failures).toHaveLength(1);
});

test("what the application does not serve is an exception that says so", async () => {
  const server = await serve({ verifyVoteExtension: async () => ({ status: 1 }) });
  const client = await server.connect();
  const [verified] = client.ask({ case: "verifyVoteExtension", value: {} }, flush);
  expect(await verified!).toMatchObject({ case: "verifyVoteExtension", value: { status: 1 } });
  for (const name of ["extendVote", "insertTx", "reapTxs"] as const) {
    const [asked] = (await server.connect()).ask({ case: name, value: {} }, flush);
    const answer = await asked!;
    expect(answer.case === "exception" ? answer.value.error : "", name).toContain(`asked for ${name}`);
  }
  expect(server.failures).toHaveLength(1);
});

test("garbage ends its connection and nothing else", async () => {
  const server = await serve({}, { requestBytesMax: 10_000 });
  const good = await server.connect();
  const garbage = [
    joinFrames([new Uint8Array([255, 255, 255])]),
    joinFrames([new Uint8Array([])]),
    joinFrames([new Uint8Array([0x22, 0])]),
    joinFrames([new Uint8Array(10_001)]),
    new Uint8Array(10).fill(255),
    Buffer.from(`GET / HTTP/1.1\r\nHost: localhost\r\nCookie: ${"x".repeat(100)}\r\n\r\n`),
  ];
  for (const [at, bytes] of garbage.entries()) {
    const client = await server.connect();
    client.sendBytes(bytes);
    await client.closed;
    expect(server.garbage, `garbage ${at}`).toHaveLength(at + 1);
  }
  expect((await good.ask(echo("still there"), flush)[0]!).value).toMatchObject({ message: "still there" });
  expect(server.failures).toEqual([]);
});

test("random bytes end in answers or in a closed connection", async () => {
  const server = await serve({});
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 200 }), async (bytes) => {
      const socket = connect(server.socketPath).resume();
      socket.write(joinFrames([bytes]));
      // What that begins and does not end is ended by what is no frame.
      socket.write(new Uint8Array(300).fill(255));
      await new Promise((resolve) => socket.on("error", () => socket.destroy()).once("close", resolve));
    }),
    { numRuns: 100 },
  );
  expect((await (await server.connect()).ask(echo("up"))[0]!).case).toBe("echo");
});

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
  // What a killed process leaves: a socket that nobody listens on.
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
