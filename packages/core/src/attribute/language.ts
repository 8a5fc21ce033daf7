import { LANGUAGE_CHARACTERS_MAX } from "../limits.ts";

/**
 * A language tag in the case of RFC 5646 §2.1.1, undefined for what is none. The subset of BCP 47 that is accepted is
 * `[a-z]{2,3}(-[A-Za-z0-9]{2,8})*`, such as `zh`, `en`, `zh-Hant`, `de-CH`: no extensions, no private use. As tags
 * are compared without regard to case, one case has to be canonical: two characters in upper case, four that begin
 * with a letter in title case, all others in lower case. Spec §6.2.
 */
export function canonicalLanguage(text: string): string | undefined {
  if (text.length > LANGUAGE_CHARACTERS_MAX) return undefined;
  const subtags = text.split("-");
  const [language = "", ...others] = subtags;
  if (language.length < 2 || language.length > 3 || !isAll(language, isLower)) return undefined;
  let canonical = language;
  for (const subtag of others) {
    if (subtag.length < 2 || subtag.length > 8 || !isAll(subtag, isAlphanumeric)) return undefined;
    canonical += `-${caseSubtag(subtag)}`;
  }
  return canonical;
}

function caseSubtag(subtag: string): string {
  if (subtag.length === 2) return mapUnits(subtag, toUpper);
  const lower = mapUnits(subtag, toLower);
  if (subtag.length !== 4) return lower;
  return String.fromCharCode(toUpper(lower.charCodeAt(0))) + lower.slice(1);
}

function mapUnits(text: string, map: (unit: number) => number): string {
  let mapped = "";
  for (let at = 0; at < text.length; at++) mapped += String.fromCharCode(map(text.charCodeAt(at)));
  return mapped;
}

function isAll(text: string, is: (unit: number) => boolean): boolean {
  for (let at = 0; at < text.length; at++) if (!is(text.charCodeAt(at))) return false;
  return true;
}

function isLower(unit: number): boolean {
  return unit >= 0x61 && unit <= 0x7a;
}

function isUpper(unit: number): boolean {
  return unit >= 0x41 && unit <= 0x5a;
}

function isAlphanumeric(unit: number): boolean {
  return isLower(unit) || isUpper(unit) || (unit >= 0x30 && unit <= 0x39);
}

/** ASCII only: the case of a tag does not depend on a locale. */
function toUpper(unit: number): number {
  return isLower(unit) ? unit - 0x20 : unit;
}

function toLower(unit: number): number {
  return isUpper(unit) ? unit + 0x20 : unit;
}
