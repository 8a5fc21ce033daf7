import type { CodingSystem } from "./coding-system.ts";
import { partOf, reading } from "./part.ts";
import { refuseForm } from "./refusal.ts";

const LENGTH_MAX = 256;
/** Numbers with dots between, which end before the first slash; `0.NA` names prefixes themselves. */
const PREFIX = /^(?:0\.NA|[0-9]{1,12}(?:\.[0-9]{1,12}){0,7})\//;
/** Digits after `10.` and further numbers. DOI Handbook 2.2. */
const DOI_PREFIX = /^10\.[0-9]{4,9}(?:\.[0-9]{1,9}){0,6}\//;
/** Characters that cannot be seen, and spaces. */
const UNSEEN = /[\s\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/u;

/**
 * Handle: the prefix of who gives it, a slash, and what that likes. Upper and lower case are kept as they come. Of prefixes only
 * those of digits are taken, as all that are given out today.
 */
export const handle: CodingSystem = {
  id: "handle",
  title: { en: "Handle", zh: "Handle标识" },
  standards: [{ name: "RFC 3651", basis: "public-source" }],
  form: { lengths: [3, LENGTH_MAX], characters: "any", needs: "/", case: "keep", separators: "" },
  parse: (text) => {
    const prefix = PREFIX.exec(text)?.[0].slice(0, -1);
    const expected = "numbers with dots between, a slash, and characters that can be seen";
    if (prefix === undefined) return refuseForm({ field: "prefix", expected, got: text, at: 0 });
    const suffix = text.slice(prefix.length + 1);
    if (suffix === "" || UNSEEN.test(suffix))
      return refuseForm({ field: "suffix", expected, got: suffix, at: prefix.length + 1 });
    return reading(text, "none", [
      partOf("prefix", "Prefix", "前缀", prefix),
      partOf("suffix", "Suffix", "后缀", suffix),
    ]);
  },
  examples: [
    { value: "20.1000/5555", of: { en: "a test of the Handle system", zh: "Handle系统的测试标识" } },
  ],
  names: "thing",
};

/** Digital object identifier: a Handle below `10.`, in which upper and lower case mean the same. */
export const doi: CodingSystem = {
  id: "doi",
  title: { en: "Digital object identifier (DOI)", zh: "数字对象唯一标识符（DOI）" },
  standards: [
    { name: "ISO 26324:2022", basis: "public-source" },
    { name: "GB/T 36369-2018", basis: "common-knowledge" },
  ],
  form: { lengths: [9, LENGTH_MAX], characters: "any", needs: "10./", case: "lower", separators: "" },
  parse: (text) => {
    const prefix = DOI_PREFIX.exec(text)?.[0].slice(0, -1);
    const expected = "10., the number of a registrant, a slash, and characters that can be seen";
    if (prefix === undefined) return refuseForm({ field: "prefix", expected, got: text, at: 0 });
    const suffix = text.slice(prefix.length + 1);
    if (suffix === "" || UNSEEN.test(suffix))
      return refuseForm({ field: "suffix", expected, got: suffix, at: prefix.length + 1 });
    return reading(text, "none", [
      partOf("registrant", "Registrant", "注册者", prefix.slice(3)),
      partOf("suffix", "Suffix", "后缀", suffix),
    ]);
  },
  examples: [{ value: "10.1000/182", of: { en: "the DOI Handbook", zh: "DOI手册" } }],
  names: "thing",
};
