import { type CborValue, decodeCbor, encodeCbor } from "@cityroot/core/cbor";
import { TRANSACTION_BYTES_MAX } from "@cityroot/core/limits";
import { type Outcome, reject } from "@cityroot/core/outcome";

// What the consensus orders is parcels of signed transactions: what it takes to pass one on and to agree on it, it takes
// once for all transactions that reached a node together.

/** Most transactions of a parcel. */
export const PARCEL_TRANSACTIONS_MAX = 500;
/** Highest number that a parcel may begin with. */
export const PARCEL_MARK_MAX: number = 2 ** 32 - 1;
/** Heads of the list, of its mark and of each transaction in it, as far as they are needed for one of the longest. */
const HEAD_BYTES_MAX = 16;
/** Most bytes of a parcel: it always holds one transaction of the longest. */
export const PARCEL_BYTES_MAX: number = TRANSACTION_BYTES_MAX + HEAD_BYTES_MAX;

/**
 * Bytes of a parcel: the CBOR list of its transactions' bytes, in their order. A mark, which is a number from 1 up before
 * them, makes another parcel of the same transactions.
 */
export function encodeParcel(transactions: readonly Uint8Array[], mark?: number): Uint8Array {
  return encodeCbor(mark === undefined ? [...transactions] : [mark, ...transactions]);
}

/** Most bytes that a transaction adds to a parcel. */
export function parcelledBytesOf(transaction: Uint8Array): number {
  return transaction.length + 5;
}

/** Transactions of a parcel, which may be anything. Refusals: TRANSACTION_TOO_LARGE, TRANSACTION_MALFORMED. */
export function decodeParcel(bytes: Uint8Array): Outcome<readonly Uint8Array[]> {
  if (bytes.length > PARCEL_BYTES_MAX) {
    return reject("TRANSACTION_TOO_LARGE", `a parcel of transactions has at most ${PARCEL_BYTES_MAX} bytes`, {
      field: "parcel",
      expected: `at most ${PARCEL_BYTES_MAX} bytes`,
      got: `${bytes.length} bytes`,
    });
  }
  const list = decodeCbor(bytes);
  if (!Array.isArray(list)) return malformed("a list");
  const parts = (isMark(list[0]) ? list.slice(1) : list) as readonly CborValue[];
  if (parts.length < 1 || parts.length > PARCEL_TRANSACTIONS_MAX) {
    return malformed(`a list of 1 to ${PARCEL_TRANSACTIONS_MAX} transactions`);
  }
  if (!parts.every((part) => part instanceof Uint8Array)) return malformed("byte strings alone");
  return { ok: true, value: parts };
}

function isMark(value: CborValue | undefined): boolean {
  return typeof value === "number" && value >= 1 && value <= PARCEL_MARK_MAX;
}

function malformed(expected: string): Outcome<never> {
  return reject("TRANSACTION_MALFORMED", `a parcel holds ${expected}`, {
    field: "parcel",
    expected,
    got: "something else",
  });
}

/** How many transactions the head of a parcel says it holds; 1 where it is no parcel. */
export function transactionsIn(parcel: Uint8Array): number {
  const [head = 0, second = 0, third = 0] = parcel;
  if (head >> 5 !== 4) return 1;
  const size = head & 31;
  if (size > 25) return 1;
  const [count, headBytes] = size < 24 ? [size, 1] : size === 24 ? [second, 2] : [256 * second + third, 3];
  // A mark is a number, and all else are byte strings.
  const isMarked = count > 0 && parcel.length > headBytes && parcel[headBytes]! >> 5 === 0;
  return isMarked ? count - 1 : count;
}
