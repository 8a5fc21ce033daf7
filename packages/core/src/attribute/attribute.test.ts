import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CborValue, decodeCbor, encodeCbor } from "../cbor.ts";
import type { Json } from "../json.ts";
import { ATTRIBUTES_MAX, LEGACY_CHARACTERS_MAX, LEGACY_MAX, TOKEN_CHARACTERS_MAX } from "../limits.ts";
import type { Outcome } from "../outcome.ts";
import { attributesArb, mutationsOf } from "./attribute.testing.ts";
import {
  ATTRIBUTES,
  type AttributeChanges,
  type Attributes,
  attributeChangesFromJson,
  attributesFromJson,
  attributesToJson,
  checkAttributeChanges,
  checkAttributes,
  isAttributeName,
  mergeAttributes,
} from "./attribute.ts";

function acceptedOf<T>(outcome: Outcome<T>): T {
  expect(outcome).toMatchObject({ ok: true });
  return (outcome as { readonly value: T }).value;
}

function refusalOf(outcome: Outcome<unknown>): string {
  if (outcome.ok) return "accepted";
  return `${outcome.rejection.name} ${outcome.rejection.fault?.field}`;
}

const DIGEST = new Uint8Array(32).fill(7);

const RECORD: Attributes = [
  [
    "legacy",
    [
      ["gtin", "09521234543213"],
      ["ifopt", "de:11000:900160004"],
      ["lot", "A (1)/2"],
    ],
  ],
  [
    "name",
    [
      ["en", "Lamp 7"],
      ["zh", "7号路灯"],
    ],
  ],
  ["part-of", "MA.156.1301.02/60.10000000.1"],
  ["place", [380_428_000, 1_145_149_000]],
  ["schema", DIGEST],
  ["valid-from-year", 1980],
] as unknown as Attributes;

test("the table is in canonical order and fits a record", () => {
  const names = Object.keys(ATTRIBUTES);
  expect(names).toEqual([...names].sort());
  expect(names.length).toBeLessThanOrEqual(ATTRIBUTES_MAX);
  expect(isAttributeName("name")).toBe(true);
  expect(isAttributeName("toString")).toBe(false);
});

test("attributes in canonical form are read as they are", () => {
  const attributes = acceptedOf(checkAttributes(RECORD));
  expect(attributes).toEqual(RECORD);
  expect(acceptedOf(checkAttributes([]))).toEqual([]);
});

test("the JSON form names what it holds", () => {
  const json = attributesToJson(RECORD);
  expect(json).toEqual({
    legacy: [
      { scheme: "gtin", value: "09521234543213" },
      { scheme: "ifopt", value: "de:11000:900160004" },
      { scheme: "lot", value: "A (1)/2" },
    ],
    name: { en: "Lamp 7", zh: "7号路灯" },
    "part-of": "MA.156.1301.02/60.10000000.1",
    place: [380_428_000, 1_145_149_000],
    schema: "07".repeat(32),
    "valid-from-year": 1980,
  });
  expect(acceptedOf(attributesFromJson(json))).toEqual(RECORD);
});

test("JSON may come in any order, and its codes in any form", () => {
  const attributes = attributesFromJson({
    "part-of": "MA.156.1301.02.60.10000000.1/",
    name: { zh: "灯", en: "Lamp" },
    legacy: [
      { scheme: "b", value: "1" },
      { value: "2", scheme: "a" },
    ],
    "height-mm": -0,
  });
  expect(acceptedOf(attributes)).toEqual([
    ["height-mm", 0],
    [
      "legacy",
      [
        ["a", "2"],
        ["b", "1"],
      ],
    ],
    [
      "name",
      [
        ["en", "Lamp"],
        ["zh", "灯"],
      ],
    ],
    ["part-of", "MA.156.1301.02/60.10000000.1"],
  ]);
});

