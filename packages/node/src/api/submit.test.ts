import { mkdtempSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeCbor } from "@cityroot/core/cbor";
import { issueOf } from "@cityroot/core/ledger.testing";
import { reject } from "@cityroot/core/outcome";
import { pino } from "pino";
import { afterEach, describe, expect, test } from "vitest";
import type { Engine, SubmitResult } from "../engine/engine.ts";
import { type City, openCity, type Running, startServer } from "./city.testing.ts";
import { type Ask, openContract } from "./contract.testing.ts";
import { serveEngine } from "./engine-socket.ts";
import { forwardingEngine } from "./forwarding-engine.ts";
import type { ServerOptions } from "./server.ts";

const running: { readonly close: () => Promise<unknown> }[] = [];
afterEach(async () => {
  for (const one of running.splice(0)) await one.close();
});

type Opened = { readonly city: City; readonly server: Running; readonly ask: Ask };

async function open(options: Partial<ServerOptions> = {}): Promise<Opened> {
  const city = await openCity();
  const server = await startServer(city.registry, options);
  running.push(server);
  return { city, server, ask: await openContract(server) };
}

function issue({ registry, holders }: City, serial: string, holder = holders.works): Uint8Array {
  return registry.transaction(holder, issueOf(`MA.156.1301.01/60.10000000.7/${serial}`));
}

function cbor(...transactions: readonly Uint8Array[]): RequestInit {
  const body = encodeCbor([...transactions]) as BodyInit;
  return { method: "POST", headers: { "content-type": "application/cbor" }, body };
}

function json(value: unknown): RequestInit {
  const headers = { "content-type": "application/json" };
  return { method: "POST", headers, body: typeof value === "string" ? value : JSON.stringify(value) };
}

/** Begins to send a body of so many bytes, and goes on with one now and then. */
function drip(
  server: Running,
  bytes: number,
): { readonly socket: Socket; readonly answered: Promise<string> } {
  const socket = connect(Number(new URL(server.base).port), "127.0.0.1");
  let got = "";
  socket.on("error", () => {});
  socket.on("data", (chunk) => {
    got += chunk.toString();
  });
  const head = `POST ${PATH} HTTP/1.1\r\nhost: x\r\ncontent-type: application/cbor\r\ncontent-length: ${bytes}\r\n\r\n`;
  socket.write(head);
  const dripping = setInterval(() => socket.write("a"), 20);
  return {
    socket,
    answered: new Promise((resolve) => {
      socket.on("close", () => {
        clearInterval(dripping);
        resolve(got);
      });
    }),
  };
}

/** How many submissions a server is reading or working on. */
async function waitingAt(server: Running): Promise<number> {
  const metrics = await (await fetch(`${server.base}/metrics`)).text();
  return Number(/^cityroot_submissions_waiting(?:\{.*\})? (\d+)$/m.exec(metrics)?.[1]);
}

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");
const PATH = "/v1/transactions";

