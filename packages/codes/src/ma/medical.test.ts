import fc from "fast-check";
import { expect, test } from "vitest";
import { generalNodes, makeCode, medicalNodes } from "./code.testing.ts";
import { type Code, parseCode } from "./code.ts";
import { checkMedical, warningsOf } from "./medical.ts";

function codeOf(text: string): Code {
  const read = parseCode(text);
  if (!read.ok) throw new Error(`not a code: ${text}`);
  return read.value;
}

/** Device codes found in three independent public code bases. */
test.each([
  "MA.156.M0.100032.00002689",
  "MA.156.M0.100032.00002484",
  "MA.156.M0.100032.10002633",
  "MA.156.M0.100380.02000001",
  "MA.156.M0.100380.12000000",
  "MA.156.M0.100032.0YE660A15",
  "MA.156.M0.100350.01004YA10017",
  "MA.156.M0.100204.13351764",
  "MA.156.M0.100472.11103316",
])("the device digit of %s is right", (text) => {
  const digit = text.slice(-1);
  expect(checkMedical(codeOf(text))).toEqual({ di: { verdict: "right", got: digit, expected: digit } });
  expect(warningsOf(codeOf(text))).toEqual([]);
});

/** Found in public tests, yet against the algorithm; the second is evidently made up. */
test.each([
  ["MA.156.M0.100274.13360111", "4"],
  ["MA.156.M0.100761.21234561", "3"],
])("the device digit of %s should be %s", (text, expected) => {
  expect(checkMedical(codeOf(text))).toEqual({ di: { verdict: "wrong", got: text.slice(-1), expected } });
  expect(warningsOf(codeOf(text))).toMatchObject([
    { field: "object.product", expected: `check digit ${expected}`, got: text.slice(-1) },
  ]);
});

test.each([
  "MA.156.M0.100350.01004YA10017.SLMSAGAAAC.M210628.LAY21062803.E220628.V220627.C3",
  "MA.156.M0.100350.01004YA10017.S60KACAAAE.M221020.E221020.V221020.C6",
  "MA.156.M0.100350.01004YA10017.S60KACAAAC.M221020.E221020.V221020.C8",
  "MA.156.M0.100204.13351764.Sx00008.M220117.L20220117.D20220118.E220130.V220117.C3",
])("the production digit of %s is right", (text) => {
  const digit = text.slice(-1);
  expect(checkMedical(codeOf(text)).pi).toEqual({ verdict: "right", got: digit, expected: digit });
  expect(warningsOf(codeOf(text))).toEqual([]);
});

/** An example of an older production form, with an element P, whose author's table may differ. */
test("a production digit of the older form disagrees", () => {
  const code = codeOf("MA.156.M0.100472.11103316.S1576130942.P190101.LABS20191201.E191201.C7");
  expect(checkMedical(code).pi).toEqual({ verdict: "wrong", got: "7", expected: "8" });
  expect(warningsOf(code)).toMatchObject([
    { field: "custom[1]", got: "P190101" },
    { field: "custom[4]", expected: "check digit 8", got: "7" },
  ]);
});

test("a character outside the table leaves the digit unknown", () => {
  const code = codeOf("MA.156.M0.100032.0000_689");
  expect(checkMedical(code)).toEqual({ di: { verdict: "unknown", got: "9" } });
  expect(warningsOf(code)).toMatchObject([{ field: "object.product" }]);
});

test("codes that carry no digit have nothing to check", () => {
  for (const text of ["MA.156.M0", "MA.156.M0.100032", "MA.156.1301.02/60.10000000.1/C3"]) {
    expect(checkMedical(codeOf(text)), text).toEqual({});
    expect(warningsOf(codeOf(text)), text).toEqual([]);
  }
});

test.each([
  ["MA.156.M0.1629", "root[3]", "6 digits"],
  ["MA.156.M0.100032.A2", "object.product", "a digit for the pack level, an item code and a check digit"],
  ["MA.156.M0.100032.00002689.S1.S2", "custom[1]", "one element S only"],
  ["MA.156.M0.100032.00002689.M2101", "custom[0]", "M and a date of 6 or 8 digits"],
  ["MA.156.M0.100032.00002689.X1", "custom[0]", "an element led by one of SMLDEVY"],
  ["MA.156.M0.100032.00002689.C9.S1", "custom[0]", "an element led by one of SMLDEVY"],
  ["MA.156.M0.100032.00002689.S1", "custom", "C and a check digit last"],
])("%s departs from the published shape", (text, field, expected) => {
  expect(warningsOf(codeOf(text))).toContainEqual(expect.objectContaining({ field, expected }));
});

/** The algorithm once more, as it is described: number each character, put the digits in a row, sum from the right. */
function describedDigit(text: string): string {
  const upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  const numbered = new Map(Array.from(`0123456789${upper}abcdefg`, (character, index) => [character, index]));
  for (const [index, character] of Array.from("hijklmnopqrstuvwxyz-.").entries())
    numbered.set(character, index + 45);
  const digits = Array.from(text, (character) => numbered.get(character)).join("");
  let sum = 0;
  for (const [index, digit] of Array.from(digits).reverse().entries()) {
    const doubled = Number(digit) * (index % 2 === 0 ? 1 : 2);
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return String((10 - (sum % 10)) % 10);
}

test("device and production digits follow the described algorithm", () => {
  const text = fc.stringMatching(/^[0-9A-Za-z-]{1,12}$/);
  fc.assert(
    fc.property(text, fc.array(text, { maxLength: 3 }), (item, elements) => {
      const code = codeOf(["MA.156.M0.100032", `${item}0`, ...elements, "C0"].join("."));
      const { di, pi } = checkMedical(code);
      expect(di?.expected, code).toBe(describedDigit(`MA.156.M0.100032.${item}`));
      expect(pi?.expected, code).toBe(describedDigit(elements.map((element) => `.${element}`).join("")));
    }),
  );
});

test("wrong check digits are accepted by the parser, and exactly one of ten is right", () => {
  fc.assert(
    fc.property(medicalNodes, fc.stringMatching(/^[0-9A-Za-z-]{1,8}$/), (nodes, item) => {
      if (nodes.root.length < 4) return;
      const verdicts = Array.from("0123456789", (digit) => {
        const code = makeCode({ root: nodes.root, object: [item + digit], custom: [] });
        return checkMedical(code).di?.verdict;
      });
      expect(verdicts.filter((verdict) => verdict === "right").length, item).toBe(1);
      expect(verdicts.filter((verdict) => verdict === "wrong").length, item).toBe(9);
    }),
  );
});

test("general codes are never warned of", () => {
  fc.assert(
    fc.property(generalNodes.map(makeCode), (code) => {
      expect(warningsOf(code), code).toEqual([]);
    }),
  );
});
