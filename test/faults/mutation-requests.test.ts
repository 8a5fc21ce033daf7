import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { decodeBlock } from "@cityroot/core/block";
import { encodeCbor } from "@cityroot/core/cbor";
import { sha256 } from "@cityroot/core/hash";
import { bytesToHex } from "@cityroot/core/hex";
import { issueOf } from "@cityroot/core/ledger.testing";
import { encodeItem } from "@cityroot/core/operation/batch-item";
import { frameItems } from "@cityroot/core/operation/item-stream";
import {
  attributesOf,
  rangeOf,
  retireOf,
  testBatch,
  updateOf,
} from "@cityroot/core/operation/operation.testing";
import { auditRegistry } from "@cityroot/node/audit/audit-registry";
import { makeTestHome, NATION, signTransaction } from "@cityroot/node/engine/embedded/stored-node.testing";
import { readHome } from "@cityroot/node/home/home";
import { installNativeFunctions } from "@cityroot/node/store/native-functions";
import { expect, test } from "vitest";
import { type SeededRandom, seededRandom, seedFromEnvironment } from "../seeded-random.testing.ts";
import { damageBytes, mustHold, mutationCount, openCounts } from "./mutation.testing.ts";
import { type Asker, type HttpAnswer, openAsker, readAnswers } from "./mutation-asker.testing.ts";

// Goal: whatever bytes come over a connection, a node answers them as it says that it does, or ends the connection; it
// never falls, hangs or grows, and nothing enters the ledger but what was signed.
// Method: a node in processes of its own is sent requests of every kind, damaged at random, over several connections: some
// whose ends are sure, many to a connection, and some of any bytes, after which the connection is closed from this
// side. Each answer is judged. In the end all its blocks are read.
// Replay: CITYROOT_SEED repeats the requests, though not the order in which the node sees those of several connections.
// CITYROOT_MUTATIONS is how many requests to send.

const COUNT = mutationCount(2_000);
const SEED = seedFromEnvironment("CITYROOT_SEED");
const CONNECTIONS = 12;
/** How many requests go out at once where their ends are sure. */
const AT_ONCE_MAX = 16;
/** Most that the node's processes may grow together, in bytes. */
const GROWTH_BYTES_MAX = 600 * 1_048_576;
const STEM = "MA.156.1301.02/60.10000000.1";

type Report = { readonly address?: string; readonly failure?: string; readonly pids?: readonly number[] };

type Node = { readonly child: ChildProcess; readonly port: number; readonly rssBytes: () => Promise<number> };

async function startProcess(home: string): Promise<Node> {
  const path = fileURLToPath(new URL("./node-process.ts", import.meta.url));
  const child = fork(path, [home, "1"], { execArgv: ["--conditions=source"], stdio: "inherit" });
  const [said] = (await once(child, "message")) as [Report];
  if (said.address === undefined) throw new Error(said.failure);
  const rssBytes = async (): Promise<number> => {
    child.send("workers");
    const [{ pids = [] }] = (await once(child, "message")) as [Report];
    return [child.pid!, ...pids].map(rssOf).reduce((a, b) => a + b, 0);
  };
  return { child, port: Number(new URL(said.address).port), rssBytes };
}

function rssOf(pid: number): number {
  const line = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return Number(line?.[1] ?? 0) * 1_024;
}

/** Transactions that are good, and the digests of all there were: what is in a block has to be one of them. */
function openTransactions(random: SeededRandom): {
  readonly signed: Set<string>;
  readonly next: () => Uint8Array;
} {
  const signed = new Set<string>();
  const kept: Uint8Array[] = [];
  let nonce = 0;
  const next = (): Uint8Array => {
    if (kept.length > 20 && !random.oneIn(4)) return random.pick(kept);
    nonce += 1;
    const named = { attributes: attributesOf([["name", [["en", `lamp ${nonce}`]]]]) };
    const operation = random.pick([
      issueOf(`${STEM}/${String(nonce).padStart(7, "0")}`, named),
      updateOf(`${STEM}/always`, named),
      rangeOf(`${STEM}/R${nonce}-00`, 2, 1 + random.below(99)),
      retireOf(`${STEM}/${String(random.below(nonce)).padStart(7, "0")}`),
    ]);
    const bytes = signTransaction(NATION, [operation], { lastHeight: 16_000, nonce });
    kept.push(bytes);
    if (kept.length > 400) kept.shift();
    signed.add(bytesToHex(sha256(bytes)));
    return bytes;
  };
  return { signed, next };
}

