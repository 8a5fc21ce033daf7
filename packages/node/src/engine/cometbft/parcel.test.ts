import { encodeCbor } from "@cityroot/core/cbor";
import { TRANSACTION_BYTES_MAX } from "@cityroot/core/limits";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  decodeParcel,
  encodeParcel,
  PARCEL_BYTES_MAX,
  PARCEL_MARK_MAX,
  PARCEL_TRANSACTIONS_MAX,
  parcelledBytesOf,
  transactionsIn,
} from "./parcel.ts";

const Transaction = fc.uint8Array({ maxLength: 400 });

test("a parcel gives back what was put into it, and is not longer than was reckoned", () => {
  fc.assert(
    fc.property(fc.array(Transaction, { minLength: 1, maxLength: 40 }), (transactions) => {
      const parcel = encodeParcel(transactions);
      expect(decodeParcel(parcel)).toEqual({ ok: true, value: transactions });
      expect(transactionsIn(parcel)).toBe(transactions.length);
      const marked = encodeParcel(transactions, PARCEL_MARK_MAX);
      expect(decodeParcel(marked)).toEqual({ ok: true, value: transactions });
      expect(transactionsIn(marked)).toBe(transactions.length);
      expect(parcel.length).toBeLessThanOrEqual(
        3 + transactions.reduce((sum, transaction) => sum + parcelledBytesOf(transaction), 0),
      );
    }),
  );
});

test("the head of a parcel tells how many transactions it holds, and what is none counts as one", () => {
  for (const count of [1, 23, 24, 255, 256, PARCEL_TRANSACTIONS_MAX]) {
    const parcel = encodeParcel(new Array<Uint8Array>(count).fill(new Uint8Array(2)));
    expect(transactionsIn(parcel), `${count}`).toBe(count);
    const marked = encodeParcel(new Array<Uint8Array>(count).fill(new Uint8Array(2)), 1);
    expect(transactionsIn(marked), `${count} and a mark`).toBe(count);
  }
  expect(transactionsIn(Uint8Array.from([0x80]))).toBe(0);
  for (const bytes of [[], [0x01], [0x42, 1, 2], [0x9a, 0, 1, 0, 0]])
    expect(transactionsIn(Uint8Array.from(bytes)), `${bytes}`).toBe(1);
});

test("what is no parcel is refused, whatever it is", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const decoded = decodeParcel(bytes);
      if (decoded.ok) expect(encodeParcel(decoded.value)).toEqual(bytes);
      else expect(decoded.rejection.name).toBe("TRANSACTION_MALFORMED");
    }),
    { numRuns: 1_000 },
  );
  const nameOf = (bytes: Uint8Array): string => {
    const decoded = decodeParcel(bytes);
    return decoded.ok ? "ok" : decoded.rejection.name;
  };
  expect(nameOf(encodeParcel([]))).toBe("TRANSACTION_MALFORMED");
  expect(nameOf(encodeCbor([new Uint8Array(1), 7]))).toBe("TRANSACTION_MALFORMED");
  const most = new Array<Uint8Array>(PARCEL_TRANSACTIONS_MAX).fill(new Uint8Array(1));
  expect(nameOf(encodeParcel(most))).toBe("ok");
  expect(nameOf(encodeParcel([...most, new Uint8Array(1)]))).toBe("TRANSACTION_MALFORMED");
  expect(nameOf(encodeParcel([new Uint8Array(TRANSACTION_BYTES_MAX)]))).toBe("ok");
  expect(nameOf(encodeParcel([new Uint8Array(TRANSACTION_BYTES_MAX)], PARCEL_MARK_MAX))).toBe("ok");
  expect(nameOf(encodeParcel(most, 7))).toBe("ok");
  for (const mark of [0, PARCEL_MARK_MAX + 1, -1])
    expect(nameOf(encodeParcel([new Uint8Array(1)], mark)), `${mark}`).toBe("TRANSACTION_MALFORMED");
  expect(nameOf(encodeParcel([], 1))).toBe("TRANSACTION_MALFORMED");
  expect(nameOf(encodeCbor([1, 2, new Uint8Array(1)]))).toBe("TRANSACTION_MALFORMED");
  expect(nameOf(new Uint8Array(PARCEL_BYTES_MAX + 1))).toBe("TRANSACTION_TOO_LARGE");
});
