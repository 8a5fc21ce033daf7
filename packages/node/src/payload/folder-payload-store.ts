import { closeSync, createReadStream, existsSync, fstatSync, openSync, readSync } from "node:fs";
import { open, stat } from "node:fs/promises";
import type { Readable } from "node:stream";
import { bytesToHex, equalBytes } from "@cityroot/core/hex";
import type { Outcome } from "@cityroot/core/outcome";
import { NoRoomError, watchRoom } from "./disk-room.ts";
import { FileWriter } from "./file-writer.ts";
import { encodeHeader, HEADER_BYTES } from "./index-layout.ts";
import { digestsIn, openArrival, pathsOf, removeLeftovers, removePayload } from "./payload-folder.ts";
import {
  checkExpected,
  type PayloadBytes,
  type PayloadDamage,
  type PayloadStore,
  type PayloadVerdict,
  type StoredPayload,
} from "./payload-store.ts";
import { isPayloadOf, PayloadDamagedError, StoredItems } from "./stored-items.ts";
import { takePayload } from "./take-payload.ts";

/** Longest payload, in bytes, unless its opener says otherwise. */
export const PAYLOAD_BYTES_MAX: number = 16 * 1_073_741_824;
/** Payloads that are held open for reading. */
const OPEN_PAYLOADS_MAX = 64;
/** Bytes of a payload that are read at once where all of it is; fewer where each of many readers may be slow. */
const READ_BYTES = 262_144;
const SENT_BYTES = 65_536;

export type FolderPayloadOptions = {
  /** Is told of every damaged payload that an answer should have come from. */
  readonly onDamaged?: (damage: PayloadDamage) => void;
  /** Is told of every payload that an answer should have come from and that is not here. */
  readonly onMissing?: (digest: Uint8Array) => void;
  readonly sizeBytesMax?: number;
  /** Bytes of the disk that are left to others; 0 if left out. */
  readonly reserveBytes?: number;
};

/** A payload store in a folder. */
export type FolderPayloadStore = PayloadStore & {
  /** Closes what is open and was taken away, so that the disk has its room back. */
  readonly closeGone: () => void;
};

/**
 * A payload store in a folder: `<2 digits>/<digest>.items` with its `.index` beside it. Several processes of
 * one machine may have it open at once. What was coming in when a process ended is removed here.
 */
export function openFolderPayloadStore(
  folder: string,
  options: FolderPayloadOptions = {},
): FolderPayloadStore {
  const { onDamaged = () => {}, onMissing = () => {} } = options;
  const { sizeBytesMax = PAYLOAD_BYTES_MAX, reserveBytes = 0 } = options;
  removeLeftovers(folder);
  const opened = openedPayloads(folder);
  const isStored = (digest: Uint8Array) => {
    const { items, index } = pathsOf(folder, bytesToHex(digest));
    return existsSync(items) && existsSync(index);
  };
  /** Reads from a stored payload; `otherwise` where it is not here, or is damaged, of which it tells. */
  const readStored = <T>(digest: Uint8Array, otherwise: T, read: (stored: StoredItems) => T): T => {
    const name = bytesToHex(digest);
    try {
      const stored = opened.open(name);
      if (stored === undefined) return otherwise;
      if (!equalBytes(stored.payload.digest, digest)) {
        throw new PayloadDamagedError(`its index is that of ${bytesToHex(stored.payload.digest)}`);
      }
      return read(stored);
    } catch (cause) {
      opened.forget(name);
      onDamaged({ digest, detail: demandDamage(cause) });
      return otherwise;
    }
  };
  return {
    put: async (stream, expected) => {
      const stored = await storePayload(folder, stream, { sizeBytesMax, reserveBytes, expected });
      // What was damaged is whole again, but not in the files that are open.
      if (stored.ok) opened.forget(bytesToHex(stored.value.digest));
      return stored;
    },
    read: async (digest) =>
      isStored(digest) ? readFile(pathsOf(folder, bytesToHex(digest)).items) : undefined,
    find: (digest) =>
      isStored(digest) ? readStored(digest, undefined, ({ payload }) => payload) : undefined,
    itemsOf: (batch, code) => {
      const { digest } = batch.payload;
      const items = readStored(digest, [], (stored) => {
        if (isPayloadOf(stored.payload, batch.count, batch.root)) return stored.itemsOf(code);
        throw new PayloadDamagedError(`it is not what the batch from ${batch.first} says`);
      });
      if (items.length === 0 && !isStored(digest)) onMissing(digest);
      return items;
    },
    bring: async () => false,
    verifyPayload: (digest) => verifyPayload(folder, digest),
    forget: async (digest, beforeMs) => {
      const name = bytesToHex(digest);
      const found = await stat(pathsOf(folder, name).items).catch(() => undefined);
      if (found === undefined || found.mtimeMs >= beforeMs) return false;
      opened.forget(name);
      await removePayload(folder, name);
      return true;
    },
    digests: () => digestsIn(folder),
    close: opened.close,
    closeGone: opened.closeGone,
  };
}

/** The bytes of a file; undefined where it has gone meanwhile. */
async function readFile(path: string): Promise<PayloadBytes | undefined> {
  try {
    const file = await open(path, "r");
    const { size } = await file.stat();
    return { sizeBytes: size, bytes: file.createReadStream({ highWaterMark: SENT_BYTES }) };
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw cause;
  }
}

