import type { Code } from "@cityroot/codes/ma/code";
import { describe, expect, test } from "vitest";
import { GENESIS_TIME_MS, issueOf, testHolder } from "../ledger.testing.ts";
import { DESCRIPTION_BYTES_MAX, RANGE_COUNT_MAX } from "../limits.ts";
import { decodeInterval } from "../state/interval.ts";
import { codeKey } from "../state/key.ts";
import {
  attributesOf,
  attributesOfBytes,
  CITY,
  delegateOf,
  LAMPS,
  openRule,
  rangeOf,
  reinstateOf,
  retireOf,
  ruleOfShapes,
  setRuleOf,
  suspendOf,
  testBatch,
  testCity,
  transferOf,
  updateOf,
} from "./operation.testing.ts";

const FIRST = `${LAMPS}/000100` as Code;
const SINCE = { height: 2, timeMs: GENESIS_TIME_MS + 2_000 };
const NAME = attributesOf([["name", [["en", "Lamp"]]]]);

test("a range is one entry at its first code", () => {
  const { ledger, city } = testCity();
  const before = ledger.state.entries().length;
  ledger.given(city, rangeOf(FIRST, 4, 2_000, { class: "lamp", attributes: NAME }));
  // The range, the tally and the block's replay entry.
  expect(ledger.state.entries().length - before).toBe(3);
  expect(decodeInterval(FIRST, ledger.state.get(codeKey(FIRST))!)).toEqual({
    type: "range",
    first: FIRST,
    last: `${LAMPS}/002099`,
    digits: 4,
    count: 2_000,
    since: SINCE,
    class: "lamp",
    attributes: NAME,
    links: [],
    commitments: [],
  });
});

describe("a code of a range gets a record of its own when it changes:", () => {
  const codes = [FIRST, `${LAMPS}/000150`, `${LAMPS}/000199`];

  test.each(codes)("%s", (code) => {
    const { ledger, city } = testCity();
    ledger.given(city, rangeOf(FIRST, 6, 100, { class: "lamp", attributes: NAME }));
    ledger.given(city, suspendOf(code));
    const implied = { class: "lamp", attributes: NAME, within: FIRST, holder: null };
    expect(ledger.recordOf(code)).toMatchObject({ ...implied, version: 2, status: "suspended" });
    expect(ledger.recordOf(code)?.peaks).toHaveLength(32);
    ledger.given(city, retireOf(code));
    expect(ledger.recordOf(code)).toMatchObject({ ...implied, version: 3, status: "retired" });
  });

  test.each(codes)("and all others stay issued when it is %s", (code) => {
    const { ledger, city } = testCity();
    ledger.given(city, rangeOf(FIRST, 6, 100, { class: "lamp" }));
    ledger.given(city, suspendOf(code));
    ledger.given(city, reinstateOf(code));
    for (const other of codes) {
      expect(ledger.attempt(city, issueOf(other)), other).toBe("CODE_TAKEN");
      expect(ledger.attempt(city, rangeOf(other, 6, 1)), other).toBe("INTERVAL_OVERLAPS");
    }
    for (const other of codes) {
      expect(ledger.attempt(city, updateOf(other, { attributes: NAME })), other).toBe("ok");
      const record = ledger.recordOf(other);
      expect(record, other).toMatchObject({ class: "lamp", within: FIRST, version: other === code ? 4 : 2 });
    }
    expect(decodeInterval(FIRST, ledger.state.get(codeKey(FIRST))!)).toMatchObject({
      count: 100,
      since: SINCE,
    });
  });

  test("the first code's record carries the range in every version, and is itself as long as any", () => {
    const { ledger, nation, city } = testCity();
    const attributes = attributesOfBytes(5_000);
    ledger.given(city, rangeOf(FIRST, 6, 100, { attributes }));
    const entry = ledger.state.get(codeKey(FIRST))!;
    const bureau = testHolder("Bureau", 4);
    ledger.given(city, updateOf(FIRST, { attributes: attributesOf([["place", [1, 2]]]) }));
    ledger.given(city, delegateOf(FIRST, bureau));
    ledger.given(bureau, transferOf(FIRST, nation));
    ledger.given(city, retireOf(FIRST));
    expect(ledger.recordOf(FIRST)).toMatchObject({ version: 3, interval: entry, status: "retired" });
    expect(ledger.attempt(city, suspendOf(`${LAMPS}/000101`))).toBe("ok");
    expect(ledger.recordOf(`${LAMPS}/000101`)).toMatchObject({ attributes, within: FIRST });
    expect(ledger.recordOf(`${LAMPS}/000101`)).not.toHaveProperty("interval");
  });
});

