import type { Code } from "@cityroot/codes/ma/code";
import { describe, expect, test } from "vitest";
import { GENESIS_TIME_MS, issueOf, keySetOfSeeds, seedOf, testHolder } from "../ledger.testing.ts";
import { DESCRIPTION_BYTES_MAX } from "../limits.ts";
import { codeKey, ruleKey, tallyKey } from "../state/key.ts";
import { decodePrefixRules, decodeTally } from "../state/prefix.ts";
import { decodeRecord } from "../state/record.ts";
import { holderIdOf } from "./delegate.ts";
import {
  attributesOf,
  attributesOfBytes,
  BUREAU,
  CHINA,
  CITY,
  delegateOf,
  LAMP,
  LAMPS,
  openRule,
  rangeOf,
  reinstateOf,
  retireOf,
  rotateOf,
  ruleOfShapes,
  setRuleOf,
  suspendOf,
  testBatch,
  testCity,
  transferOf,
  updateOf,
} from "./operation.testing.ts";

const bureau = testHolder("Bureau", 4);
const NAME = attributesOf([["name", [["en", "Bureau"]]]]);

test("a delegation makes the holder, the prefix, its record and its bound", () => {
  const { ledger, city } = testCity();
  const rule = openRule({ countMax: 7 });
  ledger.given(city, delegateOf(BUREAU, bureau, { rule, class: "department", attributes: NAME }));
  const since = { height: 2, timeMs: GENESIS_TIME_MS + 2_000 };
  const first = { version: 1, since, peaks: new Uint8Array(0) };
  expect(ledger.prefixOf(BUREAU)).toEqual({ ...first, holder: bureau.id, status: "active" });
  expect(ledger.holderOf(bureau)).toEqual({
    ...first,
    name: [["en", "Bureau"]],
    keys: bureau.declaration.keys,
    pending: null,
  });
  expect(ledger.recordOf(BUREAU)).toMatchObject({
    ...first,
    status: "active",
    class: "department",
    attributes: NAME,
  });
  expect(decodePrefixRules(ledger.state.get(ruleKey(BUREAU as Code))!)).toEqual({
    ...first,
    bound: rule,
    own: null,
  });
  expect(decodeTally(ledger.state.get(tallyKey(CITY as Code)))).toBe(1);
});

test("a holder's id follows from its name and its keys", () => {
  expect(bureau.id).toHaveLength(20);
  expect(holderIdOf(testHolder("Bureau", 4).declaration)).toEqual(bureau.id);
  expect(testHolder("Bureau 2", 4).id).not.toEqual(bureau.id);
  expect(testHolder("Bureau", 5).id).not.toEqual(bureau.id);
});

describe("the holder", () => {
  test("may be known by its id", () => {
    const { ledger, city, stranger } = testCity();
    ledger.given(city, delegateOf(BUREAU, stranger.id));
    expect(ledger.attempt(stranger, issueOf(LAMP))).toBe("ok");
  });

  test("may be the delegator itself", () => {
    const { ledger, city } = testCity();
    ledger.given(city, delegateOf(BUREAU, city.id));
    expect(ledger.attempt(city, issueOf(LAMP))).toBe("ok");
  });

  test("declared again keeps the keys that it has now", () => {
    const { ledger, city } = testCity();
    ledger.given(city, delegateOf(BUREAU, bureau));
    const keys = keySetOfSeeds([seedOf(40)]);
    ledger.given(bureau, rotateOf(keys));
    ledger.given(city, delegateOf(`${CITY}.03`, bureau));
    expect(ledger.holderOf(bureau)).toMatchObject({ version: 2, keys });
    const code = `${CITY}.03/60`;
    expect(ledger.attempt(bureau, issueOf(code))).toBe("KEY_UNKNOWN");
    expect(ledger.attempt({ ...bureau, seeds: [seedOf(40)] }, issueOf(code))).toBe("ok");
  });

  test("HOLDER_UNKNOWN: an id that nobody has", () => {
    const { ledger, city } = testCity();
    expect(ledger.attempt(city, delegateOf(BUREAU, bureau.id))).toBe("HOLDER_UNKNOWN");
    expect(ledger.prefixOf(BUREAU)).toBeUndefined();
    expect(ledger.recordOf(BUREAU)).toBeUndefined();
  });
});

