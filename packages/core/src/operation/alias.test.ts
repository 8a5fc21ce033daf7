import type { Code } from "@cityroot/codes/ma/code";
import { describe, expect, test } from "vitest";
import { equalBytes } from "../hex.ts";
import { issueOf, type TestLedger, testHolder } from "../ledger.testing.ts";
import { ALIAS_CLAIMS_MAX } from "../limits.ts";
import {
  type Alias,
  type AliasName,
  aliasStandingOf,
  decodeAlias,
  decodeAliased,
  holdsOn,
  keyOfAlias,
  keyOfAliased,
  stemOfLegacy,
} from "../state/alias.ts";
import type { Day } from "../state/day.ts";
import type { StateKey } from "../state/key.ts";
import {
  BUREAU,
  CITY,
  claimOf,
  confirmOf,
  delegateOf,
  disputeOf,
  federateOf,
  LAMP,
  LAMPS,
  LEGACY,
  rangeOf,
  retireOf,
  setCodingSystemOf,
  suspendOf,
  testBatch,
  testCity,
  testFederation,
  transferOf,
  withdrawOf,
} from "./operation.testing.ts";

const EVIDENCE = new Uint8Array(32).fill(7);
const OTHER = new Uint8Array(32).fill(8);
const NAME: AliasName = { ...LEGACY, claimant: CITY as Code, relation: "same-as", target: LAMP as Code };

function aliasAt(ledger: TestLedger, changes: Partial<AliasName> = {}): Alias | undefined {
  const bytes = ledger.state.get(keyOfAlias({ ...NAME, ...changes }));
  return bytes === undefined ? undefined : decodeAlias(bytes);
}

/** The nation, its city, a bureau of the city that claims things, and a lamp of the city's. */
function testClaims() {
  const { ledger, nation, city } = testCity();
  const bureau = testHolder("Bureau", 30);
  const other = testHolder("Other", 40);
  ledger.given(nation, delegateOf("MA.156.7", other), delegateOf("MA.156.8", bureau));
  ledger.given(city, issueOf(LAMP));
  return { ledger, nation, city, bureau, other, as: { claimant: "MA.156.8" as Code } };
}

