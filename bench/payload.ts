// Rates of the payload store: `node --conditions=source bench/payload.ts [largest number of items]`.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import type { Code } from "@cityroot/codes/ma/code";
import { leafHash, nodeHash } from "@cityroot/core/log/tree";
import { decodeItem, encodeItem } from "@cityroot/core/operation/batch-item";
import { frameItems, splitItemStream } from "@cityroot/core/operation/item-stream";
import type { Interval } from "@cityroot/core/state/interval";
import { openFolderPayloadStore } from "@cityroot/node/payload/folder-payload-store";
import { scanItem } from "@cityroot/node/payload/item-scanner";
import type { StoredPayload } from "@cityroot/node/payload/payload-store";
import { takePayload } from "@cityroot/node/payload/take-payload";
import { HASHER_FREE_AT, laneHasher } from "@cityroot/node/payload/tree-hasher";
import { installNativeFunctions } from "@cityroot/node/store/native-functions";

const SIZES = [10_000, 100_000, 1_000_000];
const PIECE_BYTES = 65_536;
const QUESTIONS = 20_000;
const NANOSECONDS = 1e9;

/** A street lamp: its code, its name and its place, about 110 bytes. Even numbers, so that there are gaps. */
function lampOf(number: number): Uint8Array {
  return encodeItem({
    code: codeOf(2 * number),
    attributes: [
      ["name", [["zh", `\u88d5\u534e\u533a\u69d0\u5b89\u8def\u8def\u706f ${number}`]]],
      ["place", [380_400_000 + (number % 100_000), 1_145_100_000 + (number % 90_000)]],
    ],
    links: [],
  });
}

function codeOf(number: number): Code {
  return `MA.156.1301.02/60.10000000.1/${String(number).padStart(9, "0")}` as Code;
}

/** The stream of so many items, in pieces as a socket or a file gives them. */
function piecesOf(count: number): readonly Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (let from = 0; from < count; from += 10_000) {
    const length = Math.min(10_000, count - from);
    parts.push(frameItems(Array.from({ length }, (_, index) => lampOf(from + index))));
  }
  const bytes = Buffer.concat(parts);
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) pieces.push(bytes.subarray(at, at + PIECE_BYTES));
  return pieces;
}

type Times = { readonly wallNs: number; readonly cpuNs: number };

async function time(work: () => Promise<unknown> | unknown): Promise<Times> {
  const cpu = process.cpuUsage();
  const start = process.hrtime.bigint();
  await work();
  const wallNs = Number(process.hrtime.bigint() - start);
  const { user, system } = process.cpuUsage(cpu);
  return { wallNs, cpuNs: (user + system) * 1_000 };
}

/** Does something several times and prints the median, the fastest and the slowest, and the median of processor time. */
async function measure(name: string, count: number, work: () => Promise<unknown> | unknown): Promise<void> {
  const runs = count * 5 >= 5_000_000 ? 5 : 9;
  const all: Times[] = [];
  for (let run = 0; run < runs; run++) all.push(await time(work));
  const walls = all.map(({ wallNs }) => wallNs).sort((a, b) => a - b);
  const cpus = all.map(({ cpuNs }) => cpuNs).sort((a, b) => a - b);
  const rate = (ns: number) =>
    Math.round((count / ns) * NANOSECONDS)
      .toLocaleString("en")
      .padStart(11);
  const median = walls[runs >> 1]!;
  const cpu = ((cpus[runs >> 1] ?? 0) / count / 1_000).toFixed(2);
  const spread = `${rate(walls[runs - 1]!)} to${rate(walls[0]!)}`;
  console.log(`${name.padEnd(34)}${rate(median)} /s   (${spread})   ${cpu} us of processor each`);
}

function demand<T>(outcome: { ok: true; value: T } | { ok: false }): T {
  if (!outcome.ok) throw new Error("refused");
  return outcome.value;
}

