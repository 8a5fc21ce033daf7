import { APPLICATION_IDENTIFIERS } from "@cityroot/codes/gs1/application-identifiers";
import { parseElementString, printBracketed, printScanned } from "@cityroot/codes/gs1/element-string";
import { elements } from "@cityroot/codes/gs1/elements.testing";
import fc from "fast-check";
import gs1 from "gs1-barcode-parser-mod";
import { expect, test } from "vitest";

/** Goal: what a scanner sends is taken apart as an implementation of others does. */
// Up to five countries stand behind (425) and up to two days behind (7007), of which the other one takes the first. GS1 syntax
// dictionary.
const READ_OTHERWISE: ReadonlySet<string> = new Set(["425", "7007"]);

test("element strings", () => {
  let compared = 0;
  fc.assert(
    fc.property(elements, (given) => {
      const text = printScanned(given);
      const theirs = theirsOf(text);
      if (theirs === undefined || given.some(({ ai }) => READ_OTHERWISE.has(ai))) return;
      compared += 1;
      const read = parseElementString(text);
      expect(read, text).toMatchObject({ ok: true });
      if (read.ok) expect(read.value.elements.map(({ ai, value }) => [ai, value])).toEqual(theirs);
      expect(theirsOf(printBracketed(given)) ?? theirs).toEqual(theirs);
    }),
    { numRuns: 2_000 },
  );
  expect(compared).toBeGreaterThan(1_000);
  expect(APPLICATION_IDENTIFIERS.size).toBeGreaterThan(400);
});

/** Identifiers and values, where the other one knows all of the identifiers. */
function theirsOf(text: string): readonly (readonly [ai: string, value: string])[] | undefined {
  try {
    return gs1.parseBarcode(text).parsedCodeItems.map(({ ai, raw }) => [ai, raw] as const);
  } catch {
    return undefined;
  }
}
