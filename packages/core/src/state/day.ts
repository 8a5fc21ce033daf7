/** A day of the Gregorian calendar as `YYYY-MM-DD`, of the years 0001 to 9999. ISO 8601. Days compare as their texts do. */
declare const brand: unique symbol;
export type Day = string & { readonly [brand]: "Day" };

const FORM = /^(\d{4})-(\d{2})-(\d{2})$/;
const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether a text is a day that the calendar has. */
export function isDay(text: string): text is Day {
  const parts = FORM.exec(text);
  if (parts === null) return false;
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = MONTH_DAYS[month - 1];
  return year > 0 && days !== undefined && day >= 1 && day <= days + (month === 2 && isLeap ? 1 : 0);
}