async function measureSize(count: number): Promise<void> {
  const pieces = piecesOf(count);
  const sizeBytes = pieces.reduce((sum, piece) => sum + piece.length, 0);
  console.log(`\n${count.toLocaleString("en")} items of ${(sizeBytes / count - 4).toFixed(1)} bytes`);
  const folder = mkdtempSync(join(tmpdir(), "cityroot-bench-payload-"));
  const file = join(folder, "stream");
  writeFileSync(file, Buffer.concat(pieces));
  const store = openFolderPayloadStore(join(folder, "store"), {
    onDamaged: ({ detail }) => console.error(detail),
  });
  const fromMemory = () => Readable.from(pieces);
  const fromFile = () => createReadStream(file, { highWaterMark: PIECE_BYTES });
  const fromProcess = () => spawn("cat", [file], { stdio: ["ignore", "pipe", "inherit"] }).stdout;
  let stored: StoredPayload | undefined;
  const put = async (stream: Readable) => {
    stored = demand(await store.put(stream));
  };
  await measure("put from memory", count, () => put(fromMemory()));
  await measure("put from a file", count, () => put(fromFile()));
  await measure("put from another process", count, () => put(fromProcess()));
  const nowhere = { takeItems: async () => {}, takePage: () => undefined };
  await measure("put without a disk", count, () => takePayload(fromMemory(), nowhere, Infinity));
  await measure("verifyPayload", count, () => store.verifyPayload(stored!.digest));
  measureQuestions(store, stored!, count);
  store.close();
  rmSync(folder, { recursive: true });
}

function measureQuestions(
  store: ReturnType<typeof openFolderPayloadStore>,
  { digest, sizeBytes, ...stored }: StoredPayload,
  count: number,
): void {
  const batch = { type: "batch", ...stored, payload: { digest, sizeBytes } } as unknown as Interval & {
    type: "batch";
  };
  for (const [name, offset, proofs] of [
    ["itemsOf a code that is there", 0, 1],
    ["itemsOf a code that is not", 1, 2],
  ] as const) {
    const rates: number[] = [];
    for (let run = 0; run < 7; run++) {
      const start = process.hrtime.bigint();
      for (let question = 0; question < QUESTIONS; question++) {
        const number = (question * 7_919 * 2_053 + run) % (count - 1);
        const shown = store.itemsOf(batch, codeOf(2 * number + offset));
        if (shown.length !== proofs || shown[0]!.index !== number)
          throw new Error(`wrong for item ${number}`);
      }
      rates.push((QUESTIONS / Number(process.hrtime.bigint() - start)) * NANOSECONDS);
    }
    rates.sort((a, b) => a - b);
    console.log(`${name.padEnd(34)}${Math.round(rates[3]!).toLocaleString("en").padStart(11)} /s`);
  }
}

/** What the parts cost alone. */
async function measureParts(): Promise<void> {
  const count = 20_000;
  const bytes = Buffer.concat(piecesOf(count));
  const items = demand(splitItemStream(bytes));
  const { memory, hashLeaves, hashNodes } = laneHasher(bytes.length + 64 * 32 * 4);
  memory.set(bytes, HASHER_FREE_AT);
  const places = new Int32Array(2 * count);
  for (const [index, item] of items.entries()) {
    places.set([HASHER_FREE_AT + item.byteOffset - bytes.byteOffset, item.length], 2 * index);
  }
  const out = HASHER_FREE_AT + bytes.length;
  console.log(`\nParts, ${count.toLocaleString("en")} items`);
  await measure("decodeItem", count, () => {
    for (const item of items) decodeItem(item);
  });
  await measure("scanItem", count, () => {
    for (const item of items)
      scanItem(bytes, item.byteOffset - bytes.byteOffset, item.byteOffset - bytes.byteOffset + item.length);
  });
  await measure("leaf hash, native, one by one", count, () => {
    for (const item of items) leafHash(item);
  });
  await measure("leaf hash, four lanes", count, () => {
    for (let at = 0; at + 64 <= count; at += 64) hashLeaves(places.subarray(2 * at, 2 * at + 128), 64, out);
  });
  const hash = new Uint8Array(32);
  await measure("node hash, native, one by one", count, () => {
    for (let at = 0; at < count; at++) nodeHash(hash, hash);
  });
  await measure("node hash, four lanes", count, () => {
    for (let at = 0; at < count; at += 64) {
      for (let pairs = 32, from = out; pairs > 0; from += 64 * pairs, pairs >>= 1)
        hashNodes(from, pairs, from + 64 * pairs);
    }
  });
  await measure("digest of the stream", count, () => createHash("sha256").update(bytes).digest());
}

installNativeFunctions();
const most = Number(process.argv[2] ?? SIZES.at(-1));
await measureParts();
for (const count of SIZES) if (count <= most) await measureSize(count);
