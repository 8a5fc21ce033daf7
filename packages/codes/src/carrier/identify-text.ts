import { VALUE_CHARACTERS_MAX } from "../systems/coding-system.ts";
import type { Identification } from "../systems/identify.ts";
import { identify } from "../systems/identify.ts";
import type { Carried } from "./carried.ts";
import { readCarrier } from "./read-carrier.ts";

/** What a text is, and what it carries if it is more than a code. */
export type TextIdentification = Identification & { readonly carried?: Carried };

/**
 * Identifies a text as it was scanned, typed or pasted: as a value of every coding system, and as a carrier of values. What it may
 * be and what it carries stand beside one another. `year` is the one that years of two digits are read against.
 */
export function identifyText(raw: string, year?: number): TextIdentification {
  if (raw.length > VALUE_CHARACTERS_MAX) return { fits: [], nearly: [] };
  const reading = readCarrier(raw, year);
  if (reading === undefined) return identify(raw);
  if (reading.kind === "carried") {
    const { carried } = reading;
    if (carried.person !== undefined) return { fits: [], nearly: [], person: carried.person };
    // Read as a whole, the text would show what its fields keep back.
    if (carried.fields.some((field) => field.text === null)) return { fits: [], nearly: [], carried };
    return { ...identify(raw), carried };
  }
  const { symbology, text } = reading;
  const identified = identify(text);
  if (identified.person !== undefined) return identified;
  const label = { en: "Content", zh: "内容" };
  const fields = [{ name: "content", label, text }];
  return { ...identified, carried: { form: "barcode", symbology, fields, values: [], doubts: [] } };
}
