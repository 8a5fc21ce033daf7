import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mutationsOf } from "../attribute/attribute.testing.ts";
import { type CborValue, decodeCbor, encodeCbor } from "../cbor.ts";
import type { Json } from "../json.ts";
import { RULE_CLASSES_MAX, RULE_SHAPES_MAX } from "../limits.ts";
import type { Outcome } from "../outcome.ts";
import { ruleArb } from "./rule.testing.ts";
import { type Rule, ruleFromCbor, ruleFromJson, ruleToCbor, ruleToJson } from "./rule.ts";

function refusalOf(outcome: Outcome<unknown>): string {
  return outcome.ok ? "accepted" : `${outcome.rejection.name} ${outcome.rejection.fault?.field}`;
}

const FULL: readonly CborValue[] = [
  ["delegate .<d2>", "issue .<d2>/60.<d8>.<n1-20>/<d6>"],
  1,
  ["bench", "street-lamp"],
  [["street-lamp", ["name", "place"]]],
  1_000_000,
  1_900_000_000_000,
  true,
  false,
];
const NAMES = [
  "shapes",
  "issuer",
  "classes",
  "required",
  "countMax",
  "untilMs",
  "sequence",
  "checkCharacter",
];

function changed(name: string, value: CborValue): CborValue {
  return FULL.map((part, at) => (NAMES[at] === name ? value : part));
}

test("a rule in canonical form is read, and printed the same", () => {
  const rule = ruleFromCbor(FULL);
  expect(rule).toMatchObject({ ok: true, value: { issuer: "records", countMax: 1_000_000, sequence: true } });
  if (!rule.ok) return;
  expect(ruleToCbor(rule.value)).toEqual(FULL);
  expect(ruleToJson(rule.value)).toEqual({
    shapes: ["delegate .<d2>", "issue .<d2>/60.<d8>.<n1-20>/<d6>"],
    issuer: "records",
    classes: ["bench", "street-lamp"],
    required: [{ class: "street-lamp", attributes: ["name", "place"] }],
    countMax: 1_000_000,
    untilMs: 1_900_000_000_000,
    sequence: true,
    checkCharacter: false,
  });
});

test("JSON may leave out what does not restrict, and list in any order", () => {
  const json = {
    shapes: ["issue .(60|10)", "delegate .<d4-4>"],
    classes: ["tree", "bench"],
    required: [
      { class: "tree", attributes: ["place", "name"] },
      { class: "bench", attributes: ["place"] },
    ],
  };
  const rule = ruleFromJson(json);
  expect(rule).toMatchObject({ ok: true });
  if (!rule.ok) return;
  expect(ruleToCbor(rule.value)).toEqual([
    ["delegate .<d4>", "issue .(10|60)"],
    1,
    ["bench", "tree"],
    [
      ["bench", ["place"]],
      ["tree", ["name", "place"]],
    ],
    null,
    null,
    false,
    false,
  ]);
});

test("lists may be as long as their limits", () => {
  const names = Array.from({ length: RULE_CLASSES_MAX }, (_, at) => `c${at + 10}`);
  const rule = ruleFromJson({
    shapes: Array.from({ length: RULE_SHAPES_MAX }, (_, at) => `any .${at}`),
    classes: names,
    required: names.map((name) => ({ class: name, attributes: ["name"] })),
    countMax: Number.MAX_SAFE_INTEGER,
    untilMs: -0,
  });
  expect(rule).toMatchObject({ ok: true, value: { untilMs: 0 } });
  const required = [...names, "more"].map((name) => ({ class: name, attributes: ["name"] }));
  expect(refusalOf(ruleFromJson({ shapes: [], required }))).toBe("RULE_MALFORMED rule.required");
});

