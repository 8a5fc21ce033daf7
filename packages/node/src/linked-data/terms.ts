import type { Text } from "@cityroot/core/attribute/text";
import type { Json } from "@cityroot/core/json";

/** An object in JSON-LD. */
export type JsonObject = { readonly [name: string]: Json };

/** Prefixes of catalogues: DCAT 3, Dublin Core terms, FOAF. */
export const CATALOGUE_CONTEXT: JsonObject = {
  dcat: "http://www.w3.org/ns/dcat#",
  dct: "http://purl.org/dc/terms/",
  foaf: "http://xmlns.com/foaf/0.1/",
  xsd: "http://www.w3.org/2001/XMLSchema#",
};

/** A reference to what has an address of its own. */
export function refTo(address: string): JsonObject {
  return { "@id": address };
}

/** A moment, in milliseconds since 1970. */
export function dateTime(timeMs: number): JsonObject {
  return { "@type": "xsd:dateTime", "@value": new Date(timeMs).toISOString() };
}

/** A media type as DCAT names them: by the address in IANA's register. */
export function mediaType(type: string): JsonObject {
  return refTo(`https://www.iana.org/assignments/media-types/${type}`);
}

/** Texts with their languages; nothing where there is none. */
export function languagesOf(name: string, text: Text | undefined): JsonObject {
  if (text === undefined) return {};
  return { [name]: text.map(([language, value]) => ({ "@value": value, "@language": language })) };
}

/** A language as DCAT names them: by the address that the Library of Congress gave its code of ISO 639. DCAT 3, 6.4.7. */
export function languageRef(tag: string): JsonObject {
  const [language = ""] = tag.split("-");
  return refTo(`http://id.loc.gov/vocabulary/iso639-${language.length === 2 ? 1 : 2}/${language}`);
}
