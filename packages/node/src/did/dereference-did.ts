import type { View } from "../api/read/view.ts";
import type { DidError } from "./did-error.ts";
import type { DidUrl } from "./did-url.ts";
import type { DidObject } from "./holder-document.ts";
import { type DidVersionOptions, type ResolvedDid, resolveDid } from "./resolve-did.ts";

/** Which service of a document is meant, by the end of its id or by its type. */
export type ServiceOptions = {
  readonly service?: string | undefined;
  readonly serviceType?: string | undefined;
  /** An address relative to the service's. */
  readonly relativeRef?: string | undefined;
};

/** What a DID URL leads to. DID Resolution 1.0 §5. */
export type Dereferenced =
  /** The document, a part of it, or that there is none any more. */
  | { readonly kind: "content"; readonly content: DidObject | null; readonly resolved: ResolvedDid }
  /** The address of a service, which is one that the record holds. */
  | { readonly kind: "address"; readonly address: string }
  | ({ readonly kind: "error" } & DidError);

/** Dereferences a DID URL: a document, what its fragment names in it, or the address of a service. */
export function dereferenceDid(
  view: View,
  url: DidUrl,
  options: DidVersionOptions & ServiceOptions,
): Dereferenced {
  const resolution = resolveDid(view, url, options);
  if ("error" in resolution) return { kind: "error", ...resolution };
  if (url.path !== "") return failed("NOT_FOUND", "paths of did:cityroot name nothing");
  const { service, serviceType } = options;
  const { document } = resolution;
  if (document === null) return { kind: "content", content: null, resolved: resolution };
  if (service !== undefined || serviceType !== undefined) return findService(url, document, options);
  if (options.relativeRef !== undefined) {
    return failed("INVALID_OPTIONS", "relativeRef: expected together with service or serviceType");
  }
  const { fragment } = url;
  if (fragment === undefined) return { kind: "content", content: document, resolved: resolution };
  const content = partsOf(document).find(({ id }) => id === `${url.did}#${fragment}`);
  if (content === undefined) return failed("NOT_FOUND", `the document holds nothing of the id #${fragment}`);
  return { kind: "content", content, resolved: resolution };
}

function failed(error: DidError["error"], detail: string): Dereferenced {
  return { kind: "error", error, detail };
}

/** The verification methods and services of a document. */
function partsOf(document: DidObject): readonly DidObject[] {
  const { verificationMethod = [], service = [] } = document;
  return [...(verificationMethod as readonly DidObject[]), ...(service as readonly DidObject[])];
}

function findService(url: DidUrl, document: DidObject, options: ServiceOptions): Dereferenced {
  const { service, serviceType, relativeRef } = options;
  const services = (document["service"] ?? []) as readonly DidObject[];
  const found = services.find(
    ({ id, type }) =>
      (service === undefined || id === `${url.did}#${service}`) &&
      (serviceType === undefined || type === serviceType),
  );
  if (found === undefined) return failed("NOT_FOUND", "the document has no such service");
  const address = found["serviceEndpoint"] as string;
  if (relativeRef === undefined) return { kind: "address", address: withFragment(address, url) };
  const target = URL.canParse(relativeRef, address) ? new URL(relativeRef, address) : undefined;
  // The record vouches for the service's own server and no other.
  if (target === undefined || target.origin !== new URL(address).origin) {
    return failed("INVALID_OPTIONS", "relativeRef: expected an address on the service's own server");
  }
  return { kind: "address", address: withFragment(target.href, url) };
}

function withFragment(address: string, { fragment }: DidUrl): string {
  return fragment === undefined || address.includes("#") ? address : `${address}#${fragment}`;
}
