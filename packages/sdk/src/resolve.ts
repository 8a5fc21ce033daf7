import type { AsOf } from "@cityroot/core/proof/answer";
import type { Client } from "./client.ts";
import { fetchAnswer } from "./fetch-answer.ts";
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
  /** Ends the request early. */
  readonly signal?: AbortSignal;
};

/** See {@link resolve}. */
export type ResolveReturnType = Resolution;

/**
 * Resolves a code: its record, who has the say over it, or that it was never issued. By default all of it is taken from
 * a proof under a checkpoint that meets the client's policy and is not older than one that the client has seen. With
 * `verify: false` it is what the server says. Throws {@link ProofError}, {@link TransportError}, and
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
  return resolutionOf(answer, delegations);
}