describe("refusals name the field", () => {
  test.each<[CborValue, string]>([
    [null, "ATTRIBUTE_MALFORMED attributes"],
    [{} as CborValue, "ATTRIBUTE_MALFORMED attributes"],
    [[["name"]], "ATTRIBUTE_MALFORMED attributes[0]"],
    [[["owner", "x"]], "ATTRIBUTE_UNKNOWN attributes"],
    [[[7, "x"]], "ATTRIBUTE_UNKNOWN attributes"],
    [[["__proto__", "x"]], "ATTRIBUTE_UNKNOWN attributes"],
    [
      [
        ["model", "a"],
        ["level", "b"],
      ],
      "ATTRIBUTE_MALFORMED attributes",
    ],
    [
      [
        ["model", "a"],
        ["model", "b"],
      ],
      "ATTRIBUTE_MALFORMED attributes",
    ],
    [[["model", null]], "ATTRIBUTE_MALFORMED attributes.model"],
    [[["model", "a b"]], "ATTRIBUTE_MALFORMED attributes.model"],
    [[["model", "a".repeat(65)]], "ATTRIBUTE_MALFORMED attributes.model"],
    [[["model", "灯"]], "ATTRIBUTE_MALFORMED attributes.model"],
    [[["contact-role", "13812345678"]], "PERSONAL_NUMBER attributes.contact-role"],
    [[["height-mm", 1.5]], "ATTRIBUTE_MALFORMED attributes.height-mm"],
    [[["height-mm", -1]], "ATTRIBUTE_MALFORMED attributes.height-mm"],
    [[["width-mm", 100_000_001]], "ATTRIBUTE_MALFORMED attributes.width-mm"],
    [[["installed-year", 0]], "ATTRIBUTE_MALFORMED attributes.installed-year"],
    [[["installed-year", 10_000]], "ATTRIBUTE_MALFORMED attributes.installed-year"],
    [[["place", [0]]], "ATTRIBUTE_MALFORMED attributes.place"],
    [[["place", [900_000_001, 0]]], "ATTRIBUTE_MALFORMED attributes.place[0]"],
    [[["place", [0, -1_800_000_000]]], "ATTRIBUTE_MALFORMED attributes.place[1]"],
    [[["schema", new Uint8Array(31)]], "ATTRIBUTE_MALFORMED attributes.schema"],
    [[["schema", "07".repeat(32)]], "ATTRIBUTE_MALFORMED attributes.schema"],
    [[["part-of", "MA.156.1301.02.60.10000000.1"]], "ATTRIBUTE_MALFORMED attributes.part-of"],
    [[["part-of", "lamp 7"]], "ATTRIBUTE_MALFORMED attributes.part-of"],
    [[["media-type", "Text/HTML"]], "ATTRIBUTE_MALFORMED attributes.media-type"],
    [[["legacy", []]], "ATTRIBUTE_MALFORMED attributes.legacy"],
    [[["legacy", [["gtin"]]]], "ATTRIBUTE_MALFORMED attributes.legacy[0]"],
    [[["legacy", [["a b", "1"]]]], "ATTRIBUTE_MALFORMED attributes.legacy[0].scheme"],
    [[["legacy", [["a", ""]]]], "ATTRIBUTE_MALFORMED attributes.legacy[0].value"],
    [[["legacy", [["a", " 1"]]]], "ATTRIBUTE_MALFORMED attributes.legacy[0].value"],
    [[["legacy", [["a", "é"]]]], "ATTRIBUTE_MALFORMED attributes.legacy[0].value"],
    [[["legacy", [["a", "1".repeat(65)]]]], "ATTRIBUTE_MALFORMED attributes.legacy[0].value"],
    [
      [
        [
          "legacy",
          [
            ["a", "2"],
            ["a", "1"],
          ],
        ],
      ],
      "ATTRIBUTE_MALFORMED attributes.legacy",
    ],
    [
      [
        [
          "legacy",
          [
            ["a", "1"],
            ["a", "1"],
          ],
        ],
      ],
      "ATTRIBUTE_MALFORMED attributes.legacy",
    ],
    [[["legacy", [["id", "11010519491231002X"]]]], "PERSONAL_NUMBER attributes.legacy[0].value"],
    [
      [["legacy", Array.from({ length: 17 }, (_, at) => ["a", `x${String.fromCharCode(65 + at)}`])]],
      "ATTRIBUTE_MALFORMED attributes.legacy",
    ],
    [[["name", []]], "ATTRIBUTE_MALFORMED attributes.name"],
    [[["name", [["zh"]]]], "ATTRIBUTE_MALFORMED attributes.name[0]"],
    [[["name", [["zh", ""]]]], "ATTRIBUTE_MALFORMED attributes.name.zh"],
    [[["name", [["zh", "电话13812345678"]]]], "PERSONAL_NUMBER attributes.name.zh"],
  ])("%j", (value, refusal) => {
    expect(refusalOf(checkAttributes(value))).toBe(refusal);
  });

  test("but a serial in a code is no number of a person, unless it is that of a citizen", () => {
    const partOf = (serial: string): CborValue => [["part-of", `MA.156.1301.02/60.10000000.1/${serial}`]];
    expect(refusalOf(checkAttributes(partOf("13812345678")))).toBe("accepted");
    expect(refusalOf(checkAttributes(partOf("11010519491231002X")))).toBe(
      "PERSONAL_NUMBER attributes.part-of",
    );
  });

  test.each<[Json, string]>([
    [[], "ATTRIBUTE_MALFORMED attributes"],
    ["name", "ATTRIBUTE_MALFORMED attributes"],
    [{ owner: "x" }, "ATTRIBUTE_UNKNOWN attributes"],
    [{ model: null }, "ATTRIBUTE_MALFORMED attributes.model"],
    [{ name: "Lamp" }, "ATTRIBUTE_MALFORMED attributes.name"],
    [{ name: {} }, "ATTRIBUTE_MALFORMED attributes.name"],
    [{ name: { "zh-hans": "灯" } }, "ATTRIBUTE_MALFORMED attributes.name"],
    [{ name: { zh: 7 } }, "ATTRIBUTE_MALFORMED attributes.name.zh"],
    [{ schema: "07" }, "ATTRIBUTE_MALFORMED attributes.schema"],
    [{ "part-of": 7 }, "ATTRIBUTE_MALFORMED attributes.part-of"],
    [{ legacy: { gtin: "1" } }, "ATTRIBUTE_MALFORMED attributes.legacy"],
    [{ legacy: [["gtin", "1"]] }, "ATTRIBUTE_MALFORMED attributes.legacy[0]"],
    [{ legacy: [{ scheme: "gtin" }] }, "ATTRIBUTE_MALFORMED attributes.legacy[0].value"],
    [{ legacy: [null] }, "ATTRIBUTE_MALFORMED attributes.legacy[0]"],
    [{ legacy: [{ scheme: "a", value: "1", of: "2" }] }, "ATTRIBUTE_MALFORMED attributes.legacy[0]"],
    [
      {
        legacy: [
          { scheme: "b", value: "1" },
          { scheme: "a", value: "" },
        ],
      },
      "ATTRIBUTE_MALFORMED attributes.legacy[1].value",
    ],
    [
      {
        legacy: [
          { scheme: "a", value: "1" },
          { scheme: "a", value: "1" },
        ],
      },
      "ATTRIBUTE_MALFORMED attributes.legacy",
    ],
  ])("JSON %j", (value, refusal) => {
    expect(refusalOf(attributesFromJson(value))).toBe(refusal);
  });
});

