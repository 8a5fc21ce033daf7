import { setImmediate } from "node:timers/promises";
import type { Code } from "@cityroot/codes/ma/code";
import { decodeBlock } from "@cityroot/core/block";
import { encodeCbor } from "@cityroot/core/cbor";
import { equalBytes } from "@cityroot/core/hex";
import { issueBatch } from "@cityroot/core/operation/issue-batch";
import { decodeInterval } from "@cityroot/core/state/interval";
import { codeKey, codeOfKey, kindOfKey, type StateKey } from "@cityroot/core/state/key";
import { decodeTransaction } from "@cityroot/core/transaction";
import type { StoredPayload } from "../payload/payload-store.ts";
import type { RegistryReader } from "../resolver/registry-reader.ts";
import type { RegistryStore } from "../store/registry-store.ts";
import type { PayloadRegister } from "./payload-register.ts";

/** Entries of the state that are looked at in one stretch, and blocks that are. */
const ENTRIES_AT_ONCE = 1_000;
const BLOCKS_AT_ONCE = 16;

/** Before every code that can be issued. */
const FIRST_KEY = codeKey("MA" as Code);

/** The state of a ledger, to be walked through. */
export type WalkedReader = Pick<RegistryReader, "head" | "entriesFrom"> & {
  readonly close: () => Promise<void>;
};

/** Where a register learns what the ledger refers to. */
export type LedgerParts = {
  readonly store: Pick<RegistryStore, "head" | "readBlock">;
  /** Opens the state for a walk: seldom needed. */
  readonly openReader: () => WalkedReader;
  readonly register: PayloadRegister;
  readonly signal: AbortSignal;
};

/**
 * Brings a register up to the newest block: by the blocks since the one it knows, or where those are not here or are not
 * the ones it knows, by walking through the state. Nothing that was issued ever leaves the state. Gives how many payloads
 * were added.
 */
export async function followLedger(parts: LedgerParts): Promise<number> {
  const { store, register, signal } = parts;
  const before = register.counts()?.referred ?? 0;
  const position = register.position();
  if (position === undefined || !isOnLedger(parts, position)) {
    if (position !== undefined) register.clear();
    await walkState(parts);
  }
  for (let at = register.position()?.height ?? 0; !signal.aborted; at = register.position()!.height) {
    const newest = store.head()?.height ?? 0;
    if (at >= newest) break;
    const read = readBlocks(store, at + 1, Math.min(newest, at + BLOCKS_AT_ONCE));
    // A node that began from a snapshot, or let go of old blocks, has the state alone.
    if (read === undefined) await walkState(parts);
    else register.add(read.payloads, read.position);
    await setImmediate();
  }
  return (register.counts()?.referred ?? 0) - before;
}

function isOnLedger({ store }: LedgerParts, position: { height: number; stateRoot: Uint8Array }): boolean {
  const head = store.head();
  if (head === undefined || head.height < position.height) return false;
  if (head.height === position.height) return equalBytes(head.stateRoot, position.stateRoot);
  const bytes = store.readBlock(position.height);
  const block = bytes === undefined ? undefined : decodeBlock(bytes);
  return block !== undefined && equalBytes(block.stateRoot, position.stateRoot);
}

function readBlocks(
  store: LedgerParts["store"],
  from: number,
  to: number,
): { payloads: StoredPayload[]; position: { height: number; stateRoot: Uint8Array } } | undefined {
  const payloads: StoredPayload[] = [];
  let stateRoot: Uint8Array = new Uint8Array(0);
  for (let height = from; height <= to; height++) {
    const bytes = store.readBlock(height);
    const block = bytes === undefined ? undefined : decodeBlock(bytes);
    if (block === undefined) return undefined;
    for (const [at, transaction] of block.transactions.entries()) {
      if (block.results[at] === 0) payloads.push(...payloadsOf(transaction));
    }
    stateRoot = block.stateRoot;
  }
  return { payloads, position: { height: to, stateRoot } };
}

/** What the CBOR form of every operation that issues a batch begins with: the head of its list, and its number. */
const BATCH_MARK: Buffer = Buffer.from(
  encodeCbor([issueBatch.number, ...Object.keys(issueBatch.fields)]),
).subarray(0, 2);

/** The payloads of the batches that a transaction issues. */
function payloadsOf(bytes: Uint8Array): readonly StoredPayload[] {
  // Most transactions issue none, and need not be read to know it.
  if (!Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(BATCH_MARK)) return [];
  const decoded = decodeTransaction(bytes);
  if (!decoded.ok) return [];
  return decoded.value.body.operations.flatMap((operation) => {
    if (operation.type !== "issue-batch") return [];
    const { first, last, count, root, payloadDigest, payloadBytes } = operation;
    return [{ digest: payloadDigest, sizeBytes: payloadBytes, root, count, first, last }];
  });
}

/** Looks through the whole state. What is issued meanwhile is in blocks after the one that it began at. */
async function walkState({ openReader, register, signal }: LedgerParts): Promise<void> {
  const reader = openReader();
  try {
    const { height, stateRoot } = reader.head().checkpoint;
    for await (const payloads of payloadsInState(reader)) {
      if (signal.aborted) return;
      if (payloads.length > 0) register.add(payloads);
    }
    register.add([], { height, stateRoot });
  } finally {
    await reader.close();
  }
}

/** The payloads of all batches that were ever issued, some of them at a time, in order of their first codes. */
export async function* payloadsInState(
  reader: Pick<WalkedReader, "head" | "entriesFrom">,
): AsyncGenerator<readonly StoredPayload[]> {
  for (let from: StateKey | undefined = FIRST_KEY; from !== undefined; ) {
    reader.head();
    const entries = reader.entriesFrom(from, ENTRIES_AT_ONCE);
    const payloads: StoredPayload[] = [];
    for (const { key, value } of entries) {
      // The first one is the last of the stretch before.
      const code = key === from ? undefined : codeOfKey(key);
      const interval = code === undefined ? undefined : decodeInterval(code, Uint8Array.from(value));
      if (interval?.type !== "batch") continue;
      const { first, last, count, root, payload } = interval;
      payloads.push({ ...payload, root, count, first, last });
    }
    yield payloads;
    const last: StateKey | undefined = entries.at(-1)?.key;
    from = last === from || entries.length < ENTRIES_AT_ONCE || !isCodeKey(last) ? undefined : last;
    await setImmediate();
  }
}

function isCodeKey(key: StateKey | undefined): boolean {
  return key !== undefined && kindOfKey(key) === "code";
}
