import { hexToBytes } from "@cityroot/core/hex";
import { type Policy, writePolicy } from "@cityroot/core/log/witness-policy";
import { createClient } from "@cityroot/sdk/client";
import { fetchAnswer } from "@cityroot/sdk/fetch-answer";
import { fetchPolicy } from "@cityroot/sdk/fetch-policy";
import { proveNetwork } from "@cityroot/sdk/prove-network";
import type { FederationJson } from "@cityroot/sdk/resolution";
import { codeOf } from "@cityroot/sdk/verify-bundle";
import type { Context } from "../context.ts";
import { pathFrom } from "../global-options.ts";
import { optionMalformed } from "../option-malformed.ts";
import { checkUrl } from "./connect.ts";
import { readPolicyFile } from "./find-policy.ts";

/** What the user says of another network. */
export type OtherNetwork = {
  /** What the network is to serve the codes below of. */
  readonly prefix: string;
  /** Addresses of its servers, the first of which is asked what network it is. */
  readonly endpoints: readonly string[];
  /** Its genesis digest in hexadecimal, where the user knows it. */
  readonly genesis: string | undefined;
  /** A file with its policy; absent, the first server's word is taken, which the user is then asked to confirm. */
  readonly policyPath: string | undefined;
};

/**
 * Asks another network what it is, and sees that each of its servers proves to be of it, under that policy: what stands on
 * the ledger afterwards is what every client follows.
 */
export async function askOtherNetwork(context: Context, asked: OtherNetwork): Promise<FederationJson> {
  const { say, io } = context;
  const endpoints = asked.endpoints.map((url) => checkUrl(context, url, "--to").replace(/\/+$/, ""));
  const url = endpoints[0]!;
  const policy: Policy =
    asked.policyPath === undefined
      ? await fetchPolicy({ url })
      : readPolicyFile(pathFrom(io.workingFolder, asked.policyPath), context);
  const asker = createClient({ url, policy });
  const { id: network, genesis } = await proveNetwork(asker, { signal: io.interrupt });
  if (asked.genesis !== undefined && asked.genesis.toLowerCase() !== genesis) {
    const expected = say("error.federateGenesis.expected", { url, genesis });
    throw optionMalformed(say, { field: "--genesis", expected, got: asked.genesis });
  }
  for (const endpoint of endpoints) {
    const client = createClient({ url: endpoint, policy, network });
    const parameters = { genesis: hexToBytes(genesis)!, signal: io.interrupt };
    await fetchAnswer(client, codeOf(asked.prefix, "prefix"), parameters);
  }
  return { network, genesis, endpoints, policy: writePolicy(policy) };
}
