import { isDigits } from "../ascii.ts";
import { CAPITALS, DIGITS } from "./characters.ts";
import type { CodingSystem, Part, Words } from "./coding-system.ts";
import { refuseForm } from "./refusal.ts";

/** How the codes of a version are built. */
type Version = {
  /** Digits of the number of the coding system, NSI. */
  readonly system: number;
  /** Most characters of the main code, MD. */
  readonly main: number;
  /** Whether letters may stand in the main code. */
  readonly hasLetters: boolean;
  readonly meaning: Words;
};

/** By the first character, V. */
const VERSIONS: Readonly<Record<string, Version>> = {
  "1": {
    system: 4,
    main: 20,
    hasLetters: false,
    meaning: { en: "Ecode-V1, decimal", zh: "Ecode-V1，十进制" },
  },
  "2": {
    system: 4,
    main: 28,
    hasLetters: false,
    meaning: { en: "Ecode-V2, decimal", zh: "Ecode-V2，十进制" },
  },
  "3": {
    system: 5,
    main: 39,
    hasLetters: true,
    meaning: { en: "Ecode-V3, letters and digits", zh: "Ecode-V3，字母数字型" },
  },
};
/** Fewest characters of a main code. Our choice: otherwise any short number would be an Ecode too. */
const MAIN_MIN = 8;

/**
 * Ecode of a thing: version V, number of the coding system NSI, main code MD as that system lays it down. Lengths are those
 * of GB/T 31866-2015 by common knowledge; no public text was found to hold them against. Read are the versions 1 to 3,
 * which are numbers and letters: version 0 is binary, and version 4 of any length in any characters. Letters stand in the
 * main code of version 3 only, with their case kept.
 */
export const ecode: CodingSystem = {
  id: "ecode",
  title: { en: "Ecode, item code of the Internet of Things", zh: "物品编码Ecode" },
  standards: [
    { name: "GB/T 31866-2015", basis: "common-knowledge" },
    { name: "GB/T 31866-2023", basis: "common-knowledge" },
  ],
  form: {
    lengths: [1 + 4 + MAIN_MIN, 1 + 5 + 39],
    characters: `${DIGITS}${CAPITALS}${CAPITALS.toLowerCase()}`,
    case: "keep",
    separators: " ",
  },
  parse: (text) => {
    const version = VERSIONS[text.charAt(0)];
    if (version === undefined) {
      return refuseForm({ field: "version", expected: "1, 2 or 3", got: text.charAt(0), at: 0 });
    }
    const end = 1 + version.system;
    const system = text.slice(1, end);
    if (!isDigits(system)) {
      return refuseForm({ field: "system", expected: `${version.system} digits`, got: system, at: 1 });
    }
    const main = text.slice(end);
    if (main.length < MAIN_MIN || main.length > version.main || !(version.hasLetters || isDigits(main))) {
      const kind = version.hasLetters ? "letters and digits" : "digits";
      return refuseForm({
        field: "main",
        expected: `${MAIN_MIN} to ${version.main} ${kind}`,
        got: main,
        at: end,
      });
    }
    const parts: Part[] = [
      {
        name: "version",
        label: { en: "Version", zh: "版本" },
        text: text.charAt(0),
        meaning: version.meaning,
      },
      { name: "system", label: { en: "Coding system", zh: "编码体系标识" }, text: system },
      { name: "main", label: { en: "Main code", zh: "主码" }, text: main },
    ];
    return { ok: true, value: { canonical: text, check: "none", parts } };
  },
  examples: [
    {
      value: "1006401234567890123456789",
      of: { en: "made up by the rule, the longest of version 1", zh: "按规则编造：版本1中最长的编码" },
    },
  ],
  names: "thing",
};
