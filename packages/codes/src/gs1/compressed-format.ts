import type { ApplicationIdentifier } from "./application-identifiers.ts";

/** A stretch of a value as compression sees it: digits or text, of one length or of any up to a most. */
export type CompressedPart = { readonly isNumeric: boolean; readonly isFixed: boolean; readonly max: number };

/**
 * Pairs of identifiers that one byte stands for, each pair under two hexadecimal digits of which one at least is a letter.
 * GS1 Digital Link: Compression, table Opt.
 */
export const SEQUENCES: ReadonlyMap<string, readonly string[]> = new Map([
  ...numbered("0", "ABCDEF", ["22", "10", "21", "17", "7003", "30"], "01"),
  ["1A", ["01", "10", "17", "21"]],
  ...numbered("1", "BCDE", ["15", "11", "16", "91"], "01"),
  ["1F", ["01", "10", "15"]],
  ...numbered("2", "ABCDEF", ["3100", "3101", "3102", "3103", "3104", "3105"], "01"),
  ...numbered("3", "ABCDEF", ["3200", "3201", "3202", "3203", "3204", "3205"], "01"),
  ["9A", ["8010", "8011"]],
  ["9B", ["8017", "8019"]],
  ["9C", ["8018", "8019"]],
  ["9D", ["254", "414"]],
  ...numbered("A", "0123456789", range("392"), "01"),
  ...numbered("C", "0123456789", range("390"), "255"),
  ...numbered("C", "ABCD", range("394"), "255"),
]);

/**
 * How the values of an identifier are cut for compression: neighbours of fixed length and one kind are one, and so are
 * those of open length at the end. Where a text of fixed length stands before one of open length, both are one.
 */
export function compressedPartsOf({ components }: ApplicationIdentifier): readonly CompressedPart[] {
  const parts: CompressedPart[] = [];
  for (const { min, max, optional, format } of components) {
    const isNumeric = format.startsWith("N");
    const isFixed = min === max && !optional;
    const last = parts.at(-1);
    const joins = last?.isNumeric === isNumeric && (last.isFixed === isFixed || !isNumeric);
    if (joins) parts[parts.length - 1] = { isNumeric, isFixed, max: last.max + max };
    else parts.push({ isNumeric, isFixed, max });
  }
  return parts;
}

/** One sequence for each digit: an identifier and one of a list. */
function numbered(
  high: string,
  digits: string,
  others: readonly string[],
  first: string,
): readonly (readonly [string, readonly string[]])[] {
  return [...digits].map((digit, at) => [high + digit, [first, others[at] ?? ""]]);
}

function range(beginning: string): readonly string[] {
  return [..."0123456789"].map((digit) => beginning + digit);
}
