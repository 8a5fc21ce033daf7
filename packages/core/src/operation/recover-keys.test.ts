import { describe, expect, test } from "vitest";
import {
  GENESIS_TIME_MS,
  issueOf,
  keySetOfSeeds,
  nameOf,
  seedOf,
  type TestHolder,
} from "../ledger.testing.ts";
import { RECOVERY_DELAY_MS_MIN } from "../limits.ts";
import type { KeySet } from "../state/holder.ts";
import { LAMP, LAMPS, recoverOf, rotateOf, type TestCity, testCity } from "./operation.testing.ts";
import type { Operation } from "./operation.ts";

const HOUR_MS = RECOVERY_DELAY_MS_MIN;
const SEEDS = [1, 2, 3, 4, 5, 6].map((number) => seedOf(30 + number));
const NEW_SEED = seedOf(50);
const NEW_KEYS = keySetOfSeeds([NEW_SEED]);

/** Two of the first three keys for every role; two of the last three for recovery. */
const KEYS: KeySet = {
  ...keySetOfSeeds(SEEDS),
  roles: {
    root: { keys: [0, 1, 2], needed: 2 },
    registrar: { keys: [0, 1, 2], needed: 2 },
    records: { keys: [0, 1, 2], needed: 2 },
  },
  recovery: { keys: [3, 4, 5], needed: 2, delayMs: HOUR_MS },
};

type Lost = TestCity & { readonly signedBy: (...positions: readonly number[]) => TestHolder };

/** A city whose keys are those above. */
function lostCity(keys: KeySet = KEYS): Lost {
  const world = testCity();
  world.ledger.given(world.city, rotateOf(keys));
  return {
    ...world,
    signedBy: (...positions) => ({ ...world.city, seeds: positions.map((at) => SEEDS[at]!) }),
  };
}

/** Applies one transaction at a time of its own. */
function attemptAt(
  { ledger }: Lost,
  timeMs: number,
  holder: TestHolder,
  ...operations: readonly Operation[]
) {
  return nameOf(ledger.block([ledger.transaction(holder, operations)], timeMs)[0]!);
}

const BEGUN_MS = GENESIS_TIME_MS + 100_000;
const READY_MS = BEGUN_MS + HOUR_MS;

test("recovery keys begin and complete, and the new keys are the holder's from then on", () => {
  const lost = lostCity();
  const { ledger, city, signedBy } = lost;
  expect(attemptAt(lost, BEGUN_MS, signedBy(3, 5), recoverOf("begin", NEW_KEYS))).toBe("ok");
  expect(ledger.holderOf(city)).toMatchObject({
    version: 3,
    keys: KEYS,
    pending: { keys: NEW_KEYS, begun: { height: 3, timeMs: BEGUN_MS }, readyAtMs: READY_MS },
  });
  expect(attemptAt(lost, READY_MS, signedBy(4, 5), recoverOf("complete"))).toBe("ok");
  expect(ledger.holderOf(city)).toMatchObject({ version: 4, keys: NEW_KEYS, pending: null });
  expect(ledger.attempt(signedBy(0, 1), issueOf(LAMP))).toBe("KEY_UNKNOWN");
  expect(ledger.attempt({ ...city, seeds: [NEW_SEED] }, issueOf(LAMP))).toBe("ok");
});

test("RECOVERY_TOO_EARLY: one millisecond before, and not at the very moment", () => {
  const lost = lostCity();
  const { signedBy } = lost;
  attemptAt(lost, BEGUN_MS, signedBy(3, 4), recoverOf("begin", NEW_KEYS));
  expect(attemptAt(lost, BEGUN_MS, signedBy(3, 4), recoverOf("complete"))).toBe("RECOVERY_TOO_EARLY");
  expect(attemptAt(lost, READY_MS - 1, signedBy(3, 4), recoverOf("complete"))).toBe("RECOVERY_TOO_EARLY");
  expect(attemptAt(lost, READY_MS, signedBy(3, 4), recoverOf("complete"))).toBe("ok");
});

test("until then the old keys work as before", () => {
  const lost = lostCity();
  attemptAt(lost, BEGUN_MS, lost.signedBy(3, 4), recoverOf("begin", NEW_KEYS));
  expect(lost.ledger.attempt(lost.signedBy(0, 1), issueOf(LAMP))).toBe("ok");
});