describe("an organisation delegates only below its own prefix:", () => {
  test("not its own prefix, not beside it, not above it", () => {
    const { ledger, nation, city } = testCity();
    for (const prefix of [CITY, "MA.156.1302", "MA.156.13", CHINA, "MA.276.1"]) {
      expect(ledger.attempt(city, delegateOf(prefix, bureau)), prefix).toMatch(
        /^(NOT_AUTHORISED|PREFIX_UNKNOWN)$/,
      );
    }
    expect(ledger.attempt(nation, delegateOf(BUREAU, bureau))).toBe("NOT_AUTHORISED");
    expect(ledger.attempt(city, delegateOf("MA.840.1", bureau))).toBe("PREFIX_UNKNOWN");
  });

  test("a prefix between: who holds it decides from then on, also over what lies deeper already", () => {
    const { ledger, nation } = testCity();
    const deep = testHolder("Deep", 5);
    const middle = testHolder("Middle", 6);
    ledger.given(nation, delegateOf("MA.156.1302.7", deep), delegateOf("MA.156.1302", middle));
    expect(ledger.attempt(deep, issueOf("MA.156.1302.7/60"))).toBe("ok");
    expect(ledger.attempt(nation, suspendOf("MA.156.1302.7"))).toBe("NOT_AUTHORISED");
    expect(ledger.attempt(middle, suspendOf("MA.156.1302.7"))).toBe("ok");
    expect(ledger.attempt(deep, issueOf("MA.156.1302.7/61"))).toBe("PREFIX_SUSPENDED");
  });
});

