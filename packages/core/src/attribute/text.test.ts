import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LANGUAGES_MAX, TEXT_BYTES_MAX } from "../limits.ts";
import { canonicalLanguage } from "./language.ts";
import type { Place } from "./refuse.ts";
import { checkText, isForbidden, textFromJson, textToJson } from "./text.ts";

const PLACE: Place = { rejection: "ATTRIBUTE_MALFORMED", field: "name" };

function isText(value: unknown): boolean {
  return checkText(value, PLACE).ok;
}

describe("language tags", () => {
  test.each(["zh", "en", "yue", "zh-Hant", "de-CH", "zh-Hant-HK", "sl-rozaj-1994", "en-a1b2c"])(
    "%s is canonical",
    (tag) => {
      expect(canonicalLanguage(tag)).toBe(tag);
    },
  );

  test.each([
    ["zh-hans", "zh-Hans"],
    ["zh-HANT-hk", "zh-Hant-HK"],
    ["de-ch", "de-CH"],
    ["sl-ROZAJ", "sl-rozaj"],
    ["de-1901", "de-1901"],
  ])("%s becomes %s", (tag, canonical) => {
    expect(canonicalLanguage(tag)).toBe(canonical);
  });

  test.each([
    "",
    "z",
    "ZH",
    "chin",
    "zh-",
    "-zh",
    "zh--CN",
    "zh-x",
    "a{",
    "`a",
    "zh-a-bc",
    "zh_CN",
    "zh-123456789",
    "中文",
    `zh${"-abcd".repeat(7)}`,
  ])("%j is none", (tag) => {
    expect(canonicalLanguage(tag)).toBeUndefined();
  });

  test("the canonical form of a tag is its own canonical form", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/), (tag) => {
        const canonical = canonicalLanguage(tag)!;
        expect(canonicalLanguage(canonical)).toBe(canonical);
        expect(canonical.toLowerCase()).toBe(tag.toLowerCase());
      }),
    );
  });
});

test.each([
  ["one language", [["zh", "路灯"]]],
  [
    "several in order",
    [
      ["de", "Straße"],
      ["en", "Street"],
      ["zh-Hant", "街"],
    ],
  ],
  ["characters beyond the first plane", [["zh", "𠀀🌲"]]],
  ["as many characters as there may be", [["en", "a".repeat(TEXT_BYTES_MAX)]]],
  ["as many bytes as there may be", [["en", "é".repeat(TEXT_BYTES_MAX / 2)]]],
])("a text may have %s", (_, value) => {
  expect(checkText(value, PLACE)).toEqual({ ok: true, value });
});

test.each([
  ["no language", []],
  [
    "languages out of order",
    [
      ["zh", "街"],
      ["en", "Street"],
    ],
  ],
  [
    "a language twice",
    [
      ["en", "Street"],
      ["en", "Road"],
    ],
  ],
  ["a language in another case", [["de-ch", "Strasse"]]],
  ["too many languages", [..."abcdefghijklmnopq"].map((letter) => [`a${letter}`, "x"])],
  ["too many bytes", [["en", `${"é".repeat(TEXT_BYTES_MAX / 2)}a`]]],
  ["too many characters", [["en", "a".repeat(TEXT_BYTES_MAX + 1)]]],
  ["a space before", [["en", " a"]]],
  ["a space that does not break", [["en", "\u00a0a"]]],
  ["too many bytes of three", [["zh", "灯".repeat(TEXT_BYTES_MAX / 3 + 1)]]],
  ["too many bytes of four", [["zh", "𠀀".repeat(TEXT_BYTES_MAX / 4 + 1)]]],
  ["a wide space after", [["zh", "街\u3000"]]],
  ["a line break", [["en", "a\nb"]]],
  ["bytes", [["en", new Uint8Array(3)]]],
])("a text may not have %s", (_, value) => {
  expect(isText(value)).toBe(false);
});

test("what was no UTF-8 and what does not show has no place", () => {
  const points = [
    0, 9, 0x1f, 0x7f, 0x9f, 0xad, 0x61c, 0x200b, 0x200d, 0x200f, 0x2028, 0x202a, 0x202e, 0x2060, 0x2066,
    0x2069, 0xfeff, 0xfffd, 0xffff, 0xe0041,
  ];
  for (const point of points) {
    const outcome = checkText([["en", `a${String.fromCodePoint(point)}b`]], PLACE);
    const got = `U+${point.toString(16).toUpperCase().padStart(4, "0")}`;
    expect(outcome, got).toMatchObject({ ok: false, rejection: { fault: { field: "name.en", at: 1, got } } });
  }
  for (const text of ["\ud800", "a\udc00", "\ud800a", "\udc00\ud800"])
    expect(isText([["en", text]]), text).toBe(false);
});

test("what stands beside a forbidden range is text", () => {
  for (const point of [
    0x20, 0x7e, 0xa0, 0xac, 0xae, 0x61b, 0x61d, 0x200a, 0x2010, 0x2027, 0x202f, 0x205f, 0x2070, 0xd7ff,
    0xe000, 0xfefe, 0xff00, 0xfff8, 0x10000, 0xe0080,
  ]) {
    expect(isForbidden(point), point.toString(16)).toBe(false);
  }
});

test("as many languages as there may be", () => {
  const languages = [..."abcdefghijklmnop"].map((letter) => [`a${letter}`, "x"]);
  expect(languages).toHaveLength(LANGUAGES_MAX);
  expect(isText(languages)).toBe(true);
});

test("whether a code point is forbidden does not depend on the tables of an engine", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0x10ffff }), (point) => {
      const text = String.fromCodePoint(point);
      if (/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(text)) expect(isForbidden(point), point.toString(16)).toBe(true);
      if (/[\p{L}\p{N}\p{P}\p{S}\p{M}]/u.test(text) && point < 0xfff0)
        expect(isForbidden(point), point.toString(16)).toBe(false);
    }),
    { numRuns: 5_000 },
  );
});

test("JSON that is no object is refused, and so are names of its prototype", () => {
  for (const value of [null, [], "Lamp", 7, true, { constructor: "x" }, JSON.parse('{"__proto__": "x"}')]) {
    expect(textFromJson(value, PLACE).ok, JSON.stringify(value)).toBe(false);
  }
});

test("a text of any kind is refused or comes back the same", () => {
  const pairsArb = fc.array(
    fc.tuple(fc.constantFrom("zh", "en", "de-CH", "DE"), fc.string({ unit: "binary", maxLength: 6 })),
    {
      maxLength: 3,
    },
  );
  fc.assert(
    fc.property(pairsArb, (pairs) => {
      const outcome = checkText(pairs, PLACE);
      if (outcome.ok)
        expect(textFromJson(textToJson(outcome.value), PLACE)).toEqual({ ok: true, value: pairs });
    }),
    { numRuns: 500 },
  );
});