describe("a recovery is contested", () => {
  test("by the root keys, also after the delay, and then begins anew with the whole delay", () => {
    const lost = lostCity();
    const { ledger, city, signedBy } = lost;
    attemptAt(lost, BEGUN_MS, signedBy(3, 4), recoverOf("begin", NEW_KEYS));
    expect(attemptAt(lost, READY_MS, signedBy(0, 2), recoverOf("contest"))).toBe("ok");
    expect(ledger.holderOf(city)).toMatchObject({ keys: KEYS, pending: null });
    expect(attemptAt(lost, READY_MS + 1, signedBy(3, 4), recoverOf("complete"))).toBe("RECOVERY_NOT_PENDING");
    expect(attemptAt(lost, READY_MS + 2, signedBy(3, 4), recoverOf("begin", NEW_KEYS))).toBe("ok");
    expect(attemptAt(lost, READY_MS + 1 + HOUR_MS, signedBy(3, 4), recoverOf("complete"))).toBe(
      "RECOVERY_TOO_EARLY",
    );
    expect(attemptAt(lost, READY_MS + 2 + HOUR_MS, signedBy(3, 4), recoverOf("complete"))).toBe("ok");
  });

  test("not by recovery keys", () => {
    const lost = lostCity();
    attemptAt(lost, BEGUN_MS, lost.signedBy(3, 4), recoverOf("begin", NEW_KEYS));
    expect(lost.ledger.attempt(lost.signedBy(3, 4, 5), recoverOf("contest"))).toBe("BELOW_THRESHOLD");
  });
});

test("RECOVERY_PENDING: one at a time", () => {
  const lost = lostCity();
  attemptAt(lost, BEGUN_MS, lost.signedBy(3, 4), recoverOf("begin", NEW_KEYS));
  expect(lost.ledger.attempt(lost.signedBy(4, 5), recoverOf("begin", KEYS))).toBe("RECOVERY_PENDING");
  expect(lost.ledger.holderOf(lost.city)?.pending?.readyAtMs).toBe(READY_MS);
});

test("RECOVERY_NOT_PENDING: nothing to contest, nothing to complete", () => {
  const { ledger, signedBy } = lostCity();
  expect(ledger.attempt(signedBy(0, 1), recoverOf("contest"))).toBe("RECOVERY_NOT_PENDING");
  expect(ledger.attempt(signedBy(3, 4), recoverOf("complete"))).toBe("RECOVERY_NOT_PENDING");
});

test("RECOVERY_NOT_SET: a holder that forwent recovery has none", () => {
  const { ledger, city } = testCity();
  expect(ledger.attempt(city, recoverOf("begin", NEW_KEYS))).toBe("RECOVERY_NOT_SET");
  expect(ledger.attempt(city, recoverOf("complete"))).toBe("RECOVERY_NOT_SET");
  expect(ledger.attempt(city, recoverOf("contest"))).toBe("RECOVERY_NOT_PENDING");
});

describe("thresholds: two of three for each role", () => {
  const cases: readonly (readonly [string, Operation, readonly number[], readonly number[]])[] = [
    ["root", rotateOf(NEW_KEYS), [0, 1, 2], [3, 4, 5]],
    ["registrar and records", issueOf(LAMP), [0, 1, 2], [3, 4, 5]],
    ["recovery", recoverOf("begin", NEW_KEYS), [3, 4, 5], [0, 1, 2]],
  ];

  test.each(cases)("%s", (_, operation, [a, b, c], others) => {
    const attempt = (...positions: readonly number[]) => {
      const { ledger, signedBy } = lostCity();
      return ledger.attempt(signedBy(...positions), operation);
    };
    expect(attempt(a!, b!)).toBe("ok");
    expect(attempt(a!, c!)).toBe("ok");
    expect(attempt(b!, c!)).toBe("ok");
    expect(attempt(a!, b!, c!, ...others)).toBe("ok");
    expect(attempt(a!)).toBe("BELOW_THRESHOLD");
    expect(attempt(c!)).toBe("BELOW_THRESHOLD");
    expect(attempt(a!, others[0]!)).toBe("BELOW_THRESHOLD");
    expect(attempt(...others)).toBe("BELOW_THRESHOLD");
  });
});

