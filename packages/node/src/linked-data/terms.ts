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
