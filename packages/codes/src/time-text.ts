const DAY_MS = 86_400_000;
/** Days of 400 years of the Gregorian calendar. */
const ERA_DAYS = 146_097;
/** Days from 0000-03-01 to 1970-01-01: a year that begins in March has its odd day at its end. */
const EPOCH_DAYS = 719_468;

/**
 * A moment as RFC 3339 text in UTC with milliseconds, worked out in whole numbers. `ms` is in milliseconds since
 * 1970-01-01T00:00Z, of the years 0 to 9999; years beyond have a sign and six digits, as in ISO 8601.
 */
export function timeTextOf(ms: number): string {
  const days = Math.floor(ms / DAY_MS);
  const rest = ms - days * DAY_MS;
  const [year, month, day] = dateOf(days);
  const time = [Math.floor(rest / 3_600_000), Math.floor(rest / 60_000) % 60, Math.floor(rest / 1_000) % 60];
  const clock = time.map((part) => pad(part, 2)).join(":");
  return `${yearText(year)}-${pad(month, 2)}-${pad(day, 2)}T${clock}.${pad(rest % 1_000, 3)}Z`;
}

/** Year, month from 1, and day of the month of a day since 1970-01-01, in the Gregorian calendar. */
function dateOf(days: number): readonly [year: number, month: number, day: number] {
  const since = days + EPOCH_DAYS;
  const era = Math.floor(since / ERA_DAYS);
  const inEra = since - era * ERA_DAYS;
  const leaps = Math.floor(inEra / 1_460) - Math.floor(inEra / 36_524) + Math.floor(inEra / 146_096);
  const yearOfEra = Math.floor((inEra - leaps) / 365);
  const inYear = inEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  // From March on the months have 31, 30, 31, 30, 31 days, and so again.
  const fromMarch = Math.floor((5 * inYear + 2) / 153);
  const day = inYear - Math.floor((153 * fromMarch + 2) / 5) + 1;
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  return [yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day];
}

function yearText(year: number): string {
  if (year >= 0 && year <= 9_999) return pad(year, 4);
  return `${year < 0 ? "-" : "+"}${pad(Math.abs(year), 6)}`;
}

function pad(value: number, length: number): string {
  return String(value).padStart(length, "0");
}
