import { sha256 } from "@cityroot/core/hash";
import { bytesToHex } from "@cityroot/core/hex";
import type { Json } from "@cityroot/core/json";
import { countAt, hexAt, malformed, memberOf, type Place, requestJson, textAt } from "./answer.ts";
import type { Client } from "./client.ts";
import { type RetryParameters, retry } from "./retry.ts";

/** Media type of an item stream. Spec §6.8. */
const ITEMS_MEDIA_TYPE = "application/vnd.cityroot.items";

/** How long an upload may take when nobody says, in milliseconds. */
export const UPLOAD_TIMEOUT_MS = 600_000;

/** See {@link uploadPayload}. */
export type UploadPayloadParameters = RetryParameters & {
  /** Longest time that one try may take, in milliseconds; {@link UPLOAD_TIMEOUT_MS} when absent. */
  readonly timeoutMs?: number | undefined;
};

/** What the registry read from the stream that it stored. */
export type UploadPayloadReturnType = {
  /** SHA-256 of the stream in hexadecimal: its name. */
  readonly digest: string;
  readonly sizeBytes: number;
  /** Root over the items in hexadecimal. */
  readonly root: string;
  readonly count: number;
  readonly first: string;
  readonly last: string;
};

/**
 * Stores the items of a batch with the registry, which checks them. Repeating is harmless, so network failures and 503
 * are tried again. That what was stored is what was sent is checked by its digest; what else the registry says of it is
 * its word. Throws {@link RegistryError}, {@link TransportError}.
 *
 * @example
 * const { digest } = await uploadPayload(client, batch.bytes);
 */
export async function uploadPayload(
  client: Client,
  bytes: Uint8Array,
  parameters: UploadPayloadParameters = {},
): Promise<UploadPayloadReturnType> {
  const { timeoutMs = UPLOAD_TIMEOUT_MS, signal } = parameters;
  const digest = bytesToHex(sha256(bytes));
  const { json, place } = await retry(parameters, () =>
    requestJson(client, {
      method: "PUT",
      path: "v1/payloads",
      body: bytes as BodyInit,
      contentType: ITEMS_MEDIA_TYPE,
      timeoutMs,
      signal,
    }),
  );
  const at = (name: string): [Json | undefined, Place] => memberOf(json, name, place);
  if (hexAt(...at("digest")) !== digest) return malformed(at("digest")[1], digest);
  return {
    digest,
    sizeBytes: countAt(...at("sizeBytes")),
    root: hexAt(...at("root")),
    count: countAt(...at("count")),
    first: textAt(...at("first")),
    last: textAt(...at("last")),
  };
}
