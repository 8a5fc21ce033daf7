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
  return firewall.ok ? accept(identified) : firewall;
}
