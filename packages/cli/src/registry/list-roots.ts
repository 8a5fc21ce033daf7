import { genesisFromJson, networkOf } from "@cityroot/core/genesis";
import { bytesToHex } from "@cityroot/core/hex";
import { requestJson } from "@cityroot/sdk/answer";
import type { Client } from "@cityroot/sdk/client";
import { acceptedOf, ProofError } from "@cityroot/sdk/error";
import { proveNetwork } from "@cityroot/sdk/prove-network";

/** The prefixes with nothing above them, in the order of the genesis, which has to be the one that is proven. */
export async function listRoots(client: Client): Promise<readonly string[]> {
  const { id, genesis: digest } = await proveNetwork(client);
  const { json } = await requestJson(client, { path: "v1/genesis" });
  const genesis = acceptedOf(genesisFromJson(json));
  const named = networkOf(genesis);
  if (bytesToHex(named.genesis) !== digest)
    throw new ProofError(
      "network-other",
      `the server gives the genesis of ${named.id}, the proof is of ${id}`,
    );
  return genesis.roots.map(({ prefix }) => prefix);
}
