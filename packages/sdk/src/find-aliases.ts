import type { Code } from "@cityroot/codes/ma/code";
import { canonicalValue } from "@cityroot/codes/systems/canonical-value";
import { bytesToHex } from "@cityroot/core/hex";
import { type VerifiedAliases, verifyAliases } from "@cityroot/core/proof/aliases";
import {
  type Alias,
  type AliasRelation,
  type AliasStanding,
  type AliasStatement,
  type AliasVerdict,
  aliasStandingOf,
  keyOfAlias,
  type LegacyCode,
  stemOfLegacy,
} from "@cityroot/core/state/alias";
import { type AliasMeaning, meaningOf } from "@cityroot/core/state/alias-meaning";
import { type Day, isDay } from "@cityroot/core/state/day";
import { keyToBytes, type StateKey } from "@cityroot/core/state/key";
import { PROOF_MEDIA_TYPE, requestBytes } from "./answer.ts";
import type { Client } from "./client.ts";
import { ProofError, provenOf, TransportError } from "./error.ts";
import { type Moment, momentOf, type Verification, verificationOf } from "./resolution.ts";

/** Claims that one request asks for, and how many are read at most: more than honest claimants make. */
const PART_CLAIMS = 1_000;
const CLAIMS_MAX = 100_000;
const PART_BYTES_MAX = 16_777_216;

/** See {@link findAliases}. */
export type FindAliasesParameters = {
  /** Name of the coding system, such as `gbt2260`. */
  readonly system: string;
  /** The legacy code, as people write it where the system is known here. */
  readonly value: string;
  /** Take the value as it stands, also where its system would write it otherwise. False when absent. */
  readonly exact?: boolean;
  /** The day that is asked about, as `YYYY-MM-DD`; that of the checkpoint when absent, in UTC. */
  readonly day?: string;
  readonly signal?: AbortSignal;
};

/** A verdict on a claim. */
export type ResolvedStatement = {
  readonly verdict: AliasVerdict;
  /** Id of the holder that gave it, in hexadecimal. */
  readonly holder: string;
  /** SHA-256 of what it rests on, in hexadecimal, or null. */
  readonly evidence: string | null;
  readonly since: Moment;
};

/** A claim that a legacy code and a code go together. Spec §5.20. */
export type ResolvedAlias = LegacyCode & {
  readonly claimant: Code;
  readonly relation: AliasRelation;
  readonly target: Code;
  readonly standing: AliasStanding;
  /** Since when it is claimed as it stands. */
  readonly claimed: Moment;
  /** First and last day on which the legacy code meant the target; null where none was said. */
  readonly from: string | null;
  readonly until: string | null;
  /** SHA-256 of what it rests on, in hexadecimal, or null. */
  readonly evidence: string | null;
  readonly byTarget: ResolvedStatement | null;
  readonly bySystem: ResolvedStatement | null;
  readonly version: number;
  readonly since: Moment;
};

/** All that is claimed of a legacy code, and what that comes to. */
export type FindAliasesReturnType = LegacyCode & {
  readonly day: string;
  readonly meaning: AliasMeaning;
  /** All claims that were ever made of it, proven to be all. */
  readonly aliases: readonly ResolvedAlias[];
  /** The prefix that is the authority of the coding system; null where it has none. */
  readonly authority: Code | null;
  readonly verified: Verification;
};

/**
 * What a legacy code is claimed to be, by whom, and what all claims come to on a day: one code, a conflict, one that ended, or
 * nothing. It is taken from a proof that no claim was left out. Throws {@link ProofError}, {@link TransportError},
 * {@link RegistryError}.
 *
 * @example
 * const { meaning } = await findAliases(client, { system: "gbt2260", value: "130102", day: "1995-06-01" });
 */
export async function findAliases(
  client: Client,
  parameters: FindAliasesParameters,
): Promise<FindAliasesReturnType> {
  return (await fetchAliases(client, parameters)).found;
}

/** What is claimed, with the bytes of the bundles that show it: one for each part of the list, in order. */
export type FetchedAliases = {
  readonly found: FindAliasesReturnType;
  readonly proofs: readonly Uint8Array[];
};