describe("POST /v1/transactions", () => {
  test("commits what CBOR and JSON carry, and says where it stands", async () => {
    const { city, ask } = await open();
    const one = await ask(PATH, cbor(issue(city, "1")));
    expect([one.status, one.json.height]).toEqual([200, 12]);
    expect(one.json.results).toMatchObject([{ status: "committed", height: 12, index: 0 }]);
    const two = await ask(PATH, json({ transactions: [text(issue(city, "2")), text(issue(city, "3"))] }));
    expect(two.json.results).toMatchObject([
      { status: "committed", height: 13, index: 0 },
      { status: "committed", height: 13, index: 1 },
    ]);
    expect((await ask("/v1/codes/MA.156.1301.01/60.10000000.7/3")).status).toBe(200);
  });

  test("tells of each what became of it, in the order of the request", async () => {
    const { city, ask } = await open();
    const bad = new Uint8Array([1, 2, 3]);
    const { status, json: answer } = await ask(
      PATH,
      cbor(issue(city, "1"), bad, issue(city, "1"), issue(city, "2", city.holders.traffic)),
    );
    expect(status).toBe(200);
    expect(answer.results).toMatchObject([
      { status: "committed" },
      { id: null, status: "refused", problem: { code: "TRANSACTION_MALFORMED", status: 400, number: 1 } },
      { status: "refused", problem: { code: "CODE_TAKEN", status: 409, operation: 0, field: "code" } },
      { status: "refused", problem: { code: "NOT_AUTHORISED", status: 403, expected: expect.any(String) } },
    ]);
  });

  test("answers a single refusal with its own status", async () => {
    const { city, ask } = await open();
    const { status, json: problem, headers } = await ask(PATH, cbor(issue(city, "1", city.holders.traffic)));
    expect([status, problem.code, problem.type]).toEqual([403, "NOT_AUTHORISED", "/problems/NOT_AUTHORISED"]);
    expect(headers.get("content-type")).toContain("application/problem+json");
  });

  test("commits once what is sent twice", async () => {
    const { city, ask } = await open();
    const transaction = issue(city, "1");
    const first = (await ask(PATH, cbor(transaction))).json;
    await ask(PATH, cbor(issue(city, "2")));
    const again = await ask(PATH, cbor(transaction));
    expect([again.status, again.json.results]).toEqual([200, first.results]);
  });

  test("refuses bodies that are none, and says what is wrong", async () => {
    const { city, ask } = await open({ limits: { transactionsMax: 2 } });
    const good = issue(city, "1");
    const bodies: readonly (readonly [string, RequestInit, string])[] = [
      ["no CBOR", { ...cbor(), body: "hello" }, "body"],
      ["no transactions", cbor(), "transactions"],
      ["too many", cbor(good, good, good), "transactions"],
      ["not bytes", { ...cbor(), body: encodeCbor([good, 7]) as BodyInit }, "body[1]"],
      ["bytes after it", { ...cbor(), body: Buffer.concat([encodeCbor([good]), Buffer.from([0])]) }, "body"],
      ["cut off", { ...cbor(), body: encodeCbor([good]).subarray(0, -1) as BodyInit }, "body[0]"],
      ["long head", { ...cbor(), body: Buffer.from("980141ff", "hex") }, "body"],
      ["long byte string head", { ...cbor(), body: Buffer.from("815801ff", "hex") }, "body[0]"],
      ["indefinite length", { ...cbor(), body: Buffer.from("9f41ffff", "hex") }, "body"],
      ["no base64", json({ transactions: ["%%%"] }), "transactions[0]"],
      ["loose base64", json({ transactions: ["AQ"] }), "transactions[0]"],
      ["other members", json({ transactions: [text(good)], dryRun: true }), "dryRun"],
      ["members missing", json({}), "transactions"],
      ["too many in JSON", json({ transactions: [text(good), text(good), text(good)] }), "transactions"],
    ];
    for (const [name, init, field] of bodies) {
      const { status, json: problem } = await ask(PATH, init);
      expect([status, problem.code, problem.field], name).toEqual([400, "BODY_MALFORMED", field]);
    }
    expect((await ask(PATH, json({}))).json).toMatchObject({ expected: "a value", got: "nothing" });
    for (const body of ["{", "", '{"__proto__": {}}']) {
      const { status, json: problem } = await ask(PATH, json(body));
      expect([status, problem.code], body).toEqual([400, "BODY_MALFORMED"]);
    }
    expect((await ask("/v1/codes/MA.156.1301.01/60.10000000.7/1")).status, "nothing entered").toBe(404);
  });

  test("refuses media types that it does not take", async () => {
    const { ask } = await open();
    for (const type of [
      "text/plain",
      "application/x-www-form-urlencoded",
      "application/vnd.cityroot.items",
      "",
    ]) {
      const { status, json: problem } = await ask(PATH, {
        method: "POST",
        headers: { "content-type": type },
        body: Buffer.from("x"),
      });
      expect([status, problem.code], type).toEqual([415, "UNSUPPORTED_MEDIA_TYPE"]);
    }
  });

  test("refuses a body that is too large, whether it says so or not", async () => {
    const { city, ask, server } = await open({ limits: { cborBytesMax: 2_000, jsonBytesMax: 1_000 } });
    const large = cbor(new Uint8Array(2_100));
    expect((await ask(PATH, large)).json).toMatchObject({ status: 413, code: "BODY_TOO_LARGE" });
    const filler = json({ transactions: ["A".repeat(1_200)] });
    expect((await ask(PATH, filler)).json).toMatchObject({ status: 413, code: "BODY_TOO_LARGE" });
    const stream = new ReadableStream({
      start: (controller) => {
        controller.enqueue(new Uint8Array(3_000));
        controller.close();
      },
    });
    const streamed = await fetch(server.base + PATH, {
      ...large,
      body: stream,
      duplex: "half",
    } as RequestInit);
    expect(streamed.status).toBe(413);
    expect((await ask(PATH, cbor(issue(city, "1")))).status).toBe(200);
  });

  test("takes nothing while the engine refuses, and says why", async () => {
    const { city, ask } = await open();
    city.registry.refuseWrites("the disk is full");
    const { status, json: problem, headers } = await ask(PATH, cbor(issue(city, "1")));
    expect([status, problem.code, problem.detail]).toEqual([503, "READ_ONLY", "the disk is full"]);
    expect(headers.get("retry-after")).toBe("1");
    expect((await ask("/readyz")).json).toMatchObject({ status: "ready", writes: "the disk is full" });
    city.registry.refuseWrites(null);
    expect((await ask(PATH, cbor(issue(city, "1")))).status).toBe(200);
  });

  test("says the same of an engine in another process, at the first request and at those after it", async () => {
    const city = await openCity();
    const { engine } = city.registry;
    const socketPath = `${mkdtempSync(join(tmpdir(), "cityroot-submit-"))}/engine.sock`;
    const logger = pino({ level: "silent" });
    const socket = await serveEngine({ engine, socketPath, logger, bytesMax: 100_000, transactionsMax: 10 });
    const forwarding = forwardingEngine({ socketPath, clock: Date.now });
    const server = await startServer(city.registry, { engine: forwarding });
    running.push({ close: () => Promise.all([server.close(), forwarding.close(), socket.close()]) });
    const ask = await openContract(server);
    city.registry.refuseWrites("the disk is full");
    for (const attempt of [1, 2]) {
      const { status, json: problem, headers } = await ask(PATH, cbor(issue(city, "1")));
      expect([status, problem.code, problem.detail], `request ${attempt}`).toEqual([
        ...[503, "READ_ONLY", "the disk is full"],
      ]);
      expect(headers.get("retry-after"), `request ${attempt}`).toBe("1");
    }
  });

  test("says that it cannot tell when the engine fails", async () => {
    const city = await openCity();
    const engine: Engine = { ...city.registry.engine, submit: () => Promise.reject(new Error("gone")) };
    const server = await startServer(city.registry, { engine });
    running.push(server);
    const { status, json: problem } = await (await openContract(server))(PATH, cbor(issue(city, "1")));
    expect([status, problem.code]).toEqual([503, "UNAVAILABLE"]);
  });
});