describe("INTERVAL_MALFORMED:", () => {
  test.each([
    ["no digits", FIRST, 0, 1],
    ["more digits than the node has", FIRST, 7, 1],
    ["digits that the node does not end in", `${LAMPS}/A1`, 2, 1],
    ["more digits than can be counted", `${LAMPS}/0000000000000000`, 16, 1],
    ["no codes", FIRST, 6, 0],
    ["more codes than a range may have", `${LAMPS}/000000000000000`, 15, RANGE_COUNT_MAX + 1],
    ["more codes than the digits hold", `${LAMPS}/000099`, 2, 2],
    ["digits that reach over a separator", "MA.156.1301", 5, 1],
    ["letters of a country", "MA.156", 5, 1],
  ])("%s", (_, first, digits, count) => {
    const { ledger, city } = testCity();
    expect(ledger.attempt(city, rangeOf(first, digits, count))).toBe("INTERVAL_MALFORMED");
  });

  test("but all codes that the digits hold are a range", () => {
    const { ledger, city } = testCity();
    expect(ledger.attempt(city, rangeOf(`${LAMPS}/000000000000000`, 15, RANGE_COUNT_MAX))).toBe("ok");
    expect(ledger.attempt(city, rangeOf(`${LAMPS}2/9`, 1, 1))).toBe("ok");
    expect(ledger.attempt(city, rangeOf(`${LAMPS}/A90`, 2, 10))).toBe("ok");
    expect(ledger.attempt(city, issueOf(`${LAMPS}/A99`))).toBe("CODE_TAKEN");
    expect(ledger.attempt(city, issueOf(`${LAMPS}/A89`))).toBe("ok");
  });
});

describe("INTERVAL_OVERLAPS: nothing was ever issued from first to last", () => {
  test("neither a code in between, at an end, nor below one", () => {
    for (const code of [
      FIRST,
      `${LAMPS}/000150`,
      `${LAMPS}/000199`,
      `${LAMPS}/000150.1`,
      `${LAMPS}/0001501`,
    ]) {
      const { ledger, city } = testCity();
      ledger.given(city, issueOf(code));
      expect(ledger.attempt(city, rangeOf(FIRST, 6, 100)), code).toBe("INTERVAL_OVERLAPS");
    }
  });

  test("what lies beside it or below its last code is no hindrance", () => {
    const { ledger, city } = testCity();
    ledger.given(
      city,
      ...[`${LAMPS}/000099`, `${LAMPS}/000099.1`, `${LAMPS}/000199.1`, `${LAMPS}/000200`].map((code) =>
        issueOf(code),
      ),
    );
    expect(ledger.attempt(city, rangeOf(FIRST, 6, 100))).toBe("ok");
  });

  test("nor another interval, wherever it reaches in", () => {
    const others = [
      rangeOf(`${LAMPS}/000050`, 6, 51),
      rangeOf(`${LAMPS}/000199`, 6, 9),
      rangeOf(FIRST, 6, 100),
    ];
    const batches = [
      [`${LAMPS}/0000A`, `${LAMPS}/000150`],
      [`${LAMPS}/000120`, `${LAMPS}/000130`],
    ].map((codes) => testBatch(codes).operation);
    for (const [at, other] of [...others, ...batches].entries()) {
      const { ledger, city } = testCity();
      ledger.given(city, other);
      expect(ledger.attempt(city, rangeOf(FIRST, 6, 100)), `interval ${at}`).toBe("INTERVAL_OVERLAPS");
    }
  });

  test("also not within an interval of which codes have records of their own", () => {
    const { ledger, city } = testCity();
    ledger.given(city, rangeOf(FIRST, 6, 100));
    ledger.given(city, retireOf(FIRST), retireOf(`${LAMPS}/000120`));
    expect(ledger.attempt(city, rangeOf(`${LAMPS}/000110`, 6, 5))).toBe("INTERVAL_OVERLAPS");
    expect(ledger.attempt(city, rangeOf(`${LAMPS}/000150`, 6, 5))).toBe("INTERVAL_OVERLAPS");
    expect(ledger.attempt(city, rangeOf(`${LAMPS}/000150.0`, 1, 5))).toBe("INTERVAL_OVERLAPS");
    expect(ledger.attempt(city, rangeOf(`${LAMPS}/000200`, 6, 5))).toBe("ok");
  });
});

