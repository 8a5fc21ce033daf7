import type { Carried } from "@cityroot/codes/carrier/carried";
import { decodeText } from "@cityroot/codes/carrier/decode-text";
import { identifyText, type TextIdentification } from "@cityroot/codes/carrier/identify-text";
import { personalFault } from "@cityroot/codes/systems/persons";
import { checkNoPersonalNumber, PERSONAL_NUMBER_KINDS_IN_CODES } from "./attribute/personal-number.ts";
import { accept, type Outcome, reject } from "./outcome.ts";

/**
 * What a text is in every coding system and what it carries, unless it is or holds a number of a person, which is refused
 * without being repeated. Kinds of such numbers that nothing checks give way to a system whose check characters agree, and to
 * carriers, which say what their numbers are. `year` is the one that years of two digits are read against. Refusal:
 * PERSONAL_NUMBER.
 */
export function identifyValue(text: string, year?: number): Outcome<TextIdentification> {
  const identified = identifyText(text, year);
  const { fits, person, carried } = identified;
  if (person !== undefined) {
    const fault = personalFault(person);
    return reject("PERSONAL_NUMBER", `value is ${fault.got}, which is no code of a thing`, fault);
  }
  const isThing = fits.some(({ reading }) => reading.check === "right");
  const isCarrier = carried !== undefined && carried.form !== "barcode";
  const firewall =
    isThing || isCarrier
      ? checkNoPersonalNumber("value", text, PERSONAL_NUMBER_KINDS_IN_CODES)
      : checkNoPersonalNumber("value", text);
  if (!firewall.ok) return firewall;
  // A carrier may hold a number in escapes, or right behind other digits: what it says is looked at piece by piece.
  for (const said of carried === undefined ? [] : textsOf(text, carried)) {
    const within = checkNoPersonalNumber("value", said, PERSONAL_NUMBER_KINDS_IN_CODES);
    if (!within.ok) return within;
  }
  return accept(identified);
}

/** Everything that is said of a carrier in texts that came with it, and the whole without escapes. */
function textsOf(text: string, { fields, values, doubts, fault }: Carried): readonly string[] {
  const said = [
    text,
    ...fields.flatMap((field) => [field.name, field.text ?? ""]),
    ...values.flatMap((value) => [
      value.text,
      ...value.fits.map(({ reading }) => reading.canonical),
      ...value.nearly.flatMap((near) => [near.fault.expected, near.fault.got, near.fault.meant ?? ""]),
    ]),
    ...[...doubts, ...(fault === undefined ? [] : [fault])].flatMap(({ expected, got }) => [expected, got]),
  ];
  return said.flatMap((one) => [one, decodeText(one) ?? one]);
}
