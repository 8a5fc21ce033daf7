import { describe, expect, test } from "vitest";
import { GENESIS_TIME_MS, issueOf, testHolder } from "../ledger.testing.ts";
import { DESCRIPTION_BYTES_MAX } from "../limits.ts";
import {
  attributesOf,
  attributesOfBytes,
  BUREAU,
  CHINA,
  CITY,
  delegateOf,
  LAMP,
  openRule,
  reinstateOf,
  retireOf,
  ruleOf,
  setRuleOf,
  suspendOf,
  testCity,
  transferOf,
  updateOf,
} from "./operation.testing.ts";

const NAME = attributesOf([["name", [["en", "Lamp"]]]]);
const MODEL = attributesOf([["model", "M-1"]]);
const LINK = { rel: "describedby", href: "https://example.org/1", type: null, lang: null, title: null };
const COMMITMENT = { name: "owner", digest: new Uint8Array(32).fill(9) };

test("an update sets and removes attributes, and leaves what it does not name", () => {
  const { ledger, city } = testCity();
  ledger.given(
    city,
    issueOf(LAMP, { attributes: [...MODEL, ...NAME], links: [LINK], commitments: [COMMITMENT] }),
  );
  ledger.given(
    city,
    updateOf(LAMP, {
      attributes: [
        ["material", "steel"],
        ["model", null],
      ],
    }),
  );
  expect(ledger.recordOf(LAMP)).toMatchObject({
    version: 2,
    since: { height: 3, timeMs: GENESIS_TIME_MS + 3_000 },
    attributes: [["material", "steel"], ...NAME],
    links: [["describedby", "https://example.org/1", null, null, null]],
    commitments: [["owner", COMMITMENT.digest]],
    class: "asset",
    status: "active",
  });
});

test("links and commitments are replaced whole", () => {
  const { ledger, city } = testCity();
  ledger.given(city, issueOf(LAMP, { links: [LINK], commitments: [COMMITMENT] }));
  ledger.given(city, updateOf(LAMP, { links: [], commitments: [{ ...COMMITMENT, name: "deed" }] }));
  expect(ledger.recordOf(LAMP)).toMatchObject({ links: [], commitments: [["deed", COMMITMENT.digest]] });
});

test("an update that changes nothing is a version too", () => {
  const { ledger, city } = testCity();
  ledger.given(city, issueOf(LAMP), updateOf(LAMP), updateOf(LAMP));
  expect(ledger.recordOf(LAMP)?.version).toBe(3);
});

describe("VERSION_CONFLICT: who names the version that it starts from", () => {
  test("changes that one and no other", () => {
    const { ledger, city } = testCity();
    ledger.given(city, issueOf(LAMP));
    expect(ledger.attempt(city, updateOf(LAMP, { version: 2 }))).toBe("VERSION_CONFLICT");
    expect(ledger.attempt(city, updateOf(LAMP, { version: 0 }))).toBe("VERSION_CONFLICT");
    expect(ledger.attempt(city, updateOf(LAMP, { version: 1 }), updateOf(LAMP, { version: 2 }))).toBe("ok");
    expect(ledger.attempt(city, updateOf(LAMP, { version: 1 }))).toBe("VERSION_CONFLICT");
    expect(ledger.attempt(city, updateOf(LAMP))).toBe("ok");
  });

  test("of two in one block that start from the same version, the first wins", () => {
    const { ledger, city } = testCity();
    ledger.given(city, issueOf(LAMP));
    const outcomes = ledger.block(
      [1, 2].map(() => ledger.transaction(city, [updateOf(LAMP, { version: 1 })])),
    );
    expect(outcomes.map((outcome) => outcome.ok)).toEqual([true, false]);
  });
});

describe("who may:", () => {
  test("the holder of the prefix, also of its own prefix's record", () => {
    const { ledger, nation, city, stranger } = testCity();
    ledger.given(city, issueOf(LAMP));
    expect(ledger.attempt(stranger, updateOf(LAMP))).toBe("NOT_AUTHORISED");
    expect(ledger.attempt(nation, updateOf(LAMP))).toBe("NOT_AUTHORISED");
    expect(ledger.attempt(city, updateOf(CITY, { attributes: NAME }))).toBe("ok");
    expect(ledger.attempt(nation, updateOf(CITY))).toBe("NOT_AUTHORISED");
    expect(ledger.attempt(nation, updateOf(CHINA, { attributes: NAME }))).toBe("ok");
  });

  test("of a code that was handed on, its new holder alone, while the prefix above is in use", () => {
    const { ledger, nation, city, stranger } = testCity();
    ledger.given(city, issueOf(LAMP));
    ledger.given(city, transferOf(LAMP, stranger));
    expect(ledger.attempt(city, updateOf(LAMP))).toBe("NOT_AUTHORISED");
    expect(ledger.attempt(stranger, updateOf(LAMP, { attributes: NAME }))).toBe("ok");
    ledger.given(nation, suspendOf(CITY));
    expect(ledger.attempt(stranger, updateOf(LAMP))).toBe("PREFIX_SUSPENDED");
  });

  test("not while the prefix is out of use", () => {
    const { ledger, nation, city } = testCity();
    const bureau = testHolder("Bureau", 4);
    ledger.given(city, delegateOf(BUREAU, bureau));
    ledger.given(bureau, issueOf(LAMP));
    ledger.given(nation, suspendOf(CITY));
    expect(ledger.attempt(bureau, updateOf(LAMP))).toBe("PREFIX_SUSPENDED");
    ledger.given(nation, retireOf(CITY));
    expect(ledger.attempt(bureau, updateOf(LAMP))).toBe("PREFIX_RETIRED");
  });
});

