import { daysOfMonth, yearOf } from "./dates.ts";
import { type Finding, findNonDigit, type Linter, shiftFinding, wholeFinding } from "./finding.ts";

/** Year, month and day in eight digits; day 00 stands for the month as a whole. */
export const yyyymmd0: Linter = (text) => lintDate(text, 8, 0);

/** Year, month and day in eight digits. */
export const yyyymmdd: Linter = (text) => lintDate(text, 8, 1);

/** Year, month and day in six digits; day 00 stands for the last of the month. */
export const yymmd0: Linter = (text) => lintDate(text, 6, 0);

/** Year, month and day in six digits. */
export const yymmdd: Linter = (text) => lintDate(text, 6, 1);

/** Hour and minute in four digits. */
export const hhmi: Linter = (text) =>
  lintLength(text, 4, "hour-with-minute") ??
  findNonDigit(text) ??
  lintHour(text.slice(0, 2)) ??
  shiftFinding(lintSixtieth(text.slice(2), "illegal-minute"), 2);

/** Hour in two digits. */
export const hh: Linter = (text) => lintLength(text, 2, "hour") ?? findNonDigit(text) ?? lintHour(text);

/** Minute in two digits. */
export const mi: Linter = (text) =>
  lintLength(text, 2, "minute") ?? findNonDigit(text) ?? lintSixtieth(text, "illegal-minute");

/** Second in two digits. */
export const ss: Linter = (text) =>
  lintLength(text, 2, "second") ?? findNonDigit(text) ?? lintSixtieth(text, "illegal-second");

function lintDate(text: string, digits: 6 | 8, dayMin: 0 | 1): Finding | undefined {
  const found = lintLength(text, digits, "date") ?? findNonDigit(text);
  if (found !== undefined) return found;
  const at = digits - 4;
  const year = digits === 8 ? Number(text.slice(0, 4)) : yearOf(text.slice(0, 2));
  const month = Number(text.slice(at, at + 2));
  if (month < 1 || month > 12)
    return { reason: "illegal-month", at, length: 2, expected: "a month from 01 to 12" };
  const days = daysOfMonth(year, month);
  const day = Number(text.slice(at + 2));
  if (day >= dayMin && day <= days) return undefined;
  return { reason: "illegal-day", at: at + 2, length: 2, expected: `a day from 0${dayMin} to ${days}` };
}

function lintHour(text: string): Finding | undefined {
  return Number(text) < 24 ? undefined : { reason: "illegal-hour", at: 0, length: 2, expected: "00 to 23" };
}

function lintSixtieth(text: string, reason: string): Finding | undefined {
  return Number(text) < 60 ? undefined : { reason, at: 0, length: 2, expected: "00 to 59" };
}

function lintLength(text: string, length: number, name: string): Finding | undefined {
  if (text.length === length) return undefined;
  return wholeFinding(text, `${name}-too-${text.length < length ? "short" : "long"}`, `${length} digits`);
}