const CODES = [
  ...[
    STEM,
    `${STEM}/always`,
    `${STEM}/0000001`,
    `${STEM}/R7-05`,
    "MA.156",
    "MA.156.1301",
    "MA.999",
    "MA.156.M0.1",
  ],
  ...[
    "MA.156.1301.02.60.10000000.1.always",
    "MA%2E156",
    "MA.156/",
    "ma.156",
    "MA.156.9999",
    `${STEM}/B20`,
    `${STEM}/B15`,
  ],
  ...[
    "%4D%41.156",
    "MA.156%2F60",
    "MA.156%00",
    "%",
    "%E7%9F%B3",
    "\u77f3",
    "..",
    "../..",
    "MA.156/../../etc/passwd",
  ],
];

const PATHS = [
  ...[
    "/v1/codes/{c}",
    "/v1/codes/{c}",
    "/v1/proofs/{c}",
    "/v1/proofs/{c}",
    "/v1/history/{c}",
    "/v1/lists/{c}",
  ],
  ...[
    "/v1/prefixes/{c}",
    "/v1/items/{c}",
    "/{c}",
    "/{c}",
    "/",
    "/?q={c}",
    "/v1/network",
    "/v1/genesis",
    "/v1/checkpoint",
  ],
  ...[
    "/v1/blocks/{n}",
    "/v1/holders/{h}",
    "/v1/payloads/{h}",
    "/log/checkpoint",
    "/log/tile/{n}/{n}",
    "/problems/{p}",
  ],
  ...[
    "/log/tile/entries/{n}.p/{n}",
    "/log/tile/0/x001/234",
    "/healthz",
    "/readyz",
    "/metrics",
    "/openapi.json",
    "/favicon.ico",
  ],
  ...[
    "/v1/transactions",
    "/v1/payloads",
    "/v1",
    "//",
    "/.",
    "*",
    "http://example.org/{c}",
    "/__proto__",
    "/constructor",
  ],
];

const QUERIES = [
  ...[
    "proof=true",
    "proof=false",
    "proof=1",
    "delegations=true",
    "as-of-height={n}",
    "as-of-time=2026-01-01T00:00:00Z",
  ],
  ...[
    "as-of-time={n}",
    "version={n}",
    "limit={n}",
    "before={n}",
    "after={c}",
    "nearest=true",
    "lang=zh",
    "q={c}",
    "typed={c}",
  ],
  ...[
    "history-before={n}",
    "=",
    "&&",
    "%",
    "%00=1",
    "__proto__=1",
    "proof=true&proof=true",
    "a[b]=c",
    "limit=1e3",
    "limit= 1",
  ],
];

const NUMBERS = [
  "0",
  "1",
  "2",
  "-1",
  "00",
  "1.5",
  "1e9",
  "9007199254740991",
  "9007199254740992",
  "x",
  "",
  "0x1",
  "1000",
  "10001",
];

const HEADERS = [
  ...[
    "accept: text/html",
    "accept: application/json",
    "accept: */*;q=0",
    "accept: application/vnd.cityroot.proof",
  ],
  ...[
    "accept: application/linkset+json",
    "accept: ,;q=x",
    "accept-language: zh-Hant,en;q=0.1",
    "accept-language: \u00ff",
  ],
  ...[
    "if-none-match: *",
    'if-none-match: W/"1-en-x", "a"',
    "range: bytes=0-1",
    "accept-encoding: gzip",
    "expect: 100-continue",
  ],
  ...[
    "expect: 200-ok",
    "upgrade: websocket",
    "connection: upgrade",
    "connection: close",
    "te: trailers",
    "cookie: a=b",
  ],
  ...[
    "x-forwarded-for: 1.2.3.4",
    "forwarded: for=1",
    "origin: https://example.org",
    "access-control-request-method: PUT",
  ],
  ...[
    "content-type: text/plain",
    "content-encoding: gzip",
    "host: b",
    "host:",
    "content-length: 5",
    "transfer-encoding: chunked",
  ],
  ...[
    `x-long: ${"y".repeat(9_000)}`,
    `x: ${"z".repeat(17_000)}`,
    "bad header",
    "bad name : x",
    "x:\ty",
    "__proto__: a",
  ],
];

