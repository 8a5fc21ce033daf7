import { isDigits } from "../ascii.ts";
import { checkCharacterOfDigits } from "../iso7064.ts";
import type { CodingSystem, SystemFault } from "./coding-system.ts";
import { PROVINCES } from "./provinces.ts";
import { tidy } from "./tidy.ts";

/** What a number of a person can be. */
export type PersonalKind = "citizen-number" | "citizen-number-15" | "mobile-number";

/**
 * A system of numbers that persons have. It is no {@link CodingSystem} and has no reading, for a reading holds what was
 * read: all that is ever said of such a number is its kind.
 */
export type PersonalSystem = Pick<CodingSystem, "title" | "standards"> & {
  readonly id: PersonalKind;
  readonly names: "person";
};

/** The systems whose values are recognised only to be refused. */
export const PERSONAL_SYSTEMS: readonly PersonalSystem[] = [
  {
    id: "citizen-number",
    title: { en: "Citizen number", zh: "公民身份号码" },
    standards: [{ name: "GB 11643-1999", basis: "public-source" }],
    names: "person",
  },
  {
    id: "citizen-number-15",
    title: { en: "Citizen number, 15 digits, until 1999", zh: "公民身份号码（15位旧码）" },
    standards: [{ name: "GB 11643-1989", basis: "public-source" }],
    names: "person",
  },
  {
    id: "mobile-number",
    title: { en: "Mobile phone number", zh: "手机号码" },
    standards: [
      { name: "电信网编号计划（2017年版）", basis: "common-knowledge" },
      { name: "ITU-T E.164", basis: "common-knowledge" },
    ],
    names: "person",
  },
];

/** Longest text that is looked at, in UTF-16 code units: 18 characters, and room for what people put between them. */
const TEXT_MAX = 80;
/** Digits of a mobile number. */
const DIGITS_MIN = 11;
/** Spaces and hyphens: those of ASCII, and U+2010 to U+2015 and U+2212. The others become one of them when tidied. */
const FORM = { case: "upper", separators: " -\u2010\u2011\u2012\u2013\u2014\u2015\u2212" } as const;

/** What number of a person a text is, as people write it: spaces and hyphens anywhere, full-width, `+86` before it. */
export function personalKindOf(raw: string): PersonalKind | undefined {
  if (raw.length > TEXT_MAX || !hasDigits(raw) || OTHERS.test(raw)) return undefined;
  return personalKindOfTidied(PLAIN.test(raw) ? raw : tidy(raw, FORM).text);
}

/** Characters that none of these numbers has, however it is written. */
const OTHERS = /[A-WYZa-wyz./:()]/;
/** What needs no tidying. */
const PLAIN = /^[0-9+]*[0-9X]$/;

/** Whether a text has as many digits as the shortest of these numbers: most texts do not, and need no closer look. */
function hasDigits(raw: string): boolean {
  let count = 0;
  for (let at = 0; at < raw.length && count < DIGITS_MIN; at++) {
    const unit = raw.charCodeAt(at);
    if ((unit >= 0x30 && unit <= 0x39) || (unit >= 0xff10 && unit <= 0xff19)) count += 1;
  }
  return count >= DIGITS_MIN;
}

/** What number of a person a text of ASCII is, without anything between its characters and with X as a capital. */
export function personalKindOfTidied(text: string): PersonalKind | undefined {
  if (isCitizenNumber(text)) return "citizen-number";
  const digits = text.startsWith("+") ? text.slice(1) : text;
  if (!isDigits(digits)) return undefined;
  if (isOldCitizenNumber(digits)) return "citizen-number-15";
  return isMobileNumber(digits) ? "mobile-number" : undefined;
}

/** Why a number of a person is refused, which never repeats it nor a part of it. */
export function personalFault(kind: PersonalKind): SystemFault {
  const system = PERSONAL_SYSTEMS.find(({ id }) => id === kind)!;
  return {
    kind: "value",
    field: "value",
    expected: "no number of a person",
    got: `what looks like a ${system.title.en.toLowerCase()}`,
    fix: "leave the number out; name the thing by a code of its own",
  };
}

const BODY = 17;

function isCitizenNumber(text: string): boolean {
  const body = text.slice(0, BODY);
  if (text.length !== BODY + 1 || !isDigits(body) || !isPersonalRegion(body)) return false;
  const year = Number(body.slice(6, 10));
  if (year < 1800 || year > 2099 || !isDay(year, body.slice(10, 14))) return false;
  return text.charAt(BODY) === checkCharacterOfDigits(body);
}

/** Without a check character: a region and a day of the 20th century. */
function isOldCitizenNumber(digits: string): boolean {
  if (digits.length !== 15 || !isPersonalRegion(digits)) return false;
  return isDay(1900 + Number(digits.slice(6, 8)), digits.slice(8, 12));
}

const MOBILE_DIGITS = 11;
const LEADS = ["", "86", "0086"];

/** `1` and one of `3` to `9` first, `86` or `0086` before it. */
function isMobileNumber(digits: string): boolean {
  const lead = digits.slice(0, Math.max(0, digits.length - MOBILE_DIGITS));
  const number = digits.slice(lead.length);
  if (!LEADS.includes(lead) || number.length !== MOBILE_DIGITS) return false;
  return number.startsWith("1") && number.charAt(1) >= "3";
}

/** Begins the numbers of foreign permanent residents, before the province. */
const RESIDENT = "9";
/** Taiwan by residence permits. It has no division code. */
const TAIWAN_RESIDENTS = "83";
const FIRST_WITHOUT_PREFECTURE = "71";

function isPersonalRegion(digits: string): boolean {
  const isResident = digits.startsWith(RESIDENT);
  const province = isResident ? digits.slice(1, 3) : digits.slice(0, 2);
  if (!PROVINCES.has(province) && province !== TAIWAN_RESIDENTS) return false;
  return isResident || province >= FIRST_WITHOUT_PREFECTURE || digits.slice(2, 4) !== "00";
}

const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether two digits of a month and two of a day name a day of the year. */
function isDay(year: number, monthAndDay: string): boolean {
  const month = Number(monthAndDay.slice(0, 2));
  const day = Number(monthAndDay.slice(2));
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = MONTH_DAYS[month - 1];
  return days !== undefined && day >= 1 && day <= days + (month === 2 && isLeap ? 1 : 0);
}
