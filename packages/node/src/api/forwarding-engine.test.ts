import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { accept } from "@cityroot/core/outcome";
import { REJECTIONS, type RejectionName } from "@cityroot/core/rejection";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Engine, SubmitResult, TakeResult } from "../engine/engine.ts";
import { decodeResults, encodeResults } from "./engine-message.ts";
import { serveEngine } from "./engine-socket.ts";
import { EngineRefusesError, EngineUnreachableError, forwardingEngine } from "./forwarding-engine.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cityroot-engine-"));
});
afterAll(() => rm(folder, { recursive: true }));

const RESULTS: readonly SubmitResult[] = [
  { id: new Uint8Array(32).fill(1), outcome: accept({ height: 7, index: 3 }) },
  {
    id: null,
    outcome: {
      ok: false,
      rejection: {
        name: "CODE_TAKEN",
        detail: "石家庄 was issued already",
        operation: 4,
        fault: { field: "code", at: 2, expected: "another", got: "this", fix: "choose one" },
      },
    },
  },
  { id: new Uint8Array(32), outcome: { ok: false, rejection: { name: "EXPIRED", detail: "late" } } },
];

function engineOf(changes: Partial<Engine>): Engine {
  const give = async () => RESULTS;
  return { submit: give, take: give, refusesBecause: () => null, close: async () => {}, ...changes };
}

let count = 0;
async function serve(engine: Engine): Promise<{ socketPath: string; close: () => Promise<void> }> {
  count += 1;
  const socketPath = join(folder, `${count}.sock`);
  const logger = pino({ level: "silent" });
  const socket = await serveEngine({ engine, socketPath, logger, bytesMax: 10_000, transactionsMax: 10 });
  return { socketPath, close: socket.close };
}

const TRANSACTIONS = [1, 2, 3].map((byte) => new Uint8Array([byte]));

