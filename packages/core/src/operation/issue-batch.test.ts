import type { Code } from "@cityroot/codes/ma/code";
import { describe, expect, test } from "vitest";
import { GENESIS_TIME_MS, issueOf } from "../ledger.testing.ts";
import { BATCH_ITEMS_MAX, DESCRIPTION_BYTES_MAX } from "../limits.ts";
import { decodeInterval } from "../state/interval.ts";
import { codeKey } from "../state/key.ts";
import type { BatchItem } from "./batch-item.ts";
import {
  attributesOf,
  attributesOfBytes,
  BUREAU,
  CITY,
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
  updateOf,
} from "./operation.testing.ts";

const CODES = ["A1", "A2", "B7", "C", "Z9"].map((serial) => `${LAMPS}/${serial}` as Code);
const [FIRST, SECOND] = CODES as [Code, Code];
const LAST = CODES[4]!;

test("a batch is one entry at its first code", () => {
  const { ledger, city } = testCity();
  const { operation } = testBatch(CODES, { class: "lamp" });
  ledger.given(city, operation);
  expect(decodeInterval(FIRST, ledger.state.get(codeKey(FIRST))!)).toEqual({
    type: "batch",
    first: FIRST,
    last: LAST,
    count: 5,
    root: operation.root,
    payload: { digest: operation.payloadDigest, sizeBytes: operation.payloadBytes },
    since: { height: 2, timeMs: GENESIS_TIME_MS + 2_000 },
    class: "lamp",
    attributes: [],
    links: [],
    commitments: [],
  });
});

describe("an item gets a record of its own when it changes, by its proof:", () => {
  const links = [["describedby", "https://example.org/z9", null, null, null]];
  const items: (string | BatchItem)[] = [
    ...CODES.slice(0, 4),
    { code: LAST, attributes: attributesOf([["model", "M-9"]]), links },
  ];
  const shared = attributesOf([
    ["manufacturer", [["en", "Works"]]],
    ["model", "M-1"],
  ]);

  test.each(CODES)("%s", (code) => {
    const { ledger, city } = testCity();
    const batch = testBatch(items, { class: "lamp", attributes: shared });
    ledger.given(city, batch.operation);
    ledger.given(city, suspendOf(code, batch.proofOf(code)));
    const isLast = code === LAST;
    expect(ledger.recordOf(code)).toMatchObject({
      version: 2,
      status: "suspended",
      class: "lamp",
      within: FIRST,
      // What the item says stands over what the batch says of all.
      attributes: isLast ? [shared[0], ["model", "M-9"]] : shared,
      links: isLast ? links : [],
    });
    // From now on it needs no proof, and one that is sent does no harm.
    ledger.given(city, reinstateOf(code));
    ledger.given(city, retireOf(code, batch.proofOf(code)));
    expect(ledger.recordOf(code)).toMatchObject({ version: 4, status: "retired" });
    for (const other of CODES) {
      expect(ledger.attempt(city, issueOf(other)), other).toBe(
        other === code ? "CODE_TAKEN" : "INTERVAL_OVERLAPS",
      );
      if (other === code) continue;
      expect(ledger.attempt(city, updateOf(other)), other).toBe("ITEM_PROOF_MISSING");
      expect(ledger.attempt(city, updateOf(other, { item: batch.proofOf(other) })), other).toBe("ok");
    }
  });
});

describe("ITEM_PROOF_INVALID:", () => {
  const batch = testBatch(CODES);
  const proof = batch.proofOf(SECOND);
  const foreign = testBatch([
    FIRST,
    { code: SECOND, attributes: attributesOf([["model", "X"]]), links: [] },
    LAST,
  ]);

  test.each([
    ["the item of another code", batch.proofOf(FIRST)],
    ["another index", { ...proof, index: 0 }],
    ["an index beyond the batch", { ...proof, index: 5 }],
    ["the greatest index", { ...proof, index: Number.MAX_SAFE_INTEGER }],
    ["a path that is too short", { ...proof, path: proof.path.slice(1) }],
    ["a path that is too long", { ...proof, path: [...proof.path, new Uint8Array(32)] }],
    ["a path with a wrong hash", { ...proof, path: proof.path.map((hash) => hash.map((byte) => byte ^ 1)) }],
    ["an item that the batch does not have", { ...proof, item: foreign.proofOf(SECOND).item }],
    ["the proof of another batch", foreign.proofOf(SECOND)],
  ])("%s", (_, item) => {
    const { ledger, city } = testCity();
    ledger.given(city, batch.operation);
    expect(ledger.attempt(city, updateOf(SECOND, { item }))).toBe("ITEM_PROOF_INVALID");
    expect(ledger.attempt(city, updateOf(SECOND, { item: proof }))).toBe("ok");
  });

  test("a code between the items has no proof", () => {
    const { ledger, city } = testCity();
    ledger.given(city, batch.operation);
    expect(ledger.attempt(city, retireOf(`${LAMPS}/A15`))).toBe("ITEM_PROOF_MISSING");
    expect(ledger.attempt(city, retireOf(`${LAMPS}/A15`, batch.proofOf(SECOND)))).toBe("ITEM_PROOF_INVALID");
  });

  test("what is no item at all is refused for what is wrong with it", () => {
    const { ledger, city } = testCity();
    ledger.given(city, batch.operation);
    const attempt = (...item: number[]) =>
      ledger.attempt(city, updateOf(SECOND, { item: { ...proof, item: Uint8Array.from(item) } }));
    expect(attempt(0x80)).toBe("OPERATION_MALFORMED");
    expect(attempt(0xff)).toBe("OPERATION_MALFORMED");
    expect(attempt(0x83, 0x60, 0x80, 0x80)).toBe("CODE_MALFORMED");
    expect(attempt(0x83, 0x66, ...[..."MA.156"].map((letter) => letter.charCodeAt(0)), 0x81, 0x80)).toBe(
      "OPERATION_MALFORMED",
    );
  });
});

