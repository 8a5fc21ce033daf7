import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { Readable } from "node:stream";
import { crc32 } from "node:zlib";
import type { Code } from "@cityroot/codes/ma/code";
import { type Block, decodeBlock, encodeBlock } from "@cityroot/core/block";
import { type CborValue, decodeCbor, encodeCbor } from "@cityroot/core/cbor";
import { genesisToJson } from "@cityroot/core/genesis";
import { issueOf } from "@cityroot/core/ledger.testing";
import { type BatchItem, encodeItem } from "@cityroot/core/operation/batch-item";
import type { Operation } from "@cityroot/core/operation/operation";
import { attributesOf, rangeOf, retireOf, updateOf } from "@cityroot/core/operation/operation.testing";
import { open } from "lmdb";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  makeTestHome,
  NATION,
  openStoredNode,
  STORED_GENESIS,
  signTransaction,
} from "../engine/embedded/stored-node.testing.ts";
import { type Home, readHome } from "../home/home.ts";
import { openFolderPayloadStore } from "../payload/folder-payload-store.ts";
import { decodePage, encodePage } from "../store/tree/page.ts";
import { auditRegistry } from "./audit-registry.ts";
import { exportRegistry, FRAME_HEAD_BYTES, FRAME_KINDS } from "./export-registry.ts";
import { importRegistry } from "./import-registry.ts";
import { HistoryError } from "./replay-blocks.ts";

// Goal: a registry that was exported, imported and audited is the same; one that was tampered with anywhere is refused
// with the place and the reason.

const STEM = "MA.156.1301.02/60.10000000.1";
let path = "";
let home: Home;
let frames: readonly Frame[] = [];
let headLine = "";

beforeAll(async () => {
  path = makeTestHome();
  home = readHome(path);
  await fill();
  await exportRegistry(home, `${path}/whole.export`);
  ({ headLine, frames } = readExport(readFileSync(`${path}/whole.export`)));
});
afterAll(() => rmSync(path, { recursive: true, force: true }));

/** Audits and imports with signatures checked in this process: starting others takes longer than the few there are. */
const audit = (of: Home) => auditRegistry(of, undefined, 0);
const take = (file: string, into: string) => importRegistry(file, into, undefined, 0);

/** Issues, a range, a batch with its items, changes: a block for each transaction. */
async function fill(): Promise<void> {
  const node = await openStoredNode(path);
  const payloads = openFolderPayloadStore(home.payloadFolder);
  const items = Array.from({ length: 40 }, (_, at): BatchItem => {
    return { code: `${STEM}/B${String(at).padStart(3, "0")}` as Code, attributes: [], links: [] };
  });
  const stream = items.map((item) => {
    const bytes = encodeItem(item);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return Buffer.concat([length, bytes]);
  });
  const stored = await payloads.put(Readable.from(stream));
  if (!stored.ok) throw new Error(stored.rejection.detail);
  payloads.close();
  const { digest, sizeBytes, ...batch } = stored.value;
  const plain = { class: "asset", attributes: [], links: [], commitments: [] };
  const named = (name: string) => ({ attributes: attributesOf([["name", [["en", name]]]]) });
  const steps: Operation[][] = [
    Array.from({ length: 60 }, (_, at) => issueOf(`${STEM}/${at}`)),
    [rangeOf(`${STEM}/R000`, 3, 500)],
    [{ type: "issue-batch", ...batch, payloadDigest: digest, payloadBytes: sizeBytes, ...plain }],
    [updateOf(`${STEM}/7`, named("one"))],
    [updateOf(`${STEM}/7`, named("two")), updateOf(`${STEM}/R005`, named("of a range"))],
    [retireOf(`${STEM}/8`)],
  ];
  for (const [nonce, operations] of steps.entries()) {
    const [result] = await node.engine.submit([
      signTransaction(NATION, operations, { lastHeight: 100, nonce }),
    ]);
    if (!result!.outcome.ok) throw new Error(`step ${nonce}: ${result!.outcome.rejection.detail}`);
  }
  await node.close();
}

type Frame = { readonly kind: number; readonly body: Buffer };