describe("CBOR is refused", () => {
  test.each<[CborValue, string]>([
    [null, "RULE_MALFORMED rule"],
    [FULL.slice(1), "RULE_MALFORMED rule"],
    [changed("shapes", null), "RULE_MALFORMED rule.shapes"],
    [changed("shapes", [7]), "RULE_MALFORMED rule.shapes[0]"],
    [changed("shapes", ["issue .<d0>"]), "RULE_MALFORMED rule.shapes[0]"],
    [changed("shapes", ["issue .(60|10)"]), "RULE_MALFORMED rule.shapes[0]"],
    [changed("shapes", ["issue .(60)"]), "RULE_MALFORMED rule.shapes[0]"],
    [changed("shapes", ["issue .a", "delegate .a"]), "RULE_MALFORMED rule.shapes[0]"],
    [changed("shapes", ["issue .a", "issue .(a)"]), "RULE_MALFORMED rule.shapes[1]"],
    [changed("shapes", ["issue .110105-19491231-002X"]), "PERSONAL_NUMBER rule.shapes[0]"],
    [
      changed(
        "shapes",
        Array.from({ length: RULE_SHAPES_MAX + 1 }, (_, at) => `any .${at}`),
      ),
      "RULE_MALFORMED rule.shapes",
    ],
    [changed("classes", ["id-13812345678"]), "PERSONAL_NUMBER rule.classes[0]"],
    [changed("issuer", 2), "RULE_MALFORMED rule.issuer"],
    [changed("issuer", "records"), "RULE_MALFORMED rule.issuer"],
    [changed("classes", ["street-lamp", "bench"]), "RULE_MALFORMED rule.classes[0]"],
    [changed("classes", ["street-lamp", "street-lamp"]), "RULE_MALFORMED rule.classes[1]"],
    [changed("classes", ["Street"]), "RULE_MALFORMED rule.classes[0]"],
    [changed("classes", ["bench"]), "RULE_MALFORMED rule.required[0].class"],
    [
      changed(
        "classes",
        Array.from({ length: RULE_CLASSES_MAX + 1 }, (_, at) => `c${at}`),
      ),
      "RULE_MALFORMED rule.classes",
    ],
    [changed("required", null), "RULE_MALFORMED rule.required"],
    [changed("required", [["bench"]]), "RULE_MALFORMED rule.required[0]"],
    [changed("required", [["bench", []]]), "RULE_MALFORMED rule.required[0].attributes"],
    [changed("required", [["bench", ["owner"]]]), "RULE_MALFORMED rule.required[0].attributes[0]"],
    [changed("required", [["bench", ["place", "name"]]]), "RULE_MALFORMED rule.required[0][1][0]"],
    [
      changed("required", [
        ["street-lamp", ["name"]],
        ["bench", ["name"]],
      ]),
      "RULE_MALFORMED rule.required[0][0]",
    ],
    [
      changed("required", [
        ["bench", ["name"]],
        ["bench", ["place"]],
      ]),
      "RULE_MALFORMED rule.required[1].class",
    ],
    [changed("countMax", -1), "RULE_MALFORMED rule.countMax"],
    [changed("countMax", "1"), "RULE_MALFORMED rule.countMax"],
    [changed("untilMs", false), "RULE_MALFORMED rule.untilMs"],
    [changed("sequence", 1), "RULE_MALFORMED rule.sequence"],
    [changed("checkCharacter", true), "RULE_MALFORMED rule.checkCharacter"],
    [changed("checkCharacter", null), "RULE_MALFORMED rule.checkCharacter"],
  ])("%j", (value, refusal) => {
    expect(refusalOf(ruleFromCbor(value))).toBe(refusal);
  });

  test("beyond its bytes", () => {
    const value = "a".repeat(48);
    const shapes = Array.from(
      { length: RULE_SHAPES_MAX },
      (_, at) => `any .(${value}|${value}a|${value}b|b${value}|c${value})${".a".repeat(20)}.n${at + 10}`,
    );
    expect(refusalOf(ruleFromCbor([shapes, 1, null, [], null, null, false, false]))).toBe(
      "RULE_MALFORMED rule",
    );
  });
});

test.each<[Json, string]>([
  [null, "RULE_MALFORMED rule"],
  [[], "RULE_MALFORMED rule"],
  [{}, "RULE_MALFORMED rule.shapes"],
  [{ shapes: [], shape: [] }, "RULE_MALFORMED rule"],
  [{ shapes: [], issuer: "root" }, "RULE_MALFORMED rule.issuer"],
  [{ shapes: [], classes: "lamp" }, "RULE_MALFORMED rule.classes"],
  [{ shapes: [], required: [{ class: "lamp" }] }, "RULE_MALFORMED rule.required[0]"],
  [
    { shapes: [], required: [{ class: "lamp", attributes: ["name"], of: 1 }] },
    "RULE_MALFORMED rule.required[0]",
  ],
  [{ shapes: [], required: [["lamp", ["name"]]] }, "RULE_MALFORMED rule.required[0]"],
  [{ shapes: [], countMax: 1.5 }, "RULE_MALFORMED rule.countMax"],
  [{ shapes: [], untilMs: "2027-01-01" }, "RULE_MALFORMED rule.untilMs"],
  [JSON.parse('{"shapes": [], "__proto__": {"sequence": true}}'), "RULE_MALFORMED rule"],
])("JSON %j is refused", (value, refusal) => {
  expect(refusalOf(ruleFromJson(value))).toBe(refusal);
});

test("a fault of a shape says where in it", () => {
  expect(ruleFromJson({ shapes: ["issue .a", "issue .<x4>"] }, "operations[3].rule")).toMatchObject({
    rejection: { fault: { field: "operations[3].rule.shapes[1]", at: 8, got: "x4>" } },
  });
});

test("every form of a rule gives the same rule back", () => {
  fc.assert(
    fc.property(ruleArb, (rule: Rule) => {
      expect(ruleFromCbor(decodeCbor(encodeCbor(ruleToCbor(rule))))).toEqual({ ok: true, value: rule });
      expect(ruleFromJson(JSON.parse(JSON.stringify(ruleToJson(rule))))).toEqual({ ok: true, value: rule });
    }),
  );
});

/** Goal: one rule has one encoding. Method: change canonical forms; what is still accepted prints as it was given. */
test("a changed rule is refused, or is another rule in canonical form", () => {
  const changedArb = ruleArb.chain((rule) => mutationsOf(ruleToCbor(rule)));
  fc.assert(
    fc.property(changedArb, (value) => {
      const rule = ruleFromCbor(value);
      if (rule.ok) expect(ruleToCbor(rule.value)).toEqual(value);
    }),
    { numRuns: 2_000 },
  );
});

test("changed bytes are refused, or are the canonical bytes of a rule", () => {
  const bytesArb = fc.tuple(ruleArb, fc.nat(), fc.integer({ min: 0, max: 255 })).map(([rule, at, byte]) => {
    const bytes = encodeCbor(ruleToCbor(rule));
    bytes[at % bytes.length] = byte;
    return bytes;
  });
  fc.assert(
    fc.property(bytesArb, (bytes) => {
      const rule = ruleFromCbor(decodeCbor(bytes));
      if (rule.ok) expect(encodeCbor(ruleToCbor(rule.value))).toEqual(bytes);
    }),
    { numRuns: 2_000 },
  );
});

test("nothing in a value breaks the reader", () => {
  fc.assert(
    fc.property(fc.anything(), fc.nat({ max: 7 }), (value, at) => {
      ruleFromCbor(FULL.map((part, other) => (other === at ? (value as CborValue) : part)));
      ruleFromJson({ shapes: [], [NAMES[at]!]: value as Json });
    }),
  );
});
