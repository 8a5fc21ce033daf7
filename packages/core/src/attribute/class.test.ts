import * as fc from "fast-check";
import { expect, test } from "vitest";
import { checkClassName, isClassName } from "./class.ts";

test.each(["a", "street-lamp", "a1", "a-", "transit-stop-2", "a".repeat(32)])("%s is a class", (text) => {
  expect(checkClassName(text)).toEqual({ ok: true, value: text });
});

test.each(["", "A", "1a", "-a", "street lamp", "lamp_1", "straße", "灯", "a".repeat(33), null, 7, ["a"]])(
  "%j is no class",
  (value) => {
    const refusal = { name: "CLASS_MALFORMED", fault: { field: "description.class" } };
    expect(checkClassName(value, "description.class")).toMatchObject({ ok: false, rejection: refusal });
  },
);

test("a class holds no number of a person", () => {
  expect(checkClassName("id-13812345678")).toMatchObject({
    ok: false,
    rejection: { name: "PERSONAL_NUMBER" },
  });
});

test("which ASCII characters a class may have", () => {
  for (let unit = 0; unit < 0x100; unit++) {
    const character = String.fromCharCode(unit);
    expect(isClassName(`a${character}`), character).toBe(/^[a-z0-9-]$/.test(character));
    expect(isClassName(character), character).toBe(/^[a-z]$/.test(character));
  }
});

test("a class is what its pattern says", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(..."az09-_A "), maxLength: 36 }), (text) => {
      expect(isClassName(text), text).toBe(/^[a-z][a-z0-9-]{0,31}$/.test(text));
    }),
  );
});
