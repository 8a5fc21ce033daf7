import { fork } from "node:child_process";
import { createServer as createHttpServer } from "node:http";
import { connect } from "node:net";
import { issueOf } from "@cityroot/core/ledger.testing";
import { openCity, startServer } from "../packages/node/src/api/city.testing.ts";

// How many requests a second one process answers for single codes, beside a constant answer of node:http.
// node --conditions=source bench/http-rate.ts [seconds]
// The rate on a busy machine says little; the processor time of the server for a request says what one core can do.

const CODES = 10_000;
const CONNECTIONS = 64;
const ROUNDS = 5;
const CONSTANT_BYTES = 1_200;

const codeOf = (number: number): string => `MA.156.1301.01/60.10000000.3/${String(number).padStart(6, "0")}`;

type Started = { readonly constant: number; readonly api: number };
type Used = { readonly cpuMicros: number };

/** The process under measure: a registry in memory, and a constant answer. */
async function serve(): Promise<void> {
  const { registry, holders } = await openCity();
  for (let from = 0; from < CODES; from += 1_000) {
    const operations = Array.from({ length: 1_000 }, (_, at) =>
      issueOf(codeOf(from + at), {
        class: "street-lamp",
        attributes: [
          [
            "name",
            [
              ["en", `Lamp ${from + at}`],
              ["zh", `北街${from + at}号路灯`],
            ],
          ],
          ["place", [380_428_000, 1_145_149_000]],
        ],
      }),
    );
    await registry.given(holders.works, ...operations);
  }
  const body = Buffer.alloc(CONSTANT_BYTES, "x");
  const constant = createHttpServer((_request, response) => {
    response.writeHead(200, ["content-type", "application/json", "content-length", String(CONSTANT_BYTES)]);
    response.end(body);
  });
  const port = await new Promise<number>((resolve) => {
    constant.listen(0, "127.0.0.1", () => resolve((constant.address() as { port: number }).port));
  });
  const { base } = await startServer(registry, { clock: Date.now });
  process.on("message", () => {
    const { user, system } = process.cpuUsage();
    process.send!({ cpuMicros: user + system } satisfies Used);
  });
  process.send!({ constant: port, api: Number(new URL(base).port) } satisfies Started);
}

/** Asks over and over on one connection until the time is over; gives how many answers came. */
function askOn(port: number, pathOf: () => string, untilMs: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    socket.setNoDelay(true);
    let answers = 0;
    let missing = 0;
    let head = "";
    const ask = (): void => {
      socket.write(`GET ${pathOf()} HTTP/1.1\r\nhost: localhost\r\n\r\n`);
    };
    socket.on("connect", ask);
    socket.on("error", reject);
    socket.on("data", (chunk: Buffer) => {
      if (missing > 0) missing -= chunk.length;
      else {
        head += chunk.toString("latin1");
        const end = head.indexOf("\r\n\r\n");
        if (end < 0) return;
        if (!head.startsWith("HTTP/1.1 200")) reject(new Error(head));
        const length = Number(/content-length: (\d+)/i.exec(head)?.[1]);
        missing = length - (head.length - end - 4);
        head = "";
      }
      if (missing > 0) return;
      answers += 1;
      if (Date.now() < untilMs) ask();
      else {
        socket.destroy();
        resolve(answers);
      }
    });
  });
}

async function measure(seconds: number): Promise<void> {
  const child = fork(import.meta.filename, ["serve"], { execArgv: process.execArgv });
  const told = <T>(): Promise<T> =>
    new Promise((resolve) => child.once("message", (value) => resolve(value as T)));
  const { constant, api } = await told<Started>();
  const cpu = async (): Promise<number> => {
    const answer = told<Used>();
    child.send("cpu");
    return (await answer).cpuMicros;
  };
  const randomCode = (): string => codeOf(Math.floor(Math.random() * CODES));
  const kinds: readonly (readonly [string, number, () => string])[] = [
    ["a constant of node:http", constant, () => "/"],
    ["GET /v1/codes/{code}", api, () => `/v1/codes/${randomCode()}`],
    ["GET /v1/proofs/{code}", api, () => `/v1/proofs/${randomCode()}`],
    ["GET /v1/codes/{code}?proof=true", api, () => `/v1/codes/${randomCode()}?proof=true`],
    ["GET /v1/history/{code} (routed)", api, () => `/v1/history/${randomCode()}`],
    //["GET /{code} (page)", api, () => `/${randomCode()}`],
  ];
  const best = new Map<string, { rate: number; micros: number }>();
  // The first round warms the compiler; of the others the best counts, as neighbours on the machine only ever take.
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, port, pathOf] of kinds) {
      const before = await cpu();
      const begun = Date.now();
      const counts = await Promise.all(
        Array.from({ length: CONNECTIONS }, () => askOn(port, pathOf, begun + seconds * 1_000)),
      );
      const answers = counts.reduce((sum, count) => sum + count, 0);
      const micros = ((await cpu()) - before) / answers;
      const rate = answers / ((Date.now() - begun) / 1_000);
      const known = best.get(name) ?? { rate: 0, micros: Number.POSITIVE_INFINITY };
      if (round > 0)
        best.set(name, { rate: Math.max(rate, known.rate), micros: Math.min(micros, known.micros) });
    }
  }
  for (const [name, { rate, micros }] of best) {
    console.log(
      `${name}: ${Math.round(rate)}/s; ${micros.toFixed(1)} µs of processor each, ${Math.round(1e6 / micros)}/s a core`,
    );
  }
  child.kill();
}

if (process.argv.includes("serve")) await serve();
else await measure(Number(process.argv[2] ?? 2));