describe("an engine in another process", () => {
  test("tells what waits for a block, which is no answer to who waits for one", async () => {
    const id = new Uint8Array(32).fill(7);
    const pending: TakeResult = { id, outcome: { ok: true, value: null } };
    const { socketPath, close } = await serve(
      engineOf({ take: async () => [...RESULTS.slice(1), pending], submit: async () => [pending] as never }),
    );
    const engine = forwardingEngine({ socketPath, clock: Date.now });
    expect(await engine.take(TRANSACTIONS)).toEqual([...RESULTS.slice(1), pending]);
    await expect(engine.submit(TRANSACTIONS.slice(0, 1))).rejects.toThrow(EngineUnreachableError);
    await engine.close();
    await close();
  });

  test("is reached beside all that wait for their blocks", async () => {
    const { promise: block, resolve: decide } = Promise.withResolvers<readonly SubmitResult[]>();
    let waiting = 0;
    const submit: Engine["submit"] = () => {
      waiting += 1;
      return block;
    };
    const { socketPath, close } = await serve(engineOf({ submit }));
    const engine = forwardingEngine({ socketPath, clock: Date.now });
    const held = Array.from({ length: 256 }, () => engine.submit(TRANSACTIONS));
    await expect.poll(() => waiting, { timeout: 5_000 }).toBe(256);
    expect(await engine.take(TRANSACTIONS)).toEqual(RESULTS);
    decide(RESULTS);
    await Promise.all(held);
    await engine.close();
    await close();
  });

  test("gives its results unchanged, with every part of a refusal", async () => {
    let taken: readonly Uint8Array[] = [];
    const { socketPath, close } = await serve(
      engineOf({
        submit: async (transactions) => {
          taken = transactions;
          return RESULTS;
        },
      }),
    );
    const engine = forwardingEngine({ socketPath, clock: Date.now });
    expect(await engine.submit(TRANSACTIONS)).toEqual(RESULTS);
    expect(taken.map((bytes) => [...bytes])).toEqual([[1], [2], [3]]);
    expect((await stat(socketPath)).mode & 0o777).toBe(0o600);
    await engine.close();
    await close();
  });

  test("is known to refuse for a moment after it did, and is then asked again", async () => {
    let reason: string | null = "no space";
    const { socketPath, close } = await serve(engineOf({ refusesBecause: () => reason }));
    let nowMs = 0;
    const engine = forwardingEngine({ socketPath, clock: () => nowMs });
    expect(engine.refusesBecause()).toBeNull();
    await expect(engine.submit(TRANSACTIONS)).rejects.toThrow(new EngineRefusesError("no space"));
    expect(engine.refusesBecause()).toBe("no space");
    reason = null;
    nowMs = 1_000;
    expect(engine.refusesBecause()).toBeNull();
    expect(await engine.submit(TRANSACTIONS)).toEqual(RESULTS);
    await engine.close();
    await close();
  });

  test("fails in words when it is not there, breaks off, or says something else", async () => {
    const nowhere = forwardingEngine({ socketPath: join(folder, "none.sock"), clock: Date.now });
    await expect(nowhere.submit(TRANSACTIONS)).rejects.toThrow("does not answer");
    const { socketPath, close } = await serve(engineOf({ submit: () => Promise.reject(new Error("x")) }));
    const failing = forwardingEngine({ socketPath, clock: Date.now });
    await expect(failing.submit(TRANSACTIONS)).rejects.toThrow("answered 500");
    await failing.close();
    await close();
    const short = await serve(engineOf({ submit: async () => RESULTS.slice(1) }));
    const fewer = forwardingEngine({ socketPath: short.socketPath, clock: Date.now });
    await expect(fewer.submit(TRANSACTIONS)).rejects.toThrow("no results");
    await fewer.close();
    await short.close();
  });

  test("is tried once more when a connection breaks", async () => {
    const socketPath = join(folder, "breaks.sock");
    let asked = 0;
    const server = createServer((request, response) => {
      asked += 1;
      if (asked === 1) request.socket.destroy();
      else response.end(encodeResults(RESULTS));
    });
    await new Promise<void>((resolve) => server.listen(socketPath, resolve));
    const engine = forwardingEngine({ socketPath, clock: Date.now });
    expect(await engine.submit(TRANSACTIONS)).toEqual(RESULTS);
    await engine.close();
    await new Promise((resolve) => server.close(resolve));
  });

  test("takes the place of what an earlier process left, and refuses what is no submission", async () => {
    const socketPath = join(folder, `${count + 1}.sock`);
    await writeFile(socketPath, "left over");
    const { close } = await serve(engineOf({}));
    const engine = forwardingEngine({ socketPath, clock: Date.now });
    await expect(engine.submit([])).rejects.toThrow("answered 400");
    await expect(engine.submit([new Uint8Array(20_000)])).rejects.toThrow();
    expect(await engine.submit(TRANSACTIONS)).toEqual(RESULTS);
    await engine.close();
    await close();
  });
});

test("every refusal of the protocol survives the way between processes", () => {
  for (const name of Object.keys(REJECTIONS) as RejectionName[]) {
    const results: SubmitResult[] = [{ id: null, outcome: { ok: false, rejection: { name, detail: "d" } } }];
    expect(decodeResults(encodeResults(results)), name).toEqual(results);
  }
  for (const bytes of [[0x80, 0], [0xf6], [0x81, 0x01], [0x81, 0x82, 0xf6, 0x18, 0xff]]) {
    expect(decodeResults(new Uint8Array(bytes)), String(bytes)).toBeUndefined();
  }
});

test("questions to the consensus reach the engine's process, where it has one", async () => {
  const result = { height: "7" };
  const asking = await serve(
    engineOf({ askConsensus: async ({ method }) => ({ result: { ...result, method } }) }),
  );
  const engine = forwardingEngine({ socketPath: asking.socketPath, clock: Date.now });
  const question = { method: "commit", params: { height: "7" } } as const;
  expect(await engine.askConsensus!(question)).toEqual({ result: { ...result, method: "commit" } });
  await engine.close();
  await asking.close();
  const alone = await serve(engineOf({}));
  const none = forwardingEngine({ socketPath: alone.socketPath, clock: Date.now });
  expect(await none.askConsensus!(question)).toBeUndefined();
  await none.close();
  await alone.close();
  await expect(none.askConsensus!(question)).rejects.toThrow(EngineUnreachableError);
});
