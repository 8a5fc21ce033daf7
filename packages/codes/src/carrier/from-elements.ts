import { CANONICAL_STEM, pathOf } from "../gs1/digital-link.ts";
import type { Element } from "../gs1/element.ts";
import { findKeys } from "../gs1/found-keys.ts";
import { gtinNames } from "../gs1/gtin-names.ts";
import type { Carried, CarriedField, CarriedValue } from "./carried.ts";
import { valueIn } from "./carry.ts";

const GTIN = "01";
const SERIAL = "21";

/** What elements of GS1 say: each in words, and the values of coding systems among them. */
export function carryElements(
  elements: readonly Element[],
): Pick<Carried, "fields" | "values" | "digitalLink"> {
  const [found] = findKeys(elements);
  const isPersonal = found !== undefined && [found.key, ...found.qualifiers].some((one) => one.isPersonal);
  return {
    fields: elements.map(fieldOf),
    values: [...serialised(elements), ...elements.flatMap(valuesOf)],
    ...(found !== undefined && !isPersonal && { digitalLink: CANONICAL_STEM + pathOf(found) }),
  };
}

function fieldOf({ ai, name, value, meaning, isPersonal }: Element): CarriedField {
  if (isPersonal) return { name: ai, label: name, text: null };
  return { name: ai, label: name, text: value, ...(meaning !== undefined && { meaning }) };
}

/** A number with zeros before it stands for the shorter one too, under which it may be known. */
function valuesOf({ ai, refersTo }: Element): readonly CarriedValue[] {
  if (refersTo === undefined) return [];
  const { system, value } = refersTo;
  if (system !== "gtin-14") return [valueIn(system, ai, value)];
  return gtinNames(value).map((name) => valueIn(name.system, ai, name.value));
}

/** The single thing that a number and a serial name together. */
function serialised(elements: readonly Element[]): readonly CarriedValue[] {
  const gtin = elements.find(({ ai }) => ai === GTIN);
  const serial = elements.find(({ ai }) => ai === SERIAL);
  if (gtin === undefined || serial === undefined) return [];
  return [valueIn("sgtin", `${GTIN}+${SERIAL}`, `(${GTIN})${gtin.value}(${SERIAL})${serial.value}`)];
}
