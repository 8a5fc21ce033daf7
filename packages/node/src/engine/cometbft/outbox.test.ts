import { accept, type Outcome } from "@cityroot/core/outcome";
import type { Transaction } from "@cityroot/core/transaction";
import { expect, test } from "vitest";
import type { CheckedTransaction } from "./checked-parcels.ts";
import type { Handed } from "./consensus-rpc.ts";
import { holderShares, SHARE } from "./holder-shares.ts";
import { outbox } from "./outbox.ts";
import { decodeParcel, PARCEL_TRANSACTIONS_MAX } from "./parcel.ts";

const one = (serial: number, length = 8, holder = 1): CheckedTransaction => {
  const bytes = new Uint8Array(length).fill(serial);
  const body = { holder: new Uint8Array(20).fill(holder) };
  return { bytes, transaction: { id: bytes, body } as Transaction };
};

function partsOf(parcel: Outcome<readonly Uint8Array[]>): readonly Uint8Array[] {
  return parcel.ok ? parcel.value : [];
}

type Sent = {
  readonly parcel: Uint8Array;
  readonly count: number;
  readonly answer: (handed: Handed) => void;
};

/** An outbox whose consensus answers when it is told to. */
function open() {
  const sent: Sent[] = [];
  const shares = holderShares(() => performance.now());
  const remembered: number[] = [];
  const taken: number[] = [];
  const box = outbox({
    send: (parcel) => {
      const { promise, resolve } = Promise.withResolvers<Handed>();
      sent.push({ parcel, count: partsOf(decodeParcel(parcel)).length, answer: resolve });
      return promise;
    },
    onParcel: (_parcel, transactions) => remembered.push(transactions.length),
    onTaken: (_parcel, transactions) => taken.push(transactions.length),
    shares,
    nowMs: () => performance.now(),
  });
  return { box, sent, shares, remembered, taken };
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

test("of whom too much waits for a block waits for his share, and nobody else does", async () => {
  const { box, sent, shares } = open();
  const [greedy, other] = [2, 3];
  const many = Array.from({ length: 12 }, (_, at) => one(at, 1_000_000, greedy));
  const outcomes = many.map(box.hand);
  let waiting = 0;
  // Each is in the mempool when it was taken.
  const answerAll = async (): Promise<void> => {
    await expect.poll(() => sent.length, { interval: 5 }).toBeGreaterThan(0);
    for (const { parcel, answer } of sent.splice(0)) {
      shares.keep(parcel, [many[waiting++]!]);
      answer({ kind: "taken" });
    }
  };
  while (waiting < 4) await answerAll();
  await Promise.all(outcomes.slice(0, 4));
  const small = box.hand(one(1, 100, other));
  await expect.poll(() => sent.length).toBe(1);
  const [ofOther] = sent.splice(0);
  expect(ofOther!.count).toBe(1);
  expect(ofOther!.parcel.length).toBeLessThan(200);
  ofOther!.answer({ kind: "taken" });
  expect(await small).toEqual({ kind: "taken" });
  shares.clear();
  box.wake();
  while (waiting < 8) await answerAll();
  box.close();
  expect((await Promise.all(outcomes)).map(({ kind }) => kind)).toEqual([
    ...new Array(8).fill("taken"),
    ...new Array(4).fill("unavailable"),
  ]);
});

test("each holder in turn has one put into a parcel", async () => {
  const { box, sent } = open();
  const all = [1, 2, 3].flatMap((holder) =>
    Array.from({ length: 400 }, (_, at) => box.hand(one(at % 250, 8, holder))),
  );
  await expect.poll(() => sent.length).toBe(2);
  const holders = partsOf(decodeParcel(sent[0]!.parcel));
  expect(holders.slice(0, 6).map(([serial]) => serial)).toEqual([0, 0, 0, 1, 1, 1]);
  for (const { answer } of sent.splice(0)) answer({ kind: "taken" });
  await expect.poll(() => sent.length).toBe(1);
  sent[0]!.answer({ kind: "taken" });
  expect(new Set((await Promise.all(all)).map(({ kind }) => kind))).toEqual(new Set(["taken"]));
});

test("more of one holder than may wait here is told at once", async () => {
  const { box, sent } = open();
  const outcomes = Array.from({ length: 40 }, (_, at) => box.hand(one(at, 1_000_000)));
  const refused = await Promise.race(outcomes);
  expect(refused).toMatchObject({
    kind: "unavailable",
    detail: expect.stringContaining("again in a moment"),
  });
  expect(sent.length).toBeLessThanOrEqual(2);
  box.close();
  expect(SHARE.bytes).toBeGreaterThan(1_000_000);
});
