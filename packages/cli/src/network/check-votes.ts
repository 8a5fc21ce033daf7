import { bytesToHex, hexToBytes } from "@cityroot/core/hex";
import { isJsonObject, type Json } from "@cityroot/core/json";
import { addressOf } from "@cityroot/core/state/validators";
import { memberOf, objectAt, requestJson } from "@cityroot/sdk/answer";
import type { Client } from "@cityroot/sdk/client";
import { isTransportError } from "@cityroot/sdk/error";
import type { ValidatorJson } from "@cityroot/sdk/get-validators";
import type { Context } from "../context.ts";
import { CommandFailure } from "../failure.ts";

/** Who voted for a block of the consensus, by address in lower-case hexadecimal. */
type Votes = { readonly height: number; readonly addresses: ReadonlySet<string> };

/**
 * Refuses a set of validators of which two thirds or less of the power voted for the newest block that all votes are known of:
 * with it nothing might ever be decided again, and so nothing be mended. It looks at what the server says of the consensus, as a
 * guard against mistakes and not against lies. A registry that decides alone has no votes yet.
 */
export async function checkVotes(
  { say }: Pick<Context, "say">,
  client: Client,
  validators: readonly ValidatorJson[],
): Promise<void> {
  const votes = await lastVotes(client);
  if (votes === undefined) return;
  const absent = validators.filter(({ publicKey }) => !votes.addresses.has(addressText(publicKey)));
  const total = sumOf(validators);
  const present = total - sumOf(absent);
  if (3 * present > 2 * total) return;
  const names = absent.map(({ name, power }) => `${name} (${power})`).join(", ");
  throw new CommandFailure({
    ...{ code: "VALIDATORS_ABSENT", exit: "conflict", field: "validators" },
    detail: say("error.votes", { present, total, names, height: votes.height }),
    expected: say("error.votes.expected", { least: Math.floor((2 * total) / 3) + 1, total }),
    ...{ got: `${present}`, fix: say("error.votes.fix") },
  });
}

function sumOf(validators: readonly ValidatorJson[]): number {
  return validators.reduce((sum, { power }) => sum + power, 0);
}

function addressText(publicKey: string): string {
  return bytesToHex(addressOf(hexToBytes(publicKey)!));
}

/** Undefined where one node decides alone, or none is reached. */
async function lastVotes(client: Client): Promise<Votes | undefined> {
  const newest = await askCommit(client, undefined);
  if (newest === undefined || newest.height < 2) return newest;
  // The newest block's votes are still coming in; those for the block before it are the ones that it holds.
  return askCommit(client, newest.height - 1);
}

async function askCommit(client: Client, height: number | undefined): Promise<Votes | undefined> {
  const params = height === undefined ? {} : { height: `${height}` };
  const question = { jsonrpc: "2.0", id: 1, method: "commit", params };
  const options = { method: "POST", path: "v1/consensus", contentType: "application/json" } as const;
  try {
    const { json, place } = await requestJson(client, { ...options, body: JSON.stringify(question) });
    const [result, at] = memberOf(json, "result", place);
    const [header, headerAt] = memberOf(objectAt(result, at), "signed_header", at);
    const [commit, commitAt] = memberOf(objectAt(header, headerAt), "commit", headerAt);
    return votesOf(objectAt(commit, commitAt));
  } catch (error) {
    // A machine that keeps keys may reach nobody; who reaches the network is asked again.
    if (isTransportError(error) && (error.status === 404 || error.failure === "network")) return undefined;
    throw error;
  }
}

/** What a signature says in CometBFT's JSON: 1 for a validator that was not heard. */
const ABSENT = 1;

function votesOf(commit: { readonly [name: string]: Json }): Votes {
  const signatures = Array.isArray(commit["signatures"]) ? (commit["signatures"] as Json[]) : [];
  const addresses = signatures.flatMap((signature) => {
    if (!isJsonObject(signature) || signature["block_id_flag"] === ABSENT) return [];
    const address = signature["validator_address"];
    return typeof address === "string" ? [address.toLowerCase()] : [];
  });
  return { height: Number(commit["height"]), addresses: new Set(addresses) };
}
