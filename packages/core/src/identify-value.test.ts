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

// A made-up number that is right.
const CITIZEN = "110101199003070003";
const ESCAPED = `%31${CITIZEN.slice(1)}`;

test.each([
  `010952123454321321${CITIZEN}`,
  `]C1010952123454321321${CITIZEN}`,
  "(01)09521234543213(21)110101     199003070003",
  "(01)09521234543213(21)110101\u200b199003070003",
  `https://id.gs1.org/01/09521234543213/21/${ESCAPED}`,
  `https://doi.org/10.1000/${ESCAPED}`,
  `info:doi/10.1000/${ESCAPED}`,
  `urn:epc:id:giai:0952123.${ESCAPED}`,
  `https://x.cn/?${ESCAPED}=1`,
  "110101\u2009199003070003",
  [...CITIZEN].map((digit) => String.fromCodePoint(0x660 + Number(digit))).join(""),
  "\x1d13812345678",
])("a number of a person in other clothes is refused: %j", (text) => {
  const refused = identifyValue(text, 2026);
  expect(refused).toMatchObject({ ok: false, rejection: { name: "PERSONAL_NUMBER" } });
  expect(JSON.stringify(refused)).not.toContain(CITIZEN.slice(1));
});

test.each([
  ["\x1d8018952123454321300004", "952123454321300004"],
  ["(8018)12345678901234567", "12345678901234567"],
  ["(00)395011015300000011(4308)13812345678(4308)13912345678", "3812345678"],
])("what tells of a person is not repeated, nor in a fault: %j", (text, number) => {
  expect(JSON.stringify(identifyValue(text, 2026))).not.toContain(number);
});
