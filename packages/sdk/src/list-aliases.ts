import { verifyAliased } from "@cityroot/core/proof/aliases";
import { type AliasName, keyOfAliased, stemOfAliased } from "@cityroot/core/state/alias";
import type { StateKey } from "@cityroot/core/state/key";
import { PROOF_MEDIA_TYPE, requestBytes } from "./answer.ts";
import type { Client } from "./client.ts";
import { provenOf } from "./error.ts";
import { findAliases, type ResolvedAlias, restOf } from "./find-aliases.ts";
import { codeOf } from "./verify-bundle.ts";

/** What leads to claims that one request asks for, and the longest answer that is read. */
const PART_NAMES = 500;
const PART_BYTES_MAX = 16_777_216;

/** See {@link listAliases}. */
export type ListAliasesParameters = { readonly signal?: AbortSignal };

/**
 * Which legacy codes a code is claimed to have, claim by claim, each proven, and proven to be all: those that were withdrawn or
 * are disputed, too. Throws {@link ProofError}, {@link TransportError}, {@link RegistryError} `CODE_MALFORMED`.
 *
 * @example
 * for await (const { system, value, standing } of listAliases(client, code)) console.log(system, value, standing);
 */
export async function* listAliases(
  client: Client,
  text: string,
  parameters: ListAliasesParameters = {},
): AsyncGenerator<ResolvedAlias, void, undefined> {
  const code = codeOf(text);
  const { signal } = parameters;
  let after: StateKey | undefined;
  for (;;) {
    const notBefore = await client.checkpoints.floor();
    const stem = stemOfAliased(code);
    const bytes = await requestBytes(client, {
      path: `v1/aliases/${code}`,
      query: { limit: PART_NAMES, after: after === undefined ? undefined : restOf(after, stem) },
      accept: PROOF_MEDIA_TYPE,
      bytesMax: PART_BYTES_MAX,
      signal,
    });
    const options = { policy: client.policy, notBefore, seen: client.checkpoints.signatures };
    const part = provenOf(verifyAliased(bytes, code, after, options));
    await client.checkpoints.advance(part.checkpoint);
    for (const name of part.names) yield await claimOf(client, name, signal);
    const last = part.names.at(-1);
    if (part.isLast || last === undefined) return;
    after = keyOfAliased(last);
  }
}

/** The claim itself, from the proof of all that is claimed of its legacy code: what leads to it does not say how it stands. */
async function claimOf(
  client: Client,
  name: AliasName,
  signal: AbortSignal | undefined,
): Promise<ResolvedAlias> {
  const { system, value } = name;
  const { aliases } = await findAliases(client, {
    system,
    value,
    exact: true,
    ...(signal !== undefined && { signal }),
  });
  const claim = aliases.find(
    ({ claimant, relation, target }) =>
      claimant === name.claimant && relation === name.relation && target === name.target,
  );
  if (claim === undefined) throw new Error("what leads to a claim leads to one");
  return claim;
}
