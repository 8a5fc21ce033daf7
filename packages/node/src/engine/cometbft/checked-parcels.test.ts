import type { Code } from "@cityroot/codes/ma/code";
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
  const checked = checkedParcels(pool, 3);
  const parcels = [1, 2, 3, 4, 5].map((serial) => encodeParcel([issue(serial)]));
  for (const parcel of parcels) await checked.check([parcel]);
  await checked.check(parcels.slice(2));
  expect(pool.count()).toBe(5);
  await checked.check(parcels.slice(0, 1));
  expect(pool.count()).toBe(6);
});
