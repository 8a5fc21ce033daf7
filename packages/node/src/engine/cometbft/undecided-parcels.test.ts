import type { Transaction } from "@cityroot/core/transaction";
import { afterEach, expect, test } from "vitest";
import type { CheckedTransaction } from "./checked-parcels.ts";
import type { Handed } from "./consensus-rpc.ts";
import { decodeParcel, encodeParcel } from "./parcel.ts";
import { type UndecidedParcels, undecidedParcels } from "./undecided-parcels.ts";

/** A busy machine stands still for some of it. */
const PATIENCE_MS = 120;
const LONG = { timeout: 10_000 };
const TAKEN: Handed = { kind: "taken" };

const one = (serial: number): CheckedTransaction => {
  const bytes = new Uint8Array(8).fill(serial);
  return { bytes, transaction: { id: bytes } as Transaction };
};

let opened: UndecidedParcels | undefined;
afterEach(() => opened?.close());

/** Parcels whose consensus answers as it is told to, and what it was handed again. */
function open(answer: () => Handed = () => TAKEN) {
  const sent: Uint8Array[] = [];
  const remembered: Uint8Array[] = [];
  const undecided = undecidedParcels({
    send: async (parcel) => {
      sent.push(parcel);
      return answer();
    },
    onParcel: (parcel) => remembered.push(parcel),
    nowMs: () => performance.now(),
    patienceMs: PATIENCE_MS,
  });
  opened = undecided;
  return { undecided, sent, remembered };
}

const add = (undecided: UndecidedParcels, ...serials: readonly number[]): Uint8Array => {
  const transactions = serials.map(one);
  const parcel = encodeParcel(transactions.map(({ bytes }) => bytes));
  undecided.add(parcel, transactions);
  return parcel;
};

const pass = (times: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, times * PATIENCE_MS));

test("what no block holds is handed over again as another parcel of the same, later each time", async () => {
  const { undecided, sent, remembered } = open();
  const parcel = add(undecided, 1, 2);
  await expect.poll(() => sent.length, LONG).toBe(3);
  expect(new Set([parcel, ...sent].map((bytes) => Buffer.from(bytes).toString("hex"))).size).toBe(4);
  for (const again of sent) expect(decodeParcel(again)).toEqual(decodeParcel(parcel));
  expect(remembered).toEqual(sent);
  // Whichever of them a block holds, all are decided.
  undecided.decided([sent[1]!]);
  await pass(20);
  expect(sent.length).toBe(3);
});

test("nothing is handed over again while blocks come, nor when it was decided or refused", async () => {
  const { undecided, sent } = open(() => ({ kind: "refused", detail: "it entered" }));
  const parcel = add(undecided, 1);
  const blocks = setInterval(() => undecided.decided([]), PATIENCE_MS / 4);
  await pass(8);
  clearInterval(blocks);
  expect(sent).toEqual([]);
  undecided.decided([parcel]);
  await pass(4);
  expect(sent).toEqual([]);
  add(undecided, 2);
  await expect.poll(() => sent.length, LONG).toBe(1);
  await pass(8);
  expect(sent.length).toBe(1);
});

test("nothing is handed over again while blocks are proposed", async () => {
  const { undecided, sent } = open();
  add(undecided, 1);
  const proposals = setInterval(undecided.proposed, PATIENCE_MS / 4);
  await pass(8);
  clearInterval(proposals);
  expect(sent).toEqual([]);
  await expect.poll(() => sent.length, LONG).toBe(1);
});

test("of long parcels few are handed over again, however many wait", async () => {
  const { undecided, sent } = open();
  for (let serial = 1; serial <= 20; serial++) {
    const bytes = new Uint8Array(400_000).fill(serial);
    undecided.add(encodeParcel([bytes]), [{ bytes, transaction: { id: bytes } as Transaction }]);
  }
  await pass(12);
  expect(sent.length).toBe(2);
});

test("what the mempool dropped while blocks came is not handed over when they cease", async () => {
  const { undecided, sent } = open();
  const [dropped, kept] = [add(undecided, 1), add(undecided, 2)];
  undecided.decided([]);
  undecided.drop(dropped);
  await expect.poll(() => sent.length, LONG).toBe(2);
  for (const again of sent) expect(decodeParcel(again)).toEqual(decodeParcel(kept));
});

test("what cannot be handed over is tried again, a few at a time", async () => {
  let answer: Handed = { kind: "unavailable", detail: "not there" };
  const { undecided, sent } = open(() => answer);
  for (let serial = 1; serial <= 9; serial++) add(undecided, serial);
  await expect.poll(() => sent.length, LONG).toBeGreaterThan(12);
  answer = TAKEN;
  await pass(2);
  const serials = new Set(sent.map((bytes) => bytes.at(-1)));
  expect(serials.size).toBe(9);
  undecided.close();
  const { length } = sent;
  await pass(4);
  expect(sent.length).toBe(length);
});