const METHODS = [
  "GET",
  "GET",
  "GET",
  "GET",
  "GET",
  "GET",
  "HEAD",
  "POST",
  "PUT",
  "DELETE",
  "OPTIONS",
  "PATCH",
  "TRACE",
  "PROPFIND",
  "QUERY",
  "get",
];

/** What a request is made of, before it is damaged. */
type Request = { method: string; path: string; headers: string[]; body: Uint8Array; isChunked: boolean };

type Maker = { readonly next: () => Request };

const ITEMS = ["B10", "B20", "B30"].map(
  (serial) => ({ code: `${STEM}/${serial}`, attributes: [], links: [] }) as never,
);

const PAYLOAD = frameItems(ITEMS.map(encodeItem));

function openMaker(random: SeededRandom, nextTransaction: () => Uint8Array): Maker {
  const fill = (text: string): string =>
    text.replace(/\{(.)\}/g, (_, kind: string) => {
      if (kind === "c") return random.pick(CODES);
      if (kind === "n") return random.oneIn(2) ? random.pick(NUMBERS) : String(random.below(300));
      if (kind === "p") return random.pick(["CODE_MALFORMED", "NOT_FOUND", "toString", "x", ""]);
      return random.pick([bytesToHex(NATION.id), "00", "g".repeat(64), "0".repeat(64), "A".repeat(40)]);
    });
  const submission = (): Request => {
    const isGood = random.oneIn(6);
    const transactions = Array.from({ length: random.oneIn(8) ? random.below(9) : 1 }, () => {
      const bytes = nextTransaction();
      return isGood && !random.oneIn(3) ? bytes : damageBytes(bytes, nextTransaction(), random);
    });
    const isJson = random.oneIn(2);
    const text = JSON.stringify({
      transactions: transactions.map((bytes) => Buffer.from(bytes).toString("base64")),
    });
    let body: Uint8Array = isJson ? Buffer.from(text) : encodeCbor(transactions);
    if (!isGood && random.oneIn(2)) body = damageBytes(body, nextTransaction(), random);
    if (random.oneIn(100)) body = Buffer.from(`{"transactions":${"[".repeat(5_000)}`);
    const type = random.oneIn(20)
      ? random.pick([
          "text/plain",
          "application/cbor; x",
          "application/json; charset=utf-16",
          "APPLICATION/JSON",
          "",
        ])
      : isJson
        ? "application/json"
        : "application/cbor";
    return {
      method: "POST",
      path: "/v1/transactions",
      headers: [`content-type: ${type}`],
      body,
      isChunked: random.oneIn(6),
    };
  };
  const upload = (): Request => {
    const good = frameItems(ITEMS.filter(() => !random.oneIn(4)).map(encodeItem));
    const body = random.oneIn(4) ? good : damageBytes(good, nextTransaction(), random);
    const headers = ["content-type: application/vnd.cityroot.items"];
    return { method: "PUT", path: "/v1/payloads", headers, body, isChunked: random.oneIn(3) };
  };
  const question = (): Request => {
    let path = fill(random.pick(PATHS));
    if (random.oneIn(3)) path += `${path.includes("?") ? "&" : "?"}${fill(random.pick(QUERIES))}`;
    if (random.oneIn(8)) path += `&${fill(random.pick(QUERIES))}`;
    const body = random.oneIn(30) ? Buffer.from("{}") : new Uint8Array();
    const headers = Array.from({ length: random.below(3) }, () => random.pick(HEADERS.slice(0, 10)));
    return { method: random.pick(METHODS.slice(0, 8)), path, headers, body, isChunked: false };
  };
  return { next: () => (random.oneIn(10) ? submission() : random.oneIn(60) ? upload() : question()) };
}

