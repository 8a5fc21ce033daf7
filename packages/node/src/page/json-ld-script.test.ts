import fc from "fast-check";
import { expect, test } from "vitest";
import { jsonLdScript } from "./json-ld-script.ts";

const BEGINNING = '<script type="application/ld+json">';
const END = "</script>";
const between = (markup: string): string => markup.slice(BEGINNING.length, -END.length);

test.each([
  "</script><script>alert(1)</script>",
  "<!--<script>",
  "-->",
  "]]>",
  "&lt;/script&gt;",
  "</SCRIPT\t>",
  "\u2028\u2029",
  "\\u003c/script>",
  `"},{"@type":"Evil"`,
])("%j stays a text of the data", (hostile) => {
  const { markup } = jsonLdScript({ name: hostile, [hostile]: [hostile] });
  expect(markup.startsWith(BEGINNING) && markup.endsWith(END)).toBe(true);
  expect(between(markup)).not.toMatch(/[<>&\u2028\u2029]/);
  expect(JSON.parse(between(markup))).toEqual({ name: hostile, [hostile]: [hostile] });
});

test("whatever it holds, it is read as the same, and holds no markup", () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: "binary" }), (value) => {
      const inside = between(jsonLdScript(value as never).markup);
      expect(inside).not.toMatch(/[<>&]/);
      expect(JSON.parse(inside)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});
