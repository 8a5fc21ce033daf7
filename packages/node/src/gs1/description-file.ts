import type { Json } from "@cityroot/core/json";
import { LINKSET_CONTEXT } from "../linkset/link-header.ts";
import { GS1_VOCABULARY } from "../linkset/relation.ts";
import { PRIMARY_KEYS } from "./read-address.ts";

/** What a resolver says of itself at `/.well-known/gs1resolver`. GS1-Conformant Resolver Standard 1.2, 3. */
export function describeResolver(root: string, network: string): { readonly [name: string]: Json } {
  return {
    name: `Cityroot ${network}`,
    resolverRoot: root,
    supportedPrimaryKeys: PRIMARY_KEYS,
    supportedLinkType: [
      { namespace: GS1_VOCABULARY, prefix: "gs1:" },
      { namespace: "http://www.iana.org/assignments/relation/", prefix: "iana:" },
    ],
    linkTypeDefaultCanBeLinkset: false,
    supportedContextValuesExternal: [
      { nameOfList: "ISO 3166-1 alpha-2", url: "https://www.iso.org/iso-3166-country-codes.html" },
    ],
    jsonLdContextLocation: LINKSET_CONTEXT,
  };
}