/** Characters that may stand in an address without ending it. */
const IN_ADDRESS = "%%%%//..??&&==MA1560-_~:@!$'()*+,;[]\\^|\"<>{}`".split("");

function damageAddress(path: string, random: SeededRandom): string {
  const at = 1 + random.below(path.length);
  const put = (text: string, to = at): string => path.slice(0, at) + text + path.slice(to);
  switch (random.below(5)) {
    case 0:
      return put(random.pick(IN_ADDRESS));
    case 1:
      return put(`%${random.below(256).toString(16).padStart(2, "0")}`, at + 1);
    case 2:
      return put("", at + 1 + random.below(3));
    case 3:
      return random.oneIn(20)
        ? put("a".repeat(random.pick([100, 2_100, 4_097, 12_000])))
        : put(random.pick(CODES));
    default:
      // Other bytes end the connection, and with it what was sent behind them.
      return random.oneIn(10)
        ? put(String.fromCharCode(0x80 + random.below(0x80)))
        : put(random.pick(NUMBERS), at + 1);
  }
}

/** Bytes of a request whose end is sure: address, headers and body are damaged, their frame is not. */
function frameRequest(request: Request, random: SeededRandom): Uint8Array {
  let path = request.path.replace(/[\s\u0100-\uffff]/g, "_");
  for (let times = random.below(3); times > 0; times--)
    path = damageAddress(path, random).replace(/^(?!\/|\*$|http:\/\/)/, "/");
  const lines = [`${request.method} ${path} HTTP/1.1`, "host: a", ...request.headers];
  const { body, isChunked } = request;
  if (isChunked && body.length > 0) {
    lines.push("transfer-encoding: chunked");
    const half = random.below(body.length);
    const chunks = [body.subarray(0, half), body.subarray(half)].filter((chunk) => chunk.length > 0);
    const framed = chunks.flatMap((chunk) => [
      Buffer.from(`${chunk.length.toString(16)}\r\n`),
      chunk,
      Buffer.from("\r\n"),
    ]);
    return Buffer.concat([
      Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"),
      ...framed,
      Buffer.from("0\r\n\r\n"),
    ]);
  }
  if (body.length > 0) lines.push(`content-length: ${body.length}`);
  return Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"), body]);
}

/** Bytes of a request with nothing sure about it. */
function wildRequest(request: Request, other: Uint8Array, random: SeededRandom): Uint8Array {
  const headers = [
    ...request.headers,
    ...Array.from({ length: random.below(4) }, () => random.pick(HEADERS)),
  ];
  const method = random.oneIn(3) ? random.pick(METHODS) : request.method;
  const framed = frameRequest({ ...request, method, headers }, random);
  let bytes = random.oneIn(4) ? Buffer.concat([framed, other]) : framed;
  for (let times = random.below(4); times > 0; times--)
    bytes = Buffer.from(damageBytes(bytes, other, random));
  return bytes;
}

/** Statuses of docs/spec/api.md. 500 is none of them. */
const STATUSES = [200, 201, 204, 303, 304, 400, 403, 404, 405, 408, 409, 410, 413, 414, 415, 422, 431, 503];

/** What {@link throwLarge} is answered. */
const LARGE = [
  ...["413 BODY_TOO_LARGE", "400 REQUEST_MALFORMED", "413 BODY_TOO_LARGE", "413 BODY_TOO_LARGE"],
  ...["414 URL_TOO_LONG", "431 HEAD_TOO_LARGE"],
];

