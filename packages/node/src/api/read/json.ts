import { type Attributes, attributesToJson } from "@cityroot/core/attribute/attribute";
import type { Text } from "@cityroot/core/attribute/text";
import { textToJson } from "@cityroot/core/attribute/text";
import type { CborValue } from "@cityroot/core/cbor";
import { bytesToHex } from "@cityroot/core/hex";
import type { Json } from "@cityroot/core/json";
import { federationField } from "@cityroot/core/operation/federation-field";
import type { Referral } from "@cityroot/core/operation/standing";
import type { Moment } from "@cityroot/core/state/entry";
import type { Interval } from "@cityroot/core/state/interval";
import { prefixKey } from "@cityroot/core/state/key";
import type { Description, Record } from "@cityroot/core/state/record";
import { timeText } from "../answer.ts";
import type { ListedEntry } from "./nearest-below.ts";
import type { HeldPrefix, NamedHolder, View } from "./view.ts";

/** JSON object. */
type JsonObject = { readonly [name: string]: Json };

/** As of which block an answer is, and how old that was when it was given. */
export function asOfToJson(view: View, nowMs: number): JsonObject {
  const { height, timeMs } = view.head.checkpoint;
  return { height, time: timeText(timeMs), ageMs: Math.max(0, Math.round(nowMs - timeMs)) };
}

/** A block in which something came to hold. */
export function momentToJson({ height, timeMs }: Moment): JsonObject {
  return { height, time: timeText(timeMs) };
}

/** An organisation by id and name. */
export function holderToJson({ id, name }: NamedHolder): JsonObject {
  return { id, name: textToJson(name) };
}

/** A delegated prefix with who holds it. */
export function prefixToJson({ prefix, entry, holder }: HeldPrefix): JsonObject {
  return { prefix, status: entry.status, holder: holderToJson(holder) };
}

/** A record with its version. */
export function recordToJson(view: View, record: Record, isCurrent: boolean): JsonObject {
  const { succession } = record;
  return {
    version: record.version,
    isCurrent,
    status: record.status,
    ...descriptionToJson(record),
    within: record.within,
    holder: record.holder === null ? null : holderToJson(view.holderOf(record.holder)),
    succession: succession === null ? null : { kind: succession.kind, codes: succession.codes },
    reason: record.reason,
    federation: record.federation === undefined ? null : federationField.toJson(record.federation),
    since: momentToJson(record.since),
  };
}

/** The network that serves a code, by the federated prefix above it. */
export function referralToJson({ prefix, record }: Referral): JsonObject {
  return { prefix, status: record.status, federation: federationField.toJson(record.federation) };
}

function descriptionToJson(description: Description): JsonObject {
  return {
    class: description.class,
    attributes: attributesToJson(attributesOf(description)),
    links: (description.links as readonly (readonly CborValue[])[]).map(linkToJson),
    commitments: (description.commitments as readonly [string, Uint8Array][]).map(([name, digest]) => ({
      name,
      digest: bytesToHex(digest),
    })),
  };
}

/** The attributes of a description: what entered the state was checked, so that its form is known. */
export function attributesOf(description: Description): Attributes {
  return description.attributes as unknown as Attributes;
}

function linkToJson([rel, href, type, lang, title]: readonly CborValue[]): JsonObject {
  return {
    rel: rel as string,
    href: href as string,
    ...(type !== null && { type: type as string }),
    ...(lang !== null && { lang: lang as string }),
    ...(title !== null && { title: textToJson(title as unknown as Text) }),
  };
}

/** A range or a batch. */
export function intervalToJson({ type, first, last, count, since }: Interval): JsonObject {
  return { type, first, last, count, since: momentToJson(since) };
}

/** An entry of a list, in short. */
export function listedToJson(view: View, entry: ListedEntry): JsonObject {
  const about = entry.kind === "record" ? entry.record : entry.interval;
  const name = nameOf(about);
  return {
    code: entry.code,
    type: entry.kind === "record" ? "record" : entry.interval.type,
    class: about.class,
    name: name === undefined ? null : textToJson(name),
    status: entry.kind === "record" ? entry.record.status : "active",
    // Delegating gives a code a record, so what has none is no prefix.
    isPrefix: entry.kind === "record" && view.source.get(prefixKey(entry.code)) !== undefined,
    interval: entry.interval === undefined ? null : intervalToJson(entry.interval),
    since: momentToJson(about.since),
  };
}

/** The name of a thing, if its record says one. */
export function nameOf(description: Description): Text | undefined {
  for (const [name, value] of attributesOf(description)) if (name === "name") return value as Text;
  return undefined;
}
