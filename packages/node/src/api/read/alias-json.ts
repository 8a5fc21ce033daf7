import type { Code } from "@cityroot/codes/ma/code";
import { bytesToHex } from "@cityroot/core/hex";
import type { Json } from "@cityroot/core/json";
import { readStem } from "@cityroot/core/proof/aliases";
import {
  type Alias,
  type AliasStatement,
  aliasStandingOf,
  decodeAlias,
  holdsOn,
  type LegacyCode,
  stemOfLegacy,
} from "@cityroot/core/state/alias";
import { type AliasMeaning, isSound, meaningOf } from "@cityroot/core/state/alias-meaning";
import type { Day } from "@cityroot/core/state/day";
import type { StateKey } from "@cityroot/core/state/key";
import { holderToJson, momentToJson } from "./json.ts";
import { EntryUnreadableError, type View } from "./view.ts";

/** A claim, with who made it and how it stands. */
export function aliasToJson(view: View, alias: Alias): { readonly [name: string]: Json } {
  const { system, value, claimant, relation, target, from, until, evidence } = alias;
  const held = view.heldAtOrAbove(claimant);
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

/** As many claims are read before a conflict ends the reading: more than honest claimants make. */
const READ_WHOLE = 1_024;

/** As many claims are read at most: one holder can make any number about one legacy code, as so many prefixes of its own. */
const WEIGHED_MAX = 4_096;

/**
 * The claims about a legacy code that count: what is the same as it, neither withdrawn nor disputed. Null where more is claimed than is
 * weighed. Where very much is claimed they are not all once two of them are in conflict on the day, which nothing that follows ends.
 */
export function readSoundClaims(
  view: View,
  legacy: LegacyCode,
  day: Day,
  most: number = WEIGHED_MAX,
): readonly Alias[] | null {
  const stem = stemOfLegacy(legacy);
  const sound: Alias[] = [];
  const targets = new Set<Code>();
  let after: StateKey | undefined;
  for (let read = 0; read < most; read += READ_WHOLE) {
    const part = { limit: Math.min(most, READ_WHOLE), ...(after === undefined ? {} : { after }) };
    const { entries, isLast } = readStem(view.source, stem, part);
    for (const { value } of entries) {
      const alias = readAlias(value);
      if (!isSound(alias)) continue;
      sound.push(alias);
      if (holdsOn(alias, day)) targets.add(alias.target);
    }
    if (isLast || targets.size > 1) return sound;
    after = entries.at(-1)?.key;
  }
  return null;
}

/** What a legacy code means on a day; null where more is claimed of it than is weighed, `most` claims. */
export function readMeaning(view: View, legacy: LegacyCode, day: Day, most?: number): AliasMeaning | null {
  const claims = readSoundClaims(view, legacy, day, most);
  return claims === null ? null : meaningOf(claims, day);
}
