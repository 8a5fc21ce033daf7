import type { Json } from "@cityroot/core/json";
import { ALIAS_RELATIONS, ALIAS_VERDICTS, type AliasStanding } from "@cityroot/core/state/alias";
import type { AliasMeaning } from "@cityroot/core/state/alias-meaning";
import { type Day, isDay } from "@cityroot/core/state/day";
import {
  countAt,
  eachAt,
  flagAt,
  hexAt,
  malformed,
  memberOf,
  objectAt,
  orNull,
  type Place,
  requestJson,
  textAt,
  wordAt,
} from "./answer.ts";
import type { Client } from "./client.ts";
import type { ResolvedAlias, ResolvedStatement } from "./find-aliases.ts";
import { codeAt, momentAt } from "./resolve-unverified.ts";

/** Legacy codes that one request asks about. */
const PART_VALUES = 1_000;
/** Bytes of UTF-8 that the legacy codes of one request take at most. */
const PART_VALUE_BYTES_MAX = 131_072;
/** Longest answer that is read. */
const PART_BYTES_MAX = 16_777_216;

/** See {@link lookUpAliases}. */
export type LookUpAliasesParameters = {
  /** Name of the coding system, such as `gbt2260`. */
  readonly system: string;
  /** Legacy codes, as people write them where the system is known. */
  readonly values: readonly string[];
  /** Take the values as they stand, also where their system would write them otherwise. False when absent. */
  readonly exact?: boolean;
  /** The day that is asked about, as `YYYY-MM-DD`; today when absent, in UTC. */
  readonly day?: string;
  readonly signal?: AbortSignal;
};

/** What is claimed of a legacy code, as the server reports it. */
export type LookedUpAlias = {
  /** As its system writes it. */
  readonly value: string;
  /** What all claims come to; null where there are more than are shown here, which `findAliases` finds. */
  readonly meaning: AliasMeaning | null;
  /** At most 16. */
  readonly aliases: readonly ResolvedAlias[];
};

/**
 * What many legacy codes of one system are claimed to be, such as a column of a table: one answer for each value, in their order.
 * As the server reports it; not proven: `findAliases` proves what is claimed of one. Throws {@link RegistryError},
 * {@link TransportError}.
 *
 * @example
 * const found = await lookUpAliases(client, { system: "gtin-13", values: ["6901234567892", "4006381333931"] });
 */
export async function lookUpAliases(
  client: Client,
  parameters: LookUpAliasesParameters,
): Promise<readonly LookedUpAlias[]> {
  const { system, values, exact = false, day, signal } = parameters;
  const found: LookedUpAlias[] = [];
  while (found.length < values.length) {
    const part = partOf(values, found.length);
    const body = JSON.stringify({ system, values: part, exact, ...(day !== undefined && { day }) });
    const { json, place } = await requestJson(client, {
      ...{ method: "POST", path: "v1/aliases/lookup", signal },
      ...{ body, contentType: "application/json", bytesMax: PART_BYTES_MAX },
    });
    const answered = eachAt(...memberOf(json, "found", place), (value, at) =>
      lookedUpAt(objectAt(value, at), at, system),
    );
    // Where much is claimed, an answer ends early, and holds one at least.
    if (answered.length === 0 || answered.length > part.length) {
      return malformed(place, `1 to ${part.length} answers`);
    }
    const other = exact ? answered.findIndex(({ value }, at) => value !== part[at]) : -1;
    if (other >= 0) return malformed({ ...place, path: `${place.path}.found[${other}].value` }, part[other]!);
    found.push(...answered);
  }
  return found;
}

/** As many values as one request may ask about. */
function partOf(values: readonly string[], from: number): readonly string[] {
  const encoder = new TextEncoder();
  let bytes = 0;
  let to = from;
  while (to < values.length && to < from + PART_VALUES) {
    bytes += encoder.encode(JSON.stringify(values[to])).length + 1;
    if (bytes > PART_VALUE_BYTES_MAX && to > from) break;
    to += 1;
  }
  return values.slice(from, to);
}

function lookedUpAt(object: { readonly [name: string]: Json }, place: Place, system: string): LookedUpAlias {
  const value = textAt(...memberOf(object, "value", place));
  return {
    value,
    meaning: orNull(...memberOf(object, "meaning", place), meaningAt),
    aliases: eachAt(...memberOf(object, "aliases", place), (alias, at) => ({
      ...aliasAt(objectAt(alias, at), at),
      ...{ system, value },
    })),
  };
}

function meaningAt(json: Json | undefined, place: Place): AliasMeaning {
  const object = objectAt(json, place);
  const kind = wordAt(...memberOf(object, "kind", place), ["one", "conflict", "ended", "none"] as const);
  if (kind === "none") return { kind };
  if (kind === "one") {
    const target = codeAt(...memberOf(object, "target", place));
    return { kind, target, isConfirmed: flagAt(...memberOf(object, "isConfirmed", place)) };
  }
  return { kind, targets: eachAt(...memberOf(object, "targets", place), codeAt) };
}

const STANDINGS: readonly AliasStanding[] = ["claimed", "confirmed", "disputed", "withdrawn"];

function aliasAt(
  object: { readonly [name: string]: Json },
  place: Place,
): Omit<ResolvedAlias, "system" | "value"> {
  const at = (name: string): [Json | undefined, Place] => memberOf(object, name, place);
  return {
    relation: wordAt(...at("relation"), ALIAS_RELATIONS),
    target: codeAt(...at("target")),
    claimant: codeAt(...at("claimant")),
    standing: wordAt(...at("standing"), STANDINGS),
    claimed: momentAt(...at("claimed")),
    from: orNull(...at("from"), dayAt),
    until: orNull(...at("until"), dayAt),
    evidence: orNull(...at("evidence"), hexAt),
    byTarget: orNull(...at("byTarget"), statementAt),
    bySystem: orNull(...at("bySystem"), statementAt),
    version: countAt(...at("version")),
    since: momentAt(...at("since")),
  };
}

function dayAt(json: Json | undefined, place: Place): Day {
  const text = textAt(json, place);
  return isDay(text) ? text : malformed(place, "a day as YYYY-MM-DD");
}

function statementAt(json: Json | undefined, place: Place): ResolvedStatement {
  const object = objectAt(json, place);
  const [holder, holderAt] = memberOf(object, "holder", place);
  return {
    verdict: wordAt(...memberOf(object, "verdict", place), ALIAS_VERDICTS),
    holder: hexAt(...memberOf(objectAt(holder, holderAt), "id", holderAt)),
    evidence: orNull(...memberOf(object, "evidence", place), hexAt),
    since: momentAt(...memberOf(object, "since", place)),
  };
}
