import type { Code } from "@cityroot/codes/ma/code";
import type { Text } from "@cityroot/core/attribute/text";
import type { Record } from "@cityroot/core/state/record";
import { attributesOf } from "../api/read/json.ts";
import { recordedLinks } from "../linkset/code-links.ts";
import type { SetLink } from "../linkset/set-link.ts";
import { dateTime, type JsonObject, languageRef, languagesOf, mediaType, refTo } from "./terms.ts";
import { THING_TYPES } from "./thing-types.ts";

/** A record of a data set. */
export type DataSet = {
  readonly code: Code;
  readonly record: Record;
  /** What the organisation is called that it is held by, if any. */
  readonly holder: Text | undefined;
};

/** Relations whose targets are the data themselves. IANA's register of link relations. */
const FILES: ReadonlySet<string> = new Set(["enclosure", "item", "via"]);
const LICENCE = "license";
const DESCRIPTIONS: ReadonlySet<string> = new Set(["describedby", "about", "help"]);

/** Whether a record is one of a data set, by its class. */
export function isDataSet({ class: class_ }: Record): boolean {
  return Object.hasOwn(THING_TYPES, class_) && THING_TYPES[class_] === "Dataset";
}

/** A data set that a code names, in terms of DCAT 3. Its links that lead to files are its distributions. */
export function describeDataSet(base: string, { code, record, holder }: DataSet): JsonObject {
  const attributes = new Map(attributesOf(record));
  const links = recordedLinks(record);
  const hrefsOf = (is: (link: SetLink) => boolean): JsonObject[] =>
    links.filter(is).map(({ href }) => refTo(href));
  const licences = hrefsOf(({ rel }) => rel === LICENCE);
  const pages = hrefsOf(({ rel }) => DESCRIPTIONS.has(rel));
  const files = links.filter(({ rel }) => FILES.has(rel));
  return {
    "@type": "dcat:Dataset",
    "@id": `${base}/${code}`,
    "dct:identifier": code,
    ...languagesOf("dct:title", attributes.get("name") as Text | undefined),
    ...languagesOf("dct:description", attributes.get("description") as Text | undefined),
    ...(holder !== undefined && { "dct:publisher": agentOf(holder) }),
    "dct:modified": dateTime(record.since.timeMs),
    "dcat:version": String(record.version),
    "dcat:landingPage": refTo(`${base}/${code}`),
    ...(licences.length > 0 && { "dct:license": licences }),
    ...(pages.length > 0 && { "foaf:page": pages }),
    ...(files.length > 0 && { "dcat:distribution": files.map(distributionOf) }),
  };
}

function distributionOf({ href, type, title, languages }: SetLink): JsonObject {
  return {
    "@type": "dcat:Distribution",
    "dcat:downloadURL": refTo(href),
    "dcat:accessURL": refTo(href),
    ...(type !== null && { "dcat:mediaType": mediaType(type) }),
    ...languagesOf("dct:title", title ?? undefined),
    ...(languages.length > 0 && { "dct:language": languages.map(languageRef) }),
  };
}

/** An organisation, of which only the name is told. */
export function agentOf(name: Text): JsonObject {
  return { "@type": "foaf:Agent", ...languagesOf("foaf:name", name) };
}
