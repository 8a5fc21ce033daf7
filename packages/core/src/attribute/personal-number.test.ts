import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkNoPersonalNumber, findPersonalNumber } from "./personal-number.ts";

const CITIZEN = "11010519491231002X";
const MAP = "10X98765432";
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

function withCheck(first17: string): string {
  const sum = WEIGHTS.reduce((total, weight, at) => total + weight * Number(first17[at]), 0);
  return first17 + MAP[sum % 11]!;
}

function toFullWidth(text: string): string {
  return text.replace(/[0-9X]/g, (character) => String.fromCharCode(character.charCodeAt(0) + 0xfee0));
}

describe("citizen numbers", () => {
  test.each([
    [CITIZEN, 0],
    ["11010519491231002x", 0],
    [toFullWidth(CITIZEN), 0],
    ["110105 19491231 002X", 0],
    ["110105-1949-1231-002X", 0],
    ["110105 - 19491231 - 002 - X", 0],
    ["身份证号11010519491231002X，张三", 4],
    ["SFZ11010519491231002XY", 3],
    ["1 11010519491231002X", 2],
    ["13812 11010519491231002X 13", 6],
    [withCheck("81000019900101123"), 0],
    [withCheck("91112419810803002"), 0],
    [withCheck("13010220000229001"), 0],
    [withCheck("13010218991231001"), 0],
    [withCheck("13010219960229001"), 0],
    ["11010519491231002ｘ", 0],
    ["11010519491231002Ｘ", 0],
    ["110105\u201019491231\u2015002\u2212X", 0],
    ["110105\u00a019491231\uff0d002X", 0],
  ])("finds %s", (text, at) => {
    expect(findPersonalNumber(text)).toEqual({ kind: "citizen-number", at });
  });

  test.each([
    ["a wrong check", "110105194912310021"],
    ["a region that no province has", withCheck("16010519491231002")],
    ["no prefecture", withCheck("11000519491231002")],
    ["a day that never was", withCheck("13010219990229001")],
    ["a leap day of 1900", withCheck("13010219000229001")],
    ["day 0", withCheck("13010219990100001")],
    ["month 0", withCheck("13010219990001001")],
    ["day 31 of a month of 30", withCheck("13010219990431001")],
    ["other dashes", "110105\u200f19491231002X"],
    ["month 13", withCheck("13010219991301001")],
    ["a year before 1800", withCheck("13010217991231001")],
    ["one more digit before", `1${CITIZEN}`],
    ["one more digit after", `${withCheck("13010219991231001")}0`],
    ["other separators", "110105.19491231.002X"],
    ["too many separators", "110105    19491231002X"],
    ["no X after 17 digits", "11010519491231002"],
    ["another letter after 17 digits", "11010519491231002Y"],
    ["a word that only begins with X", "11010519491231002 XY"],
  ])("passes a number with %s", (_, text) => {
    expect(findPersonalNumber(text)).toBeUndefined();
  });

  test("finds the form until 1999", () => {
    for (const text of [
      "130102491231001",
      "130102 491231 001",
      "130102-491231-001",
      toFullWidth("130102491231001"),
    ]) {
      expect(findPersonalNumber(text), text).toEqual({ kind: "citizen-number-15", at: 0 });
    }
  });

  test.each([
    "130102491331001",
    "490154203237518",
    "SN130102491231001",
    "13010249 1231001",
    "130102.491231.001",
    "130102 491231.001",
    "1301024912310010",
  ])("does not take %s for the form until 1999", (text) => {
    expect(findPersonalNumber(text)).toBeUndefined();
  });
});

describe("mobile numbers", () => {
  test.each([
    ["13812345678", 0],
    ["+8613812345678", 1],
    ["+86 138 1234 5678", 4],
    ["86-13812345678", 3],
    ["8613812345678", 0],
    ["008613812345678", 0],
    ["0086 138-1234-5678", 5],
    ["0086138-1234-5678", 0],
    ["(+86)199-1234-5678", 5],
    ["电话：１３８１２３４５６７８", 3],
    ["第 7 号 13812345678", 6],
  ])("finds %s", (text, at) => {
    expect(findPersonalNumber(text)).toEqual({ kind: "mobile-number", at });
  });

  test.each([
    "12812345678",
    "1381234567",
    "138123456789",
    "013812345678",
    "SN13812345678",
    "13812345678B",
    "138.1234.5678",
  ])("passes %s", (text) => {
    expect(findPersonalNumber(text)).toBeUndefined();
  });
});