describe("INTERVAL_MALFORMED:", () => {
  const { operation } = testBatch(CODES);
  test.each([
    ["no items", { count: 0 }],
    ["more items than a batch may have", { count: BATCH_ITEMS_MAX + 1 }],
    ["a last code below another parent", { last: `${BUREAU}/60.10000000.2/Z9` as Code }],
    ["a last code below the first", { last: `${FIRST}.1` as Code }],
    ["a last code before the first", { first: LAST, last: FIRST }],
    ["many items but one code", { last: FIRST }],
    ["one item but two codes", { count: 1 }],
  ])("%s", (_, changes) => {
    const { ledger, city } = testCity();
    expect(ledger.attempt(city, { ...operation, ...changes })).toBe("INTERVAL_MALFORMED");
  });

  test("but a batch of one is a batch", () => {
    const { ledger, city } = testCity();
    const one = testBatch([FIRST]);
    ledger.given(city, one.operation);
    expect(ledger.attempt(city, retireOf(FIRST, one.proofOf(FIRST)))).toBe("ok");
    expect(ledger.attempt(city, issueOf(FIRST))).toBe("CODE_TAKEN");
  });
});

test("a batch stands where nothing was issued", () => {
  for (const given of [issueOf(`${LAMPS}/A15`), issueOf(`${FIRST}.1`), rangeOf(`${LAMPS}/A0`, 1, 3)]) {
    const { ledger, city } = testCity();
    ledger.given(city, given);
    expect(ledger.attempt(city, testBatch(CODES).operation), given.type).toBe("INTERVAL_OVERLAPS");
  }
});

describe("the rules bind", () => {
  test("its first and its last code", () => {
    const { ledger, city } = testCity();
    ledger.given(
      city,
      setRuleOf(CITY, ruleOfShapes("issue .02/60.10000000.1/<u2>", "issue .02/60.10000000.1/<d3>")),
    );
    expect(ledger.attempt(city, testBatch([`${LAMPS}/1`, `${LAMPS}/A2`]).operation)).toBe("RULE_SHAPE");
    expect(ledger.attempt(city, testBatch([`${LAMPS}/A1`, `${LAMPS}/B`]).operation)).toBe("RULE_SHAPE");
    expect(ledger.attempt(city, testBatch([`${LAMPS}/A1`, `${LAMPS}/B2`]).operation)).toBe("ok");
  });

  test("its count and its class, and no sequence can be seen in it", () => {
    const { ledger, city } = testCity();
    const { operation } = testBatch(CODES, { class: "lamp" });
    ledger.given(city, setRuleOf(CITY, openRule({ countMax: 4 })));
    expect(ledger.attempt(city, operation)).toBe("RULE_COUNT");
    ledger.given(city, setRuleOf(CITY, openRule({ classes: ["bench"] })));
    expect(ledger.attempt(city, operation)).toBe("RULE_ATTRIBUTE");
    ledger.given(city, setRuleOf(CITY, openRule({ sequence: true })));
    expect(ledger.attempt(city, operation)).toBe("RULE_SEQUENCE");
    ledger.given(city, setRuleOf(CITY, openRule({ countMax: 5 })));
    expect(ledger.attempt(city, operation)).toBe("ok");
  });
});

/** Goal: the order of checks is that of the spec. Method: one request with every fault; each is mended in turn. */
test("the first refusal is the one that is named", () => {
  const { ledger, nation, city, stranger } = testCity();
  ledger.given(city, issueOf(FIRST), setRuleOf(CITY, openRule({ sequence: true, classes: ["lamp"] })));
  ledger.given(nation, suspendOf(CITY));
  const large = { attributes: attributesOfBytes(DESCRIPTION_BYTES_MAX) };
  const { operation } = testBatch(CODES, large);
  expect(ledger.attempt(stranger, { ...operation, count: 0 })).toBe("INTERVAL_MALFORMED");
  const last = `${LAMPS}/X11010519491231002X` as Code;
  expect(ledger.attempt(stranger, { ...operation, last })).toBe("NOT_AUTHORISED");
  expect(ledger.attempt(city, { ...operation, last })).toBe("PREFIX_SUSPENDED");
  ledger.given(nation, reinstateOf(CITY));
  expect(ledger.attempt(city, { ...operation, last })).toBe("RULE_ATTRIBUTE");
  expect(ledger.attempt(city, { ...operation, last, class: "lamp" })).toBe("PERSONAL_NUMBER");
  expect(ledger.attempt(city, { ...operation, class: "lamp" })).toBe("RULE_SEQUENCE");
  ledger.given(city, setRuleOf(CITY, openRule()));
  expect(ledger.attempt(city, operation)).toBe("INTERVAL_OVERLAPS");
  expect(ledger.attempt(city, testBatch([SECOND, LAST], large).operation)).toBe("RECORD_TOO_LARGE");
});
