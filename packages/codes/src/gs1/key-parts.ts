import type { Part, Standard, SystemParsed, Words } from "../systems/coding-system.ts";
import { type Refusal, refuseCheck } from "../systems/refusal.ts";
import { checkDigitOf } from "./check-digit.ts";
import { type Prefix, prefixOf } from "./prefix.ts";

/** Digits of a GS1 prefix that are looked at: it has two or three, and longer ones lie within these. */
export const PREFIX_DIGITS = 3;

/** Where the keys of GS1 are laid down. */
export function keyStandard(clause: string): Standard {
  return { name: "GS1 General Specifications", clause, basis: "public-source" };
}

/** Refuses digits whose last is not the check digit of those before it. `after` follows them and has no part in it. */
export function refuseWrongCheckDigit(digits: string, after = ""): Refusal | undefined {
  const at = digits.length - 1;
  const body = digits.slice(0, at);
  const check = checkDigitOf(body);
  const got = digits.charAt(at);
  return got === check ? undefined : refuseCheck({ expected: check, got, at, meant: body + check + after });
}

/** The outcome of a value that is its own canonical form. */
export function readingOf(canonical: string, check: "right" | "none", parts: readonly Part[]): SystemParsed {
  return { ok: true, value: { canonical, check, parts } };
}

/** The part that says who allotted the numbers. `text` begins with the company prefix. */
export function prefixPart(text: string, lookUp: (digits: string) => Prefix = prefixOf): Part {
  const digits = text.slice(0, PREFIX_DIGITS);
  return {
    name: "gs1-prefix",
    label: { en: "GS1 prefix", zh: "GS1 前缀码" },
    text: digits,
    meaning: lookUp(digits).meaning,
  };
}

/**
 * The part behind the GS1 prefix: the rest of the company prefix, and what the company numbers. Where the one ends and the
 * other begins only GS1's register tells.
 */
export function companyPart(name: string, label: Words, text: string): Part {
  return { name, label, text };
}

/** The part of the check digit. */
export function checkDigitPart(digit: string): Part {
  return { name: "check", label: { en: "Check digit", zh: "校验码" }, text: digit };
}