function readExport(bytes: Buffer): { headLine: string; frames: Frame[] } {
  const end = bytes.indexOf(10);
  const found: Frame[] = [];
  for (let at = end + 1; at < bytes.length; ) {
    const length = Number(bytes.readBigUInt64BE(at + 1));
    const from = at + FRAME_HEAD_BYTES;
    found.push({ kind: bytes[at]!, body: bytes.subarray(from, from + length) });
    at = from + length;
  }
  return { headLine: bytes.subarray(0, end).toString("utf8"), frames: found };
}

function frameBytes({ kind, body }: Frame): Buffer {
  const head = Buffer.alloc(FRAME_HEAD_BYTES);
  head[0] = kind;
  head.writeBigUInt64BE(BigInt(body.length), 1);
  return Buffer.concat([head, body]);
}

/** An export of these parts, with the sum that belongs to it. */
function writeExport(line: string, parts: readonly Frame[]): Buffer {
  const content = Buffer.concat([Buffer.from(`${line}\n`), ...parts.map(frameBytes)]);
  const sum = createHash("sha256").update(content).digest();
  return Buffer.concat([content, frameBytes({ kind: FRAME_KINDS.end, body: sum })]);
}

const content = (): Frame[] => frames.filter(({ kind }) => kind !== FRAME_KINDS.end);

/** The frames with one block changed. */
function withBlock(height: number, change: (block: Block) => Block): Frame[] {
  return content().map((frame, at) => {
    if (at !== height) return frame;
    return { kind: frame.kind, body: Buffer.from(encodeBlock(change(decodeBlock(frame.body)!))) };
  });
}

/** Imports the bytes into a new home and gives the failure; nothing may be left of it. */
async function failureOf(bytes: Buffer): Promise<unknown> {
  const file = `${path}/tampered.export`;
  writeFileSync(file, bytes);
  try {
    await take(file, `${path}/imported`);
    return "imported";
  } catch (error) {
    return error;
  } finally {
    expect(readdirSync(path).filter((name) => name.startsWith("imported"))).toEqual([]);
  }
}

async function expectRefusal(name: string, bytes: Buffer, message: string | RegExp): Promise<void> {
  const failure = await failureOf(bytes);
  expect(failure, name).toBeInstanceOf(HistoryError);
  expect((failure as Error).message, name).toMatch(message);
}

test("what was exported is imported, audited and exported again as the same history", async () => {
  const before = await audit(home);
  expect(before).toMatchObject({ height: 6, transactions: 6, versions: 4 });
  // What an interrupted import left is in nobody's way, and is no home.
  mkdirSync(`${path}/again.import/keys`, { recursive: true });
  writeFileSync(`${path}/again.import/config.json`, "{");
  await take(`${path}/whole.export`, `${path}/again`);
  expect(existsSync(`${path}/again.import`)).toBe(false);
  const again = readHome(`${path}/again`);
  expect(await audit(again)).toEqual(before);
  expect(again.checkpointKey.seed).not.toEqual(home.checkpointKey.seed);
  await exportRegistry(again, `${path}/again.export`);
  const second = readExport(readFileSync(`${path}/again.export`));
  expect(second.frames.slice(0, -1)).toEqual(content());
  expect(content().map(({ kind }) => kind)).toEqual([
    ...Array(7).fill(FRAME_KINDS.block),
    FRAME_KINDS.payload,
  ]);
  // The new home goes on by itself.
  const node = await openStoredNode(`${path}/again`);
  const [result] = await node.engine.submit([
    signTransaction(NATION, [issueOf(`${STEM}/after`)], { lastHeight: 100, nonce: 99 }),
  ]);
  expect(result!.outcome.ok).toBe(true);
  await node.close();
  expect((await audit(again)).height).toBe(7);
});