/** An engine whose answers are held back until they are let go. */
function heldEngine(): { readonly engine: Engine; readonly letGo: () => void; readonly taken: () => number } {
  const waiting: (() => void)[] = [];
  const submit: Engine["submit"] = (transactions) =>
    new Promise((resolve) => {
      const outcome = reject("NOT_AUTHORISED", "held");
      const results: SubmitResult[] = transactions.map(() => ({ id: null, outcome }));
      waiting.push(() => resolve(results));
    });
  return {
    engine: { submit, take: submit, refusesBecause: () => null, close: async () => {} },
    letGo: () => {
      for (const answer of waiting.splice(0)) answer();
    },
    taken: () => waiting.length,
  };
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}

describe("what waits", () => {
  test("is bounded by number, and room is given back", async () => {
    const { engine, letGo, taken } = heldEngine();
    const { city, server } = await open({ engine, limits: { submissionsMax: 2 } });
    const send = (): Promise<Response> => fetch(server.base + PATH, cbor(issue(city, "1")));
    const held = [send(), send()];
    await until(() => taken() === 2);
    const refused = await send();
    expect([refused.status, (await refused.json()).code]).toEqual([503, "OVERLOADED"]);
    expect(refused.headers.get("retry-after")).toBe("1");
    letGo();
    expect((await Promise.all(held)).map(({ status }) => status)).toEqual([403, 403]);
    const next = send();
    await until(() => taken() === 1);
    letGo();
    expect((await next).status).toBe(403);
  });

  test("is bounded by size, but for one that comes alone", async () => {
    const { engine, letGo, taken } = heldEngine();
    const { server } = await open({ engine, limits: { submissionBytesMax: 100 } });
    const send = (): Promise<Response> => fetch(server.base + PATH, cbor(new Uint8Array(150)));
    const alone = send();
    await until(() => taken() === 1);
    expect((await send()).status).toBe(503);
    letGo();
    expect((await alone).status).toBe(403);
  });

  test("keeps its room while it is worked on, though its client has gone", async () => {
    const { engine, letGo, taken } = heldEngine();
    const { city, server } = await open({ engine, limits: { submissionsMax: 1 } });
    const controller = new AbortController();
    const gone = fetch(server.base + PATH, { ...cbor(issue(city, "1")), signal: controller.signal });
    await until(() => taken() === 1);
    controller.abort();
    await expect(gone).rejects.toThrow();
    expect((await fetch(server.base + PATH, cbor(issue(city, "2")))).status).toBe(503);
    letGo();
    await until(() => taken() === 0);
    const next = fetch(server.base + PATH, cbor(issue(city, "3")));
    await until(() => taken() === 1);
    letGo();
    expect((await next).status).toBe(403);
  });

  test("gives its room back when its client breaks off before the end of the body", async () => {
    const { server, city } = await open({ limits: { submissionsMax: 1 } });
    const { port } = new URL(server.base);
    const socket = connect(Number(port), "127.0.0.1");
    socket.write(
      `POST ${PATH} HTTP/1.1\r\nhost: x\r\ncontent-type: application/cbor\r\ncontent-length: 500\r\n\r\nabc`,
    );
    const send = (): Promise<Response> => fetch(server.base + PATH, cbor(issue(city, "1")));
    // Until the head of the broken one has arrived, others still get in.
    let status = 200;
    while (status === 200) ({ status } = await send());
    expect(status).toBe(503);
    socket.destroy();
    while (status === 503) ({ status } = await send());
    expect(status).toBe(200);
  });

  test("takes no room for what a body only says it will have", async () => {
    const { server, city } = await open({ limits: { submissionBytesMax: 1_000 } });
    const held = [1, 2, 3].map(() => drip(server, 900));
    await expect.poll(() => waitingAt(server)).toBe(3);
    const sent = await fetch(server.base + PATH, cbor(issue(city, "1")));
    expect(sent.status).toBe(200);
    for (const { socket } of held) socket.destroy();
  });

  test("gives up what comes slowly where others need its room", async () => {
    const { server, city } = await open({ limits: { submissionsMax: 2 } });
    const held = [1, 2].map(() => drip(server, 900));
    await expect.poll(() => waitingAt(server)).toBe(2);
    const send = async (): Promise<number> => {
      const { status } = await fetch(server.base + PATH, cbor(issue(city, "1")));
      return status;
    };
    // Until it is known how fast they come.
    expect(await send()).toBe(503);
    await expect.poll(send, { timeout: 5_000, interval: 50 }).toBe(200);
    const first = await Promise.race(held.map(({ answered }) => answered));
    expect(first).toMatch(/^HTTP\/1\.1 408 /);
    expect(first).toContain('"code":"REQUEST_TIMEOUT"');
    for (const { socket } of held) socket.destroy();
  });

  test("answers for a body that does not arrive in time", async () => {
    const { server } = await open({ limits: { bodyTimeoutMs: 50 } });
    const { port } = new URL(server.base);
    const answer = await new Promise<string>((resolve) => {
      let got = "";
      const socket = connect(Number(port), "127.0.0.1");
      socket.on("data", (chunk) => {
        got += chunk.toString();
      });
      socket.on("close", () => resolve(got));
      socket.write(
        `POST ${PATH} HTTP/1.1\r\nhost: x\r\ncontent-type: application/cbor\r\ncontent-length: 500\r\n\r\nabc`,
      );
    });
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(answer).toContain('"code":"REQUEST_TIMEOUT"');
    expect(answer.toLowerCase()).toContain("connection: close");
  });

  test("is ended before the server closes, which takes nothing more", async () => {
    const { engine, letGo, taken } = heldEngine();
    const { city, server } = await open({ engine });
    running.splice(0);
    const held = fetch(server.base + PATH, cbor(issue(city, "1")));
    await until(() => taken() === 1);
    const closed = server.close();
    await expect(fetch(`${server.base}/healthz`)).rejects.toThrow();
    letGo();
    expect((await held).status).toBe(403);
    await closed;
  });

  test("does not hold the server up for ever", async () => {
    const { engine, taken } = heldEngine();
    const { city, server } = await open({ engine, limits: { closeTimeoutMs: 50 } });
    running.splice(0);
    const held = fetch(server.base + PATH, cbor(issue(city, "1")));
    const broken = expect(held).rejects.toThrow();
    await until(() => taken() === 1);
    await server.close();
    await broken;
  });
});