describe("a claim", () => {
  test("stands as claimed, and is found from the legacy code and from its target", () => {
    const { ledger, bureau, as } = testClaims();
    ledger.given(bureau, claimOf({ ...as, evidence: EVIDENCE, from: "1980-01-01" as Day }));
    const alias = aliasAt(ledger, as)!;
    expect(alias).toMatchObject({ ...NAME, ...as, version: 1, from: "1980-01-01", until: null });
    expect(equalBytes(alias.evidence!, EVIDENCE)).toBe(true);
    expect(aliasStandingOf(alias)).toBe("claimed");
    expect([alias.byTarget, alias.bySystem]).toEqual([null, null]);
    expect(ledger.state.after(stemOfLegacy(LEGACY) as StateKey)?.key).toBe(keyOfAlias(alias));
    expect(decodeAliased(ledger.state.get(keyOfAliased(alias))!)).toEqual({ ...NAME, ...as });
  });

  test("of who has the say over the target is confirmed by it, and so is that of the system's authority", () => {
    const { ledger, nation, city, bureau, as } = testClaims();
    ledger.given(nation, setCodingSystemOf(LEGACY.system, "MA.156.8"));
    ledger.given(city, claimOf({ evidence: EVIDENCE }));
    ledger.given(bureau, claimOf(as));
    const own = aliasAt(ledger)!;
    expect(own.byTarget).toMatchObject({ verdict: "confirmed", holder: city.id, evidence: EVIDENCE });
    expect([aliasStandingOf(own), own.bySystem]).toEqual(["confirmed", null]);
    const authoritys = aliasAt(ledger, as)!;
    expect(authoritys.bySystem).toMatchObject({ verdict: "confirmed", holder: bureau.id });
    expect([aliasStandingOf(authoritys), authoritys.byTarget]).toEqual(["confirmed", null]);
  });

  test("is made by who holds the claimant, of what was issued here, soundly", () => {
    const { ledger, city, bureau, other, as } = testClaims();
    expect(ledger.attempt(other, claimOf(as))).toBe("NOT_AUTHORISED");
    expect(ledger.attempt(city, claimOf({ claimant: `${CITY}.9` as Code }))).toBe("PREFIX_UNKNOWN");
    expect(ledger.attempt(city, claimOf({ claimant: LAMP as Code }))).toBe("PREFIX_UNKNOWN");
    expect(ledger.attempt(bureau, claimOf({ ...as, target: `${LAMPS}/9` as Code }))).toBe(
      "CODE_NEVER_ISSUED",
    );
    expect(
      ledger.attempt(bureau, claimOf({ ...as, from: "2001-01-01" as Day, until: "2000-12-31" as Day })),
    ).toBe("OPERATION_MALFORMED");
    ledger.given(other, federateOf("MA.156.7", testFederation(1)));
    expect(ledger.attempt(bureau, claimOf({ ...as, target: "MA.156.7.1" as Code }))).toBe("PREFIX_FEDERATED");
    ledger.given(bureau, claimOf({ ...as, target: "MA.156.7" as Code }));
  });

  test("is made of retired codes too, and not by a prefix that is out of use", () => {
    const { ledger, nation, city, bureau, as } = testClaims();
    ledger.given(city, retireOf(LAMP));
    ledger.given(bureau, claimOf(as));
    ledger.given(nation, suspendOf("MA.156.8"));
    expect(ledger.attempt(bureau, withdrawOf(as))).toBe("PREFIX_SUSPENDED");
    expect(ledger.attempt(bureau, claimOf({ ...as, relation: "part-of" }))).toBe("PREFIX_SUSPENDED");
  });

  test("holds no number of a person, but an IMEI that would pass for one", () => {
    const { ledger, city } = testClaims();
    for (const value of ["11010519491231002X", "13800138000", "110105491231002"]) {
      expect(ledger.attempt(city, claimOf({ value })), value).toBe("PERSONAL_NUMBER");
    }
    // 35 is a province, and 491231 a day: its check digit tells that it is a device.
    const device = "351234491231007";
    expect(ledger.attempt(city, claimOf({ value: device }))).toBe("PERSONAL_NUMBER");
    expect(ledger.attempt(city, claimOf({ system: "imei", value: device }))).toBe("ok");
    expect(ledger.attempt(city, claimOf({ system: "imei", value: "351234491231006" }))).toBe(
      "PERSONAL_NUMBER",
    );
  });

  test("about a code of a range needs nothing more, about one of a batch its proof", () => {
    const { ledger, city } = testClaims();
    const { operation: batch, proofOf } = testBatch([`${LAMPS}/K1`, `${LAMPS}/K3`]);
    ledger.given(city, rangeOf(`${LAMPS}/9000`, 4, 5), batch);
    ledger.given(city, claimOf({ target: `${LAMPS}/9003` as Code }));
    const target = `${LAMPS}/K1` as Code;
    expect(ledger.attempt(city, claimOf({ target }))).toBe("ITEM_PROOF_MISSING");
    expect(ledger.attempt(city, claimOf({ target, item: proofOf(`${LAMPS}/K3`) }))).toBe(
      "ITEM_PROOF_INVALID",
    );
    ledger.given(city, claimOf({ target, item: proofOf(target) }));
    expect(ledger.attempt(city, disputeOf({ target }))).toBe("ok");
  });

  test("is changed by claiming again, which ends what was thought of it", () => {
    const { ledger, city, bureau, as } = testClaims();
    ledger.given(bureau, claimOf(as));
    ledger.given(city, confirmOf(as));
    expect(ledger.attempt(bureau, claimOf(as))).toBe("ALIAS_STANDS");
    ledger.given(bureau, claimOf({ ...as, evidence: OTHER }));
    expect(aliasAt(ledger, as)).toMatchObject({ version: 3, byTarget: null, evidence: OTHER });
    expect(ledger.state.entries().filter(({ value }) => decodeAliased(value) !== undefined)).toHaveLength(1);
  });

  test("is one of few of a claimant about a legacy code, withdrawn ones counted", () => {
    const { ledger, city, bureau, as } = testClaims();
    ledger.given(city, rangeOf(`${LAMPS}/9000`, 4, 99));
    const targets = Array.from({ length: ALIAS_CLAIMS_MAX }, (_, at) => `${LAMPS}/${at + 9010}` as Code);
    ledger.given(city, ...targets.map((target) => claimOf({ target })));
    expect(ledger.attempt(city, claimOf())).toBe("ALIAS_CLAIMS_TOO_MANY");
    ledger.given(city, withdrawOf({ target: targets[0]! }));
    expect(ledger.attempt(city, claimOf())).toBe("ALIAS_CLAIMS_TOO_MANY");
    ledger.given(city, claimOf({ target: targets[0]! }));
    ledger.given(city, claimOf({ value: "6901234567893" }));
    ledger.given(bureau, claimOf(as));
  });
});