describe("a code that was issued before becomes a prefix", () => {
  test("and keeps its record, its class and what was said of it", () => {
    const { ledger, city } = testCity();
    ledger.given(city, issueOf(BUREAU, { class: "department", attributes: NAME }));
    const record = ledger.recordOf(BUREAU);
    ledger.given(city, delegateOf(BUREAU, bureau, { class: "other", attributes: [] }));
    expect(ledger.recordOf(BUREAU)).toEqual(record);
    expect(decodeTally(ledger.state.get(tallyKey(CITY as Code)))).toBe(1);
    expect(ledger.attempt(bureau, issueOf(LAMP))).toBe("ok");
  });

  test("so the rules judge that record, and not what the delegation says besides", () => {
    const { ledger, city } = testCity();
    ledger.given(city, issueOf(BUREAU, { class: "department", attributes: NAME }), issueOf(`${CITY}.03`));
    const required = [{ class: "department", attributes: ["name"] }];
    ledger.given(city, setRuleOf(CITY, openRule({ classes: ["department"], required })));
    expect(ledger.attempt(city, delegateOf(BUREAU, bureau, { class: "other", attributes: [] }))).toBe("ok");
    expect(
      ledger.attempt(city, delegateOf(`${CITY}.03`, bureau, { class: "department", attributes: NAME })),
    ).toBe("RULE_ATTRIBUTE");
    expect(ledger.attempt(city, delegateOf(`${CITY}.04`, bureau, { class: "department" }))).toBe(
      "RULE_ATTRIBUTE",
    );
    const whole = { class: "department", attributes: NAME };
    expect(ledger.attempt(city, delegateOf(`${CITY}.04`, bureau, whole))).toBe("ok");
  });

  test("when it is one of a range, it gets a record of its own, judged by what the range says", () => {
    const { ledger, city } = testCity();
    ledger.given(city, rangeOf(`${CITY}.00`, 2, 50, { class: "department", attributes: NAME }));
    const required = [{ class: "department", attributes: ["name"] }];
    ledger.given(city, setRuleOf(CITY, openRule({ classes: ["department"], required, countMax: 50 })));
    for (const prefix of [`${CITY}.00`, BUREAU, `${CITY}.49`]) {
      expect(ledger.attempt(city, delegateOf(prefix, bureau)), prefix).toBe("ok");
      expect(ledger.recordOf(prefix), prefix).toMatchObject({
        version: 2,
        within: `${CITY}.00`,
        attributes: NAME,
      });
      expect(
        ledger.attempt(bureau, issueOf(`${prefix}/60`, { class: "department", attributes: NAME })),
        prefix,
      ).toBe("ok");
    }
    expect(ledger.attempt(city, delegateOf(`${CITY}.50`, bureau))).toBe("RULE_ATTRIBUTE");
  });

  test("when it lies within an interval without being of it, it says so", () => {
    const { ledger, city } = testCity();
    ledger.given(city, rangeOf(`${CITY}.00`, 2, 50));
    ledger.given(city, delegateOf(`${CITY}.02A`, bureau));
    expect(ledger.recordOf(`${CITY}.02A`)).toMatchObject({ version: 1, within: `${CITY}.00` });
    expect(ledger.attempt(city, issueOf(`${CITY}.03`))).toBe("CODE_TAKEN");
  });

  test("when it lies among a batch's items, only after it got a record by its proof", () => {
    const { ledger, city } = testCity();
    const batch = testBatch([`${CITY}.A1`, `${CITY}.A2`, `${CITY}.A3`]);
    ledger.given(city, batch.operation);
    expect(ledger.attempt(city, delegateOf(`${CITY}.A2`, bureau))).toBe("ITEM_PROOF_MISSING");
    ledger.given(city, updateOf(`${CITY}.A2`, { item: batch.proofOf(`${CITY}.A2`) }));
    expect(ledger.attempt(city, delegateOf(`${CITY}.A2`, bureau))).toBe("ok");
  });

  test("but not while it is suspended, nor after it retired", () => {
    const { ledger, city } = testCity();
    ledger.given(city, issueOf(BUREAU));
    ledger.given(city, suspendOf(BUREAU));
    expect(ledger.attempt(city, delegateOf(BUREAU, bureau))).toBe("CODE_SUSPENDED");
    ledger.given(city, retireOf(BUREAU));
    expect(ledger.attempt(city, delegateOf(BUREAU, bureau))).toBe("CODE_RETIRED");
  });

  test("and not when it was handed to another holder, who alone has the say over it", () => {
    const { ledger, city, stranger } = testCity();
    ledger.given(city, issueOf(BUREAU));
    ledger.given(city, transferOf(BUREAU, stranger));
    expect(ledger.attempt(city, delegateOf(BUREAU, bureau))).toBe("NOT_AUTHORISED");
    expect(ledger.attempt(stranger, delegateOf(BUREAU, bureau))).toBe("NOT_AUTHORISED");
    ledger.given(stranger, transferOf(BUREAU, city));
    expect(ledger.attempt(city, delegateOf(BUREAU, bureau))).toBe("ok");
  });
});

describe("the rules bind:", () => {
  test("a shape to issue is none to delegate", () => {
    const { ledger, city } = testCity();
    ledger.given(city, setRuleOf(CITY, ruleOfShapes("issue .<d2>", "delegate .<d3>")));
    expect(ledger.attempt(city, delegateOf(BUREAU, bureau))).toBe("RULE_SHAPE");
    expect(ledger.attempt(city, delegateOf(`${CITY}.002`, bureau))).toBe("ok");
    expect(ledger.attempt(city, issueOf(`${CITY}.003`))).toBe("RULE_SHAPE");
  });

  test("a prefix needs neither a check character nor the next serial", () => {
    const { ledger, city } = testCity();
    ledger.given(city, setRuleOf(CITY, openRule({ checkCharacter: true })));
    ledger.given(city, delegateOf(`${CITY}.1`, bureau), delegateOf(`${CITY}.2`, bureau));
    ledger.given(city, setRuleOf(CITY, openRule({ sequence: true })));
    expect(ledger.attempt(city, delegateOf(`${CITY}.77`, bureau))).toBe("ok");
  });

  test("RULE_WIDENS: the bound lies within every rule above", () => {
    const { ledger, nation, city } = testCity();
    ledger.given(nation, setRuleOf(CHINA, openRule({ countMax: 10 })));
    ledger.given(city, setRuleOf(CITY, openRule({ countMax: 5, classes: ["department"] })));
    const class_ = { class: "department" };
    const attempt = (limits: Parameters<typeof openRule>[0]) =>
      ledger.attempt(city, delegateOf(BUREAU, bureau, { ...class_, rule: openRule(limits) }));
    expect(attempt({})).toBe("RULE_WIDENS");
    expect(attempt({ countMax: 6, classes: ["department"] })).toBe("RULE_WIDENS");
    expect(attempt({ countMax: 5, classes: ["department", "lamp"] })).toBe("RULE_WIDENS");
    expect(attempt({ countMax: 5, classes: ["department"] })).toBe("ok");
  });
});