describe("every code of a range conforms to the rules:", () => {
  test("a list of values is no room for a range", () => {
    const { ledger, city } = testCity();
    ledger.given(city, setRuleOf(CITY, ruleOfShapes("issue .02/60.10000000.1/(000100|000101)")));
    expect(ledger.attempt(city, rangeOf(FIRST, 1, 2))).toBe("RULE_SHAPE");
  });

  test("nor are codes with a check character", () => {
    const { ledger, city } = testCity();
    ledger.given(city, setRuleOf(CITY, openRule({ checkCharacter: true })));
    const outcomes = Array.from({ length: 100 }, (_, serial) =>
      ledger.attempt(city, rangeOf(`${LAMPS}/${100 + serial}`, 1, 1)),
    );
    expect(new Set(outcomes)).toEqual(new Set(["RULE_SHAPE", "RULE_CHECK_CHARACTER"]));
  });

  test("a sequence goes on with a range", () => {
    const { ledger, city } = testCity();
    ledger.given(city, setRuleOf(CITY, openRule({ sequence: true })));
    expect(ledger.attempt(city, rangeOf(FIRST, 6, 10))).toBe("RULE_SEQUENCE");
    ledger.given(city, rangeOf(`${LAMPS}/000000`, 6, 100));
    expect(ledger.attempt(city, rangeOf(FIRST, 2, 10))).toBe("ok");
    expect(ledger.attempt(city, rangeOf(`${LAMPS}/000111`, 6, 10))).toBe("RULE_SEQUENCE");
  });

  test("each of its codes counts", () => {
    const { ledger, city } = testCity();
    ledger.given(city, setRuleOf(CITY, openRule({ countMax: 10 })));
    expect(ledger.attempt(city, rangeOf(FIRST, 6, 11))).toBe("RULE_COUNT");
    expect(ledger.attempt(city, rangeOf(FIRST, 6, 10))).toBe("ok");
    expect(ledger.attempt(city, rangeOf(`${LAMPS}/000110`, 6, 1))).toBe("RULE_COUNT");
  });
});

/** Goal: the order of checks is that of the spec. Method: one request with every fault; each is mended in turn. */
test("the first refusal is the one that is named", () => {
  const { ledger, nation, city, stranger } = testCity();
  const large = { attributes: attributesOfBytes(DESCRIPTION_BYTES_MAX) };
  ledger.given(
    city,
    issueOf(FIRST),
    setRuleOf(CITY, openRule({ countMax: 8, sequence: true, classes: ["lamp"] })),
  );
  ledger.given(nation, suspendOf(CITY));
  const number = `${LAMPS}/110105194912310021`;
  expect(ledger.attempt(stranger, rangeOf(`${LAMPS}/11010519491231002X`, 0, 9, large))).toBe(
    "INTERVAL_MALFORMED",
  );
  expect(ledger.attempt(stranger, rangeOf(number.replace("0021", "0028"), 1, 1, large))).toBe(
    "NOT_AUTHORISED",
  );
  expect(ledger.attempt(city, rangeOf(FIRST, 6, 9, large))).toBe("PREFIX_SUSPENDED");
  ledger.given(nation, reinstateOf(CITY));
  expect(ledger.attempt(city, rangeOf(FIRST, 6, 9, large))).toBe("RULE_ATTRIBUTE");
  const lamp = { ...large, class: "lamp" };
  expect(ledger.attempt(city, rangeOf(FIRST, 6, 9, lamp))).toBe("RULE_COUNT");
  expect(ledger.attempt(city, rangeOf(FIRST, 6, 3, lamp))).toBe("RULE_SEQUENCE");
  ledger.given(city, setRuleOf(CITY, openRule()));
  expect(ledger.attempt(city, rangeOf(FIRST, 6, 3, lamp))).toBe("INTERVAL_OVERLAPS");
  expect(ledger.attempt(city, rangeOf(`${LAMPS}/000101`, 6, 3, lamp))).toBe("RECORD_TOO_LARGE");
  expect(ledger.attempt(city, rangeOf(`${LAMPS}/000101`, 6, 3))).toBe("ok");
});

test("the first code is no number of a person", () => {
  const { ledger, city } = testCity();
  // The last digit is the check that makes a number of it.
  const outcomes = Array.from({ length: 10 }, (_, digit) =>
    ledger.attempt(city, rangeOf(`${LAMPS}/11010519491231001${digit}`, 1, 1)),
  );
  expect(outcomes.filter((name) => name === "PERSONAL_NUMBER")).toHaveLength(1);
});
