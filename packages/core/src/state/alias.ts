import { type Code, isCode } from "@cityroot/codes/ma/code";
import { type CborValue, decodeCbor, encodeCbor } from "../cbor.ts";
import { sha256 } from "../hash.ts";
import { DIGEST_BYTES } from "../limits.ts";
import { type Day, isDay } from "./day.ts";
import {
  decodeVersioned,
  ENTRY_TYPES,
  encodeVersioned,
  type Moment,
  momentOf,
  type Version,
} from "./entry.ts";
import { type AliasKeyParts, aliasedKey, aliasedStem, aliasKey, aliasStem, type StateKey } from "./key.ts";

/** How a legacy code and a code are said to go together: the legacy code names the same thing, or a thing that is a part of
 * what the code names, or lies there, or was replaced by it. Numbers are consensus. Spec §5.20. */
export const ALIAS_RELATIONS = ["same-as", "part-of", "located-at", "replaced-by"] as const;
export type AliasRelation = (typeof ALIAS_RELATIONS)[number];

/** A code of another system: the system's name, and the code as that system writes it. */
export type LegacyCode = { readonly system: string; readonly value: string };

/** Which claim: what it says, and who says so. A claimant is a prefix, and says each thing once. */
export type AliasName = LegacyCode & {
  readonly claimant: Code;
  readonly relation: AliasRelation;
  readonly target: Code;
};

/** What one who has a say thinks of a claim. Numbers are consensus. */
export const ALIAS_VERDICTS = ["confirmed", "disputed"] as const;
export type AliasVerdict = (typeof ALIAS_VERDICTS)[number];

/** A verdict, with who gave it, on what evidence, and since when it holds. */
export type AliasStatement = {
  readonly verdict: AliasVerdict;
  /** Id of the holder that gave it, 20 bytes. */
  readonly holder: Uint8Array;
  /** SHA-256 of what it rests on, or null. */
  readonly evidence: Uint8Array | null;
  readonly since: Moment;
};

/** Who has a say beside the claimant: the holder of the target, or the authority of the coding system. Numbers are consensus. */
export const ALIAS_JUDGES = ["target", "system"] as const;
export type AliasJudge = (typeof ALIAS_JUDGES)[number];

/**
 * A signed claim that a legacy code and a code go together. Spec §5.20: `[14, version, since, peaks, system, value, claimant,
 * relation, target, claimed, from / null, until / null, evidence / null, withdrawn, target's statement / null, system's
 * statement / null]`, a statement `[verdict, holder, evidence / null, since]`.
 */
export type Alias = Version &
  AliasName & {
    /** Since when the claim holds as it stands: statements and withdrawal change it not. */
    readonly claimed: Moment;
    /** First and last day on which the legacy code meant the target; null where none was said. */
    readonly from: Day | null;
    readonly until: Day | null;
    /** SHA-256 of what the claim rests on, or null. */
    readonly evidence: Uint8Array | null;
    readonly isWithdrawn: boolean;
    readonly byTarget: AliasStatement | null;
    readonly bySystem: AliasStatement | null;
  };

/** Whether a claim can be relied on, in one word. Spec §5.20.4. */
export type AliasStanding = "claimed" | "confirmed" | "disputed" | "withdrawn";

/** Whether a claim was withdrawn, is disputed by somebody, is confirmed by somebody, or was only claimed, in this order. */
export function aliasStandingOf({ isWithdrawn, byTarget, bySystem }: Alias): AliasStanding {
  if (isWithdrawn) return "withdrawn";
  const verdicts = [byTarget?.verdict, bySystem?.verdict];
  if (verdicts.includes("disputed")) return "disputed";
  return verdicts.includes("confirmed") ? "confirmed" : "claimed";
}

/** Whether a claim says something of a day. */
export function holdsOn({ from, until }: Pick<Alias, "from" | "until">, day: Day): boolean {
  return (from === null || from <= day) && (until === null || day <= until);
}

/** Key of a claim. */
export function keyOfAlias({ system, value, claimant, relation, target }: AliasName): StateKey {
  return aliasKey({
    ...legacyParts({ system, value }),
    claimant: halfDigestOf(["claimant", claimant]),
    claim: halfDigestOf(["claim", ALIAS_RELATIONS.indexOf(relation), target]),
  });
}

/** What the keys of all claims about a legacy code begin with. */
export function stemOfLegacy(legacy: LegacyCode): string {
  return aliasStem(legacyParts(legacy));
}

function legacyParts({ system, value }: LegacyCode): Pick<AliasKeyParts, "system" | "value" | "legacy"> {
  return { system, value: utf8(value), legacy: halfDigestOf(["legacy code", system, value]) };
}

/** What the keys of all claims of one claimant about one legacy code begin with, of the key of one of them. */
export function stemOfClaimant(alias: StateKey): string {
  return alias.slice(0, -HALF_DIGEST_BYTES);
}

/** Key of the entry that leads from the target to a claim, and the claim's own. */
export function keyOfAliased(name: AliasName): StateKey {
  return aliasedKey(name.target, keyOfAlias(name));
}