test("an export that was tampered with is refused with the place and the reason", async () => {
  const parts = content();
  const line = (changes: object): string => JSON.stringify({ ...JSON.parse(headLine), ...changes });
  const swapped = [...parts];
  [swapped[2], swapped[3]] = [swapped[3]!, swapped[2]!];
  const other = { ...STORED_GENESIS, timeMs: STORED_GENESIS.timeMs + 1 };
  const spoilSignature = (bytes: Uint8Array): Uint8Array => {
    const [body, [[key, signature]]] = decodeCbor(bytes) as [Uint8Array, [[Uint8Array, Uint8Array]]];
    const spoilt = Uint8Array.from(signature);
    spoilt[5]! ^= 1;
    return encodeCbor([body, [[key, spoilt]]]);
  };
  const spoilBody = (bytes: Uint8Array): Uint8Array => {
    const spoilt = Buffer.from(bytes);
    spoilt[spoilt.indexOf("asset")]! ^= 2;
    return spoilt;
  };
  const cases: Record<string, readonly [Buffer, string | RegExp]> = {
    "a state root": [
      writeExport(
        headLine,
        withBlock(3, (block) => ({ ...block, stateRoot: new Uint8Array(32) })),
      ),
      /block 3: the state root differs: [0-9a-f]{64} worked out, 0{64} stated/,
    ],
    "a block's time": [
      writeExport(
        headLine,
        withBlock(2, (block) => ({ ...block, timeMs: block.timeMs + 1 })),
      ),
      /block 2: the state root differs/,
    ],
    "a time before": [
      writeExport(
        headLine,
        withBlock(2, (block) => ({ ...block, timeMs: 1 })),
      ),
      "block 2: its time lies before that of the block before",
    ],
    "a signature": [
      writeExport(
        headLine,
        withBlock(4, (block) => ({ ...block, transactions: block.transactions.map(spoilSignature) })),
      ),
      "block 4 holds a signature that does not verify",
    ],
    "what was signed": [
      writeExport(
        headLine,
        withBlock(1, (block) => ({ ...block, transactions: block.transactions.map(spoilBody) })),
      ),
      /block 1 holds a signature that does not verify/,
    ],
    "a transaction twice": [
      writeExport(
        headLine,
        withBlock(4, (block) => ({
          ...block,
          transactions: [...block.transactions, ...block.transactions],
          results: [0, 0],
        })),
      ),
      "block 4, transaction 1: DUPLICATE",
    ],
    "a transaction left out": [
      writeExport(
        headLine,
        withBlock(4, (block) => ({ ...block, transactions: [], results: [] })),
      ),
      /block 4: the state root differs/,
    ],
    "a refused transaction": [
      writeExport(
        headLine,
        withBlock(4, (block) => ({ ...block, results: [61] })),
      ),
      "block 4 holds a refused transaction",
    ],
    "the bytes of a block": [
      writeExport(
        headLine,
        parts.map((part, at) => (at === 3 ? { ...part, body: part.body.subarray(1) } : part)),
      ),
      "the bytes of block 3 are no block",
    ],
    "blocks in another order": [
      writeExport(headLine, swapped),
      "block 2 is missing: the next one is of height 3",
    ],
    "a block left out": [
      writeExport(headLine, parts.toSpliced(3, 1)),
      "block 3 is missing: the next one is of height 4",
    ],
    "a block twice": [
      writeExport(headLine, parts.toSpliced(3, 0, parts[3]!)),
      "block 4 is missing: the next one is of height 3",
    ],
    "the last blocks left out": [
      writeExport(headLine, parts.slice(0, 4)),
      "what came of the blocks is not what the export's checkpoint says",
    ],
    "no block at all": [writeExport(headLine, []), "the export holds no block"],
    "another genesis": [
      writeExport(line({ genesis: genesisToJson(other) }), parts),
      /the export's genesis is that of test-[0-9a-f]{8}, and it says to be of test-[0-9a-f]{8}/,
    ],
    "no genesis": [writeExport(line({ genesis: 7 }), parts), "the export's genesis: "],
    "a checkpoint that is none": [
      writeExport(line({ checkpoint: "x" }), parts),
      "the export's checkpoint is malformed",
    ],
    "a checkpoint that is no text": [
      writeExport(line({ checkpoint: 1 }), parts),
      "the export's checkpoint is no text",
    ],
    "another form": [writeExport(line({ format: "cityroot-export/2" }), parts), "no export of the form"],
    "a head that is no JSON": [writeExport("{", parts), "the export begins with no head line"],
    "a payload": [
      writeExport(
        headLine,
        parts.map((part) =>
          part.kind === FRAME_KINDS.payload ? { ...part, body: part.body.subarray(0, 50) } : part,
        ),
      ),
      "a payload is refused: ",
    ],
    "a frame of another kind": [
      writeExport(headLine, [...parts, { kind: 88, body: Buffer.alloc(3) }]),
      "a frame of the unknown kind 88",
    ],
    "a block after the payloads": [
      writeExport(headLine, [...parts, parts[6]!]),
      "a block after its payloads",
    ],
    "a block that is too long": [
      Buffer.concat([Buffer.from(`${headLine}\n`), Buffer.from("42000000ffffffffff", "hex")]),
      "a block of 1099511627775 bytes is too large",
    ],
  };
  for (const [name, [bytes, message]] of Object.entries(cases)) await expectRefusal(name, bytes, message);
});

