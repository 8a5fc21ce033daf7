import { expect, test } from "vitest";
import { prefixOf, prefixOfGtin8 } from "./prefix.ts";
import { PREFIX_RANGES } from "./prefix-ranges.ts";

test("the ranges stand in order and do not overlap", () => {
  let before = -1;
  for (const [from, to, kind, en, zh] of PREFIX_RANGES) {
    expect(from, en).toBeGreaterThan(before);
    expect(to, en).toBeGreaterThanOrEqual(from);
    expect(to, en).toBeLessThan(1_000);
    expect(kind).not.toBe("unknown");
    expect(en.length * zh.length).toBeGreaterThan(0);
    before = to;
  }
});

test.each([
  ["690", "allotted", "GS1 in China"],
  ["699", "allotted", "GS1 in China"],
  ["689", "unknown", "not allotted as far as is known here"],
  ["001", "allotted", "GS1 in the United States"],
  ["440", "allotted", "GS1 in Germany"],
  ["441", "unknown", "not allotted as far as is known here"],
  ["950", "reserved", "GS1 Global Office"],
  ["978", "publication", "ISBN of a book"],
  ["999", "coupon", "coupon"],
])("%s is %s: %s", (digits, kind, en) => {
  expect(prefixOf(digits)).toMatchObject({ kind, meaning: { en } });
});

test("a GTIN-8 has ranges of its own", () => {
  expect(prefixOfGtin8("012").kind).toBe("restricted");
  expect(prefixOfGtin8("234").kind).toBe("restricted");
  expect(prefixOfGtin8("150").kind).toBe("reserved");
  expect(prefixOfGtin8("690")).toBe(prefixOf("690"));
});
