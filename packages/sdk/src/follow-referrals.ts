import { hexToBytes } from "@cityroot/core/hex";
import { readPolicy } from "@cityroot/core/log/witness-policy";
import type { AsOf } from "@cityroot/core/proof/answer";
import { type CheckpointMemory, checkpointMemory } from "./checkpoint-memory.ts";
import { baseUrlOf, type Client } from "./client.ts";
import { isProofError, ProofError, TransportError } from "./error.ts";
import { fetchAnswer } from "./fetch-answer.ts";
import { type FederationJson, type FollowedReferral, type Resolution, resolutionOf } from "./resolution.ts";

/** Most referrals that are followed, one after the other. */
export const REFERRALS_MAX = 4;
/** Most networks whose checkpoints a client remembers beside its own. */
const REMEMBERED_MAX = 64;

/** How referrals are followed. */
export type FollowQuestion = {
  readonly asOf: Exclude<AsOf, { readonly height: number }> | undefined;
  readonly delegations: boolean;
  readonly allowPrivateHosts: boolean;
  readonly signal: AbortSignal | undefined;
};

/**
 * Asks the network that a proven referral names, and the next, until one answers for the code. Each proof is checked by the
 * policy that the network before has on its ledger, and has to show the genesis that stands there. No network is asked
 * twice, no redirect is followed, and all of it takes at most {@link REFERRALS_MAX} times as long as one request may.
 * Spec §6.10.8. Throws {@link ProofError}, {@link TransportError}.
 */
export async function followReferrals(
  client: Client,
  asked: Resolution,
  question: FollowQuestion,
): Promise<Resolution> {
  const deadlineMs = performance.now() + REFERRALS_MAX * client.timeoutMs;
  const referrals: FollowedReferral[] = [];
  const visited = new Set<string>();
  let at = asked;
  while (at.standing === "federated") {
    const { prefix, federation } = at.referral;
    const { network, genesis } = federation;
    if (visited.has(genesis) || referrals.length === REFERRALS_MAX) {
      const trace = [...referrals.map((one) => one.network), network].join(" to ");
      throw new ProofError("referral-loop", `the code is referred from ${trace}`);
    }
    visited.add(genesis);
    const { resolution, endpoint } = await askNetwork(client, at, { federation, deadlineMs, ...question });
    referrals.push({ prefix, network, endpoint, verified: at.verified });
    at = resolution;
  }
  return { ...at, referrals };
}

type NetworkQuestion = FollowQuestion & {
  readonly federation: FederationJson;
  /** When all has to be over, by `performance.now()`. */
  readonly deadlineMs: number;
};

type NetworkAnswer = { readonly resolution: Resolution; readonly endpoint: string };

/** Asks the endpoints of a network in their order, until one gives a proof that holds. */
async function askNetwork(
  client: Client,
  { code }: Resolution,
  question: NetworkQuestion,
): Promise<NetworkAnswer> {
  const { federation, asOf, delegations, allowPrivateHosts, deadlineMs, signal } = question;
  const failures: unknown[] = [];
  for (const endpoint of federation.endpoints) {
    signal?.throwIfAborted();
    const timeoutMs = Math.min(client.timeoutMs, deadlineMs - performance.now());
    try {
      refuseAddress(endpoint, allowPrivateHosts, timeoutMs);
      const other = clientOf(client, federation, endpoint, timeoutMs);
      const genesis = hexToBytes(federation.genesis)!;
      const { answer } = await fetchAnswer(other, code, { asOf, delegations, genesis, signal });
      return { resolution: resolutionOf(answer, delegations), endpoint };
    } catch (error) {
      signal?.throwIfAborted();
      failures.push(namedFailure(error, federation, endpoint));
    }
  }
  // What was shown to be wrong says more than what could not be reached.
  throw failures.find(isProofError) ?? failures[failures.length - 1];
}

/** The failure with the network that it is of; a proof error alone does not say whom it was asked of. */
function namedFailure(error: unknown, { network }: FederationJson, endpoint: string): unknown {
  if (!isProofError(error)) return error;
  const detail = error.message.slice(error.failure.length + 2);
  return new ProofError(error.failure, `${network} at ${endpoint}: ${detail}`, error.evidence);
}

function clientOf(client: Client, federation: FederationJson, endpoint: string, timeoutMs: number): Client {
  const policy = readPolicy(federation.policy);
  if (!policy.ok) throw new ProofError("entry-unknown", `policy.${policy.fault.field}`);
  const key = JSON.stringify([federation.genesis, federation.policy]);
  const { network } = federation;
  return {
    url: baseUrlOf(endpoint),
    policy: policy.value,
    network,
    fetch: client.fetch,
    ...{ timeoutMs, decisionTimeoutMs: timeoutMs },
    checkpoints: remembered(client, key, () => checkpointMemory(policy.value)),
    referred: client.referred,
    takeNetwork: () => network,
  };
}

function remembered(client: Client, key: string, make: () => CheckpointMemory): CheckpointMemory {
  const { referred } = client;
  const known = referred.get(key) ?? make();
  if (!referred.has(key) && referred.size >= REMEMBERED_MAX) referred.delete(referred.keys().next().value!);
  referred.set(key, known);
  return known;
}

/** Endings of names that no public host has. RFC 6761, RFC 6762, RFC 8375. */
const PRIVATE_ENDINGS = [".localhost", ".local", ".internal", ".home.arpa"];
const LOOPBACK_HOSTS = ["localhost", "127.0.0.1"];

/** Refuses an address that the caller did not allow, before anything is sent there. */
function refuseAddress(endpoint: string, allowPrivateHosts: boolean, timeoutMs: number): void {
  const refuse = (failure: "not-allowed" | "timeout", detail: string): never => {
    throw new TransportError({ failure, detail, url: endpoint });
  };
  if (timeoutMs <= 0) refuse("timeout", "no time is left to ask there");
  const { protocol, hostname } = new URL(endpoint);
  if (allowPrivateHosts) {
    if (protocol === "https:" || LOOPBACK_HOSTS.includes(hostname)) return;
    refuse("not-allowed", "a referral is followed by https, or by http to this machine");
  }
  // The parser has written every form of an IPv4 address as four numbers.
  const isNumbers = /^[0-9.]+$/.test(hostname) || hostname.startsWith("[");
  const name = hostname.replace(/\.$/, "");
  const isPublicName =
    !isNumbers && name.includes(".") && !PRIVATE_ENDINGS.some((ending) => name.endsWith(ending));
  if (protocol === "https:" && isPublicName) return;
  refuse(
    "not-allowed",
    "a referral is followed by https and to public names, unless allowPrivateHosts is set",
  );
}
