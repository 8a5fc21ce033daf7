import { bytesToHex, hexToBytes } from "@cityroot/core/hex";
import type { Json } from "@cityroot/core/json";
import { holderIdOf as coreHolderIdOf, holderField } from "@cityroot/core/operation/delegate";
import { acceptedOf, RegistryError } from "./error.ts";
import type { HolderJson } from "./operation.ts";

/** Length of a holder's id, in bytes. Spec §4.3. */
const HOLDER_ID_BYTES = 20;

/**
 * The id, in hexadecimal, that a newly declared holder has from its delegation on: it follows from name and keys. An id
 * stays as it is. Throws {@link RegistryError}.
 *
 * @example
 * const holder = holderIdOf({ name: { en: "Traffic department" }, keys: keySet({ keys: [publicKey] }) });
 */
export function holderIdOf(holder: HolderJson): string {
  const read = acceptedOf(holderField.fromJson(holder as Json, "holder"));
  return bytesToHex(read instanceof Uint8Array ? read : coreHolderIdOf(read));
}

/** Bytes of a holder's id. Throws {@link RegistryError} `TRANSACTION_MALFORMED`. */
export function holderBytesOf(holder: string | Uint8Array): Uint8Array {
  const bytes = typeof holder === "string" ? hexToBytes(holder) : holder;
  if (bytes?.length === HOLDER_ID_BYTES) return bytes;
  throw new RegistryError({
    rejection: "TRANSACTION_MALFORMED",
    detail: `holder: expected an id of ${HOLDER_ID_BYTES} bytes`,
    field: "holder",
    expected: `${HOLDER_ID_BYTES} bytes, or their ${2 * HOLDER_ID_BYTES} hexadecimal digits`,
    got: bytes === undefined ? "no hexadecimal text" : `${bytes.length} bytes`,
  });
}