/** What must hold of every answer. */
function checkAnswer({ status, headers, body, isWhole }: HttpAnswer, request: Uint8Array): string {
  const shown = JSON.stringify(Buffer.from(request.subarray(0, 600)).toString("latin1"));
  const got = `${status} ${JSON.stringify(Object.fromEntries(headers))} ${body.toString("utf8", 0, 300)}`;
  const what = `${got}\n\nto ${shown}`;
  mustHold(STATUSES.includes(status), "a status is a documented one", what);
  mustHold(
    headers.get("cityroot-network")?.startsWith("test-") === true,
    "every answer names the network",
    what,
  );
  const isProblem = headers.get("content-type")?.startsWith("application/problem+json") === true;
  const isPage = headers.get("content-type")?.startsWith("text/html") === true;
  mustHold(status < 400 || isProblem || isPage, "a refusal is a problem or a page", what);
  if (!isProblem || !isWhole || body.length === 0) return String(status);
  const problem = JSON.parse(body.toString("utf8")) as Record<string, unknown>;
  const { type, title, status: told, detail, code } = problem;
  mustHold(
    typeof title === "string" && typeof detail === "string" && detail !== "",
    "a problem says what it is",
    what,
  );
  mustHold(told === status && type === `/problems/${String(code)}`, "a problem is that of its status", what);
  mustHold(
    code !== "UNAVAILABLE" || detail?.toString().includes("items") === true,
    "a node that is well can tell",
    what,
  );
  return `${status} ${String(code)}`;
}

type Tally = { tried: number; readonly counts: ReturnType<typeof openCounts> };

/** Requests whose ends are sure, several over one connection: each gets its answer, in order, until one ends it. */
async function askSeveral(asker: Asker, maker: Maker, random: SeededRandom, tally: Tally): Promise<void> {
  const made = Array.from({ length: 1 + random.below(AT_ONCE_MAX) }, () => maker.next());
  const requests = made.map((request) => frameRequest(request, random));
  const answers = await asker.askAll(requests, (at) => made[at]!.method !== "HEAD");
  for (const [at, answer] of answers.entries()) tally.counts.add(checkAnswer(answer, requests[at]!));
  if (answers.length < requests.length) tally.counts.add("ended");
  tally.tried += Math.min(requests.length, answers.length + 1);
}

/** Any bytes: whatever is answered is an answer, and the connection comes to its end. */
async function throwOne(asker: Asker, maker: Maker, random: SeededRandom, tally: Tally): Promise<void> {
  const other = frameRequest(maker.next(), random);
  const bytes = wildRequest(maker.next(), other, random);
  const way = random.oneIn(200) ? "slow" : random.oneIn(40) ? "break" : "close";
  const received = await asker.throwAt(bytes, way);
  tally.tried += 1;
  if (way === "break") return;
  // After a HEAD somewhere in it, nobody can say where the second answer begins.
  const isSure = !Buffer.from(bytes).toString("latin1").includes("HEAD");
  const end = isSure ? received.length : received.indexOf("\r\n\r\n") + 4;
  const { answers, rest } = readAnswers(received.subarray(0, end), () => isSure);
  for (const answer of answers) tally.counts.add(checkAnswer(answer, bytes));
  mustHold(
    !isSure || rest.length === 0,
    "answers are whole",
    `${rest.toString("latin1", 0, 300)} to ${Buffer.from(bytes.subarray(0, 600)).toString("latin1")}`,
  );
  if (answers.length === 0) tally.counts.add("ended");
}

/** Bodies and heads that are longer than what is taken, said so or not. */
async function throwLarge(asker: Asker): Promise<string[]> {
  const head = (rest: string): Buffer =>
    Buffer.from(`POST /v1/transactions HTTP/1.1\r\nhost: a\r\n${rest}\r\n\r\n`);
  const json = "content-type: application/json\r\n";
  const chunk = Buffer.concat([Buffer.from("100000\r\n"), Buffer.alloc(0x100000, "["), Buffer.from("\r\n")]);
  const large = [
    head(`${json}content-length: 8388609`),
    head(`${json}content-length: 99999999999999999999`),
    head("content-type: application/cbor\r\ncontent-length: 33554433"),
    Buffer.concat([
      head(`${json}transfer-encoding: chunked`),
      ...new Array<Buffer>(9).fill(chunk),
      Buffer.from("0\r\n\r\n"),
    ]),
    Buffer.from(`GET /${"a".repeat(5_000)} HTTP/1.1\r\nhost: a\r\n\r\n`),
    Buffer.from(`GET / HTTP/1.1\r\nhost: a\r\n${"x: y\r\n".repeat(5_000)}\r\n`),
  ];
  const names: string[] = [];
  for (const bytes of large) {
    const { answers } = readAnswers(await asker.throwAt(bytes, "close"), () => true);
    names.push(answers.length === 0 ? "ended" : checkAnswer(answers[0]!, bytes));
  }
  return names;
}