/** What {@link findAliases} finds, with its proofs to keep: {@link verifyAliasBundle} checks a list of one part. */
export async function fetchAliases(
  client: Client,
  parameters: FindAliasesParameters,
): Promise<FetchedAliases> {
  const { day, signal } = parameters;
  checkDay(day);
  const legacy = legacyOf(parameters);
  const stem = stemOfLegacy(legacy);
  const aliases: Alias[] = [];
  const proofs: Uint8Array[] = [];
  let after: StateKey | undefined;
  for (;;) {
    const notBefore = await client.checkpoints.floor();
    const bytes = await requestBytes(client, {
      path: "v1/aliases",
      query: {
        ...legacy,
        ...{ exact: true, authority: true },
        limit: PART_CLAIMS,
        after: after === undefined ? undefined : restOf(after, stem),
      },
      accept: PROOF_MEDIA_TYPE,
      bytesMax: PART_BYTES_MAX,
      signal,
    });
    const options = { policy: client.policy, notBefore, seen: client.checkpoints.signatures };
    const part = provenOf(verifyAliases(bytes, legacy, after, options));
    await client.checkpoints.advance(part.checkpoint);
    aliases.push(...part.aliases);
    proofs.push(bytes);
    const last = part.aliases.at(-1);
    if (part.isLast || last === undefined) {
      const { authority } = part;
      // It was asked for: who leaves it out may hide who it is.
      if (authority === undefined) {
        throw new ProofError("not-shown", "the authority of the coding system is not shown");
      }
      return { found: { ...foundAliases(legacy, { ...part, aliases }, day), authority }, proofs };
    }
    if (aliases.length >= CLAIMS_MAX) {
      throw new TransportError({
        ...{ failure: "too-large", url: client.url },
        detail: `more than ${CLAIMS_MAX} things are claimed of this code`,
      });
    }
    after = keyOfAlias(last);
  }
}

/** The legacy code that is asked about, as its system writes it where that is known here. */
export function legacyOf({
  system,
  value,
  exact = false,
}: LegacyCode & { readonly exact?: boolean }): LegacyCode {
  return { system, value: exact ? value : canonicalValue(system, value) };
}

/** Throws a RangeError for a day that is none. */
export function checkDay(day: string | undefined): void {
  if (day !== undefined && !isDay(day)) throw new RangeError(`day: expected YYYY-MM-DD, got ${day}`);
}

/** Claims that were shown to be all, and what they come to on a day; that of the checkpoint when absent. */
export function foundAliases(
  legacy: LegacyCode,
  shown: VerifiedAliases,
  day: string | undefined,
): Omit<FindAliasesReturnType, "authority"> {
  const { aliases, checkpoint } = shown;
  const then = (day ?? dayOf(checkpoint.timeMs)) as Day;
  return {
    ...legacy,
    day: then,
    meaning: meaningOf(aliases, then),
    aliases: aliases.map(resolvedAlias),
    verified: verificationOf(shown),
  };
}

function dayOf(timeMs: number): Day {
  return new Date(timeMs).toISOString().slice(0, 10) as Day;
}

/** What a key has beyond what all keys of a list begin with, in hexadecimal. */
export function restOf(key: StateKey, stem: string): string {
  return bytesToHex(keyToBytes(key)).slice(2 * stem.length);
}

/** A claim of the state as it is shown. */
export function resolvedAlias(alias: Alias): ResolvedAlias {
  const { system, value, claimant, relation, target, from, until, evidence, version } = alias;
  return {
    ...{ system, value, claimant, relation, target, from, until, version },
    standing: aliasStandingOf(alias),
    claimed: momentOf(alias.claimed),
    evidence: evidence === null ? null : bytesToHex(evidence),
    byTarget: statementOf(alias.byTarget),
    bySystem: statementOf(alias.bySystem),
    since: momentOf(alias.since),
  };
}

function statementOf(statement: AliasStatement | null): ResolvedStatement | null {
  if (statement === null) return null;
  const { verdict, holder, evidence, since } = statement;
  return {
    verdict,
    holder: bytesToHex(holder),
    evidence: evidence === null ? null : bytesToHex(evidence),
    since: momentOf(since),
  };
}
