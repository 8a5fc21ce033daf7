import { type Policy, readPolicy } from "@cityroot/core/log/witness-policy";
import { malformed, memberOf, requestJson } from "./answer.ts";
import { baseUrlOf, type CreateClientParameters, TIMEOUT_MS } from "./client.ts";

/** See {@link fetchPolicy}. */
export type FetchPolicyParameters = Pick<CreateClientParameters, "url" | "fetch" | "timeoutMs">;

/**
 * Asks a registry whom to believe about itself: TRUST ON FIRST USE. Whoever answers this one request, be it the
 * registry, someone in the way, or a cache, can name keys of its own, and every proof after it will hold under those
 * keys. Use it to try things out, or to print the policy and compare it with one that came another way; a program in
 * service is given its policy with its configuration.
 *
 * @example
 * const client = createClient({ url, policy: await fetchPolicy({ url }) });
 */
export async function fetchPolicy(parameters: FetchPolicyParameters): Promise<Policy> {
  const { fetch = globalThis.fetch, timeoutMs = TIMEOUT_MS } = parameters;
  const requester = {
    url: baseUrlOf(parameters.url),
    fetch: ((input, init) => fetch(input, init)) as typeof globalThis.fetch,
    timeoutMs,
  };
  const { json, place } = await requestJson(requester, { path: "v1/network" });
  const [value, at] = memberOf(json, "policy", place);
  const policy = readPolicy(value);
  if (policy.ok) return policy.value;
  return malformed({ ...at, path: `${at.path}.${policy.fault.field}` }, policy.fault.expected);
}
