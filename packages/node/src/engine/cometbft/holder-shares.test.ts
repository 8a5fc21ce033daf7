import type { Transaction } from "@cityroot/core/transaction";
import { expect, test } from "vitest";
import type { CheckedTransaction } from "./checked-parcels.ts";
import { holderNameOf, holderShares, SHARE } from "./holder-shares.ts";
import { encodeParcel } from "./parcel.ts";

let now = 0;
const one = (holder: number, length: number, serial = 0): CheckedTransaction => {
  const bytes = new Uint8Array(length).fill(serial);
  return {
    bytes,
    transaction: { id: bytes, body: { holder: new Uint8Array(20).fill(holder) } } as Transaction,
  };
};
const nameOf = (holder: number): string => holderNameOf(one(holder, 1).transaction);
const parcelOf = (all: readonly CheckedTransaction[]): Uint8Array =>
  encodeParcel(all.map(({ bytes }) => bytes));

test("it is known how much of each holder waits, until a block has it or nothing is heard of it", () => {
  const shares = holderShares(() => now);
  const [first, second] = [[one(1, 100), one(2, 10)], [one(1, 7)]];
  shares.keep(parcelOf(first), first);
  shares.keep(parcelOf(second), second);
  shares.keep(parcelOf(second), second);
  expect(shares.of(nameOf(1))).toEqual({ bytes: 107, transactions: 2 });
  expect(shares.of(nameOf(2))).toEqual({ bytes: 10, transactions: 1 });
  now += 40_000;
  // It is looked at again after a block.
  shares.keep(parcelOf(first), first);
  now += 40_000;
  expect(shares.of(nameOf(1))).toEqual({ bytes: 100, transactions: 1 });
  shares.drop(parcelOf(first));
  shares.drop(parcelOf(first));
  expect(shares.of(nameOf(1))).toEqual({ bytes: 0, transactions: 0 });
  shares.keep(parcelOf(first), first);
  shares.clear();
  expect(shares.of(nameOf(2))).toEqual({ bytes: 0, transactions: 0 });
});

test("a parcel is too much when most of it is of holders of whom too much waits", () => {
  const shares = holderShares(() => now);
  for (let serial = 0; serial < 8; serial++) {
    const part = [one(1, SHARE.bytes / 4, serial)];
    expect(shares.isTooMuch(part), `part ${serial}`).toBe(false);
    shares.keep(parcelOf(part), part);
  }
  expect(shares.isTooMuch([one(1, 100)])).toBe(true);
  expect(shares.isTooMuch([one(2, 100)])).toBe(false);
  expect(shares.isTooMuch([one(1, 100), one(2, 100)])).toBe(false);
  expect(shares.isTooMuch([one(1, 100), one(2, 99)])).toBe(true);
});
