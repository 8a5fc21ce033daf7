import { type Refusal, refuseForm, refuseValue } from "../systems/refusal.ts";
import { APPLICATION_IDENTIFIERS } from "./application-identifiers.ts";
import { CANONICAL_STEM, type DigitalLink } from "./digital-link.ts";
import type { Element } from "./element.ts";
import { findKeys } from "./found-keys.ts";

/**
 * The GS1 Digital Link of elements: the first key leads it, its qualifiers follow, the rest are attributes. Refused where
 * there is no key, and where an element has no place in one.
 */
export function digitalLinkOf(
  elements: readonly Element[],
  stem: string = CANONICAL_STEM,
): { readonly ok: true; readonly value: DigitalLink } | Refusal {
  const [found] = findKeys(elements);
  if (found === undefined) {
    const got = elements.map(({ ai }) => `(${ai})`).join(" ");
    return refuseForm({ field: "elements", expected: "a key, such as (01) or (00)", got });
  }
  const { key, qualifiers } = found;
  const attributes = elements.filter((element) => element !== key && !qualifiers.includes(element));
  for (const { ai } of attributes) {
    if (APPLICATION_IDENTIFIERS.get(ai)?.isAttribute) continue;
    return refuseValue(`(${ai})`, { expected: `an element that goes with the key (${key.ai})`, got: ai });
  }
  return { ok: true, value: { stem, key, qualifiers, attributes, parameters: [] } };
}
