import { uscc } from "@cityroot/codes/systems/uscc";
import { expect, test } from "vitest";
import { identifyValue } from "./identify-value.ts";

test("a value is identified", () => {
  expect(identifyValue("91110108551385082Q")).toMatchObject({
    ok: true,
    value: { fits: expect.arrayContaining([expect.objectContaining({ system: uscc })]) },
  });
});

// The example of the standard, and how people write it.
test.each([
  "11010519491231002X",
  " 110105 19491231 002x",
  "\uff11\uff11\uff10\uff11\uff10\uff15\uff11\uff19\uff14\uff19\uff11\uff12\uff13\uff11\uff10\uff10\uff12X",
  "110105491231002",
  "+86 138 0013 8000",
  "1 3 8 0 0 1 3 8 0 0 0",
  "holder 11010519491231002X of it",
])("a number of a person is refused and not repeated: %s", (text) => {
  const refused = identifyValue(text);
  expect(refused).toMatchObject({ ok: false, rejection: { name: "PERSONAL_NUMBER" } });
  const digits = text.replace(/[^0-9]/g, "").slice(0, 6);
  if (digits.length === 6) expect(JSON.stringify(refused)).not.toContain(digits);
});
