import { isDigit, isDigits } from "./ascii.ts";
import { fault, type Parsed, parsed, refused } from "./fault.ts";

declare const brand: unique symbol;

/**
 * A division code of GB/T 2260: six digits, two each for province, prefecture and county, where `00` stands for
 * none. Well formed; whether it was ever in use only a {@link DivisionTable} tells.
 */
export type Division = string & { readonly [brand]: "Division" };

/** Level of a division. A county may lie directly under its province, as `460001` did. */
export type DivisionLevel = "province" | "prefecture" | "county";

/** Digits of a division code. GB/T 2260. */
export const DIVISION_DIGITS = 6;

const NONE = "00";

/** Reads a division code: six ASCII digits, the first not 0. */
export function parseDivision(text: string): Parsed<Division> {
  if (text.length === DIVISION_DIGITS && isDigits(text) && !text.startsWith("0"))
    return parsed(text as Division);
  const expected = `${DIVISION_DIGITS} digits, the first not 0`;
  const details = { field: "division", at: divisionFaultAt(text), expected, got: text };
  const isStatistical = text.length === 12 && isDigits(text);
  const fix = "take the first six digits of a 12-digit statistical code";
  return refused(fault(isStatistical ? { ...details, fix } : details));
}

function divisionFaultAt(text: string): number {
  if (text.startsWith("0")) return 0;
  let at = 0;
  while (at < text.length && at < DIVISION_DIGITS && isDigit(text.charCodeAt(at))) at++;
  return at;
}

/** The level of a division, by its trailing zeros. */
export function divisionLevel(division: Division): DivisionLevel {
  if (!division.endsWith(NONE)) return "county";
  return division.slice(2, 4) === NONE ? "province" : "prefecture";
}

/**
 * The division above: of a county its prefecture, or its province if it names no prefecture; of a prefecture
 * its province; of a province none. By digits alone: some counties are given a prefecture that no table lists,
 * such as `419000` above `419001`.
 */
export function divisionParent(division: Division): Division | undefined {
  const level = divisionLevel(division);
  if (level === "province") return undefined;
  return division.slice(0, level === "county" ? 4 : 2).padEnd(DIVISION_DIGITS, "0") as Division;
}

/**
 * The third node of the MA code of a division, which is its digits without trailing levels: `13`, `1301`,
 * `130102`. Published examples show cities with four digits and counties with six; two for provinces is our
 * choice. A county directly under its province keeps all six. Spec §2.8.
 */
export function divisionToNode(division: Division): string {
  const level = divisionLevel(division);
  return level === "county" ? division : division.slice(0, level === "prefecture" ? 4 : 2);
}

/** The division that a third node names, the inverse of {@link divisionToNode}. */
export function divisionFromNode(node: string): Parsed<Division> {
  const read = parseDivision(node.padEnd(DIVISION_DIGITS, "0"));
  if (read.ok && divisionToNode(read.value) === node) return read;
  const expected = "2, 4 or 6 digits of a division code without trailing 00";
  return refused(fault({ field: "root[2]", expected, got: node }));
}
