/**
 * The year that two digits are read against where none is given. This package reads no clock; who has one gives the year.
 * Until 2049 it decides nothing but the century that is shown for years far from now.
 */
export const REFERENCE_YEAR = 2026;

/**
 * The year of two digits: the one of that ending that is at most 49 years before and 50 after the year they are read
 * against. GS1 General Specifications, 7.12.
 */
export function yearOf(digits: string, reference: number = REFERENCE_YEAR): number {
  const year = reference - (reference % 100) + Number(digits);
  if (year - reference > 50) return year - 100;
  return year - reference < -49 ? year + 100 : year;
}

/** Days of a month, 1 to 12, in the Gregorian calendar. */
export function daysOfMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