test.each([
  ["division", "130102"],
  ["statistical division", "130102001001"],
  ["GTIN-8", "95012346"],
  ["GTIN-13", "9521234543213"],
  ["GTIN-14", "09521234543213"],
  ["SSCC", "106141411234567897"],
  ["component", "1301020101000001"],
  ["real estate unit", "130102001001GB00001F00010001"],
  ["real estate unit of digits", "1301020010010000100010001234"],
  ["IFOPT", "de:11000:900160004"],
  ["OID", "1.2.156.13812345678901.1"],
  ["social credit code", "91110108551385082Q"],
  ["organisation code", "55138508-2"],
  ["IMEI", "490154203237518"],
  ["LEI", "506700GE1G29325QX363"],
  ["MA code", "MA.156.1301.02/60.10000000.1/000123"],
  ["digest", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
  ["UUID", "1b4e28ba-2fa1-11d2-883f-0016d3cca427"],
  ["landline", "0311-86012345"],
  ["service number", "12345"],
  ["period", "2019-01-01 - 2024-12-31"],
  ["time", "2019-11-03T08:00:00.000Z"],
  ["name", "石家庄市城市管理综合行政执法局"],
])("a code of another kind passes: %s", (_, text) => {
  expect(findPersonalNumber(text)).toBeUndefined();
});

const digitsArb = (length: number) => fc.stringMatching(new RegExp(`^[0-9]{${length}}$`));

/** Goal: a number is found however it is written. Method: random numbers, cut anywhere, in a text. */
test("any citizen number is found in any writing", () => {
  const numberArb = fc
    .tuple(
      fc.constantFrom("110105", "130102", "441900", "810000", "911156"),
      fc.date({ min: new Date("1900-01-01"), max: new Date("2099-12-31"), noInvalidDate: true }),
      digitsArb(3),
    )
    .map(([region, day, serial]) =>
      withCheck(region + day.toISOString().slice(0, 10).replaceAll("-", "") + serial),
    );
  const separatorArb = fc.constantFrom("", " ", "-", "\u3000", " - ", "\u2013");
  fc.assert(
    fc.property(
      numberArb,
      fc.array(separatorArb, { minLength: 17, maxLength: 17 }),
      fc.constantFrom("", "号", "n.", "x:", "(", "2 "),
      fc.constantFrom("", "。", ")", ".5", "号"),
      fc.boolean(),
      (number, separators, before, after, isWide) => {
        const written = [...number].map((character, at) => character + (separators[at] ?? "")).join("");
        const text = before + (isWide ? toFullWidth(written) : written) + after;
        expect(findPersonalNumber(text, ["citizen-number"]), text).toEqual({
          kind: "citizen-number",
          at: before.length,
        });
      },
    ),
  );
});

/** Goal: the scanner agrees with the plain definition. Method: ASCII digits alone, against regular expressions. */
test("runs of digits are judged as defined", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(digitsArb(11), digitsArb(13), fc.constantFrom("86", "13", "199", "a", ".", "/", "0")),
      ),
      (parts) => {
        const text = parts.join("");
        const found = findPersonalNumber(text, ["mobile-number"]);
        const expected = /(?<![0-9A-Za-z])(86|0086)?1[3-9][0-9]{9}(?![0-9A-Za-z])/.exec(text);
        expect(found?.at, text).toBe(expected?.index);
      },
    ),
    { numRuns: 500 },
  );
});

test("no text breaks the scanner, and what it finds begins with a digit", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(..."0189 -Xx\u3000１８a\u{1f600}\ud800"), maxLength: 60 }),
      (text) => {
        const found = findPersonalNumber(text);
        if (found !== undefined) expect("0189１８", text).toContain(text[found.at]);
      },
    ),
  );
});

test("a refusal names the field and never repeats the number", () => {
  for (const number of [CITIZEN, "13812345678", "130102491231001"]) {
    const refusal = checkNoPersonalNumber("attributes.name.zh", `张三${number}`);
    expect(refusal, number).toMatchObject({
      ok: false,
      rejection: { name: "PERSONAL_NUMBER", fault: { field: "attributes.name.zh", at: 2 } },
    });
    expect(JSON.stringify(refusal), number).not.toContain(number.slice(4, 12));
  }
  expect(checkNoPersonalNumber("name", "槐安路 12 号").ok).toBe(true);
});

test("an ASCII letter beside a mobile number is any of A to Z and a to z, and nothing else", () => {
  for (let unit = 0x21; unit < 0x7f; unit++) {
    const beside = String.fromCharCode(unit);
    const isPart = /[0-9A-Za-z]/.test(beside);
    expect(findPersonalNumber(`${beside}13812345678`) === undefined, beside).toBe(isPart);
    expect(findPersonalNumber(`13812345678${beside}`) === undefined, beside).toBe(isPart);
  }
});

test("the kinds that are sought can be chosen", () => {
  const text = `13812345678 ${CITIZEN}`;
  expect(findPersonalNumber(text)?.kind).toBe("mobile-number");
  expect(findPersonalNumber(text, ["citizen-number"])).toEqual({ kind: "citizen-number", at: 12 });
  expect(checkNoPersonalNumber("code", "13812345678", ["citizen-number"]).ok).toBe(true);
});
