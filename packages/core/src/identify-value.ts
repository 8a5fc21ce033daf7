import type { Identification } from "@cityroot/codes/systems/identify";
import { identify } from "@cityroot/codes/systems/identify";
import { checkNoPersonalNumber, PERSONAL_NUMBER_KINDS_IN_CODES } from "./attribute/personal-number.ts";
import { accept, type Outcome } from "./outcome.ts";

/**
 * What a text is in every coding system, unless it is or holds a number of a person, which is refused without being
 * repeated. Kinds of such numbers that nothing checks give way to a system whose check characters agree: the serial number
 * of a telephone may look like a citizen number of the old form. Refusal: PERSONAL_NUMBER.
 */
export function identifyValue(text: string): Outcome<Identification> {
  const identified = identify(text);
  const isThing = identified.fits.some(({ reading }) => reading.check === "right");
  const firewall = isThing
    ? checkNoPersonalNumber("value", text, PERSONAL_NUMBER_KINDS_IN_CODES)
    : checkNoPersonalNumber("value", text);
  return firewall.ok ? accept(identified) : firewall;
}
