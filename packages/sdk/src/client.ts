import { type Policy, type PolicyJson, readPolicy, writePolicy } from "@cityroot/core/log/witness-policy";
import { type CheckpointMemory, type CheckpointStore, checkpointMemory } from "./checkpoint-memory.ts";

/** What a client is made of. */
export type CreateClientParameters = {
  /** Address of the registry, such as `https://registry.example`. A path in it stays before every other. */
  readonly url: string;
  /**
   * Whose checkpoints are believed: as the core's type, or as the JSON that an operator publishes. It comes from
   * someone you trust, not from the registry; see `fetchPolicy` for the exception.
   */
  readonly policy: Policy | PolicyJson;
  /**
   * Id of the network, such as `hebei-3f8a01bc`. Absent, it is the one that the first proof shows that is asked for it, or
   * until then the first that the registry names. What is signed is always for the network that is proven.
   */
  readonly network?: string;
  /** Makes requests in place of the platform's `fetch`. */
  readonly fetch?: typeof globalThis.fetch;
  /**
   * Longest time that a request may take, in milliseconds; when absent {@link TIMEOUT_MS}, and {@link DECISION_TIMEOUT_MS} where a
   * block is waited for.
   */
  readonly timeoutMs?: number;
  /** Keeps the newest checkpoint over restarts; without it, a new client believes any age of answer at first. */
  readonly remember?: CheckpointStore;
};

/** A registry and whom to believe about it. All actions take one. */
export type Client = {
  /** Address of the registry, with a slash at its end. */
  readonly url: string;
  readonly policy: Policy;
  /** Id of the network, once it is known. */
  readonly network: string | undefined;
  readonly fetch: typeof globalThis.fetch;
  readonly timeoutMs: number;
  /** Longest time that a submission may take, in milliseconds. */
  readonly decisionTimeoutMs: number;
  /** The checkpoints seen so far: no answer may be older than what was seen before it was asked for. */
  readonly checkpoints: CheckpointMemory;
  /** The checkpoints seen of networks that this one refers to, by genesis and policy. */
  readonly referred: Map<string, CheckpointMemory>;
  /** Takes the network's id, if none is known yet, and gives the one that holds. */
  readonly takeNetwork: (network: string) => string;
};

/** How long a request may take when nobody says, in milliseconds. */
export const TIMEOUT_MS = 15_000;

/** The same for what waits for a block: a node says itself after 30 seconds that nothing is decided, and what that means. */
export const DECISION_TIMEOUT_MS = 40_000;

/**
 * Makes a client. It asks nothing yet.
 *
 * @example
 * const client = createClient({ url: "https://registry.example", policy });
 */
export function createClient(parameters: CreateClientParameters): Client {
  const policy = policyOf(parameters.policy);
  let { network } = parameters;
  return {
    url: baseUrlOf(parameters.url),
    policy,
    get network() {
      return network;
    },
    fetch: parameters.fetch ?? ((input, init) => globalThis.fetch(input, init)),
    timeoutMs: parameters.timeoutMs ?? TIMEOUT_MS,
    decisionTimeoutMs: parameters.timeoutMs ?? DECISION_TIMEOUT_MS,
    checkpoints: checkpointMemory(policy, parameters.remember),
    referred: new Map(),
    takeNetwork: (named) => {
      network ??= named;
      return network;
    },
  };
}

/** The address that paths are put after. Throws `TypeError` for what is no address of HTTP. */
export function baseUrlOf(text: string): string {
  const url = new URL(text);
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    throw new TypeError(`url: expected an address of http or https, got ${url.protocol}`);
  }
  return `${url.origin}${url.pathname.replace(/\/*$/, "/")}`;
}

/** Both forms are held to the same rules: a witness that stands twice would count twice. */
function policyOf(policy: Policy | PolicyJson): Policy {
  const isRead = typeof policy.logKeys?.[0] === "object";
  const read = readPolicy(isRead ? writePolicy(policy as Policy) : policy);
  if (read.ok) return read.value;
  const { field, expected, got } = read.fault;
  throw new TypeError(`policy.${field}: expected ${expected}, got ${got}`);
}
