import { createHash } from "node:crypto";
import { rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { genesisToJson, networkOf } from "@cityroot/core/genesis";
import { bytesToHex } from "@cityroot/core/hex";
import type { Home } from "../home/home.ts";
import { openPayloadsOf } from "../open-payloads.ts";
import { openRegistryStore, type RegistryStore } from "../store/registry-store.ts";
import { HistoryError } from "./replay-blocks.ts";

/** First line of an export: what the rest is of. */
export type ExportHead = {
  readonly format: "cityroot-export/1";
  readonly network: string;
  readonly origin: string;
  readonly height: number;
  readonly genesis: unknown;
  /** The signed checkpoint at that height, as text. */
  readonly checkpoint: string;
};

export const EXPORT_FORMAT = "cityroot-export/1";

/** Kinds of frames after the head: a block, a payload, the end with the SHA-256 of all before it. */
export const FRAME_KINDS = { block: 66, payload: 80, end: 69 } as const;
export const FRAME_HEAD_BYTES = 9;

/** Bytes that are gathered before they are written. */
const WRITE_BYTES = 1_048_576;

/** What an export wrote. */
export type ExportReport = {
  readonly height: number;
  readonly blocks: number;
  readonly payloads: number;
  readonly bytes: number;
};

/**
 * Writes the whole registry of a home to one file: a head line, then frames of one kind byte, eight bytes of length
 * (highest first) and the content. Spec §8.8. All blocks up to the newest when it began, and every payload.
 */
export async function exportRegistry(
  home: Home,
  path: string,
  onProgress: (done: number, total: number) => void = () => {},
): Promise<ExportReport> {
  const store = openRegistryStore(home.dataFolder, { readOnly: true });
  try {
    const file = await open(path, "wx", 0o600);
    try {
      const report = await writeExport(home, store, (chunk) => file.writeFile(chunk), onProgress);
      await file.sync();
      return report;
    } catch (cause) {
      // Half an export is none: only what this made is taken away.
      rmSync(path, { force: true });
      throw cause;
    } finally {
      await file.close();
    }
  } finally {
    await store.close();
  }
}

async function writeExport(
  home: Home,
  store: RegistryStore,
  writeChunk: (chunk: Uint8Array) => Promise<void>,
  onProgress: (done: number, total: number) => void,
): Promise<ExportReport> {
  const digest = createHash("sha256");
  let bytes = 0;
  let pending: Uint8Array[] = [];
  let pendingBytes = 0;
  const flush = async (): Promise<void> => {
    const chunk = Buffer.concat(pending);
    pending = [];
    pendingBytes = 0;
    await writeChunk(chunk);
  };
  const write = async (chunk: Uint8Array): Promise<void> => {
    digest.update(chunk);
    bytes += chunk.length;
    pending.push(chunk);
    pendingBytes += chunk.length;
    if (pendingBytes >= WRITE_BYTES) await flush();
  };
  const head = store.head();
  if (head === undefined) throw new HistoryError("the store holds no block");
  await write(Buffer.from(`${JSON.stringify(headOf(home, head.height, head.note))}\n`));
  for (let height = 0; height <= head.height; height++) {
    const block = store.readBlock(height);
    if (block === undefined) throw new HistoryError(`block ${height} is missing from the store`);
    await write(frameHead(FRAME_KINDS.block, block.length));
    await write(block);
    onProgress(height + 1, head.height + 1);
  }
  const payloads = await writePayloads(home, write);
  const sum = digest.digest();
  pending.push(frameHead(FRAME_KINDS.end, sum.length), sum);
  await flush();
  return { height: head.height, blocks: head.height + 1, payloads, bytes };
}

/** Writes every payload that the home holds, wherever they live; gives how many there are. */
async function writePayloads(home: Home, write: (chunk: Uint8Array) => Promise<void>): Promise<number> {
  const payloads = await openPayloadsOf(home);
  let count = 0;
  try {
    for (const digest of payloads.digests()) {
      const read = await payloads.read(digest);
      if (read === undefined)
        throw new HistoryError(`the payload ${bytesToHex(digest)} is missing from its storage`);
      await write(frameHead(FRAME_KINDS.payload, read.sizeBytes));
      for await (const chunk of read.bytes) await write(chunk as Buffer);
      count += 1;
    }
  } finally {
    payloads.close();
  }
  return count;
}

function headOf(home: Home, height: number, note: Uint8Array): ExportHead {
  return {
    format: EXPORT_FORMAT,
    network: networkOf(home.genesis).id,
    origin: home.config.origin,
    height,
    genesis: genesisToJson(home.genesis),
    checkpoint: Buffer.from(note).toString("utf8"),
  };
}

function frameHead(kind: number, length: number): Buffer {
  const head = Buffer.alloc(FRAME_HEAD_BYTES);
  head[0] = kind;
  head.writeBigUInt64BE(BigInt(length), 1);
  return head;
}
