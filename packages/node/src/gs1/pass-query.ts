import type { DigitalLink } from "@cityroot/codes/gs1/digital-link";
import { encodePercent } from "@cityroot/codes/gs1/percent-encoding";

/**
 * The address of a link with what a request's query says, in the request's order of kinds: attributes first, then all else. GS1-
 * Conformant Resolver Standard 1.2, 2.12. What the link itself says under a name stands alone, so that no request changes it; what
 * tells of persons stays here. The rest of the address is never touched.
 */
export function passQuery(
  href: string,
  { attributes, parameters }: Pick<DigitalLink, "attributes" | "parameters">,
): string {
  const hash = href.indexOf("#");
  const [address, fragment] = hash < 0 ? [href, ""] : [href.slice(0, hash), href.slice(hash)];
  const mark = address.indexOf("?");
  const own = new Set(mark < 0 ? [] : [...new URLSearchParams(address.slice(mark + 1)).keys()]);
  const pairs = [
    ...attributes
      .filter(({ isPersonal }) => !isPersonal)
      .map(({ ai, value }) => [ai, encodePercent(value)] as const),
    ...parameters.map(({ name, value }) => [name, value] as const),
  ].filter(([name]) => !own.has(decodeName(name)));
  if (pairs.length === 0) return href;
  const query = pairs.map(([name, value]) => (value === undefined ? name : `${name}=${value}`)).join("&");
  const joint = mark < 0 ? "?" : address.endsWith("?") || address.endsWith("&") ? "" : "&";
  return address + joint + query + fragment;
}

/** The name as readers of queries take it. */
function decodeName(name: string): string {
  return [...new URLSearchParams(`${name}=`).keys()][0] ?? name;
}
