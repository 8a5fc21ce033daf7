import { escapeText } from "@cityroot/codes/fault";
import { expect, test } from "vitest";
import { readable } from "./readable.ts";

test.each([
  ["冀A12345 号", "冀A12345 号"],
  // A full-width digit, a radical, a soft hyphen and half of a pair do not look like what they are.
  ["１路", "\\uff11路"],
  ["⼀一", "\\u2f00一"],
  ["a\u00adb", "a\\u00adb"],
  ["\ud840\udc00", "\\ud840\\udc00"],
  ["\\u4e2d", "\\\\u4e2d"],
  ["\\中", "\\\\中"],
])("%j is shown as %j", (text, shown) => {
  expect(readable(escapeText(text, 80))).toBe(shown);
});
