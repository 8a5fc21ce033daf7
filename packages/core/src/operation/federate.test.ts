import type { Code } from "@cityroot/codes/ma/code";
import { describe, expect, test } from "vitest";
import { issueOf, keySetOfSeeds, nameOf, seedOf, testHolder } from "../ledger.testing.ts";
import { leafHash } from "../log/tree.ts";
import { codeKey } from "../state/key.ts";
import {
  CHINA,
  CITY,
  delegateOf,
  federateOf,
  LAMP,
  LAMPS,
  openRule,
  rangeOf,
  retireOf,
  rotateOf,
  setRuleOf,
  supersedeOf,
  suspendOf,
  testBatch,
  testCity,
  testFederation,
  transferOf,
  updateOf,
} from "./operation.testing.ts";
import { standingOf } from "./standing.ts";

const OTHER = testFederation(1);
const NEXT = testFederation(1, { endpoints: ["https://a.example", "https://b.example/registry"] });
const BELOW = `${CITY}.02`;

test("the record says who serves what lies below, until it is ended; each version stays provable", () => {
  const { ledger, city } = testCity();
  ledger.given(city, federateOf(CITY, OTHER));
  const first = ledger.state.get(codeKey(CITY as Code))!;
  expect(ledger.recordOf(CITY)).toMatchObject({ version: 2, class: "division", federation: OTHER });
  ledger.given(city, federateOf(CITY, NEXT));
  expect(ledger.recordOf(CITY)).toMatchObject({ version: 3, federation: NEXT });
  const peak = ledger.recordOf(CITY)!.peaks;
  expect(peak).toHaveLength(32);
  ledger.given(city, updateOf(CITY));
  expect(ledger.recordOf(CITY)).toMatchObject({ version: 4, federation: NEXT });
  ledger.given(city, federateOf(CITY, null));
  const last = ledger.recordOf(CITY)!;
  expect(last.version).toBe(5);
  expect("federation" in last).toBe(false);
  expect(leafHash(first)).toHaveLength(32);
  ledger.given(city, issueOf(LAMP));
});

test("nothing is issued or delegated below it, and nothing there can be spoken of", () => {
  const { ledger, nation, city } = testCity();
  ledger.given(nation, delegateOf("MA.156.1302", city));
  ledger.given(city, issueOf("MA.156.1302.1"), federateOf(CITY, OTHER));
  const { proofOf, operation: batch } = testBatch([`${LAMPS}/1`, `${LAMPS}/2`]);
  for (const [name, operation] of Object.entries({
    issue: issueOf(LAMP),
    "issue right below": issueOf(BELOW),
    range: rangeOf(`${LAMPS}/001`, 3, 2),
    batch,
    delegate: delegateOf(BELOW, city),
    update: updateOf(LAMP),
    suspend: suspendOf(LAMP),
    retire: retireOf(LAMP, proofOf(`${LAMPS}/1`)),
    transfer: transferOf(BELOW, nation),
  })) {
    expect(ledger.attempt(city, operation), name).toBe("PREFIX_FEDERATED");
  }
  expect(ledger.attempt(city, supersedeOf("rename", ["MA.156.1302.1"], [LAMP]))).toBe("SUCCESSOR_UNKNOWN");
  // Who has no say there is told so first, and what lies beside it goes on.
  expect(ledger.attempt(nation, issueOf(LAMP))).toBe("NOT_AUTHORISED");
  expect(ledger.attempt(city, issueOf("MA.156.1302.2"))).toBe("ok");
  expect(ledger.attempt(city, setRuleOf(CITY, openRule()))).toBe("ok");
});

test("how a code below it stands", () => {
  const { ledger, city } = testCity();
  expect(standingOf(ledger.state, LAMP as Code).kind).toBe("free");
  ledger.given(city, federateOf(CITY, OTHER));
  for (const code of [LAMP, BELOW, `${CITY}/60.10000000.1`, `${CITY}.zz`]) {
    expect(standingOf(ledger.state, code as Code), code).toMatchObject({
      kind: "federated",
      prefix: CITY,
      record: { federation: OTHER },
    });
  }
  // Beside it, above it, and itself.
  for (const code of ["MA.156.1302", `${CITY}0`, "MA.156.13", "MA.156.1300.1"]) {
    expect(standingOf(ledger.state, code as Code).kind, code).toBe("free");
  }
  expect(standingOf(ledger.state, CITY as Code).kind).toBe("record");
});