test("an export that is cut off, damaged or goes on is refused", async () => {
  const whole = readFileSync(`${path}/whole.export`);
  const ends = [
    0,
    10,
    headLine.length,
    headLine.length + 1,
    headLine.length + 5,
    whole.length - 41,
    whole.length - 1,
  ];
  for (let at = 0; at < 12; at++) ends.push(Math.floor((whole.length * (at + 1)) / 13));
  for (const end of ends)
    await expectRefusal(`cut off at ${end}`, whole.subarray(0, end), "the export is cut off");
  const spoilt = Buffer.from(whole);
  spoilt[whole.length - 1]! ^= 1;
  await expectRefusal("another sum", spoilt, "the export is damaged: its sum differs");
  await expectRefusal(
    "more after the end",
    Buffer.concat([whole, Buffer.from("x")]),
    "goes on after its end",
  );
});

test("an import takes no folder that exists, and leaves nothing half done", async () => {
  await expect(take(`${path}/whole.export`, path)).rejects.toThrow("exists already");
  await expect(take(`${path}/no.export`, `${path}/none`)).rejects.toThrow("ENOENT");
  expect(existsSync(`${path}/none`)).toBe(false);
});

test("an export does not write over a file, and takes nothing but its own away when it fails", async () => {
  const size = statSync(`${path}/whole.export`).size;
  await expect(exportRegistry(home, `${path}/whole.export`)).rejects.toThrow("EEXIST");
  expect(statSync(`${path}/whole.export`).size).toBe(size);
  await expect(exportRegistry(home, `${path}/nowhere/file`)).rejects.toThrow("ENOENT");
  const failing = exportRegistry(home, `${path}/half.export`, () => {
    throw new Error("enough");
  });
  await expect(failing).rejects.toThrow("enough");
  expect(existsSync(`${path}/half.export`)).toBe(false);
});

/** Changes a value of the closed store, with the sum that belongs to it. */
async function rewrite(
  table: string,
  key: number,
  change: (bytes: Buffer) => Uint8Array,
): Promise<() => void> {
  const file = `${path}/data/registry.mdb`;
  const whole = readFileSync(file);
  const root = open({ path: file, noSubdir: true, encoding: "binary" });
  const isNumbered = table !== "tile" && table !== "meta";
  const db = root.openDB<Buffer, string | number | number[]>({
    name: table,
    encoding: "binary",
    ...(isNumbered && { keyEncoding: "uint32" }),
  });
  const place = table === "tile" ? [0, key] : table === "meta" ? "head" : key;
  const changed = change(Buffer.from(db.getBinary(place)!.subarray(0, -4)));
  const sum = Buffer.alloc(4);
  sum.writeUInt32LE(crc32(changed, key));
  await db.put(place, Buffer.concat([changed, sum]));
  await root.close();
  return () => {
    truncateSync(file, whole.length);
    writeFileSync(file, whole);
  };
}