test("PREFIX_TAKEN: a prefix is delegated once", () => {
  const { ledger, nation, city } = testCity();
  expect(ledger.attempt(nation, delegateOf(CITY, bureau))).toBe("PREFIX_TAKEN");
  ledger.given(nation, retireOf(CITY));
  expect(ledger.attempt(nation, delegateOf(CITY, bureau))).toBe("PREFIX_TAKEN");
  ledger.given(nation, delegateOf("MA.156.1302", city.id));
  expect(ledger.attempt(city, delegateOf("MA.156.1302.1", bureau), delegateOf("MA.156.1302.1", bureau))).toBe(
    "PREFIX_TAKEN",
  );
});

/** Goal: the order of checks is that of the spec. Method: one request with every fault; each is mended in turn. */
test("the first refusal is the one that is named", () => {
  const { ledger, nation, city, stranger } = testCity();
  ledger.given(
    city,
    delegateOf(BUREAU, bureau),
    setRuleOf(CITY, openRule({ classes: ["department"], countMax: 1 })),
  );
  ledger.given(nation, suspendOf(CITY));
  const faulty = { rule: openRule(), attributes: attributesOfBytes(DESCRIPTION_BYTES_MAX) };
  const person = `${LAMPS}/11010519491231002X`;
  expect(ledger.attempt(stranger, delegateOf(person, new Uint8Array(20), faulty))).toBe("PERSONAL_NUMBER");
  const other = `${CITY}.03`;
  expect(ledger.attempt(stranger, delegateOf(other, new Uint8Array(20), faulty))).toBe("NOT_AUTHORISED");
  expect(ledger.attempt(city, delegateOf(other, new Uint8Array(20), faulty))).toBe("PREFIX_SUSPENDED");
  ledger.given(nation, reinstateOf(CITY));
  expect(ledger.attempt(city, delegateOf(other, new Uint8Array(20), faulty))).toBe("RULE_ATTRIBUTE");
  const right = { ...faulty, class: "department" };
  expect(ledger.attempt(city, delegateOf(other, new Uint8Array(20), right))).toBe("RULE_COUNT");
  ledger.given(city, setRuleOf(CITY, openRule({ countMax: 9 })));
  expect(ledger.attempt(city, delegateOf(BUREAU, new Uint8Array(20), right))).toBe("PREFIX_TAKEN");
  expect(ledger.attempt(city, delegateOf(other, new Uint8Array(20), right))).toBe("RULE_WIDENS");
  const bound = { ...right, rule: null };
  expect(ledger.attempt(city, delegateOf(other, new Uint8Array(20), bound))).toBe("RECORD_TOO_LARGE");
  expect(ledger.attempt(city, delegateOf(other, new Uint8Array(20), { ...bound, attributes: [] }))).toBe(
    "HOLDER_UNKNOWN",
  );
});

test("a code that was handed on alone goes with its prefix once it is delegated", () => {
  const { ledger, nation, city } = testCity();
  const code = `${CITY}.07`;
  ledger.given(city, issueOf(code));
  // A delegator that hands a code to itself keeps no say over what it delegates afterwards.
  ledger.given(city, transferOf(code, city), delegateOf(code, bureau));
  const record = decodeRecord(ledger.state.get(codeKey(code as Code))!)!;
  expect(record.holder).toBeNull();
  expect(ledger.attempt(city, transferOf(code, nation))).toBe("NOT_AUTHORISED");
  expect(ledger.attempt(bureau, transferOf(code, nation))).toBe("ok");
});
