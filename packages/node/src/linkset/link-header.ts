import type { SetLink } from "./set-link.ts";

/** The context that makes JSON-LD of a link set in JSON. GS1-Conformant Resolver Standard 1.2, 2.10; RFC 9264 §A. */
export const LINKSET_CONTEXT = "https://ref.gs1.org/standards/resolver/linkset-context";

/** The link to that context. */
export const LINK_TO_CONTEXT: string = `<${LINKSET_CONTEXT}>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"`;

/** The link to the link set of an address. RFC 9264 §6. */
export function linkToLinkset(address: string): string {
  return `<${address}>; rel="linkset"; type="application/linkset+json"`;
}

/** A link as the value of a header. RFC 8288 §3. Addresses, types and tags hold no quotes; titles are encoded (RFC 8187). */
export function linkValue({ rel, href, type, languages, title }: SetLink, anchor?: string): string {
  return [
    `<${href}>; rel="${rel}"`,
    ...(anchor === undefined ? [] : [`anchor="${anchor}"`]),
    ...(type === null ? [] : [`type="${type}"`]),
    ...languages.map((tag) => `hreflang="${tag}"`),
    // Only one title may be given: the first, as readers of headers take no more.
    ...(title?.[0] === undefined ? [] : [`title*=UTF-8'${title[0][0]}'${encodeTitle(title[0][1])}`]),
  ].join("; ");
}

/** RFC 8187 §3.2.1: what `encodeURIComponent` leaves of the characters that have to be escaped there. */
function encodeTitle(text: string): string {
  return encodeURIComponent(text).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
