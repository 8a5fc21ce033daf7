import { type Code, isCode } from "@cityroot/codes/ma/code";
import { isJsonObject, type Json } from "@cityroot/core/json";
import { federationField } from "@cityroot/core/operation/federation-field";
import type { AsOf } from "@cityroot/core/proof/answer";
import { STATUSES, SUCCESSIONS } from "@cityroot/core/state/record";
import {
  type AnswerObject,
  countAt,
  flagAt,
  hexAt,
  jsonOf,
  listAt,
  malformed,
  memberOf,
  objectAt,
  type Place,
  problemOf,
  textAt,
  wordAt,
} from "./answer.ts";
import type { AttributesJson, CommitmentJson, LinkJson, TextJson } from "./attributes-json.ts";
import type { Client } from "./client.ts";
import { isRegistryError, isTransportError } from "./error.ts";
import { queryOf } from "./fetch-answer.ts";
import { type Answer, request } from "./request.ts";
import type {
  HeldPrefix,
  Moment,
  ResolvedHolder,
  ResolvedInterval,
  ResolvedRecord,
  ResolvedStanding,
  UnverifiedResolution,
} from "./resolution.ts";
import { type FederationJson, federationOf, type ResolvedReferral } from "./resolution.ts";

const STANDINGS = ["record", "in-range", "in-batch"] as const;
const INTERVAL_TYPES = ["range", "batch"] as const;

/** What the server says of a code, taken at its word. */
export async function resolveUnverified(
  client: Client,
  code: Code,
  parameters: { readonly asOf: AsOf | undefined; readonly signal: AbortSignal | undefined },
): Promise<UnverifiedResolution> {
  const answer = await request(client, {
    path: `v1/codes/${code}`,
    query: queryOf(parameters.asOf),
    accept: "application/json",
    signal: parameters.signal,
  });
  const shared = { code, chain: null, verified: null, referrals: [] };
  if (answer.status !== 200) {
    const absent = absentStandingOf(answer);
    return { ...shared, ...absent, prefix: null, asOf: headerMomentOf(answer) };
  }
  const { json, place } = jsonOf(answer);
  const [prefixJson, prefixAt] = memberOf(json, "prefix", place);
  const prefix = isJsonObject(prefixJson) ? readPrefix(prefixJson, prefixAt) : null;
  return {
    ...shared,
    ...readStanding(json, place),
    prefix,
    asOf: momentAt(...memberOf(json, "asOf", place)),
  };
}

function absentStandingOf(answer: Answer): ResolvedStanding {
  const problem = problemOf(answer);
  if (isRegistryError(problem) && problem.rejection === "CODE_NEVER_ISSUED") {
    return { standing: "never-issued", record: null, interval: null };
  }
  if (isTransportError(problem) && problem.code === "SERVED_ELSEWHERE") {
    const { json, place } = jsonOf(answer);
    const referral = readReferral(...memberOf(json, "referral", place));
    return { standing: "federated", record: null, interval: null, referral };
  }
  if (isTransportError(problem) && problem.code === "NOT_YET_ISSUED") {
    return { standing: "not-yet-issued", record: null, interval: null, since: null };
  }
  throw problem;
}

function headerMomentOf({ headers, url }: Answer): Moment {
  const height = headers.get("cityroot-height") ?? "";
  const time = textAt(headers.get("cityroot-time"), { url, path: "header cityroot-time" });
  const place = { url, path: "header cityroot-height" };
  return { height: countAt(/^[0-9]+$/.test(height) ? Number(height) : null, place), time };
}

function readStanding(json: AnswerObject, place: Place): ResolvedStanding {
  const standing = wordAt(...memberOf(json, "standing", place), STANDINGS);
  const record = readRecord(...memberOf(json, "record", place));
  if (standing === "record") return { standing, record, interval: null };
  return { standing, record, interval: readInterval(...memberOf(json, "interval", place)) };
}

function readRecord(value: Json | undefined, place: Place): ResolvedRecord {
  const json = objectAt(value, place);
  const at = (name: string): [Json | undefined, Place] => memberOf(json, name, place);
  return {
    version: countAt(...at("version")),
    isCurrent: flagAt(...at("isCurrent")),
    status: wordAt(...at("status"), STATUSES),
    class: textAt(...at("class")),
    attributes: objectAt(...at("attributes")) as AttributesJson,
    links: listAt(...at("links")) as unknown as readonly LinkJson[],
    commitments: listAt(...at("commitments")) as unknown as readonly CommitmentJson[],
    within: orNull(codeAt, ...at("within")),
    holder: orNull(holderAt, ...at("holder"))?.id ?? null,
    succession: orNull(readSuccession, ...at("succession")),
    reason: orNull(textAt, ...at("reason")),
    federation: orNull(readFederation, ...at("federation")),
    since: momentAt(...at("since")),
  };
}

function readReferral(value: Json | undefined, place: Place): ResolvedReferral {
  const json = objectAt(value, place);
  const at = (name: string): [Json | undefined, Place] => memberOf(json, name, place);
  return {
    prefix: codeAt(...at("prefix")),
    status: wordAt(...at("status"), STATUSES),
    federation: readFederation(...at("federation")),
  };
}

/** A federation that is one by the rules, though nothing proves it. */
function readFederation(value: Json | undefined, place: Place): FederationJson {
  const read = federationField.fromJson(value, place.path);
  return read.ok ? federationOf(read.value) : malformed(place, "a federation");
}

function placeIn(place: Place, index: number): Place {
  return { ...place, path: `${place.path}[${index}]` };
}

function readSuccession(value: Json | undefined, place: Place): ResolvedRecord["succession"] {
  const json = objectAt(value, place);
  const [codes, codesAt] = memberOf(json, "codes", place);
  return {
    kind: wordAt(...memberOf(json, "kind", place), SUCCESSIONS),
    codes: listAt(codes, codesAt).map((code, index) => codeAt(code, placeIn(codesAt, index))),
  };
}

function readInterval(value: Json | undefined, place: Place): ResolvedInterval {
  const json = objectAt(value, place);
  return {
    type: wordAt(...memberOf(json, "type", place), INTERVAL_TYPES),
    first: codeAt(...memberOf(json, "first", place)),
    last: codeAt(...memberOf(json, "last", place)),
    count: countAt(...memberOf(json, "count", place)),
    since: momentAt(...memberOf(json, "since", place)),
  };
}

function readPrefix(json: AnswerObject, place: Place): HeldPrefix {
  return {
    prefix: codeAt(...memberOf(json, "prefix", place)),
    holder: holderAt(...memberOf(json, "holder", place)),
  };
}

/** A holder of its JSON form. */
export function holderAt(value: Json | undefined, place: Place): ResolvedHolder {
  const json = objectAt(value, place);
  return {
    id: hexAt(...memberOf(json, "id", place)),
    name: objectAt(...memberOf(json, "name", place)) as TextJson,
  };
}

/** A moment of its JSON form. */
export function momentAt(value: Json | undefined, place: Place): Moment {
  const json = objectAt(value, place);
  return {
    height: countAt(...memberOf(json, "height", place)),
    time: textAt(...memberOf(json, "time", place)),
  };
}

/** A code in canonical text. */
export function codeAt(value: Json | undefined, place: Place): Code {
  const text = textAt(value, place);
  return isCode(text) ? text : malformed(place, "a code");
}

function orNull<T>(
  read: (value: Json | undefined, place: Place) => T,
  value: Json | undefined,
  place: Place,
): T | null {
  return value === null || value === undefined ? null : read(value, place);
}
