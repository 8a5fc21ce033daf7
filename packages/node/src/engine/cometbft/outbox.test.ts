import { accept, type Outcome } from "@cityroot/core/outcome";
import type { Transaction } from "@cityroot/core/transaction";
import { expect, test } from "vitest";
import type { CheckedTransaction } from "./checked-parcels.ts";
import type { Handed } from "./consensus-rpc.ts";
import { outbox } from "./outbox.ts";
import { decodeParcel, PARCEL_TRANSACTIONS_MAX } from "./parcel.ts";

const one = (serial: number, length = 8): CheckedTransaction => {
  const bytes = new Uint8Array(length).fill(serial);
  return { bytes, transaction: { id: bytes } as Transaction };
};

function partsOf(parcel: Outcome<readonly Uint8Array[]>): readonly Uint8Array[] {
  return parcel.ok ? parcel.value : [];
}

/** An outbox whose consensus answers when it is told to. */
function open() {
  const sent: { readonly count: number; readonly answer: (handed: Handed) => void }[] = [];
  const remembered: number[] = [];
  const taken: number[] = [];
  const box = outbox({
    send: (parcel) => {
      const { promise, resolve } = Promise.withResolvers<Handed>();
      sent.push({ count: partsOf(decodeParcel(parcel)).length, answer: resolve });
      return promise;
    },
    onParcel: (_parcel, transactions) => remembered.push(transactions.length),
    onTaken: (_parcel, transactions) => taken.push(transactions.length),
    nowMs: () => performance.now(),
  });
  return { box, sent, remembered, taken };
}

test("what comes alone goes at once, and what comes meanwhile goes together", async () => {
  const { box, sent, remembered, taken } = open();
  const first = box.hand(one(1));
  await expect.poll(() => sent.length).toBe(1);
  const others = [2, 3, 4].map((serial) => box.hand(one(serial)));
  await expect.poll(() => sent.length).toBe(2);
  expect(sent.map(({ count }) => count)).toEqual([1, 3]);
  expect(remembered).toEqual([1, 3]);
  sent[1]!.answer({ kind: "unavailable", detail: "full" });
  expect(await Promise.all(others)).toEqual(new Array(3).fill({ kind: "unavailable", detail: "full" }));
  sent[0]!.answer({ kind: "taken" });
  expect(await first).toEqual({ kind: "taken" });
  expect(taken).toEqual([1]);
});

test("no more parcels than a few are without an answer, and none is too large", async () => {
  const { box, sent } = open();
  const all = Array.from({ length: 5 * PARCEL_TRANSACTIONS_MAX + 1 }, (_, at) => box.hand(one(at % 250)));
  for (let answered = 0; answered < 6; answered += 2) {
    await expect.poll(() => sent.length).toBe(answered + 2);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(sent.length).toBe(answered + 2);
    for (const { answer } of sent.slice(answered)) answer({ kind: "taken" });
  }
  expect(sent.map(({ count }) => count)).toEqual([...new Array(5).fill(PARCEL_TRANSACTIONS_MAX), 1]);
  expect(new Set((await Promise.all(all)).map(({ kind }) => kind))).toEqual(new Set(["taken"]));
});

test("long transactions share a parcel as far as they fit", async () => {
  const { box, sent } = open();
  const all = [1, 2, 3].map((serial) => box.hand(one(serial, 500_000)));
  await expect.poll(() => sent.length).toBe(2);
  expect(sent.map(({ count }) => count)).toEqual([2, 1]);
  for (const { answer } of sent) answer({ kind: "taken" });
  expect(accept(await Promise.all(all)).ok).toBe(true);
});
