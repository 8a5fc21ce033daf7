import type { Code } from "@cityroot/codes/ma/code";
import type { Policy } from "@cityroot/core/log/witness-policy";
import { codeField } from "@cityroot/core/operation/field";
import type { AsOf } from "@cityroot/core/proof/answer";
import { verifyAnswer } from "@cityroot/core/proof/verify";
import { acceptedOf, provenOf } from "./error.ts";
import { type Resolution, resolutionOf } from "./resolution.ts";

/** See {@link verifyBundle}. */
export type VerifyBundleParameters = {
  /** Bytes of a proof bundle. Spec §5.12. */
  readonly bytes: Uint8Array;
  /** The code that it is to be about: a bundle itself names none. */
  readonly code: string;
  /** Whose checkpoints are believed. */
  readonly policy: Policy;
  /** The moment asked for; the checkpoint's when absent. */
  readonly asOf?: AsOf;
  /** Take the chain of delegations from it, too; it has to hold one. Not when absent. */
  readonly delegations?: boolean;
  /** The lowest height and the earliest time, in milliseconds, that the checkpoint may have. */
  readonly notBefore?: { readonly height?: number; readonly timeMs?: number };
};

/**
 * Checks a proof bundle without a server: from a file, a label, a message. It has no memory, so how old the checkpoint
 * may be is for the caller to say. Throws {@link ProofError}; {@link RegistryError} `CODE_MALFORMED`.
 *
 * @example
 * const { standing, record } = verifyBundle({ bytes, code: "MA.156.1301.02", policy });
 */
export function verifyBundle(parameters: VerifyBundleParameters): Resolution {
  const { bytes, policy, asOf, notBefore, delegations = false } = parameters;
  const code: Code = codeOf(parameters.code);
  const options = {
    policy,
    ...(asOf !== undefined && { asOf }),
    ...(notBefore !== undefined && { notBefore }),
  };
  return resolutionOf(provenOf(verifyAnswer(bytes, code, options)), delegations);
}

/** The code of a text, made canonical. Throws {@link RegistryError} `CODE_MALFORMED`. */
export function codeOf(text: string, field = "code"): Code {
  return acceptedOf(codeField.fromJson(text, field));
}