test("a prefix of a range keeps its place in it", () => {
  const { ledger, nation, city } = testCity();
  ledger.given(nation, rangeOf("MA.156.20", 1, 4, { class: "division" }));
  for (const prefix of ["MA.156.20", "MA.156.22"]) {
    ledger.given(nation, delegateOf(prefix, city));
    ledger.given(city, federateOf(prefix, OTHER));
    expect(standingOf(ledger.state, `${prefix}.1` as Code), prefix).toMatchObject({
      kind: "federated",
      prefix,
    });
  }
  expect(standingOf(ledger.state, "MA.156.21" as Code).kind).toBe("in-range");
  expect(standingOf(ledger.state, "MA.156.23" as Code).kind).toBe("in-range");
  expect(standingOf(ledger.state, "MA.156.24" as Code).kind).toBe("free");
});

describe("where something stands below, it is refused:", () => {
  test.each([
    ["a record", issueOf(LAMP)],
    ["a range", rangeOf(`${LAMPS}/001`, 3, 2)],
    ["a batch", testBatch([`${LAMPS}/1`, `${LAMPS}/2`]).operation],
    ["a prefix", delegateOf(BELOW, testHolder("Bureau", 7))],
  ])("%s", (_, operation) => {
    const { ledger, city } = testCity();
    ledger.given(city, operation);
    expect(ledger.attempt(city, federateOf(CITY, OTHER))).toBe("PREFIX_NOT_EMPTY");
    expect(ledger.attempt(city, federateOf(CITY, null))).toBe("PREFIX_NOT_FEDERATED");
  });

  test("also what the same transaction issued", () => {
    const { ledger, city } = testCity();
    expect(ledger.attempt(city, issueOf(LAMP), federateOf(CITY, OTHER))).toBe("PREFIX_NOT_EMPTY");
    expect(ledger.attempt(city, federateOf(CITY, OTHER), issueOf(LAMP))).toBe("PREFIX_FEDERATED");
    // Dropped with the rest of its transaction.
    expect(ledger.attempt(city, issueOf(LAMP))).toBe("ok");
  });
});

describe("it takes the root threshold of the prefix's holder:", () => {
  const seeds = [seedOf(20), seedOf(21), seedOf(22)];
  const roles = {
    root: { keys: [0, 1], needed: 2 },
    registrar: { keys: [2], needed: 1 },
    records: { keys: [2], needed: 1 },
  };
  test.each([
    [[0, 1], "ok"],
    [[0], "BELOW_THRESHOLD"],
    [[2], "BELOW_THRESHOLD"],
  ] as const)("keys %j: %s", (signers, expected) => {
    const { ledger, city } = testCity();
    ledger.given(city, rotateOf({ ...keySetOfSeeds(seeds), roles }));
    const next = { ...city, seeds: signers.map((at) => seeds[at]!) };
    expect(ledger.attempt(next, federateOf(CITY, OTHER))).toBe(expected);
  });

  test("not its delegator's, and whoever holds it by then", () => {
    const { ledger, nation, city } = testCity();
    expect(ledger.attempt(nation, federateOf(CITY, OTHER))).toBe("NOT_AUTHORISED");
    ledger.given(city, federateOf(CITY, OTHER), transferOf(CITY, nation));
    expect(ledger.attempt(city, federateOf(CITY, null))).toBe("NOT_AUTHORISED");
    expect(ledger.attempt(nation, federateOf(CITY, null))).toBe("ok");
  });
});

test("only a prefix in use, and only to another network", () => {
  const { ledger, nation, city } = testCity();
  const { id: network, genesis } = ledger.ledger.network;
  expect(ledger.attempt(city, federateOf(CITY, testFederation(1, { network, genesis })))).toBe(
    "FEDERATION_MALFORMED",
  );
  expect(ledger.attempt(city, federateOf(BELOW, OTHER))).toBe("PREFIX_UNKNOWN");
  expect(ledger.attempt(nation, federateOf(CHINA, OTHER))).toBe("PREFIX_NOT_EMPTY");
  ledger.given(nation, suspendOf(CITY));
  expect(ledger.attempt(city, federateOf(CITY, OTHER))).toBe("PREFIX_SUSPENDED");
  ledger.given(nation, retireOf(CITY));
  expect(ledger.attempt(city, federateOf(CITY, OTHER))).toBe("PREFIX_RETIRED");
});

test("two in one block: the later one holds, and what comes between is refused", () => {
  const { ledger, city } = testCity();
  const outcomes = ledger.block([
    ledger.transaction(city, [federateOf(CITY, OTHER)]),
    ledger.transaction(city, [issueOf(LAMP)]),
    ledger.transaction(city, [federateOf(CITY, null)]),
    ledger.transaction(city, [issueOf(LAMP)]),
  ]);
  expect(outcomes.map(nameOf)).toEqual(["ok", "PREFIX_FEDERATED", "ok", "ok"]);
});