describe("status:", () => {
  test("a suspended code can still be described, and stays suspended", () => {
    const { ledger, city } = testCity();
    ledger.given(city, issueOf(LAMP), suspendOf(LAMP), updateOf(LAMP, { attributes: NAME }));
    expect(ledger.recordOf(LAMP)).toMatchObject({ status: "suspended", reason: "damaged", attributes: NAME });
  });

  test("CODE_RETIRED: a retired one changes no more", () => {
    const { ledger, city } = testCity();
    ledger.given(city, issueOf(LAMP), retireOf(LAMP));
    expect(ledger.attempt(city, updateOf(LAMP))).toBe("CODE_RETIRED");
  });

  test("CODE_NEVER_ISSUED", () => {
    const { ledger, city } = testCity();
    expect(ledger.attempt(city, updateOf(LAMP))).toBe("CODE_NEVER_ISSUED");
    expect(ledger.attempt(city, updateOf("MA.840"))).toBe("CODE_NEVER_ISSUED");
  });
});

describe("the rules' demands on what is said hold for changes too:", () => {
  test("an attribute that the class needs cannot be removed", () => {
    const rule = ruleOf({ shapes: ["any .<d4>**"], required: [{ class: "lamp", attributes: ["name"] }] });
    const { ledger, city } = testCity(rule);
    ledger.given(city, issueOf(LAMP, { class: "lamp", attributes: NAME }));
    expect(ledger.attempt(city, updateOf(LAMP, { attributes: [["name", null]] }))).toBe("RULE_ATTRIBUTE");
    expect(ledger.attempt(city, updateOf(LAMP, { attributes: [["name", [["zh", "灯"]]]] }))).toBe("ok");
  });

  test("but shape, time and count were for the issuing", () => {
    const { ledger, city } = testCity();
    ledger.given(city, issueOf(LAMP));
    ledger.given(city, setRuleOf(CITY, ruleOf({ shapes: [], untilMs: 0, countMax: 0 })));
    expect(ledger.attempt(city, updateOf(LAMP, { attributes: NAME }))).toBe("ok");
  });
});

/** Goal: the order of checks is that of the spec. Method: one request with every fault; each is mended in turn. */
test("the first refusal is the one that is named", () => {
  const { ledger, nation, city, stranger } = testCity();
  ledger.given(city, issueOf(LAMP), issueOf(`${LAMP}.1`), retireOf(`${LAMP}.1`));
  ledger.given(city, setRuleOf(CITY, openRule({ classes: ["lamp"] })));
  ledger.given(nation, suspendOf(CITY));
  const large = { attributes: attributesOfBytes(DESCRIPTION_BYTES_MAX), version: 9 };
  expect(ledger.attempt(stranger, updateOf(`${LAMP}.2`, large))).toBe("CODE_NEVER_ISSUED");
  expect(ledger.attempt(stranger, updateOf(`${LAMP}.1`, large))).toBe("NOT_AUTHORISED");
  expect(ledger.attempt(city, updateOf(`${LAMP}.1`, large))).toBe("PREFIX_SUSPENDED");
  ledger.given(nation, reinstateOf(CITY));
  expect(ledger.attempt(city, updateOf(`${LAMP}.1`, large))).toBe("CODE_RETIRED");
  expect(ledger.attempt(city, updateOf(LAMP, large))).toBe("VERSION_CONFLICT");
  expect(ledger.attempt(city, updateOf(LAMP, { ...large, version: 1 }))).toBe("RULE_ATTRIBUTE");
  ledger.given(city, setRuleOf(CITY, openRule()));
  expect(ledger.attempt(city, updateOf(LAMP, { ...large, version: 1 }))).toBe("RECORD_TOO_LARGE");
});
