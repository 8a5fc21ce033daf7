import { CANONICAL_STEM, type DigitalLink, pathOf } from "@cityroot/codes/gs1/digital-link";
import type { Element } from "@cityroot/codes/gs1/element";
import { gtinNames } from "@cityroot/codes/gs1/gtin-names";
import type { LegacyCode } from "@cityroot/core/state/alias";

/** A thing that an address of GS1 names, or one that it is a kind or a lot of. */
export type Level = {
  /**
   * The path that names it: all of the address where what is left out says less than what stays, since a serial is one of its key
   * whatever lot it is said to be of; else without what narrows it down further.
   */
  readonly path: string;
  /** The legacy codes that it may be claimed by: all name the same thing. */
  readonly names: readonly LegacyCode[];
};

/**
 * The system of what GS1 names and no coding system of its own does, such as a lot or a document: its codes are canonical GS1
 * Digital Link URIs without attributes, `https://id.gs1.org/01/09521234543213/10/ABC`. Our choice of a name.
 */
export const DIGITAL_LINK_SYSTEM = "gs1-digital-link";

/** Coding systems of keys that have one. */
const KEY_SYSTEMS: ReadonlyMap<string, string> = new Map([
  ["00", "sscc"],
  ...["410", "411", "412", "413", "414", "417"].map((ai): [string, string] => [ai, "gln"]),
  ["8003", "grai"],
  ["8004", "giai"],
]);

const GTIN = "01";
const SERIAL = "21";
/** Which qualifier says more of a thing: a serial names one, a lot some, a variant a kind. */
const FINEST_FIRST: readonly string[] = [SERIAL, "235", "10", "22"];

/**
 * The things that an address names, the finest first: the key with all that narrows it down, with some of it, and alone. GS1-
 * Conformant Resolver Standard 1.2, 2.5.9, where a serial is one of its key whatever lot it is said to be of.
 */
export function levelsOf({ key, qualifiers }: Pick<DigitalLink, "key" | "qualifiers">): readonly Level[] {
  const finest = qualifiers.toSorted((a, b) => rankOf(a) - rankOf(b))[0];
  const names = new Map<string, readonly LegacyCode[]>();
  for (const part of partsOf(qualifiers)) {
    const isAll = finest === undefined || part.includes(finest);
    const path = pathOf({ key, qualifiers: isAll ? qualifiers : part });
    names.set(path, [...(names.get(path) ?? []), ...namesOf(key, part)]);
  }
  return [...names].map(([path, own]) => ({ path, names: own }));
}

/** All parts of a short list, those that say more first. */
function partsOf(qualifiers: readonly Element[]): readonly (readonly Element[])[] {
  const order = qualifiers.toSorted((a, b) => rankOf(a) - rankOf(b));
  let parts: readonly (readonly Element[])[] = [[]];
  for (const element of order.toReversed()) {
    parts = [...parts.map((part) => [...part, element]), ...parts];
  }
  return parts.map((part) => qualifiers.filter((element) => part.includes(element)));
}

function rankOf({ ai }: Element): number {
  const at = FINEST_FIRST.indexOf(ai);
  return at < 0 ? FINEST_FIRST.length : at;
}

function namesOf(key: Element, qualifiers: readonly Element[]): readonly LegacyCode[] {
  const canonical = { system: DIGITAL_LINK_SYSTEM, value: CANONICAL_STEM + pathOf({ key, qualifiers }) };
  const [first, second] = qualifiers;
  if (first === undefined) return keyNamesOf(key) ?? [canonical];
  if (second !== undefined || key.ai !== GTIN || first.ai !== SERIAL) return [canonical];
  return [{ system: "sgtin", value: `(${GTIN})${key.value}(${SERIAL})${first.value}` }];
}

/** A trade item number of 14 digits and the shorter ones that it is with zeros before it are one number. */
function keyNamesOf({ ai, value }: Element): readonly LegacyCode[] | undefined {
  if (ai === GTIN) return gtinNames(value);
  const system = KEY_SYSTEMS.get(ai);
  return system === undefined ? undefined : [{ system, value }];
}
