import { isDigits } from "../ascii.ts";
import { CHARACTER_SET_82 } from "../gs1/character-sets.ts";
import { keyStandard, readingOf, refuseWrongCheckDigit } from "../gs1/key-parts.ts";
import type { CodingSystem } from "./coding-system.ts";
import { gtin14Parts } from "./gtin-14.ts";
import { type Refusal, refuseForm } from "./refusal.ts";

const GTIN_DIGITS = 14;
const SERIAL_CHARACTERS_MAX = 20;
const GTIN_IDENTIFIER = "01";
const SERIAL_IDENTIFIER = "21";

/**
 * A single trade item: GTIN-14 and serial. Canonical here is the form that is printed under a barcode, `(01)` and the
 * number, `(21)` and the serial: it reads on any label, and one cannot take it for another number. Also taken without the
 * brackets, as a scanner hands it over.
 */
export const sgtin: CodingSystem = {
  id: "sgtin",
  title: { en: "Serialised trade item number (SGTIN)", zh: "序列化全球贸易项目代码（SGTIN）" },
  standards: [keyStandard("3.2, 3.5.1"), { name: "GB/T 16986-2018", basis: "common-knowledge" }],
  form: {
    lengths: [19, 8 + GTIN_DIGITS + SERIAL_CHARACTERS_MAX],
    characters: CHARACTER_SET_82,
    case: "keep",
    separators: " ",
  },
  parse: (text) => {
    const bracketed = text.startsWith("(");
    const [first, second] = [GTIN_IDENTIFIER, SERIAL_IDENTIFIER].map((ai) => (bracketed ? `(${ai})` : ai));
    if (first === undefined || second === undefined || !text.startsWith(first)) return refuseStart(text, 0);
    const from = first.length + GTIN_DIGITS;
    const digits = text.slice(first.length, from);
    if (!isDigits(digits) || !text.startsWith(second, from)) return refuseStart(text, first.length);
    const serial = text.slice(from + second.length);
    if (serial.length === 0 || serial.length > SERIAL_CHARACTERS_MAX) {
      const expected = `1 to ${SERIAL_CHARACTERS_MAX} characters`;
      return refuseForm({ field: "serial", expected, got: serial, at: from + second.length });
    }
    const canonicalOf = (gtin: string) => `(${GTIN_IDENTIFIER})${gtin}(${SERIAL_IDENTIFIER})${serial}`;
    const wrong = refuseWrongCheckDigit(digits);
    if (wrong !== undefined) {
      const { fault } = wrong;
      const at = first.length + GTIN_DIGITS - 1;
      return { ok: false, fault: { ...fault, at, meant: canonicalOf(fault.meant ?? digits) } };
    }
    return readingOf(canonicalOf(digits), "right", [
      {
        name: "gtin",
        label: { en: "Trade item", zh: "贸易项目代码" },
        text: digits,
        refersTo: { system: "gtin-14", value: digits },
      },
      ...gtin14Parts(digits),
      { name: "serial", label: { en: "Serial", zh: "序列号" }, text: serial },
    ]);
  },
  examples: [
    { value: "(01)09521234543213(21)12345", of: { en: "a made-up single item", zh: "虚构的单件商品" } },
  ],
  names: "thing",
};

function refuseStart(text: string, at: number): Refusal {
  return refuseForm({ expected: "(01), 14 digits, (21) and a serial", got: text, at });
}
