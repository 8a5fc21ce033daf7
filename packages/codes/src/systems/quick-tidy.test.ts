import * as fc from "fast-check";
import { expect, test } from "vitest";
import { characterSetOf } from "./character-set.ts";
import { quickForm, rawText } from "./quick-tidy.ts";
import { CODING_SYSTEMS } from "./systems.ts";
import { tidy } from "./tidy.ts";

test("a text is brought into every form as tidying it does", () => {
  const forms = CODING_SYSTEMS.map(({ form }) => ({ form, quick: quickForm(form) }));
  const unitArb = fc.constantFrom(..." \t\n\v\f\r\0-.:·•azAZ019_/|\\^]Ａ９　\u00a0\u200b\ufeffßıİ京");
  const textArb = fc.oneof(
    fc.string(),
    fc.array(unitArb, { maxLength: 24 }).map((units) => units.join("")),
  );
  fc.assert(
    fc.property(textArb, (raw) => {
      const text = rawText(raw, characterSetOf(raw));
      for (const { form, quick } of forms) expect(quick.textOf(text)).toBe(tidy(raw, form).text);
    }),
    { numRuns: 3_000 },
  );
});
