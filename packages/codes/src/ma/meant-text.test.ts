import fc from "fast-check";
import { expect, test } from "vitest";
import { guessMeantText } from "./meant-text.ts";

test.each([
  ["\uff2d\uff21\uff0e\uff11\uff15\uff16", "MA.156"],
  ["MA\u3002156\uff611301\u00b702", "MA.156.1301.02"],
  ["\u041c\u0410.156.\u0430", "MA.156.a"],
  ["\u039c\u0391.156", "MA.156"],
  ["MA.\u0661\u0665\u0666", "MA.156"],
  ["MA.\u1811\u1815\u1816", "MA.156"],
  ["MA.156\\60\u20447", "MA.156/60/7"],
  ["a\u2013b\u2212c\u2014d", "a-b-c-d"],
  ["\u200bMA.\u00a0156\t\u3000", "MA.156"],
  ["Ma.156", "MA.156"],
  ["max.156", "max.156"],
  ["\u77f3\u5bb6\u5e84", "\u77f3\u5bb6\u5e84"],
])("%j was meant as %j", (text, meant) => {
  expect(guessMeantText(text)).toBe(meant);
});

test("plain ASCII without spaces, backslash or lower-case agency stays as it is", () => {
  const plain = fc.string({ unit: fc.constantFrom(..."MABab019.-_/@#") }).filter((text) => !/^m/i.test(text));
  fc.assert(
    fc.property(plain, (text) => {
      expect(guessMeantText(text), text).toBe(text);
    }),
  );
});
