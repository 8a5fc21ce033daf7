import type { Code } from "@cityroot/codes/ma/code";
import { type DataSet, describeDataSet } from "./describe-data-set.ts";
import { CATALOGUE_CONTEXT, dateTime, type JsonObject, mediaType, refTo } from "./terms.ts";

/** What a catalogue is made of. */
export type Catalogue = {
  /** Where this registry is reached. */
  readonly base: string;
  readonly network: string;
  /** Time of the newest block, in milliseconds since 1970. */
  readonly timeMs: number;
};

/** The catalogue of a registry: what it gives itself, and a catalogue of data sets for each of its root prefixes. DCAT 3, 6.3. */
export function describeRegistry({ base, network, timeMs }: Catalogue, roots: readonly Code[]): JsonObject {
  return {
    "@context": CATALOGUE_CONTEXT,
    "@type": "dcat:Catalog",
    "@id": `${base}/v1/catalogue`,
    "dct:identifier": network,
    "dct:title": [
      { "@value": `Registry ${network}`, "@language": "en" },
      { "@value": `${network} 登记系统`, "@language": "zh" },
    ],
    "dct:modified": dateTime(timeMs),
    "foaf:homepage": refTo(`${base}/`),
    "dcat:service": [serviceOf(base)],
    "dcat:dataset": [
      ownDataSet(base, timeMs, "codes", "Codes and their records, proven", "编码及其记录（可验证）", [
        ["/v1/lists/", "application/json"],
        ["/v1/lists/", "application/vnd.cityroot.proof"],
      ]),
      ownDataSet(base, timeMs, "log", "The log of all transactions", "全部交易的日志", [
        ["/log/checkpoint", "text/plain"],
      ]),
    ],
    "dcat:catalog": roots.map((root) => refTo(`${base}/v1/catalogue/${root}`)),
  };
}

/** The data sets at and below a prefix. */
export function describeDataSets(
  { base, timeMs }: Catalogue,
  prefix: Code,
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
  base: string,
  timeMs: number,
  name: string,
  english: string,
  chinese: string,
  places: readonly (readonly [path: string, type: string])[],
): JsonObject {
  return {
    "@type": "dcat:Dataset",
    "@id": `${base}/v1/catalogue#${name}`,
    "dct:identifier": name,
    "dct:title": [
      { "@value": english, "@language": "en" },
      { "@value": chinese, "@language": "zh" },
    ],
    "dct:modified": dateTime(timeMs),
    "dcat:distribution": places.map(([path, type]) => ({
      "@type": "dcat:Distribution",
      "dcat:accessURL": refTo(base + path),
      "dcat:accessService": refTo(`${base}/openapi.json#service`),
      "dcat:mediaType": mediaType(type),
    })),
  };
}