describe("verdicts", () => {
  test("are given by who has the say over the target, and take the place of one another", () => {
    const { ledger, city, bureau, other, as } = testClaims();
    ledger.given(bureau, claimOf(as));
    const { claimed } = aliasAt(ledger, as)!;
    expect(ledger.attempt(other, confirmOf(as))).toBe("NOT_AUTHORISED");
    expect(ledger.attempt(bureau, confirmOf(as))).toBe("NOT_AUTHORISED");
    ledger.given(city, disputeOf({ ...as, evidence: EVIDENCE }));
    expect(aliasAt(ledger, as)!.byTarget).toMatchObject({ verdict: "disputed", evidence: EVIDENCE });
    expect(aliasStandingOf(aliasAt(ledger, as)!)).toBe("disputed");
    expect(ledger.attempt(city, disputeOf({ ...as, evidence: EVIDENCE }))).toBe("ALIAS_STANDS");
    ledger.given(city, disputeOf({ ...as, evidence: OTHER }));
    ledger.given(city, confirmOf(as));
    expect(aliasStandingOf(aliasAt(ledger, as)!)).toBe("confirmed");
    expect(aliasAt(ledger, as)).toMatchObject({ version: 4, claimed });
  });

  test("of the authority of the coding system stand beside it, and a dispute outweighs", () => {
    const { ledger, nation, city, bureau, other, as } = testClaims();
    ledger.given(bureau, claimOf(as));
    expect(ledger.attempt(other, disputeOf({ ...as, as: "system" }))).toBe("CODING_SYSTEM_UNKNOWN");
    ledger.given(nation, setCodingSystemOf(LEGACY.system, "MA.156.7"));
    expect(ledger.attempt(city, disputeOf({ ...as, as: "system" }))).toBe("NOT_AUTHORISED");
    ledger.given(city, confirmOf(as));
    ledger.given(other, disputeOf({ ...as, as: "system" }));
    expect(aliasAt(ledger, as)).toMatchObject({
      byTarget: { verdict: "confirmed", holder: city.id },
      bySystem: { verdict: "disputed", holder: other.id },
    });
    expect(aliasStandingOf(aliasAt(ledger, as)!)).toBe("disputed");
    ledger.given(nation, setCodingSystemOf(LEGACY.system, null));
    expect(ledger.attempt(other, confirmOf({ ...as, as: "system" }))).toBe("CODING_SYSTEM_UNKNOWN");
  });

  test("go over to whom a code is handed", () => {
    const { ledger, city, bureau, other, as } = testClaims();
    ledger.given(bureau, claimOf(as));
    ledger.given(city, transferOf(LAMP, other));
    expect(ledger.attempt(city, confirmOf(as))).toBe("NOT_AUTHORISED");
    ledger.given(other, confirmOf(as));
    expect(aliasAt(ledger, as)!.byTarget).toMatchObject({ holder: other.id });
  });

  test("are given on what was claimed and not withdrawn", () => {
    const { ledger, city, bureau, as } = testClaims();
    expect(ledger.attempt(city, confirmOf(as))).toBe("ALIAS_UNKNOWN");
    ledger.given(bureau, claimOf(as));
    expect(ledger.attempt(city, withdrawOf(as))).toBe("NOT_AUTHORISED");
    ledger.given(bureau, withdrawOf(as));
    expect(aliasStandingOf(aliasAt(ledger, as)!)).toBe("withdrawn");
    expect(ledger.attempt(city, confirmOf(as))).toBe("ALIAS_WITHDRAWN");
    expect(ledger.attempt(bureau, withdrawOf(as))).toBe("ALIAS_WITHDRAWN");
    ledger.given(bureau, claimOf(as));
    expect(aliasAt(ledger, as)).toMatchObject({ version: 3, isWithdrawn: false });
  });
});

test("the authority of a coding system is named by who decides over the network", () => {
  const { ledger, nation, city } = testClaims();
  expect(ledger.attempt(city, setCodingSystemOf("gtin-13", CITY))).toBe("NOT_AUTHORISED");
  expect(ledger.attempt(nation, setCodingSystemOf("gtin-13", BUREAU))).toBe("PREFIX_UNKNOWN");
  expect(ledger.attempt(nation, setCodingSystemOf("gtin-13", null))).toBe("ALIAS_STANDS");
  ledger.given(nation, setCodingSystemOf("gtin-13", CITY));
  expect(ledger.attempt(nation, setCodingSystemOf("gtin-13", CITY))).toBe("ALIAS_STANDS");
  ledger.given(nation, setCodingSystemOf("gtin-13", null));
});

test("a claim says something of its days, the first and the last with them", () => {
  const days = { from: "1999-12-31" as Day, until: "2000-02-29" as Day };
  const on = (day: string, claim: { from: Day | null; until: Day | null }) => holdsOn(claim, day as Day);
  expect(["1999-12-30", "1999-12-31", "2000-02-29", "2000-03-01"].map((day) => on(day, days))).toEqual([
    false,
    true,
    true,
    false,
  ]);
  expect(on("0001-01-01", { from: null, until: null })).toBe(true);
});
