import fc from "fast-check";
import { expect, test } from "vitest";
import { checkDigitOf } from "../gs1/check-digit.ts";
import { compressDigitalLink } from "../gs1/compressed-link.ts";
import { printDigitalLink } from "../gs1/digital-link.ts";
import { digitalLinkOf } from "../gs1/digital-link-of.ts";
import { FNC1, parseElementString, printBracketed, printScanned } from "../gs1/element-string.ts";
import { identifyText } from "./identify-text.ts";

const digits = (length: number) =>
  fc
    .array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length })
    .map((all) => all.join(""));
const serial = fc.string({
  minLength: 1,
  maxLength: 20,
  unit: fc.constantFrom(..."ABCXYZabc019-_./!%&*+,:;<=>?'\"()"),
});
const item = fc.tuple(digits(13), serial).map(([body, text]) => {
  // A number whose prefix has zeros in these places is one of no company.
  const number = `0952${body.slice(4)}`;
  return { gtin: number + checkDigitOf(number), serial: text };
});

test("every way to write an item carries the same item", () => {
  fc.assert(
    fc.property(item, ({ gtin, serial: text }) => {
      const pairs = [
        { ai: "01", value: gtin },
        { ai: "21", value: text },
      ];
      const read = parseElementString(printBracketed(pairs));
      if (!read.ok) throw new Error(JSON.stringify(read.fault));
      const link = digitalLinkOf(read.value.elements, "https://x.cn");
      if (!link.ok) throw new Error("no link");
      const scanned = printScanned(pairs);
      const written = [
        printBracketed(pairs),
        `]d2${scanned}`,
        `]C1${scanned}`,
        FNC1 + scanned,
        `[)>\x1e05\x1d${scanned}\x1e\x04`,
        printDigitalLink(link.value),
        compressDigitalLink(link.value),
      ];
      for (const one of written) {
        const { carried } = identifyText(one, 2026);
        expect(carried?.fault, one).toBeUndefined();
        const [first] = carried?.values ?? [];
        expect(first?.fits[0]?.reading.canonical, one).toBe(`(01)${gtin}(21)${text}`);
        expect(carried?.digitalLink, one).toBe(`https://id.gs1.org${printDigitalLink(link.value, "")}`);
      }
    }),
    { numRuns: 300 },
  );
});

test("a wrong digit is never carried as a right one", () => {
  fc.assert(
    fc.property(item, fc.integer({ min: 4, max: 13 }), fc.integer({ min: 1, max: 9 }), ({ gtin }, at, by) => {
      const wrong = gtin.slice(0, at) + ((Number(gtin.charAt(at)) + by) % 10) + gtin.slice(at + 1);
      for (const text of [`(01)${wrong}`, `]d201${wrong}`, `https://x.cn/01/${wrong}`]) {
        const { carried } = identifyText(text, 2026);
        expect(carried?.fault, text).toMatchObject({ field: "(01)" });
        expect(carried?.digitalLink).toBeUndefined();
      }
    }),
  );
});
