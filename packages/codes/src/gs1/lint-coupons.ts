import { yearOf } from "./dates.ts";
import { type Finding, findNonDigit, type Linter } from "./finding.ts";
import { yymmdd } from "./lint-times.ts";

/** A field of a coupon: looks at the text from a place on; the place behind the field, or what is wrong. */
type Field = (text: string, at: number) => number | Finding;

/** Base length of company prefixes, funders and serials, to which their length indicator adds. */
const PREFIX_DIGITS = 6;
const OFFER_DIGITS = 6;
const FAMILY_DIGITS = 3;
const DATE_DIGITS = 6;
const ANY = "0123456789";
/** In place of a length: the company of the first purchase. */
const SAME_COMPANY = "9";

/**
 * North American coupon code of application identifier 8110: company, offer, saving, purchase required, and up to seven
 * optional fields, each led by its number and in the order of these.
 */
export const couponcode: Linter = (text) => {
  const foreign = findNonDigit(text);
  if (foreign !== undefined) return foreign;
  const end = readAll(text, 0, COUPON);
  if (typeof end !== "number") return end;
  let at = end;
  const starts = new Map<string, number>();
  for (const [number, fields] of OPTIONAL) {
    if (text.charAt(at) !== number) continue;
    starts.set(number, at + 1);
    const next = readAll(text, at + 1, fields);
    if (typeof next !== "number") return next;
    at = next;
    const [expiry, start] = [starts.get("3"), starts.get("4")];
    if (number !== "4" || expiry === undefined || start === undefined) continue;
    if (dateAt(text, expiry) >= dateAt(text, start)) continue;
    return coupon(
      "expiration-before-start",
      expiry - 1,
      at - expiry + 1,
      "an end that is not before the start",
    );
  }
  return lintEnd(text, at);
};

/** Coupon code of application identifier 8112: format, funder, offer and serial. */
export const couponposoffer: Linter = (text) => {
  const foreign = findNonDigit(text);
  if (foreign !== undefined) return foreign;
  const end = readAll(text, 0, OFFER);
  return typeof end === "number" ? lintEnd(text, end) : end;
};

const OFFER: readonly Field[] = [
  one("format-code", "01"),
  measured("funder", "0123456", PREFIX_DIGITS),
  fixed("truncated-offer-code", OFFER_DIGITS),
  measured("serial-number", ANY, PREFIX_DIGITS),
];

const COUPON: readonly Field[] = [
  measured("gcp", "0123456", PREFIX_DIGITS),
  fixed("truncated-offer-code", OFFER_DIGITS),
  measured("save-value", "12345", 0),
  ...purchase("1st"),
];

const OPTIONAL: readonly (readonly [number: string, fields: readonly Field[]])[] = [
  [
    "1",
    [
      one("additional-purchase-rules-code", "0123"),
      ...purchase("2nd"),
      measured("2nd-purchase-gcp", "0123456", PREFIX_DIGITS, SAME_COMPANY),
    ],
  ],
  ["2", [...purchase("3rd"), measured("3rd-purchase-gcp", "0123456", PREFIX_DIGITS, SAME_COMPANY)]],
  ["3", [date("expiration-date")]],
  ["4", [date("start-date")]],
  ["5", [measured("serial-number", ANY, PREFIX_DIGITS)]],
  ["6", [measured("retailer-gcp-or-gln", "1234567", PREFIX_DIGITS)]],
  [
    "9",
    [
      one("save-value-code", "01256"),
      one("save-value-applies-to-item", "012"),
      one("store-coupon-flag", ANY),
      one("dont-multiply-flag", "01"),
    ],
  ],
];

function purchase(which: string): readonly Field[] {
  return [
    measured(`${which}-purchase-requirement`, "12345", 0),
    one(`${which}-purchase-requirement-code`, "012349"),
    fixed(`truncated-${which}-purchase-family-code`, FAMILY_DIGITS),
  ];
}

/** A digit of a few. */
function one(name: string, digits: string, invalid = name): Field {
  return (text, at) => {
    const expected = `one of ${[...digits].join(", ")}`;
    if (at >= text.length) return restFinding(text, at, `missing-${name}`, expected);
    return digits.includes(text.charAt(at)) ? at + 1 : coupon(`invalid-${invalid}`, at, 1, expected);
  };
}

/** A length indicator and so many digits, with a base length to which it adds. `none` stands for no digits. */
function measured(name: string, lengths: string, base: number, none = ""): Field {
  const indicator = one(`${name}-vli`, lengths + none, `${name}-length`);
  return (text, at) => {
    const next = indicator(text, at);
    if (typeof next !== "number" || text.charAt(at) === none) return next;
    return fixed(`truncated-${name}`, base + Number(text.charAt(at)))(text, next);
  };
}

/** So many digits. */
function fixed(reason: string, length: number): Field {
  return (text, at) =>
    at + length <= text.length ? at + length : restFinding(text, at, reason, `${length} digits`);
}

function date(name: string): Field {
  const digits = fixed(`too-short-for-${name}`, DATE_DIGITS);
  return (text, at) => {
    const next = digits(text, at);
    if (typeof next !== "number") return next;
    const found = yymmdd(text.slice(at, next));
    return found === undefined
      ? next
      : coupon(`invalid-${name}`, at, DATE_DIGITS, "a date as year, month, day");
  };
}

function readAll(text: string, from: number, fields: readonly Field[]): number | Finding {
  let at = from;
  for (const read of fields) {
    const next = read(text, at);
    if (typeof next !== "number") return next;
    at = next;
  }
  return at;
}

function lintEnd(text: string, at: number): Finding | undefined {
  return at < text.length ? restFinding(text, at, "excess-data", "no more digits") : undefined;
}

/** A finding over what is left of a text; over the whole text where nothing is left, as the dictionary marks it. */
function restFinding(text: string, at: number, reason: string, expected: string): Finding {
  const from = at < text.length ? at : 0;
  return coupon(reason, from, text.length - from, expected);
}

function coupon(reason: string, at: number, length: number, expected: string): Finding {
  return { reason: `coupon-${reason}`, at, length, expected };
}

/** The six digits of a date in an order that is that of time. */
function dateAt(text: string, at: number): number {
  return yearOf(text.slice(at, at + 2)) * 10_000 + Number(text.slice(at + 2, at + DATE_DIGITS));
}
