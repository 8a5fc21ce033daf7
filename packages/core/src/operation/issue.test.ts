import type { Code } from "@cityroot/codes/ma/code";
import { describe, expect, test } from "vitest";
import { GENESIS_TIME_MS, issueOf, keySetOfSeeds, nameOf, seedOf, testHolder } from "../ledger.testing.ts";
import { DESCRIPTION_BYTES_MAX } from "../limits.ts";
import { tallyKey } from "../state/key.ts";
import { decodeTally } from "../state/prefix.ts";
import {
  attributesOf,
  attributesOfBytes,
  BUREAU,
  CITY,
  delegateOf,
  LAMP,
  LAMPS,
  openRule,
  rangeOf,
  retireOf,
  ruleOf,
  setRuleOf,
  suspendOf,
  testBatch,
  testCity,
} from "./operation.testing.ts";

const NAME = attributesOf([["name", [["en", "Lamp"]]]]);

test("an issued code has a record at its first version, of the block it came in", () => {
  const { ledger, city } = testCity();
  const links = [{ rel: "describedby", href: "https://example.org/1", type: null, lang: null, title: null }];
  const commitments = [{ name: "owner", digest: new Uint8Array(32).fill(9) }];
  ledger.given(city, issueOf(LAMP, { class: "street-lamp", attributes: NAME, links, commitments }));
  expect(ledger.recordOf(LAMP)).toEqual({
    version: 1,
    since: { height: 2, timeMs: GENESIS_TIME_MS + 2000 },
    peaks: new Uint8Array(0),
    status: "active",
    class: "street-lamp",
    attributes: NAME,
    links: [["describedby", "https://example.org/1", null, null, null]],
    commitments: [["owner", new Uint8Array(32).fill(9)]],
    within: null,
    holder: null,
    succession: null,
    reason: null,
  });
});

test("each issued code counts for the prefix that issued it, and for no other", () => {
  const { ledger, nation, city } = testCity();
  ledger.given(city, issueOf(`${LAMPS}/1`), issueOf(`${LAMPS}/2`));
  ledger.given(nation, issueOf("MA.156.44"));
  expect(decodeTally(ledger.state.get(tallyKey(CITY as Code)))).toBe(2);
  // The nation delegated the city's prefix, which counts too.
  expect(decodeTally(ledger.state.get(tallyKey("MA.156" as Code)))).toBe(2);
});

describe("an organisation issues only below its own prefix:", () => {
  test("not beside it, not above it, not the prefix itself", () => {
    const { ledger, city } = testCity();
    expect(ledger.attempt(city, issueOf("MA.156.1302"))).toBe("NOT_AUTHORISED");
    expect(ledger.attempt(city, issueOf("MA.156.13"))).toBe("NOT_AUTHORISED");
    // The same text longer, which is no node below.
    expect(ledger.attempt(city, issueOf("MA.156.13011"))).toBe("NOT_AUTHORISED");
    expect(ledger.attempt(city, issueOf(CITY))).toBe("NOT_AUTHORISED");
  });

  test("who delegated a prefix has no say below it any more", () => {
    const { ledger, nation } = testCity();
    expect(ledger.attempt(nation, issueOf(BUREAU))).toBe("NOT_AUTHORISED");
    expect(ledger.attempt(nation, issueOf(LAMP))).toBe("NOT_AUTHORISED");
  });

  test("where nobody holds anything, nobody issues", () => {
    const { ledger, city } = testCity();
    expect(ledger.attempt(city, issueOf("MA.840.1"))).toBe("PREFIX_UNKNOWN");
    expect(ledger.attempt(city, issueOf("MA.156"))).toBe("PREFIX_UNKNOWN");
  });
});

