import type { CarriedJson, TextIdentificationJson } from "@cityroot/codes/carrier/carried-json";
import { listAt, memberOf, objectAt, requestJson } from "./answer.ts";
import type { Client } from "./client.ts";

/** See {@link identify}. */
export type IdentifyParameters = { readonly signal?: AbortSignal };

/** Every coding system that a text fits, those that it nearly fits, and what it carries if it is more than a code. */
export type IdentifyReturnType = TextIdentificationJson;

/**
 * What a text is in every coding system that the registry knows: its canonical form, its parts and what they mean, whether
 * check characters agree, and what was probably meant where they do not. Of a scanned element string, an address, an
 * ISO/IEC 15434 message or a URN it tells what stands in it. Several fits are not weighed against one another.
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
  const [carried, at] = memberOf(json, "carried", place);
  return {
    fits: listAt(...memberOf(json, "fits", place)) as unknown as TextIdentificationJson["fits"],
    nearly: listAt(...memberOf(json, "nearly", place)) as unknown as TextIdentificationJson["nearly"],
    ...(carried !== undefined && { carried: objectAt(carried, at) as unknown as CarriedJson }),
  };
}