async function storePayload(
  folder: string,
  stream: Readable,
  {
    sizeBytesMax,
    reserveBytes,
    expected,
  }: {
    readonly sizeBytesMax: number;
    readonly reserveBytes: number;
    readonly expected: StoredPayload | undefined;
  },
): Promise<Outcome<StoredPayload>> {
  const writers: FileWriter[] = [];
  const create = async (path: string) => {
    const writer = await FileWriter.create(path);
    writers.push(writer);
    return writer;
  };
  const arrival = await openArrival(folder);
  const useRoom = watchRoom(folder, reserveBytes);
  try {
    const items = await create(arrival.items);
    const index = await create(arrival.index);
    // The header is known at the end alone.
    await index.append(new Uint8Array(HEADER_BYTES));
    const sink = {
      takeItems: async (bytes: Uint8Array) => {
        // Written in the order in which they come, whatever takes long.
        await Promise.all([items.write(bytes), useRoom(bytes.length)]);
      },
      takePage: (page: Uint8Array) => index.append(page),
    };
    // Of what is expected no byte too many is read.
    const taken = await takePayload(
      stream,
      sink,
      Math.min(sizeBytesMax, expected?.sizeBytes ?? sizeBytesMax),
    );
    if (!taken.ok) return taken;
    const checked = expected === undefined ? taken : checkExpected(taken.value, expected);
    if (!checked.ok) return checked;
    await Promise.all([items.finish(), index.finish(encodeHeader(taken.value))]);
    await arrival.store(bytesToHex(taken.value.digest));
    return taken;
  } catch (cause) {
    if (cause instanceof NoRoomError) throw cause;
    throw new Error(`the payload could not be stored: ${(cause as Error).message}`, { cause });
  } finally {
    for (const writer of writers) await writer.abandon();
    await arrival.clear();
  }
}

/** Payloads that are open, of which those asked for longest ago are closed when there are many. */
function openedPayloads(folder: string): {
  readonly open: (name: string) => StoredItems | undefined;
  readonly forget: (name: string) => void;
  readonly close: () => void;
  readonly closeGone: () => void;
} {
  const opened = new Map<string, StoredItems>();
  const forget = (name: string) => {
    opened.get(name)?.close();
    opened.delete(name);
  };
  const open = (name: string) => {
    const known = opened.get(name);
    if (known !== undefined) {
      opened.delete(name);
      opened.set(name, known);
      return known;
    }
    const { items, index } = pathsOf(folder, name);
    if (!existsSync(items)) return undefined;
    let stored: StoredItems;
    try {
      stored = new StoredItems(items, index);
    } catch (cause) {
      // What is taken away loses its items first.
      if (!existsSync(items)) return undefined;
      throw cause;
    }
    if (opened.size === OPEN_PAYLOADS_MAX) forget(opened.keys().next().value!);
    opened.set(name, stored);
    return stored;
  };
  const close = () => {
    for (const name of [...opened.keys()]) forget(name);
  };
  const closeGone = () => {
    for (const name of [...opened.keys()]) if (!existsSync(pathsOf(folder, name).items)) forget(name);
  };
  return { open, forget, close, closeGone };
}

async function verifyPayload(folder: string, digest: Uint8Array): Promise<PayloadVerdict> {
  const { items, index } = pathsOf(folder, bytesToHex(digest));
  if (!existsSync(items)) return { kind: "missing" };
  if (!existsSync(index)) return { kind: "damaged", detail: "the index is missing" };
  const file = openSync(index, "r");
  let position = HEADER_BYTES;
  let differsAt: number | undefined;
  const compare = (bytes: Uint8Array, at: number) => {
    const stored = new Uint8Array(bytes.length);
    const read = readSync(file, stored, 0, bytes.length, at);
    if (read !== bytes.length || !equalBytes(stored, bytes)) differsAt ??= at;
  };
  const takePage = (page: Uint8Array) => {
    compare(page, position);
    position += page.length;
    return undefined;
  };
  try {
    const stream = createReadStream(items, { highWaterMark: READ_BYTES });
    const taken = await takePayload(
      stream,
      { takeItems: async () => {}, takePage },
      Number.POSITIVE_INFINITY,
    );
    if (!taken.ok) return { kind: "damaged", detail: taken.rejection.detail };
    const payload = taken.value;
    if (!equalBytes(payload.digest, digest)) {
      return { kind: "damaged", detail: `the digest of the items is ${bytesToHex(payload.digest)}` };
    }
    compare(encodeHeader(payload), 0);
    if (fstatSync(file).size !== position) differsAt ??= position;
    if (differsAt === undefined) return { kind: "whole", payload };
    return { kind: "damaged", detail: `the index differs from ${differsAt} on` };
  } catch (cause) {
    return { kind: "damaged", detail: demandDamage(cause) };
  } finally {
    closeSync(file);
  }
}

/** What is wrong with files that could not be read; throws again what is no fault of theirs. */
function demandDamage(cause: unknown): string {
  const isOfFiles =
    cause instanceof PayloadDamagedError || (cause as NodeJS.ErrnoException).syscall !== undefined;
  if (!isOfFiles) throw cause;
  return (cause as Error).message;
}
