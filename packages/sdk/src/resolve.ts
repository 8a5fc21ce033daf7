import type { AsOf } from "@cityroot/core/proof/answer";
import type { Client } from "./client.ts";
import { fetchAnswer } from "./fetch-answer.ts";
import { followReferrals } from "./follow-referrals.ts";
import { type Resolution, resolutionOf, type UnverifiedResolution } from "./resolution.ts";
import { resolveUnverified } from "./resolve-unverified.ts";
import { codeOf } from "./verify-bundle.ts";

/** See {@link resolve}. */
export type ResolveParameters = {
  /**
   * The moment asked for: `{ height }`, `{ timeMs }` in milliseconds since 1970-01-01 UTC, or `{ version }` of the
   * record. The newest block when absent.
   */
  readonly asOf?: AsOf;
  /** Also give the chain of delegations above the code, as it is now. True when absent. */
  readonly delegations?: boolean;
  /** Ask for a proof and believe nothing else. True when absent. */
  readonly verify?: boolean;
  /**
   * Where another network serves the code, ask that one too, by the addresses and the policy that the ledger has of it.
   * True when absent; false gives the referral. Only a proven referral is followed, and none with `asOf` a height, since
   * heights are each network's own.
   */
  readonly follow?: boolean;
  /**
   * Follow referrals also to hosts that are no public names, such as `10.1.2.3` or `localhost`, and by plain http to this
   * machine. False when absent, so that a ledger cannot have a client ask what only the client can reach.
   */
  readonly allowPrivateHosts?: boolean;
  /** Ends the request early. */
  readonly signal?: AbortSignal;
};

/** See {@link resolve}. */
export type ResolveReturnType = Resolution;

/**
 * Resolves a code: its record, who has the say over it, or that it was never issued. By default all of it is taken from
 * a proof under a checkpoint that meets the client's policy and is not older than one that the client has seen. With
 * `verify: false` it is what the server says. A code that another network serves is asked of that network, and `referrals`
 * says who referred there. Throws {@link ProofError}, {@link TransportError}, and
 * {@link RegistryError} `CODE_MALFORMED`.
 *
 * @example
 * const { standing, record, prefix, verified } = await resolve(client, "MA.156.1301.02/60.10000000.1/000123");
 */
export function resolve(
  client: Client,
  code: string,
  parameters: ResolveParameters & { readonly verify: false },
): Promise<UnverifiedResolution>;
export function resolve(
  client: Client,
  code: string,
  parameters?: ResolveParameters & { readonly verify?: true },
): Promise<Resolution>;
export function resolve(
  client: Client,
  code: string,
  parameters?: ResolveParameters,
): Promise<Resolution | UnverifiedResolution>;
export async function resolve(
  client: Client,
  text: string,
  parameters: ResolveParameters = {},
): Promise<Resolution | UnverifiedResolution> {
  const { asOf, verify = true, delegations = true, signal } = parameters;
  const code = codeOf(text);
  if (!verify) return resolveUnverified(client, code, { asOf, signal });
  const { answer } = await fetchAnswer(client, code, { asOf, delegations, signal });
  const resolution = resolutionOf(answer, delegations);
  const { follow = true, allowPrivateHosts = false } = parameters;
  if (!follow || resolution.standing !== "federated" || (asOf !== undefined && "height" in asOf)) {
    return resolution;
  }
  return followReferrals(client, resolution, { asOf, delegations, allowPrivateHosts, signal });
}
