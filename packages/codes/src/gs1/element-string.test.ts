import fc from "fast-check";
import { expect, test } from "vitest";
import { VALUE_CHARACTERS_MAX } from "../systems/coding-system.ts";
import { ELEMENTS_MAX, FNC1, parseElementString, printBracketed, printScanned } from "./element-string.ts";
import { elements } from "./elements.testing.ts";

const bare = (text: string, year?: number) => {
  const read = parseElementString(text, year);
  return read.ok ? read.value.elements.map(({ ai, value }) => ({ ai, value })) : read.fault;
};

test("elements are read from below a barcode, with what they say", () => {
  const read = parseElementString("(01) 09521234543213 (17) 261200 (10) ABC(1 (3103) 001250 (21) 12345");
  expect(read).toMatchObject({
    ok: true,
    value: {
      elements: [
        {
          ai: "01",
          title: "GTIN",
          name: { zh: "全球贸易项目代码（GTIN）" },
          refersTo: { system: "gtin-14", value: "09521234543213" },
        },
        { ai: "17", title: "USE BY or EXPIRY", meaning: { zh: "2026-12-31（月末）" } },
        { ai: "10", title: "BATCH/LOT", value: "ABC(1" },
        { ai: "3103", meaning: { en: "1.250 kg" } },
        { ai: "21", value: "12345" },
      ],
      keys: [{ key: { ai: "01" }, qualifiers: [{ ai: "10" }, { ai: "21" }] }],
      doubts: [],
      mended: ["space"],
    },
  });
});

test.each([
  [`]C1010952123454321310ABC${FNC1}17261231`],
  [`]d2010952123454321310ABC${FNC1}17261231`],
  [`]Q3010952123454321310ABC${FNC1}17261231${FNC1}`],
  [`]e0${FNC1}0109521234543213${FNC1}10ABC${FNC1}17261231`],
  [`010952123454321310ABC${FNC1}17261231\r\n`],
  [`${FNC1}010952123454321310ABC${FNC1}17261231`],
  ["(01)09521234543213(10)ABC(17)261231"],
  ["（０１）０９５２１２３４５４３２１３（１０）ＡＢＣ（１７）２６１２３１"],
  ["(01)09521234543213(10)ABC(17)261231(10)ABC"],
])("%j is one and the same", (text) => {
  expect(bare(text)).toEqual([
    { ai: "01", value: "09521234543213" },
    { ai: "10", value: "ABC" },
    { ai: "17", value: "261231" },
  ]);
});

test.each([
  ["]E09521234543213", "09521234543213"],
  ["]E495200002", "00000095200002"],
  ["]I116901234567899", "16901234567899"],
])("%s is a bare GTIN", (text, value) => {
  expect(bare(text)).toEqual([{ ai: "01", value }]);
});

test("a bracket that would look like an identifier is escaped, and others are not", () => {
  const list = [
    { ai: "10", value: "A(11)B" },
    { ai: "21", value: "(1)(" },
  ];
  expect(printBracketed(list)).toBe("(10)A\\(11)B(21)(1)(");
  expect(bare(printBracketed(list))).toEqual(list);
  expect(bare("(10)A\\(")).toEqual([{ ai: "10", value: "A(" }]);
});

test("what is printed is read as it was, below a barcode and scanned", () => {
  fc.assert(
    fc.property(elements, fc.constantFrom("", FNC1, "]C1", "]d2", "]Q3", "]e0"), (list, lead) => {
      const bracketed = printBracketed(list);
      const scanned = lead + printScanned(list);
      if (bracketed.length > VALUE_CHARACTERS_MAX || scanned.length > VALUE_CHARACTERS_MAX) return;
      expect(bare(bracketed), bracketed).toEqual(list);
      expect(bare(scanned), scanned).toEqual(list);
    }),
    { numRuns: 1_000 },
  );
});

test("whatever comes is answered, and what is taken can be printed and read again", () => {
  const nearly = fc
    .tuple(elements, fc.boolean(), fc.nat(), fc.string({ maxLength: 3 }), fc.nat(3))
    .map(([list, brackets, at, piece, cut]) => {
      const text = brackets ? printBracketed(list) : printScanned(list);
      const from = at % (text.length + 1);
      return text.slice(0, from) + piece + text.slice(from + cut);
    });
  fc.assert(
    fc.property(fc.oneof(nearly, fc.string({ unit: "binary" }), fc.string()), (text) => {
      const read = parseElementString(text);
      if (read.ok) {
        expect(bare(printBracketed(read.value.elements))).toEqual(bare(text));
        expect(bare(printScanned(read.value.elements))).toEqual(bare(text));
      } else {
        expect(read.fault.expected).toMatch(/^[ -~]+$/);
        expect(read.fault.at ?? 0, text).toBeLessThanOrEqual(text.length);
      }
    }),
    { numRuns: 2_000 },
  );
});

