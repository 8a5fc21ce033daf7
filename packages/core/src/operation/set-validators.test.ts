import type { Code } from "@cityroot/codes/ma/code";
import { describe, expect, test } from "vitest";
import { issueOf, keySetOfSeeds, nameOf, seedOf, testHolder, testLedger } from "../ledger.testing.ts";
import { leafHash } from "../log/tree.ts";
import { VALIDATORS_KEY } from "../state/key.ts";
import { addressOf, decodeValidators, readValidators } from "../state/validators.ts";
import { governingPrefix } from "./governor.ts";
import {
  CHINA,
  delegateOf,
  LAMP,
  retireOf,
  rotateOf,
  setParametersOf,
  setValidatorsOf,
  suspendOf,
  testCity,
  testValidator,
  transferOf,
} from "./operation.testing.ts";

const ONE = testValidator(1);
const TWO = testValidator(2, 7);

test("the whole set takes the place of the one before, which stays provable", () => {
  const { ledger, nation } = testCity();
  expect(readValidators(ledger.state)).toEqual([]);
  ledger.given(nation, setValidatorsOf(ONE, TWO));
  const before = ledger.state.get(VALIDATORS_KEY)!;
  expect(decodeValidators(before)).toMatchObject({
    version: 1,
    since: { height: ledger.height() },
    validators: [ONE, TWO],
  });
  ledger.given(nation, setValidatorsOf(TWO));
  expect(decodeValidators(ledger.state.get(VALIDATORS_KEY)!)).toMatchObject({
    version: 2,
    since: { height: ledger.height() },
    peaks: leafHash(before),
    validators: [TWO],
  });
});

describe("it takes the root threshold of the holder of the root prefix:", () => {
  const seeds = [seedOf(20), seedOf(21), seedOf(22)];
  const roles = {
    root: { keys: [0, 1], needed: 2 },
    registrar: { keys: [2], needed: 1 },
    records: { keys: [2], needed: 1 },
  };
  test.each([
    [[0, 1], "ok"],
    [[0], "BELOW_THRESHOLD"],
    [[0, 2], "BELOW_THRESHOLD"],
    [[2], "BELOW_THRESHOLD"],
  ] as const)("keys %j: %s", (signers, expected) => {
    const { ledger, nation } = testCity();
    ledger.given(nation, rotateOf({ ...keySetOfSeeds(seeds), roles }));
    const next = { ...nation, seeds: signers.map((at) => seeds[at]!) };
    expect(ledger.attempt(next, setValidatorsOf(ONE))).toBe(expected);
    expect(ledger.attempt(next, setParametersOf({ blockTransactionsMax: 700 }))).toBe(expected);
  });

  test("nobody else's", () => {
    const { ledger, city } = testCity();
    expect(ledger.attempt(city, setValidatorsOf(ONE))).toBe("NOT_AUTHORISED");
    expect(ledger.attempt(city, issueOf(LAMP), setValidatorsOf(ONE))).toBe("NOT_AUTHORISED");
    expect(readValidators(ledger.state)).toEqual([]);
  });

  test("whoever holds it by then", () => {
    const { ledger, nation, city } = testCity();
    ledger.given(nation, transferOf(CHINA, city));
    expect(ledger.attempt(nation, setValidatorsOf(ONE))).toBe("NOT_AUTHORISED");
    expect(ledger.attempt(city, setValidatorsOf(ONE))).toBe("ok");
  });

  test.each([
    ["suspended", suspendOf(CHINA)],
    ["retired", retireOf(CHINA)],
  ])("also when the prefix is %s, or the network could not mend itself any more", (_, ending) => {
    const { ledger, nation } = testCity();
    ledger.given(nation, ending);
    expect(ledger.attempt(nation, setValidatorsOf(ONE))).toBe("ok");
    expect(ledger.attempt(nation, setParametersOf({ blockTransactionsMax: 700 }))).toBe("ok");
  });
});

test("of several root prefixes the first in the order of keys decides, whatever is delegated later", () => {
  const [north, south] = [testHolder("North", 1), testHolder("South", 2)];
  const ledger = testLedger([
    { prefix: "MA.276" as Code, holder: south, rule: null },
    { prefix: "MA.156.13" as Code, holder: south, rule: null },
    { prefix: "MA.156.11" as Code, holder: north, rule: null },
  ]);
  expect(governingPrefix(ledger.state)).toBe("MA.156.11");
  ledger.given(south, delegateOf("MA.156.13.01", south));
  ledger.given(north, delegateOf("MA.156.11.01", south));
  expect(governingPrefix(ledger.state)).toBe("MA.156.11");
  expect(ledger.attempt(south, setValidatorsOf(ONE))).toBe("NOT_AUTHORISED");
  expect(ledger.attempt(north, setValidatorsOf(ONE))).toBe("ok");
});

test("two in one block: the later one holds", () => {
  const { ledger, nation } = testCity();
  const outcomes = ledger.block([
    ledger.transaction(nation, [setValidatorsOf(ONE)]),
    ledger.transaction(nation, [setValidatorsOf(TWO)]),
  ]);
  expect(outcomes.map(nameOf)).toEqual(["ok", "ok"]);
  expect(readValidators(ledger.state)).toEqual([TWO]);
});

test("an address is the beginning of a key's digest", () => {
  expect(addressOf(ONE.publicKey)).toHaveLength(20);
  expect(addressOf(ONE.publicKey)).not.toEqual(addressOf(TWO.publicKey));
});