test("an audit finds what was changed in a store by someone who knows its form", async () => {
  const changeBlock = (change: (block: Block) => Block) => (bytes: Buffer) =>
    encodeBlock(change(decodeBlock(bytes)!));
  const turn = (at: number) => (bytes: Buffer) => {
    bytes.subarray(at)[0]! ^= 1;
    return bytes;
  };
  const changeValue = (bytes: Buffer): Buffer => {
    const page = decodePage(bytes);
    page.values[0] = Buffer.concat([page.values[0]!, Buffer.from([0])]);
    return encodePage(page);
  };
  const changeHash = (bytes: Buffer): Buffer => {
    const page = decodePage(bytes);
    page.hashes[0] = new Uint8Array(32);
    return encodePage(page);
  };
  const forgetHistory = (bytes: Buffer): Buffer => {
    const page = decodePage(bytes);
    page.earlier.fill(0);
    return encodePage(page);
  };
  const headWith = (part: number, value: CborValue) => (bytes: Buffer) =>
    encodeCbor((decodeCbor(bytes) as CborValue[]).with(part, value));
  const sealLength = (bytes: Buffer): number => 2 + bytes.readUInt16BE(0);
  const sealTwice = (bytes: Buffer): Buffer => Buffer.concat([bytes.subarray(0, sealLength(bytes)), bytes]);
  const withHistory = await pageWithHistory();
  const cases: readonly (readonly [string, number, (bytes: Buffer) => Uint8Array, string | RegExp])[] = [
    [
      "block",
      3,
      changeBlock((block) => ({ ...block, timeMs: block.timeMs + 1 })),
      /block 3: the state root differs/,
    ],
    [
      "block",
      0,
      changeBlock((block) => ({ ...block, timeMs: block.timeMs - 1 })),
      "block 0 is not that of the genesis",
    ],
    ["tile", 0, turn(40), "tile 0/0 of the log differs from the blocks"],
    ["entries", 0, turn(30), "entry bundle 0 of the log differs from the blocks"],
    ["entries", 0, turn(3), "leaf 0 of the log is not what follows the one before"],
    ["entries", 0, sealTwice, "leaf 1 of the log is not what follows the one before"],
    ["entries", 0, (bytes) => bytes.subarray(0, -1), /^leaf \d+ of the log is not what follows/],
    ["meta", 0, headWith(5, []), "the checkpoint's log does not end with its seal"],
    ["page", 1, changeValue, "page 1 of the store is damaged: an entry is not what was hashed"],
    ["page", 1, changeHash, "page 1 of the store is damaged: its root differs"],
    ["page", withHistory, forgetHistory, "an entry's history is not as long as its version says"],
    ["version", 1, turn(-3), "an earlier version is damaged"],
    ["version", 1, turn(40), /history does not lead to the peaks|an earlier version is damaged/],
  ];
  for (const [table, key, change, message] of cases) {
    const restore = await rewrite(table, key, change);
    await expect(audit(home), `${table} ${key}: ${message}`).rejects.toThrow(message);
    restore();
  }
  await audit(home);
});

async function pageWithHistory(): Promise<number> {
  const node = await openStoredNode(path);
  const pages = Array.from({ length: node.store.pageCount() }, (_, page) =>
    decodePage(node.store.readPage(page)),
  );
  await node.close();
  return pages.findIndex(({ earlier }) => earlier.some((row) => row !== 0));
}

test("an audit under another checkpoint key says whose signature is missing", async () => {
  const file = `${path}/keys/checkpoint.json`;
  const whole = readFileSync(file, "utf8");
  writeFileSync(file, JSON.stringify({ ...JSON.parse(whole), seed: "07".repeat(32) }));
  await expect(audit(readHome(path))).rejects.toThrow("the checkpoint is refused: log-signature-missing");
  writeFileSync(file, whole);
});

test("an audit and an export hold while the registry goes on being written", async () => {
  await take(`${path}/whole.export`, `${path}/busy`);
  const busy = readHome(`${path}/busy`);
  const node = await openStoredNode(`${path}/busy`);
  let isDone = false;
  const write = async (nonce: number): Promise<number> => {
    const operations = [
      issueOf(`${STEM}/w${nonce}`),
      updateOf(`${STEM}/7`, { attributes: attributesOf([["category", `c${nonce}`]]) }),
    ];
    const [result] = await node.engine.submit([
      signTransaction(NATION, operations, { lastHeight: 9_000, nonce }),
    ]);
    expect(result!.outcome.ok, `write ${nonce}`).toBe(true);
    return isDone ? nonce : write(nonce + 1);
  };
  const writing = write(1_000);
  for (let round = 0; round < 3; round++) {
    const report = await audit(busy);
    expect(report.height).toBeGreaterThanOrEqual(6);
    await exportRegistry(busy, `${path}/busy-${round}.export`);
    const imported = await take(`${path}/busy-${round}.export`, `${path}/busy-${round}`);
    expect(imported.height).toBeGreaterThanOrEqual(report.height);
  }
  isDone = true;
  expect(await writing).toBeGreaterThan(1_000);
  await node.close();
});