test("legacy codes are sorted by scheme, then value, and as many as there may be", () => {
  const legacy = Array.from({ length: LEGACY_MAX }, (_, at) => [at < 8 ? "a" : "b", String(at + 10)]);
  expect(checkAttributes([["legacy", legacy]]).ok).toBe(true);
  const more = [...legacy, ["c", "1"]];
  expect(refusalOf(checkAttributes([["legacy", more]]))).toBe("ATTRIBUTE_MALFORMED attributes.legacy");
});

test("a token and a legacy code may be as long as their limits", () => {
  expect(checkAttributes([["model", "a".repeat(TOKEN_CHARACTERS_MAX)]]).ok).toBe(true);
  expect(checkAttributes([["legacy", [["x", "a".repeat(LEGACY_CHARACTERS_MAX)]]]]).ok).toBe(true);
});

test("which ASCII characters a token, a legacy code and a media type may have", () => {
  for (let unit = 0; unit < 0x100; unit++) {
    const text = `a${String.fromCharCode(unit)}b`;
    expect(checkAttributes([["model", text]]).ok, `token ${unit}`).toBe(/^[A-Za-z0-9._:+-]+$/.test(text));
    expect(checkAttributes([["legacy", [["x", text]]]]).ok, `legacy ${unit}`).toBe(/^[ -~]+$/.test(text));
    const isName = /^[a-z0-9!#$&^_.+-]+$/.test(text);
    expect(checkAttributes([["media-type", `x/${text}`]]).ok, `media type ${unit}`).toBe(isName);
  }
});

describe("changes", () => {
  test("set, replace and remove", () => {
    const changes = acceptedOf(
      checkAttributeChanges([
        ["height-mm", 7],
        ["name", null],
        ["width-mm", null],
      ]),
    );
    const merged = mergeAttributes(
      [
        ["height-mm", 1],
        ["model", "a"],
        ["name", [["en", "Lamp"]]],
      ],
      changes,
    );
    expect(merged).toEqual([
      ["height-mm", 7],
      ["model", "a"],
    ]);
  });

  test("are refused where a value is wrong", () => {
    expect(refusalOf(checkAttributeChanges([["model", "a b"]]))).toBe("ATTRIBUTE_MALFORMED attributes.model");
    expect(refusalOf(attributeChangesFromJson({ owner: null }))).toBe("ATTRIBUTE_UNKNOWN attributes");
  });

  test("have a JSON form with null", () => {
    const changes: AttributeChanges = [
      ["model", null],
      ["name", [["en", "Lamp"]]],
    ];
    expect(attributesToJson(changes)).toEqual({ model: null, name: { en: "Lamp" } });
    expect(acceptedOf(attributeChangesFromJson({ name: { en: "Lamp" }, model: null }))).toEqual(changes);
  });

  test("leave canonical attributes, as if a map had been changed", () => {
    const removalsArb = attributesArb.map((removed) => removed.map(([name]) => [name, null] as const));
    fc.assert(
      fc.property(attributesArb, attributesArb, removalsArb, (old, set, removed) => {
        const byName = new Map<string, AttributeChanges[number]>(
          [...removed, ...set].map((pair) => [pair[0], pair]),
        );
        const changes = [...byName.values()].sort((a, b) => (a[0] < b[0] ? -1 : 1));
        const expected = new Map<string, unknown>(old);
        for (const [name, value] of changes)
          value === null ? expected.delete(name) : expected.set(name, value);
        const merged = mergeAttributes(old, changes);
        expect(new Map<string, unknown>(merged)).toEqual(expected);
        expect(checkAttributes(merged).ok).toBe(true);
      }),
    );
  });
});

test("every form of attributes gives the same attributes back", () => {
  fc.assert(
    fc.property(attributesArb, (attributes) => {
      const fromCbor = checkAttributes(decodeCbor(encodeCbor(attributes as CborValue)));
      expect(acceptedOf(fromCbor)).toEqual(attributes);
      const json = JSON.parse(JSON.stringify(attributesToJson(attributes)));
      expect(acceptedOf(attributesFromJson(json))).toEqual(attributes);
    }),
  );
});

/** Goal: one meaning has one encoding. Method: change a canonical value; what is still accepted is what was given. */
test("a changed value is refused, or is another value in canonical form", () => {
  const changedArb = attributesArb.chain((attributes) => mutationsOf(attributes as CborValue));
  fc.assert(
    fc.property(changedArb, (changed) => {
      const outcome = checkAttributes(changed);
      if (!outcome.ok) return;
      expect(outcome.value).toEqual(changed);
      expect(acceptedOf(attributesFromJson(attributesToJson(outcome.value)))).toEqual(changed);
    }),
    { numRuns: 1000 },
  );
});

test("nothing in a value breaks the reader", () => {
  fc.assert(
    fc.property(fc.anything(), (value) => {
      checkAttributes(value);
      checkAttributes([["name", value]]);
      checkAttributes([["legacy", [value, value]]]);
      attributesFromJson(value as Json);
      attributesFromJson({ name: value as Json, legacy: [value as Json] });
    }),
  );
});
