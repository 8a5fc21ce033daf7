import type { Code } from "@cityroot/codes/ma/code";
import type { Text } from "@cityroot/core/attribute/text";
import { MEDIA } from "../api/answer.ts";
import { agentOf, type DataSet, describeDataSet } from "./describe-data-set.ts";
import { CATALOGUE_CONTEXT, dateTime, type JsonObject, languagesOf, mediaType, refTo } from "./terms.ts";

/** What a catalogue is made of. */
export type Catalogue = {
  /** Where this registry is reached. */
  readonly base: string;
  readonly network: string;
  /** Time of the newest block, in milliseconds since 1970. */
  readonly timeMs: number;
};

/** A prefix that a catalogue is about, and what the organisation is called that holds it, if any. */
export type CataloguePrefix = { readonly prefix: Code; readonly holder: Text | undefined };

/** The catalogue of a registry: what it gives itself, and a catalogue of data sets for each of its root prefixes. DCAT 3, 6.3. */
export function describeRegistry(
  { base, network, timeMs }: Catalogue,
  roots: readonly CataloguePrefix[],
): JsonObject {
  const publishers = roots.flatMap(({ holder }) => (holder === undefined ? [] : [agentOf(holder)]));
  const lists = roots.flatMap(({ prefix }): readonly Place[] => [
    [`/v1/lists/${prefix}`, "application/json"],
    [`/v1/lists/${prefix}`, MEDIA.proof],
  ]);
  const own = { base, timeMs, publishers };
  return {
    "@context": CATALOGUE_CONTEXT,
    "@type": "dcat:Catalog",
    "@id": `${base}/v1/catalogue`,
    "dct:identifier": network,
    "dct:title": [
      { "@value": `Registry ${network}`, "@language": "en" },
      { "@value": `${network} 登记系统`, "@language": "zh" },
    ],
    ...languagesOf("dct:description", ABOUT.registry),
    ...(publishers.length > 0 && { "dct:publisher": publishers }),
    "dct:modified": dateTime(timeMs),
    "foaf:homepage": refTo(`${base}/`),
    "dcat:service": [serviceOf(base)],
    "dcat:dataset": [
      ownDataSet(own, "codes", lists),
      ownDataSet(own, "log", [["/log/checkpoint", "text/plain"]]),
    ],
    "dcat:catalog": roots.map(({ prefix }) => refTo(`${base}/v1/catalogue/${prefix}`)),
  };
}

/** Where data are given, below the registry's address, and their media type. */
type Place = readonly [path: string, type: string];

const TITLES = {
  codes: [
    ["en", "Codes and their records, proven"],
    ["zh", "编码及其记录（可验证）"],
  ],
  log: [
    ["en", "The log of all transactions"],
    ["zh", "全部交易的日志"],
  ],
} as const satisfies { readonly [name: string]: Text };

const ABOUT = {
  registry: [
    [
      "en",
      "Codes of things and places, who holds them and what they are called elsewhere, each with a proof",
    ],
    ["zh", "事物和地点的编码、持有单位及其在其他编码系统中的编码，均附证明"],
  ],
  codes: [
    ["en", "Every code that was issued, in the order of the code tree, a part at a time"],
    ["zh", "按编码树顺序分页列出的全部已发编码"],
  ],
  log: [
    ["en", "The newest checkpoint of the log; its tiles lie beside it (C2SP tlog-tiles)"],
    ["zh", "日志的最新检查点；日志分块位于同一路径下（C2SP tlog-tiles）"],
  ],
} as const satisfies { readonly [name: string]: Text };

/** The data sets at and below a prefix. */
export function describeDataSets(
  { base, timeMs }: Catalogue,
  { prefix, holder }: CataloguePrefix,
  dataSets: readonly DataSet[],
): JsonObject {
  return {
    "@context": CATALOGUE_CONTEXT,
    "@type": "dcat:Catalog",
    "@id": `${base}/v1/catalogue/${prefix}`,
    "dct:identifier": prefix,
    "dct:title": [
      { "@value": `Data sets of ${prefix}`, "@language": "en" },
      { "@value": `${prefix} 的数据集`, "@language": "zh" },
    ],
    "dct:description": [
      { "@value": `What was issued as a data set at and below ${prefix}`, "@language": "en" },
      { "@value": `${prefix} 及其下级已发编码的数据集`, "@language": "zh" },
    ],
    ...(holder !== undefined && { "dct:publisher": agentOf(holder) }),
    "dct:modified": dateTime(timeMs),
    "dct:isPartOf": refTo(`${base}/v1/catalogue`),
    "dcat:dataset": dataSets.map((dataSet) => describeDataSet(base, dataSet)),
  };
}

function serviceOf(base: string): JsonObject {
  return {
    "@type": "dcat:DataService",
    "@id": `${base}/openapi.json#service`,
    "dct:title": [
      { "@value": "Resolution of codes", "@language": "en" },
      { "@value": "编码解析", "@language": "zh" },
    ],
    "dcat:endpointURL": refTo(`${base}/v1/`),
    "dcat:endpointDescription": refTo(`${base}/openapi.json`),
    "dcat:servesDataset": [refTo(`${base}/v1/catalogue#codes`), refTo(`${base}/v1/catalogue#log`)],
  };
}

function ownDataSet(
  {
    base,
    timeMs,
    publishers,
  }: Pick<Catalogue, "base" | "timeMs"> & { readonly publishers: readonly JsonObject[] },
  name: keyof typeof TITLES,
  places: readonly Place[],
): JsonObject {
  return {
    "@type": "dcat:Dataset",
    "@id": `${base}/v1/catalogue#${name}`,
    "dct:identifier": name,
    ...languagesOf("dct:title", TITLES[name]),
    ...languagesOf("dct:description", ABOUT[name]),
    ...(publishers.length > 0 && { "dct:publisher": [...publishers] }),
    "dct:modified": dateTime(timeMs),
    "dcat:distribution": places.map(([path, type]) => ({
      "@type": "dcat:Distribution",
      "dcat:accessURL": refTo(base + path),
      "dcat:accessService": refTo(`${base}/openapi.json#service`),
      "dcat:mediaType": mediaType(type),
    })),
  };
}
