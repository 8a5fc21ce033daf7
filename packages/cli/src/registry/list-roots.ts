import { genesisFromJson } from "@cityroot/core/genesis";
import { requestJson } from "@cityroot/sdk/answer";
import type { Client } from "@cityroot/sdk/client";
import { acceptedOf } from "@cityroot/sdk/error";

/** The prefixes with nothing above them, in the order of the genesis. */
export async function listRoots(client: Client): Promise<readonly string[]> {
  const { json } = await requestJson(client, { path: "v1/genesis" });
  return acceptedOf(genesisFromJson(json)).roots.map(({ prefix }) => prefix);
}