describe("a code is issued once:", () => {
  test("not again, also after it retired", () => {
    const { ledger, city } = testCity();
    ledger.given(city, issueOf(LAMP));
    expect(ledger.attempt(city, issueOf(LAMP))).toBe("CODE_TAKEN");
    ledger.given(city, retireOf(LAMP));
    expect(ledger.attempt(city, issueOf(LAMP))).toBe("CODE_TAKEN");
  });

  test("not twice in one transaction, and then not at all", () => {
    const { ledger, city } = testCity();
    const outcome = ledger.run(city, issueOf(LAMP), issueOf(LAMP));
    expect(outcome).toMatchObject({ ok: false, rejection: { name: "CODE_TAKEN", operation: 1 } });
    expect(ledger.recordOf(LAMP)).toBeUndefined();
  });

  test("not a prefix, a code of a range, or one among a batch's items", () => {
    const { ledger, nation, city } = testCity();
    expect(ledger.attempt(nation, issueOf(CITY))).toBe("CODE_TAKEN");
    ledger.given(city, rangeOf(`${LAMPS}/000100`, 6, 100));
    expect(ledger.attempt(city, issueOf(`${LAMPS}/000100`))).toBe("CODE_TAKEN");
    expect(ledger.attempt(city, issueOf(`${LAMPS}/000199`))).toBe("CODE_TAKEN");
    ledger.given(city, testBatch([`${LAMPS}/A1`, `${LAMPS}/A9`]).operation);
    expect(ledger.attempt(city, issueOf(`${LAMPS}/A1`))).toBe("INTERVAL_OVERLAPS");
    expect(ledger.attempt(city, issueOf(`${LAMPS}/A5`))).toBe("INTERVAL_OVERLAPS");
  });

  test("what lies between a range's codes without being one of them is free, and says so", () => {
    const { ledger, city } = testCity();
    ledger.given(
      city,
      rangeOf(`${LAMPS}/000100`, 6, 100),
      testBatch([`${LAMPS}/A1`, `${LAMPS}/A9`]).operation,
    );
    ledger.given(city, issueOf(`${LAMPS}/0001000`), issueOf(`${LAMPS}/000150.1`), issueOf(`${LAMPS}/A5.1`));
    expect(ledger.recordOf(`${LAMPS}/0001000`)?.within).toBe(`${LAMPS}/000100`);
    expect(ledger.recordOf(`${LAMPS}/000150.1`)?.within).toBe(`${LAMPS}/000100`);
    expect(ledger.recordOf(`${LAMPS}/A5.1`)?.within).toBe(`${LAMPS}/A1`);
    ledger.given(city, issueOf(`${LAMPS}/000099`), issueOf(`${LAMPS}/000200`));
    expect(ledger.recordOf(`${LAMPS}/000099`)?.within).toBeNull();
    expect(ledger.recordOf(`${LAMPS}/000200`)?.within).toBeNull();
  });
});

describe("a prefix that is not in use issues nothing:", () => {
  test.each([
    ["suspended", suspendOf, "PREFIX_SUSPENDED"],
    ["retired", retireOf, "PREFIX_RETIRED"],
  ] as const)("%s", (_, changeOf, name) => {
    const { ledger, nation, city } = testCity();
    ledger.given(nation, changeOf(CITY));
    expect(ledger.attempt(city, issueOf(LAMP))).toBe(name);
  });

  test("nor does one below it", () => {
    const { ledger, nation, city } = testCity();
    const bureau = testHolder("Bureau", 4);
    ledger.given(city, delegateOf(BUREAU, bureau));
    ledger.given(nation, suspendOf(CITY));
    expect(ledger.attempt(bureau, issueOf(LAMP))).toBe("PREFIX_SUSPENDED");
  });
});

