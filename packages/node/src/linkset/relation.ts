import { RELATION_NAMES } from "../page/catalogue/names.ts";
import type { Language } from "../page/language.ts";
import { GS1_LINK_TYPES } from "./gs1-link-types.ts";

/** Namespace of the GS1 Web Vocabulary. GS1-Conformant Resolver Standard 1.2, 2.14. */
export const GS1_VOCABULARY = "https://ref.gs1.org/voc/";
/** The relation of the one link that an address of GS1 leads to where nothing else is asked for. The standard, 2.5.8. */
export const DEFAULT_LINK: string = `${GS1_VOCABULARY}defaultLink`;
/** The relation of several such links, of which language and media type choose. The standard, 2.5.8. */
export const DEFAULT_LINK_MULTI: string = `${GS1_VOCABULARY}defaultLinkMulti`;

/** How the vocabulary's terms begin, in this and earlier versions of it, and as compact names. */
const GS1_BEGINNINGS: readonly string[] = [
  GS1_VOCABULARY,
  "https://gs1.org/voc/",
  "https://www.gs1.org/voc/",
  "http://gs1.org/voc/",
  "http://www.gs1.org/voc/",
  "gs1:",
];
const IANA_BEGINNINGS: readonly string[] = [
  "http://www.iana.org/assignments/relation/",
  "https://www.iana.org/assignments/relation/",
  "iana:",
];

/**
 * The one name of those that a relation has: a registered relation as it is, one of the GS1 vocabulary as its address in the
 * namespace of today. So two relations are the same if and only if these are equal.
 */
export function canonicalRelation(text: string): string {
  const gs1 = GS1_BEGINNINGS.find((beginning) => text.startsWith(beginning));
  if (gs1 !== undefined) return GS1_VOCABULARY + text.slice(gs1.length);
  const iana = IANA_BEGINNINGS.find((beginning) => text.startsWith(beginning));
  return iana === undefined ? text : text.slice(iana.length);
}

/**
 * The relations that somebody may mean who asks for one: what was written, and of a bare name the term of the GS1 vocabulary too,
 * which the standard does not ask for and people write all the same.
 */
export function relationsMeant(text: string): readonly string[] {
  const own = canonicalRelation(text);
  const isBare = Object.hasOwn(GS1_LINK_TYPES, own) || own === "defaultLink";
  return isBare ? [own, GS1_VOCABULARY + own] : [own];
}

/** What a relation is called; its own name where nobody gave it another. */
export function relationName(relation: string, language: Language): string {
  const own = canonicalRelation(relation);
  if (Object.hasOwn(RELATION_NAMES, own)) return RELATION_NAMES[own]?.[language] ?? own;
  const term = own.startsWith(GS1_VOCABULARY) ? own.slice(GS1_VOCABULARY.length) : "";
  return Object.hasOwn(GS1_LINK_TYPES, term) ? (GS1_LINK_TYPES[term]?.[language] ?? own) : own;
}
