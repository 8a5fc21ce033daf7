/**
 * Goal: a broken application stops its node, and what is not ABCI harms nobody.
 * Method: applications that throw; bytes of every kind over real unix sockets.
 */
import { connect } from "node:net";
import fc from "fast-check";
import { expect, test } from "vitest";
import { checkTx, commit, echo, flush, gasOf, gate, info, serve } from "./abci-served.testing.ts";
import { joinFrames } from "./framing.ts";

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
