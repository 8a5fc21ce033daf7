import type { Identification } from "@cityroot/codes/systems/identify";
import { identify } from "@cityroot/codes/systems/identify";
import { personalFault } from "@cityroot/codes/systems/persons";
import { checkNoPersonalNumber, PERSONAL_NUMBER_KINDS_IN_CODES } from "./attribute/personal-number.ts";
import { accept, type Outcome, reject } from "./outcome.ts";

/**
 * What a text is in every coding system, unless it is or holds a number of a person, which is refused without being
 * repeated. Kinds of such numbers that nothing checks give way to a system whose check characters agree. Refusal:
 * PERSONAL_NUMBER.
 */
export function identifyValue(text: string): Outcome<Identification> {
  const identified = identify(text);
  if (identified.person !== undefined) {
    const fault = personalFault(identified.person);
    return reject("PERSONAL_NUMBER", `value is ${fault.got}, which is no code of a thing`, fault);
  }
  const isThing = identified.fits.some(({ reading }) => reading.check === "right");
  const firewall = isThing
    ? checkNoPersonalNumber("value", text, PERSONAL_NUMBER_KINDS_IN_CODES)
    : checkNoPersonalNumber("value", text);
  return firewall.ok ? accept(identified) : firewall;
}