test.each([
  ["(01)09521234543214(10)ABC", "check", "(01)", 17],
  ["(01)0952123454321(10)ABC", "form", "(01)", 17],
  ["(10)ABC(17)261301", "value", "(17)", 13],
  ["(10)A\\(11)B~C", "form", "(10)", 11],
  ["(14)ABC", "form", "ai", 1],
  ["(1)ABC", "form", "ai", 1],
  ["(10", "form", "ai", 1],
  ["(10)(11)260101", "form", "(10)", 4],
  ["(10)ABC(10)ABD", "value", "(10)", 11],
  ["0109521234543214", "check", "(01)", 15],
  [`10ABC${FNC1}${FNC1}17261231`, "form", "ai", 6],
  ["0109521234543213XYZ", "form", "ai", 16],
  ["8912", "form", "ai", 0],
  ["]X1010952", "form", "symbology", 0],
  ["]C1", "form", "ai", 3],
  ["]E09521234543214", "check", "(01)", 15],
  ["]E0952123454321", "form", "value", 3],
  ["", "form", "ai", 0],
  ["hello", "form", "ai", 0],
])("%j is refused: %s of %s at %i", (text, kind, field, at) => {
  expect(bare(text)).toMatchObject({ kind, field, at });
});

test("a text is bounded in length and in elements", () => {
  expect(bare("1".repeat(VALUE_CHARACTERS_MAX + 1))).toMatchObject({ kind: "form" });
  expect(bare("(90)A".repeat(ELEMENTS_MAX))).toEqual([{ ai: "90", value: "A" }]);
  expect(bare("(90)A".repeat(ELEMENTS_MAX + 1))).toMatchObject({ field: "elements" });
});

test("what is missing or too much is a doubt and no refusal", () => {
  const doubts = (text: string) => {
    const read = parseElementString(text);
    return read.ok
      ? read.value.doubts.map(({ field, expected, got }) => `${field} ${expected}; ${got}`)
      : read.fault;
  };
  expect(doubts("(01)09521234543213(10)ABC")).toEqual([]);
  expect(doubts("(10)ABC")).toEqual(["(10) with it (01) or (02) or (03) or (8006) or (8026); without"]);
  expect(doubts("(02)09521234543213")).toEqual(["(02) with it (37); without"]);
  expect(doubts("(01)09521234543213(3103)001250(3102)001250")).toEqual([
    "(3103) no (310n) with it; with",
    "(3102) no (310n) with it; with",
  ]);
});

test.each([
  ["(11)260600", 2026, "2026-06-30, the end of the month"],
  ["(11)240200", 2026, "2024-02-29, the end of the month"],
  ["(17)761231", 2026, "2076-12-31"],
  ["(17)771231", 2026, "1977-12-31"],
  ["(17)000229", 1999, "2000-02-29"],
  ["(17)501231", 1999, "1950-12-31"],
  ["(7003)2612311830", 2026, "2026-12-31, 18:30"],
  ["(7251)199912312359", 2026, "1999-12-31, 23:59"],
  ["(8008)261231183005", 2026, "2026-12-31, hour 18, minute 30, second 05"],
  ["(3100)000012", 2026, "12 kg"],
  ["(3205)000012", 2026, "0.00012 lb"],
  ["(3371)000123", 2026, "12.3 kg/m²"],
  ["(3932)1560001250", 2026, "12.50 (ISO 4217 156)"],
  ["(3922)1250", 2026, "12.50"],
  ["(3941)0155", 2026, "15.5 %"],
  ["(4331)000500-", 2026, "-5.00 °C"],
  ["(4330)007000", 2026, "70.00 °F"],
  ["(4309)02790858483015297971", 2026, "-62.0914152°, -58.4702029°"],
  ["(4321)1", 2026, "yes"],
  ["(8006)095212345432130102", 2026, "demonstrations and examples of the GS1 system, piece 1 of 2"],
  ["(414)9506000134376", 2026, "GS1 Global Office"],
  ["(422)156", 2026, "country 156 of ISO 3166-1"],
])("%s in %i says: %s", (text, year, en) => {
  expect(parseElementString(text, year)).toMatchObject({
    ok: true,
    value: { elements: [{ meaning: { en } }] },
  });
});

test("what tells of a person is marked", () => {
  const personal = (text: string) => {
    const read = parseElementString(text);
    return read.ok ? read.value.elements.map(({ isPersonal }) => isPersonal) : read.fault;
  };
  expect(personal("(8018)952123456789012348(7250)19991231")).toMatchObject({ kind: "check" });
  expect(personal("(7250)19991231(10)A")).toEqual([true, false]);
});
