import { luhnOf } from "@cityroot/codes/systems/luhn";
import { checkNoPersonalNumber, PERSONAL_NUMBER_KINDS_IN_CODES } from "../attribute/personal-number.ts";
import { checkLineForm } from "../attribute/text.ts";
import { DIGEST_BYTES } from "../limits.ts";
import { accept, type Outcome } from "../outcome.ts";
import { ALIAS_RELATIONS, type AliasName, type LegacyCode } from "../state/alias.ts";
import { type Day, isDay } from "../state/day.ts";
import type { Fields } from "./definition.ts";
import {
  bytesField,
  codeField,
  type Field,
  nullableField,
  rejectField,
  tokenField,
  wordField,
} from "./field.ts";

/** A code of another system as one line of text. Whether the system has such codes is not the ledger's affair. */
const valueField: Field<string> = {
  fromCbor: readValue,
  toCbor: (value) => value,
  fromJson: readValue,
  toJson: (value) => value,
};

function readValue(value: unknown, path: string): Outcome<string> {
  const form = checkLineForm(value, { rejection: "OPERATION_MALFORMED", field: path });
  return form.ok ? accept(value as string) : form;
}

const EXPECTED_DAY = "a day of the calendar as YYYY-MM-DD";

/** A day of the calendar. */
const dayField: Field<Day> = {
  fromCbor: readDay,
  toCbor: (day) => day,
  fromJson: readDay,
  toJson: (day) => day,
};

function readDay(value: unknown, path: string): Outcome<Day> {
  return typeof value === "string" && isDay(value) ? accept(value) : rejectField(path, EXPECTED_DAY, value);
}

/** A day, or null. */
export const dayOrNullField: Field<Day | null> = nullableField(dayField);

/** SHA-256 of what somebody rests on, or null. */
export const evidenceField: Field<Uint8Array | null> = nullableField(bytesField(DIGEST_BYTES));

/** The fields that name a claim. */
export const ALIAS_NAME_FIELDS: Fields<AliasName> = {
  system: tokenField,
  value: valueField,
  claimant: codeField,
  relation: wordField(ALIAS_RELATIONS),
  target: codeField,
};

/** Digits of an IMEI, the last of which checks the others. */
const IMEI = /^\d{15}$/;

/**
 * Whether a legacy code is no number of a person. Spec §7.17.3: an IMEI whose check digit agrees is one of a device, though
 * one in thirty would pass for an old citizen number. Refusal: PERSONAL_NUMBER.
 */
export function checkNoPerson({ system, value }: LegacyCode): Outcome<void> {
  const isDevice = system === "imei" && IMEI.test(value) && luhnOf(value.slice(0, -1)) === value.charAt(14);
  return isDevice
    ? checkNoPersonalNumber("value", value, PERSONAL_NUMBER_KINDS_IN_CODES)
    : checkNoPersonalNumber("value", value);
}
