import { isDigits } from "../ascii.ts";
import type { SystemFault } from "../systems/coding-system.ts";
import { type Fit, identify, type NearFit } from "../systems/identify.ts";
import { personalKindOf } from "../systems/persons.ts";
import { readValue } from "../systems/read-value.ts";
import { systemOf } from "../systems/systems.ts";
import type { Carried, CarriedValue, CarrierForm } from "./carried.ts";

/** A carrier that is written like one and is none. */
export function faulty(form: CarrierForm, fault: SystemFault): Carried {
  return { form, fields: [], values: [], doubts: [], fault };
}

/** A text of a carrier that is said to be a value of a system: read in that one alone. */
export function valueIn(id: string, field: string, text: string): CarriedValue {
  const system = systemOf(id);
  if (system === undefined) throw new Error(`there is no coding system ${id}`);
  const read = readValue(system, text);
  return read.ok
    ? { field, text, fits: [{ system, reading: read.value }], nearly: [] }
    : { field, text, fits: [], nearly: [{ system, fault: read.fault }] };
}

/** A text that no system is named for, held against all of them; none where it tells nothing. */
export function valuesIn(field: string, text: string): readonly CarriedValue[] {
  const { fits, nearly } = identify(text);
  const found = { field, text, fits: fits.filter(isTelling), nearly: nearly.filter(isTellingNear) };
  return found.fits.length + found.nearly.length === 0 ? [] : [found];
}

/** Whether one of some texts is the number of a citizen, so that the whole is refused. */
export function holdsCitizen(texts: readonly string[]): boolean {
  return texts.some((text) => personalKindOf(text) === "citizen-number");
}

/** Fewest characters of a text within a carrier that is held against systems without check characters. */
const TELLING_CHARACTERS = 6;

/**
 * Whether a fit of a text that only stands somewhere in a carrier says anything: check characters agree, or the system takes
 * texts of one length and this one has digits. Any word of an address is a value of systems that take nearly everything.
 */
function isTelling({ system, reading }: Fit): boolean {
  if (reading.check === "right" || system.id === "ma") return true;
  const [min, max] = system.form.lengths;
  const { canonical } = reading;
  return min === max && canonical.length >= TELLING_CHARACTERS && [...canonical].some(isDigits);
}

/** Whether it says anything that a text is nearly a value: what is written like a uniform code is meant as one. */
function isTellingNear({ system }: NearFit): boolean {
  return system.id === "ma";
}
