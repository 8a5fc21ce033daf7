import type { IdentificationJson } from "@cityroot/codes/systems/identification-json";
import { listAt, memberOf, requestJson } from "./answer.ts";
import type { Client } from "./client.ts";

/** See {@link identify}. */
export type IdentifyParameters = { readonly signal?: AbortSignal };

/** Every coding system that a text fits, and those that it nearly fits. */
export type IdentifyReturnType = IdentificationJson;

/**
 * What a text is in every coding system that the registry knows: its canonical form, its parts and what they mean, whether
 * check characters agree, and what was probably meant where they do not. Several fits are not weighed against one another.
 * Throws {@link RegistryError} `PERSONAL_NUMBER` for the number of a person, {@link TransportError}.
 *
 * @example
 * const { fits } = await identify(client, "91350100M000100Y43");
 */
export async function identify(
  client: Client,
  value: string,
  parameters: IdentifyParameters = {},
): Promise<IdentifyReturnType> {
  const path = `v1/identify?value=${encodeURIComponent(value)}`;
  const { json, place } = await requestJson(client, { path, ...parameters });
  return {
    fits: listAt(...memberOf(json, "fits", place)) as unknown as IdentificationJson["fits"],
    nearly: listAt(...memberOf(json, "nearly", place)) as unknown as IdentificationJson["nearly"],
  };
}
