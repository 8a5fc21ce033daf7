import type { Code } from "@cityroot/codes/ma/code";
import { describe, expect, test } from "vitest";
import { issueOf, testHolder } from "../ledger.testing.ts";
import { ruleKey } from "../state/key.ts";
import { decodePrefixRules } from "../state/prefix.ts";
import {
  BUREAU,
  CHINA,
  CITY,
  delegateOf,
  openRule,
  reinstateOf,
  ruleOfShapes,
  setRuleOf,
  suspendOf,
  testCity,
} from "./operation.testing.ts";

const bureau = testHolder("Bureau", 4);

function rulesOf(ledger: ReturnType<typeof testCity>["ledger"], prefix: string) {
  return decodePrefixRules(ledger.state.get(ruleKey(prefix as Code))!);
}

test("a holder sets its own rule, its delegator the bound, and each leaves the other's in place", () => {
  const { ledger, nation, city } = testCity();
  const own = openRule({ countMax: 3 });
  const bound = openRule({ countMax: 5 });
  ledger.given(city, setRuleOf(CITY, own));
  expect(rulesOf(ledger, CITY)).toMatchObject({ version: 1, bound: null, own });
  ledger.given(nation, setRuleOf(CITY, bound, "bound"));
  expect(rulesOf(ledger, CITY)).toMatchObject({ version: 2, bound, own });
  ledger.given(city, setRuleOf(CITY, bound));
  expect(rulesOf(ledger, CITY)).toMatchObject({ version: 3, bound, own: bound });
});

test("both bind, from the same transaction on", () => {
  const { ledger, nation, city } = testCity();
  ledger.given(nation, setRuleOf(CITY, ruleOfShapes("any .<d2>**"), "bound"));
  expect(ledger.attempt(city, issueOf(`${CITY}.A1`))).toBe("RULE_SHAPE");
  const narrower = setRuleOf(CITY, ruleOfShapes("any .(02|03)**"));
  expect(ledger.attempt(city, narrower, issueOf(`${CITY}.04`))).toBe("RULE_SHAPE");
  // The whole transaction was refused, the rule with it.
  expect(ledger.attempt(city, issueOf(`${CITY}.04`))).toBe("ok");
  expect(ledger.attempt(city, narrower, issueOf(`${CITY}.03`))).toBe("ok");
  expect(ledger.attempt(city, issueOf(`${CITY}.05`))).toBe("RULE_SHAPE");
});

test("what was issued before stays as it is", () => {
  const { ledger, city } = testCity();
  ledger.given(city, issueOf(`${CITY}.99`));
  ledger.given(city, setRuleOf(CITY, ruleOfShapes("any .02**")));
  expect(ledger.recordOf(`${CITY}.99`)).toMatchObject({ status: "active", version: 1 });
});

describe("who may:", () => {
  test("the own rule is the holder's alone, the bound the delegator's alone", () => {
    const { ledger, nation, city, stranger } = testCity();
    const rule = openRule();
    expect(ledger.attempt(nation, setRuleOf(CITY, rule))).toBe("NOT_AUTHORISED");
    expect(ledger.attempt(stranger, setRuleOf(CITY, rule))).toBe("NOT_AUTHORISED");
    expect(ledger.attempt(city, setRuleOf(CITY, rule, "bound"))).toBe("NOT_AUTHORISED");
    expect(ledger.attempt(city, setRuleOf(CHINA, rule))).toBe("NOT_AUTHORISED");
    ledger.given(city, delegateOf(BUREAU, bureau));
    expect(ledger.attempt(nation, setRuleOf(BUREAU, rule, "bound"))).toBe("NOT_AUTHORISED");
  });

  test("PREFIX_UNKNOWN: only a delegated prefix has a rule, and nobody binds a root prefix", () => {
    const { ledger, nation, city } = testCity();
    expect(ledger.attempt(city, setRuleOf(BUREAU, openRule()))).toBe("PREFIX_UNKNOWN");
    ledger.given(city, issueOf(BUREAU));
    expect(ledger.attempt(city, setRuleOf(BUREAU, openRule()))).toBe("PREFIX_UNKNOWN");
    expect(ledger.attempt(nation, setRuleOf(CHINA, openRule(), "bound"))).toBe("PREFIX_UNKNOWN");
    expect(ledger.attempt(nation, setRuleOf(CHINA, openRule()))).toBe("ok");
  });

  test("not while the prefix is out of use; its delegator may even then", () => {
    const { ledger, nation, city } = testCity();
    ledger.given(nation, suspendOf(CITY));
    expect(ledger.attempt(city, setRuleOf(CITY, openRule()))).toBe("PREFIX_SUSPENDED");
    expect(ledger.attempt(nation, setRuleOf(CITY, openRule(), "bound"))).toBe("ok");
    ledger.given(nation, reinstateOf(CITY));
    expect(ledger.attempt(city, setRuleOf(CITY, openRule()))).toBe("ok");
  });
});

