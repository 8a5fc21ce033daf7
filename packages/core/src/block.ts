import { type CborValue, decodeCbor, encodeCbor } from "./cbor.ts";
import { HASH_BYTES, sha256 } from "./hash.ts";
import { isCount, type Moment } from "./state/entry.ts";
import { type Misbehaviour, misbehavioursOf, misbehaviourToCbor } from "./state/misbehaviour.ts";

/**
 * A block as it is kept and exported. Spec §8.2: `[height, timeMs, [transaction bytes, ...], [result, ...], state
 * root]`, and as a sixth part what it records of validators, where that is anything; a result is 0, or the number of the
 * refusal. The state root is the one after the block.
 */
export type Block = Moment & {
  readonly transactions: readonly Uint8Array[];
  readonly results: readonly number[];
  readonly stateRoot: Uint8Array;
  /** What the consensus reported with it; left out where that is nothing. */
  readonly misbehaviour?: readonly Misbehaviour[];
};

/** Canonical bytes of a block. */
export function encodeBlock(block: Block): Uint8Array {
  const { height, timeMs, transactions, results, stateRoot, misbehaviour = [] } = block;
  const parts = [height, timeMs, transactions, results, stateRoot];
  return encodeCbor(misbehaviour.length === 0 ? parts : [...parts, misbehaviour.map(misbehaviourToCbor)]);
}

/** The block of its bytes; undefined when they are none. */
export function decodeBlock(bytes: Uint8Array): Block | undefined {
  const value = decodeCbor(bytes);
  if (!Array.isArray(value) || value.length < 5 || value.length > 6) return undefined;
  const [height, timeMs, transactions, results, stateRoot, reported] = value as CborValue[];
  if (!isCount(height) || !isCount(timeMs) || !isDigest(stateRoot)) return undefined;
  if (!Array.isArray(transactions) || !Array.isArray(results) || transactions.length !== results.length)
    return undefined;
  if (
    !transactions.every((item) => item instanceof Uint8Array) ||
    !results.every((item) => isCount(item as CborValue))
  ) {
    return undefined;
  }
  const block = {
    height,
    timeMs,
    transactions: transactions as Uint8Array[],
    results: results as number[],
    stateRoot,
  };
  if (value.length === 5) return block;
  const misbehaviour = misbehavioursOf(reported);
  return misbehaviour === undefined ? undefined : { ...block, misbehaviour };
}

/**
 * What the log keeps of a transaction: a leaf of its Merkle tree. Spec §8.3.1: `[height, index, timeMs, SHA-256 of the
 * transaction's bytes, result]`. The bytes themselves are in the block.
 */
export type LogEntry = Moment & {
  readonly index: number;
  readonly digest: Uint8Array;
  readonly result: number;
};

/** Canonical bytes of a log entry. */
export function encodeLogEntry(entry: LogEntry): Uint8Array {
  return encodeCbor([entry.height, entry.index, entry.timeMs, entry.digest, entry.result]);
}

/**
 * What the log keeps of a block's end: the leaf after its transactions. Spec §8.3.2: `[height, timeMs, state root]`, the
 * root after the block, 32 bytes. Its length tells it from the entry of a transaction.
 */
export type Seal = Moment & { readonly stateRoot: Uint8Array };

/** Canonical bytes of a seal. */
export function encodeSeal(seal: Seal): Uint8Array {
  return encodeCbor([seal.height, seal.timeMs, seal.stateRoot]);
}

/** The log entry or the seal of its bytes; undefined when they are neither. */
export function decodeLogLeaf(bytes: Uint8Array): LogEntry | Seal | undefined {
  const value = decodeCbor(bytes);
  if (!Array.isArray(value)) return undefined;
  const parts = value as CborValue[];
  if (parts.length === 3) {
    const [height, timeMs, stateRoot] = parts;
    if (!isCount(height) || !isCount(timeMs) || !isDigest(stateRoot)) return undefined;
    return { height, timeMs, stateRoot };
  }
  const [height, index, timeMs, digest, result] = parts;
  if (parts.length !== 5 || !isCount(height) || !isCount(index) || !isCount(timeMs)) return undefined;
  if (!isDigest(digest) || !isCount(result)) return undefined;
  return { height, index, timeMs, digest, result };
}

/** What a block adds to the log: an entry for each transaction, in their order, and its seal. Spec §8.3. */
export function logEntriesOf(block: Block): Uint8Array[] {
  const entries = block.transactions.map((bytes, index) =>
    encodeLogEntry({
      height: block.height,
      timeMs: block.timeMs,
      index,
      digest: sha256(bytes),
      result: block.results[index]!,
    }),
  );
  return [...entries, encodeSeal(block)];
}

function isDigest(value: CborValue | undefined): value is Uint8Array {
  return value instanceof Uint8Array && value.length === HASH_BYTES;
}
