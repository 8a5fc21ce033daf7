import type { Code } from "@cityroot/codes/ma/code";
import { encodeCbor } from "@cityroot/core/cbor";
import { issueOf } from "@cityroot/core/ledger.testing";
import { expect, test } from "vitest";
import type { SignaturePool } from "../../signature/signature-pool.ts";
import { startSignaturePool } from "../../signature/signature-pool.ts";
import { installNativeFunctions } from "../../store/native-functions.ts";
import { NATION, signTransaction } from "../embedded/stored-node.testing.ts";
import { checkedParcels } from "./checked-parcels.ts";
import { encodeParcel } from "./parcel.ts";

installNativeFunctions();

const issue = (serial: number): Uint8Array =>
  signTransaction(NATION, [issueOf(`MA.156.1301.02/60.10000000.1/${serial}` as Code)], {
    lastHeight: 100,
    nonce: serial,
  });

/** One signature, of nobody. */
const SIGNED = [[new Uint8Array(32), new Uint8Array(64)]];

/** Checks for real, and counts. */
function countingPool(): SignaturePool & { readonly count: () => number } {
  const pool = startSignaturePool(0);
  let count = 0;
  return {
    check: (checks) => {
      count += checks.length;
      return pool.check(checks);
    },
    close: pool.close,
    count: () => count,
  };
}

const damaged = (bytes: Uint8Array): Uint8Array =>
  bytes.map((byte, at) => (at === bytes.length - 1 ? byte ^ 1 : byte));

test("a parcel is good when all it holds is good, and a signature is checked once", async () => {
  const pool = countingPool();
  const checked = checkedParcels(pool);
  const good = encodeParcel([issue(1), issue(2)]);
  const bad = encodeParcel([issue(3), damaged(issue(4)), issue(5)]);
  const broken = encodeParcel([issue(6), new Uint8Array([1, 2, 3])]);
  const verdicts = await checked.check([good, bad, broken, new Uint8Array([9])]);
  expect(verdicts.map((parcel) => (parcel.ok ? parcel.value.length : parcel.rejection.name))).toEqual([
    2,
    "SIGNATURE_INVALID",
    "TRANSACTION_MALFORMED",
    "TRANSACTION_MALFORMED",
  ]);
  expect(pool.count()).toBe(5);
  expect(await checked.check([bad, good])).toEqual([verdicts[1], verdicts[0]]);
  expect(pool.count()).toBe(5);
});

test("what this node put into a parcel is not checked again; what was forgotten is", async () => {
  const pool = countingPool();
  const checked = checkedParcels(pool);
  const parcel = encodeParcel([issue(1)]);
  const [first] = await checkedParcels(startSignaturePool(0)).check([parcel]);
  checked.remember(parcel, first!.ok ? first!.value : []);
  expect(await checked.check([parcel])).toEqual([first]);
  expect(pool.count()).toBe(0);
  checked.forget([parcel, encodeParcel([issue(2)])]);
  expect(await checked.check([parcel])).toEqual([first]);
  expect(pool.count()).toBe(1);
});

test("the oldest is forgotten for what comes", async () => {
  const pool = countingPool();
  const checked = checkedParcels(pool, { transactions: 3, bytes: 1_000_000 });
  const parcels = [1, 2, 3, 4, 5].map((serial) => encodeParcel([issue(serial)]));
  for (const parcel of parcels) await checked.check([parcel]);
  await checked.check(parcels.slice(2));
  expect(pool.count()).toBe(5);
  await checked.check(parcels.slice(0, 1));
  expect(pool.count()).toBe(6);
});

test("a long parcel takes the room of many short ones", async () => {
  const pool = countingPool();
  const long = encodeParcel([issue(1), issue(2), issue(3), issue(4)]);
  const checked = checkedParcels(pool, { transactions: 100, bytes: 2 * long.length });
  const others = [5, 6].map((serial) => encodeParcel([issue(serial)]));
  await checked.check([long, ...others]);
  await checked.check([encodeParcel([issue(7), issue(8), issue(9)])]);
  expect(pool.count()).toBe(9);
  await checked.check(others);
  expect(pool.count(), "what is left of the short ones").toBe(9);
  await checked.check([long]);
  expect(pool.count()).toBe(13);
});

test("what a stranger sends costs no more than a signature, and is not remembered", async () => {
  const pool = countingPool();
  const checked = checkedParcels(pool);
  const malformed = encodeCbor([
    encodeCbor(["test-00000000", new Uint8Array(20), 9, 1, "no operations"]),
    SIGNED,
  ]);
  const many = Array.from({ length: 70 }, (_, at) => issue(at));
  const garbage = encodeParcel([issue(1), damaged(issue(2)), malformed, ...many]);
  const admit = async (parcel: Uint8Array, first: number) => {
    const looked = checked.look(parcel);
    return looked.ok ? looked.value.admit(first) : looked;
  };
  const looked = checked.look(garbage);
  expect(looked.ok && looked.value.envelopes.slice(0, 3).map(({ body }) => body.lastHeight)).toEqual([
    100, 100, 9,
  ]);
  expect(pool.count()).toBe(0);
  for (const count of [1, 2]) {
    expect(await admit(garbage, 1)).toMatchObject({ rejection: { name: "SIGNATURE_INVALID" } });
    expect(pool.count()).toBe(count);
  }
  const good = encodeParcel(many);
  expect(await admit(good, 1)).toEqual(await admit(good, 0));
  expect(pool.count(), "each signature of what is good is checked once").toBe(72);
  checked.drop(good);
  await admit(good, 0);
  expect(pool.count()).toBe(142);
});
