import { bytesToHex } from "@cityroot/core/hex";
import type { Json } from "@cityroot/core/json";
import { readStem } from "@cityroot/core/proof/aliases";
import {
  type Alias,
  type AliasStatement,
  aliasStandingOf,
  decodeAlias,
  type LegacyCode,
  stemOfLegacy,
} from "@cityroot/core/state/alias";
import { type AliasMeaning, meaningOf } from "@cityroot/core/state/alias-meaning";
import type { Day } from "@cityroot/core/state/day";
import { holderToJson, momentToJson } from "./json.ts";
import { EntryUnreadableError, type View } from "./view.ts";

/** A claim, with who made it and how it stands. */
export function aliasToJson(view: View, alias: Alias): { readonly [name: string]: Json } {
  const { system, value, claimant, relation, target, from, until, evidence } = alias;
  const held = view.prefixAtOrAbove(claimant);
  return {
    ...{ system, value, relation, target, claimant },
    holder: held === undefined ? null : holderToJson(held.holder),
    standing: aliasStandingOf(alias),
    ...{ from, until, evidence: evidence === null ? null : bytesToHex(evidence) },
    claimed: momentToJson(alias.claimed),
    byTarget: statementToJson(view, alias.byTarget),
    bySystem: statementToJson(view, alias.bySystem),
    version: alias.version,
    since: momentToJson(alias.since),
  };
}

function statementToJson(view: View, statement: AliasStatement | null): Json {
  if (statement === null) return null;
  const { verdict, holder, evidence, since } = statement;
  return {
    verdict,
    holder: holderToJson(view.holderOf(holder)),
    evidence: evidence === null ? null : bytesToHex(evidence),
    since: momentToJson(since),
  };
}

/** The claim of an entry's bytes; it fails on one that this version cannot read. */
export function readAlias(bytes: Uint8Array | undefined): Alias {
  const alias = bytes === undefined ? undefined : decodeAlias(bytes);
  if (alias === undefined) throw new EntryUnreadableError("a claim cannot be read");
  return alias;
}

/** As many claims are weighed to say what a legacy code means: more than honest claimants make. */
const WEIGHED_MAX = 1_024;

/** The claims about a legacy code, as far as they are weighed; null where there are more. */
export function readClaims(view: View, legacy: LegacyCode): readonly Alias[] | null {
  const { entries, isLast } = readStem(view.source, stemOfLegacy(legacy), { limit: WEIGHED_MAX });
  return isLast ? entries.map(({ value }) => readAlias(value)) : null;
}

/** What a legacy code means on a day; null where more is claimed of it than is weighed. */
export function readMeaning(view: View, legacy: LegacyCode, day: Day): AliasMeaning | null {
  const claims = readClaims(view, legacy);
  return claims === null ? null : meaningOf(claims, day);
}
