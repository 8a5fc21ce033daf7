import { bytesToHex } from "@cityroot/core/hex";
import type { Json } from "@cityroot/core/json";
import { countAt, memberOf, objectAt, type Place, requestJson, textAt } from "./answer.ts";
import type { TextJson } from "./attributes-json.ts";
import type { Client } from "./client.ts";
import type { PendingRecovery } from "./get-prefix.ts";
import { holderBytesOf } from "./holder-id.ts";
import type { KeySetJson } from "./key-set.ts";
import type { Moment } from "./resolution.ts";
import { momentAt } from "./resolve-unverified.ts";

/** See {@link getHolder}. */
export type GetHolderParameters = { readonly signal?: AbortSignal };

/** What a server says of a holder. */
export type GetHolderReturnType = {
  /** In hexadecimal. */
  readonly id: string;
  readonly name: TextJson;
  /** Counts the changes of its entry, from 1. */
  readonly version: number;
  readonly since: Moment;
  readonly keys: KeySetJson;
  /** A key recovery under way, or null. */
  readonly pending: PendingRecovery | null;
};

/**
 * What the server says of a holder by its id, in hexadecimal or as its 20 bytes. NOT PROVEN: the proven keys of a holder
 * come with a prefix that it holds, from `getPrefix`. Throws {@link RegistryError}, {@link TransportError}.
 *
 * @example
 * const { name, keys } = await getHolder(client, "3c6e0b8a9c15224a8228b9a98ca1531d4a0c5a1f");
 */
export async function getHolder(
  client: Client,
  holder: string | Uint8Array,
  parameters: GetHolderParameters = {},
): Promise<GetHolderReturnType> {
  const id = bytesToHex(holderBytesOf(holder));
  const { json, place } = await requestJson(client, { path: `v1/holders/${id}`, ...parameters });
  const at = (name: string): [Json | undefined, Place] => memberOf(json, name, place);
  const [pending, pendingAt] = at("pending");
  return {
    id,
    name: objectAt(...at("name")) as TextJson,
    version: countAt(...at("version")),
    since: momentAt(...at("since")),
    keys: objectAt(...at("keys")) as unknown as KeySetJson,
    pending: pending === null ? null : pendingOf(pending, pendingAt),
  };
}

function pendingOf(value: Json | undefined, place: Place): PendingRecovery {
  const json = objectAt(value, place);
  return {
    keys: objectAt(...memberOf(json, "keys", place)) as unknown as KeySetJson,
    begun: momentAt(...memberOf(json, "begun", place)),
    readyAt: textAt(...memberOf(json, "readyAt", place)),
  };
}
