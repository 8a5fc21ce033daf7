import type { Words } from "../systems/coding-system.ts";
import { PREFIX_RANGES, type PrefixKind, type PrefixRange } from "./prefix-ranges.ts";

/** What a GS1 prefix says. It tells who allotted a number, and nothing of where a thing was made. */
export type Prefix = { readonly kind: PrefixKind; readonly meaning: Words };

const UNKNOWN: Prefix = {
  kind: "unknown",
  meaning: { en: "not allotted as far as is known here", zh: "未见分配" },
};
const PREFIXES: readonly Prefix[] = prefixesOf(PREFIX_RANGES);
const RESTRICTED_8: Prefix = {
  kind: "restricted",
  meaning: { en: "restricted circulation within a company", zh: "企业内部限域流通" },
};
const RESERVED_8: Prefix = {
  kind: "reserved",
  meaning: { en: "reserved by GS1 for future use", zh: "GS1 保留" },
};

/** What the first three digits of a company prefix say. GS1 General Specifications, 1.4.2. */
export function prefixOf(digits: string): Prefix {
  return PREFIXES[Number(digits)] ?? UNKNOWN;
}

/** What the first three digits of a GTIN-8 say. GS1 General Specifications, 1.4.3. */
export function prefixOfGtin8(digits: string): Prefix {
  const number = Number(digits);
  if (number < 100 || (number >= 200 && number < 300)) return RESTRICTED_8;
  if ((number >= 140 && number < 200) || number >= 970) return RESERVED_8;
  return prefixOf(digits);
}

function prefixesOf(ranges: readonly PrefixRange[]): readonly Prefix[] {
  const prefixes: Prefix[] = new Array(1_000).fill(UNKNOWN);
  for (const [from, to, kind, en, zh] of ranges) {
    const meaning = kind === "allotted" ? { en: `GS1 in ${en}`, zh: `GS1 ${zh}` } : { en, zh };
    prefixes.fill({ kind, meaning }, from, to + 1);
  }
  return prefixes;
}
