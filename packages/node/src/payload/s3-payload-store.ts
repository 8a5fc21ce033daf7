import { existsSync, utimesSync } from "node:fs";
import { bytesToHex, equalBytes, hexToBytes } from "@cityroot/core/hex";
import { openFolderPayloadStore, PAYLOAD_BYTES_MAX } from "./folder-payload-store.ts";
import { type HeadFiles, headFiles } from "./head-files.ts";
import { evictPayloads } from "./payload-cache.ts";
import { pathsOf, removePayload } from "./payload-folder.ts";
import type { PayloadDamage, PayloadStore, PayloadVerdict, StoredPayload } from "./payload-store.ts";
import { FileChangedError, type S3Bucket } from "./s3-bucket.ts";
import { takePayload } from "./take-payload.ts";

// Payloads live in a bucket, one object each. A folder of this machine holds a small file of each that is in the bucket
// (what the head of its index says, so that no request is needed to know), and the payloads that were asked for last with
// their indexes, up to a size: what is answered from them has to be read here and there.

/** What a store over a bucket is opened with. */
export type S3PayloadOptions = {
  readonly bucket: S3Bucket;
  /** Folder of this machine for what was asked for last; several processes may share it. */
  readonly folder: string;
  /** Bytes that it may take. The payload that was asked for last stays even where it alone takes more. */
  readonly cacheBytes: number;
  /** Is told of payloads that are damaged in the bucket or on this machine. */
  readonly onDamaged?: (damage: PayloadDamage) => void;
  readonly sizeBytesMax?: number;
  /** Bytes of this machine's disk that are left to others; 0 if left out. */
  readonly reserveBytes?: number;
};

/** Payloads that are brought here at a time: anyone may ask for codes of as many as there are. */
const BRINGS_MAX = 4;
/** How often the use of a payload is written down, in milliseconds. */
const USE_NOTED_MS = 60_000;
/** How often it is looked for what another process took away and this one has open still, in milliseconds. */
const GONE_MS = 10_000;

/** Opens a payload store over a bucket. Nothing is asked of the bucket before it is needed. */
export function openS3PayloadStore(options: S3PayloadOptions): PayloadStore {
  const { bucket, folder, cacheBytes, onDamaged = () => {}, sizeBytesMax = PAYLOAD_BYTES_MAX } = options;
  const heads = headFiles(folder);
  const used = new Map<string, number>();
  const coming = new Map<string, Promise<boolean>>();
  const sendOnce = openSending(bucket, folder, heads);
  const cache = openFolderPayloadStore(folder, {
    ...{ sizeBytesMax, reserveBytes: options.reserveBytes ?? 0 },
    onDamaged: ({ digest, detail }) => {
      onDamaged({ digest, detail: `the copy on this machine: ${detail}` });
      // The bucket has another.
      if (heads.has(bytesToHex(digest))) void removePayload(folder, bytesToHex(digest)).catch(() => {});
    },
  });
  const closing = setInterval(cache.closeGone, GONE_MS).unref();
  const isHere = (name: string) => existsSync(pathsOf(folder, name).items);
  const evict = async () => {
    await evictPayloads(folder, cacheBytes, heads.has);
    cache.closeGone();
  };
  const lose = (digest: Uint8Array, detail: string): void => {
    heads.remove(bytesToHex(digest));
    onDamaged({ digest, detail });
  };
  /** The items as the bucket has them go into the cache, if they are what they should be. */
  const fetchItems = async (head: StoredPayload): Promise<boolean> => {
    const read = await bucket.get(objectName(head.digest));
    if (read === undefined) {
      lose(head.digest, "it is missing from the bucket");
      return false;
    }
    const stored = await cache.put(read.bytes, head);
    if (stored.ok) await evict();
    else lose(head.digest, `in the bucket: ${stored.rejection.detail}`);
    return stored.ok;
  };
  const inTurn = turnsOf(BRINGS_MAX);
  const bring = (digest: Uint8Array): Promise<boolean> => {
    const name = bytesToHex(digest);
    const head = heads.read(name);
    if (head === undefined || isHere(name)) return Promise.resolve(false);
    const known = coming.get(name);
    if (known !== undefined) return known;
    const begun = inTurn(() => fetchItems(head)).finally(() => coming.delete(name));
    coming.set(name, begun);
    return begun;
  };
  return {
    put: async (stream, expected) => {
      const stored = await cache.put(stream, expected);
      if (!stored.ok) return stored;
      await sendOnce(stored.value);
      await evict();
      return stored;
    },
    read: async (digest) => {
      if (!heads.has(bytesToHex(digest))) return undefined;
      return (await cache.read(digest)) ?? bucket.get(objectName(digest));
    },
    find: (digest) => heads.read(bytesToHex(digest)),
    itemsOf: (batch, code) => {
      noteUse(folder, bytesToHex(batch.payload.digest), used);
      return cache.itemsOf(batch, code);
    },
    bring,
    verifyPayload: async (digest) => {
      const name = bytesToHex(digest);
      const here = await cache.verifyPayload(digest);
      const verdict = await verifyObject(bucket, digest);
      if (verdict.kind === "whole") {
        await heads.write(verdict.payload);
        if (here.kind === "damaged") await removePayload(folder, name);
        return verdict;
      }
      heads.remove(name);
      if (here.kind !== "whole") return verdict;
      // The folder was there before the bucket, or the way there broke off.
      await sendOnce(here.payload);
      return here;
    },
    forget: async () => false,
    digests: function* () {
      for (const name of heads.names()) yield hexToBytes(name)!;
    },
    close: () => {
      clearInterval(closing);
      cache.close();
    },
  };
}