describe("the rules from the root prefix down bind:", () => {
  test("a rule of the nation binds the city too", () => {
    const { ledger, city } = testCity(ruleOf({ shapes: ["any .<d4>**"], classes: ["division", "lamp"] }));
    expect(ledger.attempt(city, issueOf(LAMP))).toBe("RULE_ATTRIBUTE");
    expect(ledger.attempt(city, issueOf(LAMP, { class: "lamp" }))).toBe("ok");
  });

  test("RULE_SHAPE", () => {
    const { ledger, city } = testCity();
    ledger.given(city, setRuleOf(CITY, ruleOf({ shapes: ["issue .<d2>/60.10000000.1/<d6>"] })));
    expect(ledger.attempt(city, issueOf(`${LAMPS}/00012A`))).toBe("RULE_SHAPE");
    expect(ledger.attempt(city, issueOf(`${LAMPS}/0000123`))).toBe("RULE_SHAPE");
    expect(ledger.attempt(city, issueOf(LAMP))).toBe("ok");
  });

  test("RULE_UNTIL: the block's time decides, and the last millisecond still counts", () => {
    const { ledger, city } = testCity();
    ledger.given(city, setRuleOf(CITY, openRule({ untilMs: GENESIS_TIME_MS + 10_000 })));
    const [before] = ledger.block(
      [ledger.transaction(city, [issueOf(`${LAMPS}/1`)])],
      GENESIS_TIME_MS + 9_999,
    );
    const [after] = ledger.block(
      [ledger.transaction(city, [issueOf(`${LAMPS}/2`)])],
      GENESIS_TIME_MS + 10_000,
    );
    expect([nameOf(before!), nameOf(after!)]).toEqual(["ok", "RULE_UNTIL"]);
  });

  test("RULE_ATTRIBUTE: a class that is not allowed, an attribute that is missing", () => {
    const { ledger, city } = testCity();
    const required = [{ class: "lamp", attributes: ["name"] }];
    ledger.given(city, setRuleOf(CITY, openRule({ classes: ["lamp"], required })));
    expect(ledger.attempt(city, issueOf(LAMP))).toBe("RULE_ATTRIBUTE");
    expect(ledger.attempt(city, issueOf(LAMP, { class: "lamp" }))).toBe("RULE_ATTRIBUTE");
    expect(ledger.attempt(city, issueOf(LAMP, { class: "lamp", attributes: NAME }))).toBe("ok");
  });

  test("RULE_CHECK_CHARACTER", () => {
    const { ledger, city } = testCity();
    ledger.given(city, setRuleOf(CITY, openRule({ checkCharacter: true })));
    const outcomes = [..."0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"].map((check) =>
      ledger.attempt(city, issueOf(`${LAMPS}/17${check}`)),
    );
    expect(outcomes.filter((name) => name === "ok")).toHaveLength(1);
    expect(new Set(outcomes)).toEqual(new Set(["ok", "RULE_CHECK_CHARACTER"]));
  });

  test("RULE_COUNT: what the prefix itself issued, ranges and batches with each of their codes", () => {
    const { ledger, city } = testCity();
    ledger.given(city, setRuleOf(CITY, openRule({ countMax: 6 })));
    ledger.given(city, rangeOf(`${LAMPS}/100`, 3, 3), testBatch([`${LAMPS}/A1`, `${LAMPS}/A2`]).operation);
    expect(ledger.attempt(city, issueOf(`${LAMPS}/1`), issueOf(`${LAMPS}/2`))).toBe("RULE_COUNT");
    expect(ledger.attempt(city, issueOf(`${LAMPS}/1`))).toBe("ok");
    expect(ledger.attempt(city, issueOf(`${LAMPS}/2`))).toBe("RULE_COUNT");
  });

  test("RULE_COUNT is of the prefix that carries the rule: a bureau below has its own count", () => {
    const { ledger, city } = testCity();
    const bureau = testHolder("Bureau", 4);
    ledger.given(city, setRuleOf(CITY, openRule({ countMax: 1 })));
    ledger.given(city, delegateOf(BUREAU, bureau));
    expect(ledger.attempt(city, issueOf(`${CITY}.03`))).toBe("RULE_COUNT");
    expect(ledger.attempt(bureau, issueOf(LAMP), issueOf(`${LAMPS}/8`), issueOf(`${LAMPS}/9`))).toBe("ok");
  });

  test("a count beyond what numbers can hold stays at the greatest, and does not begin anew", () => {
    const { ledger, city } = testCity();
    for (let serial = 10; serial < 20; serial++) {
      ledger.given(city, rangeOf(`${LAMPS}/${serial}000000000000000`, 15, 1_000_000_000_000_000));
    }
    expect(decodeTally(ledger.state.get(tallyKey(CITY as Code)))).toBe(Number.MAX_SAFE_INTEGER);
    ledger.given(city, setRuleOf(CITY, openRule({ countMax: Number.MAX_SAFE_INTEGER })));
    expect(ledger.attempt(city, issueOf(LAMP))).toBe("RULE_COUNT");
  });
});

