import { describe, expect, test } from "vitest";
import { issueOf, keySetOfSeeds, nameOf, seedOf } from "../ledger.testing.ts";
import { LAMP, LAMPS, recoverOf, rotateOf, testCity } from "./operation.testing.ts";

const NEXT = seedOf(40);
const HOUR_MS = 3_600_000;

test("the new keys sign from the next transaction on, and the old ones no more", () => {
  const { ledger, city } = testCity();
  const keys = keySetOfSeeds([NEXT]);
  const before = ledger.transaction(city, [issueOf(`${LAMPS}/1`)]);
  ledger.given(city, rotateOf(keys));
  expect(ledger.holderOf(city)).toMatchObject({ version: 2, keys, pending: null });
  expect(ledger.attempt(city, issueOf(LAMP))).toBe("KEY_UNKNOWN");
  // Also what was signed before and comes after.
  expect(nameOf(ledger.block([before])[0]!)).toBe("KEY_UNKNOWN");
  expect(ledger.attempt({ ...city, seeds: [NEXT] }, issueOf(LAMP))).toBe("ok");
});

test("the holder stays who it is: its id, its name, its prefixes", () => {
  const { ledger, city } = testCity();
  const before = ledger.holderOf(city)!;
  ledger.given(city, rotateOf(keySetOfSeeds([NEXT])));
  expect(ledger.holderOf(city)?.name).toEqual(before.name);
  expect(ledger.holderOf(city)?.peaks).toHaveLength(32);
});

test("within its own transaction the signatures count against the keys from before", () => {
  const { ledger, city } = testCity();
  const both = keySetOfSeeds([NEXT, seedOf(41)], 2);
  expect(ledger.attempt(city, rotateOf(both), issueOf(LAMP), rotateOf(keySetOfSeeds([NEXT])))).toBe("ok");
  expect(ledger.holderOf(city)?.version).toBe(3);
  expect(ledger.attempt({ ...city, seeds: [NEXT] }, issueOf(`${LAMPS}/2`))).toBe("ok");
});

test("in one block, a rotation holds for the transactions after it", () => {
  const { ledger, city } = testCity();
  const next = { ...city, seeds: [NEXT] };
  const outcomes = ledger.block([
    ledger.transaction(next, [issueOf(`${LAMPS}/1`)]),
    ledger.transaction(city, [rotateOf(keySetOfSeeds([NEXT]))]),
    ledger.transaction(city, [issueOf(`${LAMPS}/2`)]),
    ledger.transaction(next, [issueOf(`${LAMPS}/3`)]),
  ]);
  expect(outcomes.map(nameOf)).toEqual(["KEY_UNKNOWN", "ok", "KEY_UNKNOWN", "ok"]);
});

test("a recovery under way goes on", () => {
  const { ledger, city } = testCity();
  const recovery = { keys: [1], needed: 1, delayMs: HOUR_MS };
  const seeds = [NEXT, seedOf(41)];
  const keys = { ...keySetOfSeeds(seeds), recovery };
  ledger.given(city, rotateOf(keys));
  const next = { ...city, seeds };
  ledger.given(next, recoverOf("begin", keySetOfSeeds([seedOf(42)])));
  ledger.given(next, rotateOf({ ...keys, roles: { ...keys.roles, root: { keys: [0], needed: 1 } } }));
  expect(ledger.holderOf(city)?.pending).not.toBeNull();
});

describe("it takes the root keys:", () => {
  const seeds = [seedOf(20), seedOf(21), seedOf(22)];
  test.each([
    [0, "ok"],
    [1, "BELOW_THRESHOLD"],
    [2, "BELOW_THRESHOLD"],
  ] as const)("key %i: %s", (signer, expected) => {
    const { ledger, city } = testCity();
    const roles = {
      root: { keys: [0], needed: 1 },
      registrar: { keys: [1], needed: 1 },
      records: { keys: [2], needed: 1 },
    };
    ledger.given(city, rotateOf({ ...keySetOfSeeds(seeds), roles }));
    const next = { ...city, seeds: [seeds[signer]!] };
    expect(ledger.attempt(next, rotateOf(keySetOfSeeds([NEXT])))).toBe(expected);
  });
});
