/**
 * Goal: whatever the application takes for its answers, they go out in the order of their requests, and it is asked in the
 * order that it may count on.
 * Method: real unix sockets, an application whose methods the tests open and close.
 */
import { setImmediate } from "node:timers/promises";
import fc from "fast-check";
import { expect, test } from "vitest";
import { checkTx, commit, echo, flush, gasOf, gate, info, query, serve } from "./abci-served.testing.ts";

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