/** All that is in the blocks of a node was signed and sent. */
async function checkBlocks(
  address: string,
  signed: ReadonlySet<string>,
): Promise<{ height: number; entered: number }> {
  const { height } = (await (await fetch(`${address}/v1/network`)).json()) as { height: number };
  let entered = 0;
  for (let at = 1; at <= height; at++) {
    const block = decodeBlock(
      new Uint8Array(await (await fetch(`${address}/v1/blocks/${at}`)).arrayBuffer()),
    );
    for (const bytes of block!.transactions) {
      mustHold(signed.has(bytesToHex(sha256(bytes))), `what is in block ${at} was signed`, bytesToHex(bytes));
      entered += 1;
    }
  }
  return { height, entered };
}

test(
  `${COUNT} mutated requests`,
  async () => {
    console.info(`CITYROOT_SEED=${SEED}`);
    installNativeFunctions();
    const random = seededRandom(SEED);
    const path = makeTestHome();
    const node = await startProcess(path);
    const address = `http://127.0.0.1:${node.port}`;
    const transactions = openTransactions(random);
    const maker = openMaker(random, transactions.next);
    const tally: Tally = { tried: 0, counts: openCounts() };
    const askers = Array.from({ length: CONNECTIONS }, () => openAsker(node.port));
    try {
      const first = signTransaction(
        NATION,
        [
          issueOf(`${STEM}/always`),
          testBatch(ITEMS, { payloadDigest: sha256(PAYLOAD), payloadBytes: PAYLOAD.length }).operation,
        ],
        {
          lastHeight: 16_000,
          nonce: 0,
        },
      );
      transactions.signed.add(bytesToHex(sha256(first)));
      await fetch(`${address}/v1/payloads`, {
        method: "PUT",
        body: new Uint8Array(PAYLOAD),
        headers: { "content-type": "application/vnd.cityroot.items" },
      });
      const begin = await fetch(`${address}/v1/transactions`, {
        method: "POST",
        body: new Uint8Array(encodeCbor([first])),
        headers: { "content-type": "application/cbor" },
      });
      expect(begin.status, await begin.text()).toBe(200);
      const before = await node.rssBytes();
      const begun = performance.now();
      const run = async (asker: Asker): Promise<void> => {
        while (tally.tried < COUNT) {
          if (random.oneIn(3)) await throwOne(asker, maker, random, tally);
          else await askSeveral(asker, maker, random, tally);
        }
      };
      await Promise.all(askers.map(run));
      const seconds = (performance.now() - begun) / 1_000;
      const large = await throwLarge(askers[0]!);
      expect(large, "what is too large").toEqual(LARGE);
      expect(node.child.exitCode, "the node lives on").toBeNull();
      const ready = await fetch(`${address}/readyz`);
      expect(ready.status, await ready.text()).toBe(200);
      const { height, entered } = await checkBlocks(address, transactions.signed);
      const after = await node.rssBytes();
      console.info(
        `${tally.tried} requests in ${seconds.toFixed(1)} s, ${Math.round(tally.tried / seconds)} a second: ${tally.counts.text()}; ` +
          `${entered} transactions in ${height} blocks; the node had ${before >> 20} MiB and then ${after >> 20} MiB`,
      );
      expect(after - before, "how much the node's processes grew").toBeLessThan(GROWTH_BYTES_MAX);
      const exited = once(node.child, "exit");
      node.child.send("close");
      expect((await exited)[0], "how it stops").toBe(0);
      const report = await auditRegistry(readHome(path), undefined, 0);
      expect(report.height, "the height of the audit").toBe(height);
    } finally {
      for (const asker of askers) asker.close();
      node.child.kill("SIGKILL");
      rmSync(path, { recursive: true, force: true });
    }
  },
  90_000 + COUNT * 4,
);
