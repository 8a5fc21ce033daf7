import type { Code } from "@cityroot/codes/ma/code";
import type { Policy } from "@cityroot/core/log/witness-policy";
import { verifyAliases } from "@cityroot/core/proof/aliases";
import { ProofError, provenOf } from "./error.ts";
import { checkDay, type FindAliasesReturnType, foundAliases, legacyOf } from "./find-aliases.ts";

/** See {@link verifyAliasBundle}. */
export type VerifyAliasBundleParameters = {
  /** Bytes of a proof bundle. Spec §5.22. */
  readonly bytes: Uint8Array;
  /** The coding system and the legacy code that it is to be about, as people write it: a bundle itself names none. */
  readonly system: string;
  readonly value: string;
  /** Take the value as it stands, also where its system would write it otherwise. False when absent. */
  readonly exact?: boolean;
  /** The day that is asked about, as `YYYY-MM-DD`; that of the checkpoint when absent, in UTC. */
  readonly day?: string;
  /** Whose checkpoints are believed. */
  readonly policy: Policy;
  /** The lowest height and the earliest time, in milliseconds, that the checkpoint may have. */
  readonly notBefore?: { readonly height?: number; readonly timeMs?: number };
};

/** See {@link verifyAliasBundle}. */
export type VerifyAliasBundleReturnType = Omit<FindAliasesReturnType, "authority"> & {
  /** The prefix that is the authority of the coding system; null where it has none; undefined where the bundle does not show it. */
  readonly authority: Code | null | undefined;
};

/**
 * Checks without a server what is claimed of a legacy code, and that nothing else is. It has no memory, so how old the
 * checkpoint may be is for the caller to say. Throws {@link ProofError}, also for a bundle that holds only a part of the claims.
 *
 * @example
 * const { meaning } = verifyAliasBundle({ bytes, system: "gtin-13", value: "6901234567892", policy });
 */
export function verifyAliasBundle(parameters: VerifyAliasBundleParameters): VerifyAliasBundleReturnType {
  const { bytes, policy, day, notBefore } = parameters;
  checkDay(day);
  const legacy = legacyOf(parameters);
  const options = { policy, ...(notBefore !== undefined && { notBefore }) };
  const shown = provenOf(verifyAliases(bytes, legacy, undefined, options));
  if (!shown.isLast) throw new ProofError("not-shown", "the bundle shows only a part of what is claimed");
  return { ...foundAliases(legacy, shown, day), authority: shown.authority };
}