describe("a sequence", () => {
  test("begins at 0 or 1 and counts up by one below each parent", () => {
    const { ledger, city } = testCity();
    ledger.given(city, setRuleOf(CITY, openRule({ sequence: true })));
    expect(ledger.attempt(city, issueOf(`${LAMPS}/002`))).toBe("RULE_SEQUENCE");
    expect(ledger.attempt(city, issueOf(`${LAMPS}/00A`))).toBe("RULE_SEQUENCE");
    ledger.given(city, issueOf(`${LAMPS}/001`), issueOf(`${LAMPS}/002`));
    expect(ledger.attempt(city, issueOf(`${LAMPS}/004`))).toBe("RULE_SEQUENCE");
    expect(ledger.attempt(city, issueOf(`${LAMPS}/003`))).toBe("ok");
    expect(ledger.attempt(city, issueOf(`${CITY}.02/60.10000000.2/000`))).toBe("ok");
  });

  test("passes over what lies below a serial", () => {
    const { ledger, city } = testCity();
    ledger.given(city, issueOf(`${LAMPS}/001`), issueOf(`${LAMPS}/001.7`), issueOf(`${LAMPS}/001.7.3`));
    ledger.given(city, setRuleOf(CITY, openRule({ sequence: true })));
    expect(ledger.attempt(city, issueOf(`${LAMPS}/008`))).toBe("RULE_SEQUENCE");
    expect(ledger.attempt(city, issueOf(`${LAMPS}/002`))).toBe("ok");
    expect(ledger.attempt(city, issueOf(`${LAMPS}/001.9`))).toBe("RULE_SEQUENCE");
    expect(ledger.attempt(city, issueOf(`${LAMPS}/002.1`))).toBe("ok");
  });

  test("goes on after a range, also when one of its codes has a record of its own", () => {
    const { ledger, city } = testCity();
    ledger.given(city, setRuleOf(CITY, openRule({ sequence: true })));
    ledger.given(city, rangeOf(`${LAMPS}/000`, 3, 50));
    expect(ledger.attempt(city, issueOf(`${LAMPS}/049`))).toBe("CODE_TAKEN");
    ledger.given(city, retireOf(`${LAMPS}/020`), retireOf(`${LAMPS}/049`));
    expect(ledger.attempt(city, issueOf(`${LAMPS}/051`))).toBe("RULE_SEQUENCE");
    ledger.given(city, issueOf(`${LAMPS}/050`));
    ledger.given(city, rangeOf(`${LAMPS}/051`, 3, 10));
    ledger.given(city, retireOf(`${LAMPS}/055`));
    expect(ledger.attempt(city, issueOf(`${LAMPS}/056`))).toBe("CODE_TAKEN");
    expect(ledger.attempt(city, issueOf(`${LAMPS}/061`))).toBe("ok");
  });

  test("does not begin anew below a code of a range", () => {
    const { ledger, city } = testCity();
    ledger.given(city, rangeOf(`${LAMPS}/000`, 3, 50), issueOf(`${LAMPS}/020.01`));
    ledger.given(city, setRuleOf(CITY, openRule({ sequence: true })));
    expect(ledger.attempt(city, issueOf(`${LAMPS}/020.01`))).toBe("CODE_TAKEN");
    expect(ledger.attempt(city, issueOf(`${LAMPS}/020.03`))).toBe("RULE_SEQUENCE");
    expect(ledger.attempt(city, issueOf(`${LAMPS}/020.02`))).toBe("ok");
    expect(ledger.attempt(city, issueOf(`${LAMPS}/021.01`))).toBe("ok");
  });

  test("ends where its digits end", () => {
    const { ledger, city } = testCity();
    ledger.given(city, rangeOf(`${LAMPS}/0`, 1, 10));
    ledger.given(city, setRuleOf(CITY, openRule({ sequence: true })));
    expect(ledger.attempt(city, issueOf(`${LAMPS}/10`))).toBe("RULE_SEQUENCE");
  });
});

describe("who signs:", () => {
  const seeds = [seedOf(20), seedOf(21), seedOf(22)];
  const [root, registrar, records] = seeds as [Uint8Array, Uint8Array, Uint8Array];
  const all = keySetOfSeeds(seeds);
  const roles = {
    root: { keys: [0], needed: 1 },
    registrar: { keys: [1], needed: 1 },
    records: { keys: [2], needed: 1 },
  };
  const bureau = testHolder("Bureau", 20, { ...all, roles }, seeds);

  function attempt(rule: ReturnType<typeof openRule> | null, signers: readonly Uint8Array[]) {
    const { ledger, city } = testCity();
    ledger.given(city, delegateOf(BUREAU, bureau, { rule }));
    const transaction = ledger.transaction(bureau, [issueOf(LAMP)], { seeds: signers });
    return nameOf(ledger.block([transaction])[0]!);
  }

  test.each([
    ["no rule", null],
    ["a rule for records", openRule({ issuer: "records" })],
  ] as const)("with %s, keys of records or of the registrar", (_, rule) => {
    expect(attempt(rule, [records])).toBe("ok");
    expect(attempt(rule, [registrar])).toBe("ok");
    expect(attempt(rule, [root])).toBe("BELOW_THRESHOLD");
  });

  test("with a rule for the registrar, only its keys", () => {
    const rule = openRule({ issuer: "registrar" });
    expect(attempt(rule, [registrar])).toBe("ok");
    expect(attempt(rule, [registrar, records])).toBe("ok");
    expect(attempt(rule, [records])).toBe("RULE_ROLE");
    expect(attempt(rule, [root])).toBe("BELOW_THRESHOLD");
  });
});

