import type { CborValue } from "@cityroot/core/cbor";
import type { Record } from "@cityroot/core/state/record";
import type { DidObject } from "./holder-document.ts";

/**
 * The DID document of a coded thing: what its record links to, as services. `controller` is the DID of the organisation that has
 * the say over it, or undefined where that is not told.
 */
export function documentOfCode(did: string, record: Record, controller: string | undefined): DidObject {
  const services = (record.links as readonly (readonly CborValue[])[]).map(([rel, href], at) => ({
    id: `${did}#link-${at + 1}`,
    type: rel as string,
    serviceEndpoint: href as string,
  }));
  return {
    "@context": ["https://www.w3.org/ns/did/v1"],
    id: did,
    ...(controller !== undefined && { controller }),
    ...(services.length > 0 && { service: services }),
  };
}
