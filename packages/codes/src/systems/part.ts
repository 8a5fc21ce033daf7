import type { Part, Reading, Words } from "./coding-system.ts";

/** A part of a value. */
export function partOf(name: string, en: string, zh: string, text: string, meaning?: Words): Part {
  const part = { name, label: { en, zh }, text };
  return meaning === undefined ? part : { ...part, meaning };
}

/** The reading of a value that is right. */
export function reading(
  canonical: string,
  check: Reading["check"],
  parts: readonly Part[],
): { readonly ok: true; readonly value: Reading } {
  return { ok: true, value: { canonical, check, parts } };
}