/** Does so many things at a time, and the others in the order in which they came. */
function turnsOf(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running < most) running += 1;
    // Whoever is done leaves its place to the first.
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}

function objectName(digest: Uint8Array): string {
  const name = bytesToHex(digest);
  return `${name.slice(0, 2)}/${name}.items`;
}

/** Sends payloads, each once of which several come at the same time. */
function openSending(
  bucket: S3Bucket,
  folder: string,
  heads: HeadFiles,
): (payload: StoredPayload) => Promise<void> {
  const going = new Map<string, Promise<void>>();
  return (payload) => {
    const name = bytesToHex(payload.digest);
    const begun =
      going.get(name) ?? sendItems(bucket, folder, payload, heads).finally(() => going.delete(name));
    going.set(name, begun);
    return begun;
  };
}

/** How often a payload is sent whose file is replaced meanwhile. */
const SENDS_MAX = 8;

/** Puts a payload of the folder into the bucket, unless it is there. */
async function sendItems(
  bucket: S3Bucket,
  folder: string,
  payload: StoredPayload,
  heads: HeadFiles,
): Promise<void> {
  const name = bytesToHex(payload.digest);
  const object = objectName(payload.digest);
  try {
    if (heads.has(name) && (await bucket.sizeOf(object)) === payload.sizeBytes) return;
    for (let tried = 1; ; tried++) {
      try {
        await bucket.put(object, pathsOf(folder, name).items, name);
        break;
      } catch (cause) {
        // The same payload came again and took the place of the file.
        if (!(cause instanceof FileChangedError) || tried === SENDS_MAX) throw cause;
      }
    }
    await heads.write(payload);
  } catch (cause) {
    // Somebody else may have brought it there, and the folder may have let go of it then.
    if (heads.has(name) && !existsSync(pathsOf(folder, name).items)) return;
    throw new Error(`the payload could not be stored: ${(cause as Error).message}`, { cause });
  }
}

async function verifyObject(bucket: S3Bucket, digest: Uint8Array): Promise<PayloadVerdict> {
  const read = await bucket.get(objectName(digest));
  if (read === undefined) return { kind: "missing" };
  const sink = { takeItems: async () => {}, takePage: () => undefined };
  const taken = await takePayload(read.bytes, sink, Number.POSITIVE_INFINITY);
  if (!taken.ok) return { kind: "damaged", detail: taken.rejection.detail };
  if (equalBytes(taken.value.digest, digest)) return { kind: "whole", payload: taken.value };
  return { kind: "damaged", detail: `the digest of the items is ${bytesToHex(taken.value.digest)}` };
}

/** Writes down that a payload was used, which keeps it longest. */
function noteUse(folder: string, name: string, used: Map<string, number>): void {
  const nowMs = performance.now();
  if (nowMs - (used.get(name) ?? Number.NEGATIVE_INFINITY) < USE_NOTED_MS) return;
  used.delete(name);
  used.set(name, nowMs);
  if (used.size > USES_REMEMBERED) used.delete(used.keys().next().value!);
  const now = Date.now() / 1_000;
  try {
    utimesSync(pathsOf(folder, name).items, now, now);
  } catch {
    // It is not here.
  }
}

const USES_REMEMBERED = 1_024;