describe("RULE_WIDENS:", () => {
  test("a rule lies within every rule above, however far up", () => {
    const { ledger, nation, city } = testCity();
    ledger.given(city, delegateOf(BUREAU, bureau));
    ledger.given(nation, setRuleOf(CHINA, openRule({ classes: ["lamp", "bench", "department"] })));
    ledger.given(city, setRuleOf(CITY, openRule({ classes: ["lamp", "bench"] })));
    expect(ledger.attempt(bureau, setRuleOf(BUREAU, openRule()))).toBe("RULE_WIDENS");
    expect(ledger.attempt(bureau, setRuleOf(BUREAU, openRule({ classes: ["department"] })))).toBe(
      "RULE_WIDENS",
    );
    expect(ledger.attempt(city, setRuleOf(BUREAU, openRule({ classes: ["tree"] }), "bound"))).toBe(
      "RULE_WIDENS",
    );
    expect(ledger.attempt(bureau, setRuleOf(BUREAU, openRule({ classes: ["lamp"] })))).toBe("ok");
  });

  test("an own rule lies within the bound; it may widen again up to there", () => {
    const { ledger, nation, city } = testCity();
    ledger.given(nation, setRuleOf(CITY, openRule({ countMax: 5 }), "bound"));
    expect(ledger.attempt(city, setRuleOf(CITY, openRule({ countMax: 6 })))).toBe("RULE_WIDENS");
    ledger.given(city, setRuleOf(CITY, openRule({ countMax: 1 })));
    expect(ledger.attempt(city, setRuleOf(CITY, openRule({ countMax: 5 })))).toBe("ok");
  });

  test("a delegator may widen the bound, and narrow it below what the holder chose: then both hold", () => {
    const { ledger, nation, city } = testCity();
    ledger.given(nation, setRuleOf(CITY, openRule({ countMax: 1 }), "bound"));
    ledger.given(nation, setRuleOf(CITY, openRule({ countMax: 5 }), "bound"));
    ledger.given(city, setRuleOf(CITY, openRule({ countMax: 4 })));
    ledger.given(nation, setRuleOf(CITY, openRule({ countMax: 2 }), "bound"));
    ledger.given(city, issueOf(`${CITY}.1`), issueOf(`${CITY}.2`));
    expect(ledger.attempt(city, issueOf(`${CITY}.3`))).toBe("RULE_COUNT");
  });
});

/** Goal: the order of checks is that of the spec. Method: one request with every fault; each is mended in turn. */
test("the first refusal is the one that is named", () => {
  const { ledger, nation, city, stranger } = testCity();
  ledger.given(nation, setRuleOf(CHINA, openRule({ countMax: 9 })), suspendOf(CITY));
  expect(ledger.attempt(stranger, setRuleOf(BUREAU, openRule()))).toBe("PREFIX_UNKNOWN");
  expect(ledger.attempt(stranger, setRuleOf(CITY, openRule()))).toBe("NOT_AUTHORISED");
  expect(ledger.attempt(city, setRuleOf(CITY, openRule()))).toBe("PREFIX_SUSPENDED");
  ledger.given(nation, reinstateOf(CITY));
  expect(ledger.attempt(city, setRuleOf(CITY, openRule()))).toBe("RULE_WIDENS");
  expect(ledger.attempt(city, setRuleOf(CITY, openRule({ countMax: 9 })))).toBe("ok");
});