/** What the keys of all entries that lead from a code to claims begin with. */
export const stemOfAliased: (target: Code) => string = aliasedStem;

/** Bytes of a digest in a key: as many as nobody finds two of. */
const HALF_DIGEST_BYTES = 16;

function halfDigestOf(value: CborValue): Uint8Array {
  return sha256(encodeCbor(value)).subarray(0, HALF_DIGEST_BYTES);
}

/** Bytes of a text in UTF-8: what CBOR has of it after its head. */
function utf8(text: string): Uint8Array {
  const bytes = encodeCbor(text);
  return bytes.subarray(bytes[0]! < TEXT_OF_24 ? 1 : bytes[0] === TEXT_OF_24 ? 2 : 3);
}

/** First byte of a text whose length is in the next byte. RFC 8949 §3. */
const TEXT_OF_24 = 0x78;

/** Canonical bytes of a claim. */
export function encodeAlias(alias: Alias): Uint8Array {
  const { system, value, claimant, relation, target, claimed, from, until, evidence } = alias;
  return encodeVersioned(ENTRY_TYPES.alias, alias, [
    ...[system, value, claimant, ALIAS_RELATIONS.indexOf(relation), target],
    ...[[claimed.height, claimed.timeMs], from, until, evidence, alias.isWithdrawn],
    statementToCbor(alias.byTarget),
    statementToCbor(alias.bySystem),
  ]);
}

const BODY_PARTS = 12;

/** The claim of an entry's bytes; undefined when it holds none. */
export function decodeAlias(bytes: Uint8Array): Alias | undefined {
  const entry = decodeVersioned(bytes);
  if (entry?.type !== ENTRY_TYPES.alias || entry.body.length !== BODY_PARTS) return undefined;
  const [system, value, claimant, relationAt, target, moment, ...rest] = entry.body;
  const [from, until, evidence, isWithdrawn, target_, system_] = rest;
  const name = nameOf([system, value, claimant, relationAt, target]);
  const claimed = momentOf(moment);
  const byTarget = statementOf(target_);
  const bySystem = statementOf(system_);
  if (name === undefined || claimed === undefined || byTarget === undefined || bySystem === undefined)
    return undefined;
  if (!isDayOrNull(from) || !isDayOrNull(until) || !isDigestOrNull(evidence)) return undefined;
  if (typeof isWithdrawn !== "boolean") return undefined;
  return { ...entry.version, ...name, claimed, from, until, evidence, isWithdrawn, byTarget, bySystem };
}

/**
 * Canonical bytes of the entry that leads from the target to a claim, which names the claim and never changes. Spec §5.21:
 * `[15, system, value, claimant, relation, target]`.
 */
export function encodeAliased({ system, value, claimant, relation, target }: AliasName): Uint8Array {
  return encodeCbor([
    ENTRY_TYPES.aliased,
    system,
    value,
    claimant,
    ALIAS_RELATIONS.indexOf(relation),
    target,
  ]);
}

/** The claim that an entry leads to; undefined when it leads to none. */
export function decodeAliased(bytes: Uint8Array): AliasName | undefined {
  const value = decodeCbor(bytes);
  if (!Array.isArray(value) || value.length !== 6) return undefined;
  const [type, ...parts] = value as CborValue[];
  return type === ENTRY_TYPES.aliased ? nameOf(parts) : undefined;
}

function nameOf([system, value, claimant, relationAt, target]: readonly (CborValue | undefined)[]):
  | AliasName
  | undefined {
  const relation = typeof relationAt === "number" ? ALIAS_RELATIONS[relationAt] : undefined;
  if (typeof system !== "string" || typeof value !== "string" || relation === undefined) return undefined;
  if (typeof claimant !== "string" || !isCode(claimant)) return undefined;
  if (typeof target !== "string" || !isCode(target)) return undefined;
  return { system, value, claimant, relation, target };
}

function statementToCbor(statement: AliasStatement | null): CborValue {
  if (statement === null) return null;
  const { verdict, holder, evidence, since } = statement;
  return [ALIAS_VERDICTS.indexOf(verdict), holder, evidence, [since.height, since.timeMs]];
}

function statementOf(value: CborValue | undefined): AliasStatement | null | undefined {
  if (value === null) return null;
  if (!Array.isArray(value) || value.length !== 4) return undefined;
  const [verdictAt, holder, evidence, moment] = value as CborValue[];
  const verdict = typeof verdictAt === "number" ? ALIAS_VERDICTS[verdictAt] : undefined;
  const since = momentOf(moment);
  if (verdict === undefined || since === undefined || !isDigestOrNull(evidence)) return undefined;
  if (!(holder instanceof Uint8Array) || holder.length !== 20) return undefined;
  return { verdict, holder, evidence, since };
}

function isDayOrNull(value: CborValue | undefined): value is Day | null {
  return value === null || (typeof value === "string" && isDay(value));
}

function isDigestOrNull(value: CborValue | undefined): value is Uint8Array | null {
  return value === null || (value instanceof Uint8Array && value.length === DIGEST_BYTES);
}
