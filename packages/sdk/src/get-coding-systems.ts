import { eachAt, memberOf, objectAt, orNull, requestJson, textAt } from "./answer.ts";
import type { Client } from "./client.ts";
import type { Moment } from "./resolution.ts";
import { codeAt, momentAt } from "./resolve-unverified.ts";

/** See {@link getCodingSystems}. */
export type GetCodingSystemsParameters = { readonly signal?: AbortSignal };

/** A coding system as a registry knows it. */
export type CodingSystemJson = {
  readonly system: string;
  /** Name in English and Chinese; null for a system that only the ledger knows. */
  readonly title: { readonly en: string; readonly zh: string } | null;
  /** The prefix that is its authority; null where it has none. */
  readonly authority: string | null;
};

/** See {@link getCodingSystems}. */
export type GetCodingSystemsReturnType = {
  readonly asOf: Moment;
  readonly systems: readonly CodingSystemJson[];
};

/**
 * The coding systems that a registry can check, and others that have an authority on its ledger. As the server reports them;
 * not proven. Throws {@link RegistryError}, {@link TransportError}.
 *
 * @example
 * const { systems } = await getCodingSystems(client);
 */
export async function getCodingSystems(
  client: Client,
  parameters: GetCodingSystemsParameters = {},
): Promise<GetCodingSystemsReturnType> {
  const { json, place } = await requestJson(client, { path: "v1/coding-systems", ...parameters });
  const asOf = momentAt(...memberOf(json, "asOf", place));
  const systems = eachAt(...memberOf(json, "systems", place), (value, at): CodingSystemJson => {
    const [title, titleAt] = memberOf(objectAt(value, at), "title", at);
    return {
      system: textAt(...memberOf(objectAt(value, at), "system", at)),
      title: orNull(title, titleAt, (words, wordsAt) => ({
        en: textAt(...memberOf(objectAt(words, wordsAt), "en", wordsAt)),
        zh: textAt(...memberOf(objectAt(words, wordsAt), "zh", wordsAt)),
      })),
      authority: orNull(...memberOf(objectAt(value, at), "authority", at), codeAt),
    };
  });
  return { asOf, systems };
}