describe("a code is no number of a person:", () => {
  test.each([
    `${LAMPS}/11010519491231002X`,
    `${LAMPS}/11010519491231002X.1`,
    `${LAMPS}/X-11010519491231002x`,
    // A number of another kind before it does not hide it.
    `${LAMPS}/13800138000.11010519491231002X`,
  ])("%s", (code) => {
    const { ledger, city } = testCity();
    expect(ledger.attempt(city, issueOf(code))).toBe("PERSONAL_NUMBER");
  });

  test("but serials of eleven and of fifteen digits are common", () => {
    const { ledger, city } = testCity();
    expect(ledger.attempt(city, issueOf(`${LAMPS}/13800138000`))).toBe("ok");
    expect(ledger.attempt(city, issueOf(`${LAMPS}/110105491231002`))).toBe("ok");
  });
});

test("a record is at most as long as it may be", () => {
  const { ledger, city } = testCity();
  const attributes = attributesOfBytes(DESCRIPTION_BYTES_MAX);
  expect(ledger.attempt(city, issueOf(LAMP, { attributes }))).toBe("RECORD_TOO_LARGE");
  expect(ledger.recordOf(LAMP)).toBeUndefined();
  const shorter = attributesOfBytes(DESCRIPTION_BYTES_MAX - 500);
  expect(ledger.attempt(city, issueOf(LAMP, { attributes: shorter }))).toBe("ok");
});

/** Goal: the order of checks is that of the spec. Method: one request with every fault; each is mended in turn. */
test("the first refusal is the one that is named", () => {
  const { ledger, nation, city, stranger } = testCity();
  const rule = (limits: object): ReturnType<typeof openRule> => openRule({ countMax: 2, ...limits });
  ledger.given(city, rangeOf(`${LAMPS}/100`, 3, 10));
  ledger.given(city, setRuleOf(CITY, rule({ classes: ["lamp"], sequence: true, untilMs: GENESIS_TIME_MS })));
  ledger.given(nation, suspendOf(CITY));
  const large = { class: "asset", attributes: attributesOfBytes(DESCRIPTION_BYTES_MAX) };
  const number = issueOf(`${LAMPS}/11010519491231002X`, large);
  const asLamp = { ...large, class: "lamp" };
  expect(ledger.attempt(stranger, number)).toBe("PERSONAL_NUMBER");
  const taken = issueOf(`${LAMPS}/100`, large);
  expect(ledger.attempt(stranger, taken)).toBe("NOT_AUTHORISED");
  expect(ledger.attempt(city, taken)).toBe("PREFIX_SUSPENDED");
  ledger.given(nation, { type: "reinstate", code: CITY as Code, item: null });
  expect(ledger.attempt(city, taken)).toBe("RULE_UNTIL");
  ledger.given(city, setRuleOf(CITY, rule({ classes: ["lamp"], sequence: true })));
  expect(ledger.attempt(city, taken)).toBe("RULE_ATTRIBUTE");
  const allowed = issueOf(`${LAMPS}/100`, asLamp);
  expect(ledger.attempt(city, allowed)).toBe("RULE_COUNT");
  ledger.given(city, setRuleOf(CITY, openRule({ sequence: true })));
  expect(ledger.attempt(city, allowed)).toBe("CODE_TAKEN");
  expect(ledger.attempt(city, issueOf(`${LAMPS}/111`, asLamp))).toBe("RULE_SEQUENCE");
  expect(ledger.attempt(city, issueOf(`${LAMPS}/110`, asLamp))).toBe("RECORD_TOO_LARGE");
  expect(ledger.attempt(city, issueOf(`${LAMPS}/110`))).toBe("ok");
});
