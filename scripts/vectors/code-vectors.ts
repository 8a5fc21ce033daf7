// Texts that are codes, with their canonical form and their parts, and texts that are none.
import { type CodeParts, parseCode, partsOf } from "@cityroot/codes/ma/code";

/** A text and what it is read as. */
export type ValidCode = { readonly text: string; readonly canonical: string } & CodeParts;
/** A text that is no code, and why, in a few words for people. */
export type InvalidCode = { readonly text: string; readonly why: string };
export type CodeFile = {
  readonly about: string;
  readonly valid: readonly ValidCode[];
  readonly invalid: readonly InvalidCode[];
};

const LONGEST = `MA.156.1301.02/60.10000000.1/${"a".repeat(50)}.${"b".repeat(48)}`;
const DEEPEST = `MA.156.1301.02/60.10000000.1/${Array.from({ length: 17 }, () => "1").join(".")}`;

const VALID: readonly string[] = [
  "MA.156",
  "MA.156.1301",
  "MA.156.1301.02",
  "MA.156.1301.02/60",
  "MA.156.1301.02/60.10000000",
  "MA.156.1301.02/60.10000000.1",
  "MA.156.1301.02/60.10000000.1/000123",
  "MA.156.1301.02/60.10000000.1/000123.A-7_b",
  "MA.156/60",
  "MA.156.1301/60.10000000.model-1/x",
  // The registry answers with a "/" at the end.
  "MA.156/",
  "MA.156.1301.02/60.10000000.1/000123/",
  // "." between parts, where one reading alone exists.
  "MA.156.1301.02.60.10000000.1.000123",
  "MA.156.1301.02.60",
  "MA.156.1301/60.10000000.1.000123",
  // Upper and lower case differ.
  "MA.156.aB",
  "MA.156.Ab",
  // Medical devices.
  "MA.156.M0",
  "MA.156.M0.100032.00002689",
  "MA.156.M0.100032.00002689.S60KACAAAE",
  LONGEST,
  DEEPEST,
];

const INVALID: readonly (readonly [text: string, why: string])[] = [
  ["", "nothing"],
  ["MA", "no country"],
  ["MA.", "an empty country"],
  ["MA.15", "a country of two digits"],
  ["MA.1560", "a country of four digits"],
  ["MA.CHN", "a country of letters"],
  ["ma.156", "an agency in lower case"],
  ["MB.156", "another agency"],
  [" MA.156", "a space before it"],
  ["MA.156 ", "a space after it"],
  ["MA.156\n", "a line break after it"],
  ["MA.156.", "an empty node at the end"],
  ["MA.156..1", "an empty node"],
  ["MA.156//", "two slashes at the end"],
  ["MA.156.13-01", "a mark in a root node"],
  ["MA.156.1301.02.6", "an object node of one digit"],
  ["MA.156.1301.02.03.60", "a fifth root node, which reads as an object"],
  ["MA.156.1301.02/lamp", "an object of letters"],
  ["MA.156.1301.02/60.1000000", "a category of seven digits"],
  ["MA.156.1301.02/60/1", "a custom part right after the use"],
  ["MA.156.1301.02/60.10000000/1", "a custom part before the model"],
  ["MA.156.1301.02/60.10000000.1/000123/4", "a fourth part"],
  ["MA.156.1301.02/60.10000000.1/00 123", "a space within"],
  ["MA.156.1301.02/60.10000000.1/\uff10", "a digit of full width"],
  ["MA.156.\u0661", "an Arabic digit"],
  ["\u039c\u0391.156", "Greek letters that look the same"],
  ["MA.156.1301\u200b", "an invisible character"],
  ["MA.156.1301.02/60.10000000.1/\u706f", "a Chinese character"],
  ["MA\u3002156", "an ideographic full stop"],
  ["https://example.org/MA.156", "an address around it"],
  ["MA.156.M0/100032", "a slash in a medical code"],
  [`MA.156.${"1".repeat(33)}`, "a root node that is too long"],
  [`MA.156.1301.02/60.10000000.1/${"a".repeat(51)}`, "a custom node that is too long"],
  [`${LONGEST}b`, "a code that is too long"],
  [`${DEEPEST}.1`, "one node too many"],
];

/** The file. */
export function makeCodeVectors(): CodeFile {
  const valid = VALID.map((text): ValidCode => {
    const code = parseCode(text);
    if (!code.ok) throw new Error(`${text} is no code: ${code.fault.field}`);
    return { text, canonical: code.value, ...partsOf(code.value) };
  });
  const invalid = INVALID.map(([text, why]): InvalidCode => {
    if (parseCode(text).ok) throw new Error(`${text} is a code`);
    return { text, why };
  });
  return { about: "Texts that are codes, and texts that are none.", valid, invalid };
}
