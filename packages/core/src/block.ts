import { type CborValue, decodeCbor, encodeCbor } from "./cbor.ts";
import { sha256 } from "./hash.ts";
import { isCount, type Moment } from "./state/entry.ts";

/**
 * A block as it is kept and exported. Spec §8.2: `[height, timeMs, [transaction bytes, ...], [result, ...], state
 * root]`; a result is 0, or the number of the refusal. The state root is the one after the block.
 */
export type Block = Moment & {
  readonly transactions: readonly Uint8Array[];
  readonly results: readonly number[];
  readonly stateRoot: Uint8Array;
};

/** Canonical bytes of a block. */
export function encodeBlock(block: Block): Uint8Array {
  return encodeCbor([block.height, block.timeMs, block.transactions, block.results, block.stateRoot]);
}

/** The block of its bytes; undefined when they are none. */
export function decodeBlock(bytes: Uint8Array): Block | undefined {
  const value = decodeCbor(bytes);
  if (!Array.isArray(value) || value.length !== 5) return undefined;
  const [height, timeMs, transactions, results, stateRoot] = value as CborValue[];
  if (!isCount(height) || !isCount(timeMs) || !(stateRoot instanceof Uint8Array) || stateRoot.length !== 32) {
    return undefined;
  }
  if (!Array.isArray(transactions) || !Array.isArray(results) || transactions.length !== results.length)
    return undefined;
  if (
    !transactions.every((item) => item instanceof Uint8Array) ||
    !results.every((item) => isCount(item as CborValue))
  ) {
    return undefined;
  }
  return {
    height,
    timeMs,
    transactions: transactions as Uint8Array[],
    results: results as number[],
    stateRoot,
  };
}

/**
 * What the log keeps of a transaction: a leaf of its Merkle tree. Spec §8.3: `[height, index, timeMs, SHA-256 of the
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

/** The log entries of a block, in their order. */
export function logEntriesOf(block: Omit<Block, "stateRoot">): Uint8Array[] {
  return block.transactions.map((bytes, index) =>
    encodeLogEntry({
      height: block.height,
      timeMs: block.timeMs,
      index,
      digest: sha256(bytes),
      result: block.results[index]!,
    }),
  );
}
