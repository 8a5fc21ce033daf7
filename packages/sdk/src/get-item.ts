import { bytesToHex } from "@cityroot/core/hex";
import { decodeItem } from "@cityroot/core/operation/batch-item";
import { decodeBundle } from "@cityroot/core/proof/bundle";
import type { Client } from "./client.ts";
import { fetchAnswer } from "./fetch-answer.ts";
import { codeOf } from "./verify-bundle.ts";

/** Proof that a code is an item of a batch, in the JSON form that operations take as `item`. */
export type ItemJson = {
  /** The item's bytes in hexadecimal. */
  readonly item: string;
  /** Its place in the batch, from 0. */
  readonly index: number;
  /** The hashes from it to the batch's root, in hexadecimal. */
  readonly path: readonly string[];
};

/** See {@link getItem}. */
export type GetItemParameters = { readonly signal?: AbortSignal };

/**
 * The proof that the first operation on a code of a batch needs; null where none is needed: the code has a record of its
 * own, is one of a range, or was never issued. It is checked against the batch's root under the newest checkpoint.
 * Throws {@link ProofError}, {@link TransportError}, {@link RegistryError} `CODE_MALFORMED`.
 *
 * @example
 * const item = await getItem(client, code);
 * await send(client, { holder, signers, operations: [retire({ code, reason: "damaged", item })] });
 */
export async function getItem(
  client: Client,
  text: string,
  parameters: GetItemParameters = {},
): Promise<ItemJson | null> {
  const code = codeOf(text);
  const { answer, bytes } = await fetchAnswer(client, code, parameters);
  if (answer.standing.kind !== "in-batch") return null;
  for (const { item, index, path } of decodeBundle(bytes)?.items ?? []) {
    const decoded = decodeItem(item);
    if (!decoded.ok || decoded.value.code !== code) continue;
    return { item: bytesToHex(item), index, path: path.map(bytesToHex) };
  }
  return null;
}