describe("rotation while a recovery is under way", () => {
  test("leaves it: the new recovery keys complete it", () => {
    const lost = lostCity();
    const { ledger, city, signedBy } = lost;
    attemptAt(lost, BEGUN_MS, signedBy(3, 4), recoverOf("begin", NEW_KEYS));
    const rotated: KeySet = { ...KEYS, recovery: { keys: [5], needed: 1, delayMs: 2 * HOUR_MS } };
    expect(attemptAt(lost, BEGUN_MS + 1, signedBy(0, 1), rotateOf(rotated))).toBe("ok");
    expect(ledger.holderOf(city)).toMatchObject({ keys: rotated, pending: { readyAtMs: READY_MS } });
    expect(attemptAt(lost, READY_MS, signedBy(3, 4), recoverOf("complete"))).toBe("BELOW_THRESHOLD");
    expect(attemptAt(lost, READY_MS, signedBy(5), recoverOf("complete"))).toBe("ok");
    expect(ledger.holderOf(city)?.keys).toEqual(NEW_KEYS);
  });

  test("that forgoes recovery stops it, until the root keys set one again", () => {
    const lost = lostCity();
    const { signedBy } = lost;
    attemptAt(lost, BEGUN_MS, signedBy(3, 4), recoverOf("begin", NEW_KEYS));
    attemptAt(lost, BEGUN_MS + 1, signedBy(0, 1), rotateOf({ ...KEYS, recovery: null }));
    expect(attemptAt(lost, READY_MS, signedBy(3, 4), recoverOf("complete"))).toBe("RECOVERY_NOT_SET");
    expect(attemptAt(lost, READY_MS, signedBy(0, 1), recoverOf("contest"))).toBe("ok");
  });

  test("rotate and contest in one transaction", () => {
    const lost = lostCity();
    const { ledger, city, signedBy } = lost;
    attemptAt(lost, BEGUN_MS, signedBy(3, 4), recoverOf("begin", NEW_KEYS));
    const rotated = keySetOfSeeds([seedOf(60)]);
    expect(attemptAt(lost, BEGUN_MS + 1, signedBy(1, 2), recoverOf("contest"), rotateOf(rotated))).toBe("ok");
    expect(ledger.holderOf(city)).toMatchObject({ keys: rotated, pending: null });
  });

  test("signatures of a transaction count against the keys from before, also for recovery", () => {
    const { ledger, signedBy } = lostCity({ ...KEYS, recovery: null });
    expect(ledger.attempt(signedBy(0, 1, 3, 4), rotateOf(KEYS), recoverOf("begin", NEW_KEYS))).toBe(
      "BELOW_THRESHOLD",
    );
    ledger.given(signedBy(0, 1), rotateOf(KEYS));
    expect(ledger.attempt(signedBy(3, 4), recoverOf("begin", NEW_KEYS))).toBe("ok");
  });
});

describe("OPERATION_MALFORMED:", () => {
  test("keys are given at the beginning, and only there", () => {
    const { ledger, signedBy } = lostCity();
    expect(ledger.attempt(signedBy(3, 4), recoverOf("begin"))).toBe("OPERATION_MALFORMED");
    expect(ledger.attempt(signedBy(3, 4), recoverOf("complete", NEW_KEYS))).toBe("OPERATION_MALFORMED");
    expect(ledger.attempt(signedBy(0, 1), recoverOf("contest", NEW_KEYS))).toBe("OPERATION_MALFORMED");
  });
});

/** Goal: the order of checks is that of the spec: the step's keys, what is set, who signs, then what is under way. */
test("the first refusal is the one that is named", () => {
  const without = lostCity({ ...KEYS, recovery: null });
  expect(without.ledger.attempt(without.signedBy(0), recoverOf("complete", NEW_KEYS))).toBe(
    "RECOVERY_NOT_SET",
  );
  const lost = lostCity();
  expect(lost.ledger.attempt(lost.signedBy(3), recoverOf("complete", NEW_KEYS))).toBe("BELOW_THRESHOLD");
  expect(lost.ledger.attempt(lost.signedBy(3, 4), recoverOf("complete", NEW_KEYS))).toBe(
    "OPERATION_MALFORMED",
  );
  expect(lost.ledger.attempt(lost.signedBy(3, 4), recoverOf("complete"))).toBe("RECOVERY_NOT_PENDING");
});

test("a code issued while a recovery is under way stays", () => {
  const lost = lostCity();
  attemptAt(lost, BEGUN_MS, lost.signedBy(3, 4), recoverOf("begin", NEW_KEYS), recoverOf("complete"));
  expect(lost.ledger.holderOf(lost.city)?.pending).toBeNull();
  lost.ledger.given(lost.signedBy(0, 1), issueOf(`${LAMPS}/7`));
  expect(lost.ledger.recordOf(`${LAMPS}/7`)?.status).toBe("active");
});
