import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { parseCode } from "@cityroot/codes/ma/code";
import { hexToBytes } from "@cityroot/core/hex";
import { proveInclusion } from "@cityroot/core/log/inclusion";
import { leafHash, rootOf } from "@cityroot/core/log/tree";
import { type BatchItem, decodeItem } from "@cityroot/core/operation/batch-item";
import type { ItemProof } from "@cityroot/core/operation/standing";
import { accept, type Outcome } from "@cityroot/core/outcome";
import { codeKey } from "@cityroot/core/state/key";
import { checkExpected, type PayloadStore, type StoredPayload } from "../payload/payload-store.ts";

/** A payload store in memory. It checks items and their order, and leaves limits to the stores that keep them. */
export function memoryPayloads(): PayloadStore {
  const kept = new Map<string, Uint8Array>();
  return {
    put: async (items, expected) => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of items) chunks.push(chunk as Uint8Array);
      const bytes = Buffer.concat(chunks);
      const described = describe(bytes);
      const stored =
        described.ok && expected !== undefined ? checkExpected(described.value, expected) : described;
      if (stored.ok) kept.set(Buffer.from(stored.value.digest).toString("hex"), bytes);
      return stored;
    },
    read: async (digest) => {
      const bytes = kept.get(Buffer.from(digest).toString("hex"));
      return bytes === undefined
        ? undefined
        : { sizeBytes: bytes.length, bytes: Readable.from([Buffer.from(bytes)]) };
    },
    bring: async () => false,
    verifyPayload: async (digest) => {
      const bytes = kept.get(Buffer.from(digest).toString("hex"));
      const stored = bytes === undefined ? undefined : describe(bytes);
      return stored?.ok === true ? { kind: "whole", payload: stored.value } : { kind: "missing" };
    },
    forget: async () => false,
    digests: () => [...kept.keys()].sort().map((name) => hexToBytes(name)!),
    close: () => {},
    find: (digest) => {
      const bytes = kept.get(Buffer.from(digest).toString("hex"));
      const stored = bytes === undefined ? undefined : describe(bytes);
      return stored?.ok ? stored.value : undefined;
    },
    itemsOf: (batch, code) => {
      const bytes = kept.get(Buffer.from(batch.payload.digest).toString("hex"));
      if (bytes === undefined) return [];
      const items = splitItems(bytes);
      const key = codeKey(code);
      const keys = items.map((item) => codeKey(demandItem(item).code));
      const at = keys.findIndex((other) => other >= key);
      const place = at < 0 ? items.length : at;
      const wanted = keys[place] === key ? [place] : [place - 1, place];
      return wanted.filter((index) => items[index] !== undefined).map((index) => proveItem(items, index));
    },
  };
}

/** An item stream: each item after its length. */
export function joinItems(items: readonly Uint8Array[]): Buffer {
  return Buffer.concat(
    items.flatMap((item) => {
      const head = Buffer.alloc(4);
      head.writeUInt32BE(item.length);
      return [head, item];
    }),
  );
}

function splitItems(bytes: Uint8Array): Uint8Array[] {
  const items: Uint8Array[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 0; at < bytes.length; ) {
    const end = at + 4 + view.getUint32(at);
    items.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return items;
}

function describe(bytes: Uint8Array): Outcome<StoredPayload> {
  const items = splitItems(bytes);
  for (const item of items) {
    const decoded = decodeItem(item);
    if (!decoded.ok) return decoded;
  }
  const codes = items.map((item) => demandItem(item).code);
  return accept({
    digest: createHash("sha256").update(bytes).digest(),
    sizeBytes: bytes.length,
    root: rootOf(items.map(leafHash)),
    count: items.length,
    first: codes[0]!,
    last: codes[codes.length - 1]!,
  });
}

function demandItem(bytes: Uint8Array): BatchItem {
  const item = decodeItem(bytes);
  if (!item.ok || !parseCode(item.value.code).ok) throw new Error("a stored item is a checked one");
  return item.value;
}

function proveItem(items: readonly Uint8Array[], index: number): ItemProof {
  const leaves = items.map(leafHash);
  const hashAt = (level: number, at: number) => rootOf(leaves.slice(at * 2 ** level, (at + 1) * 2 ** level));
  const { path } = proveInclusion(hashAt, index, items.length);
  return { item: items[index]!, index, path };
}
