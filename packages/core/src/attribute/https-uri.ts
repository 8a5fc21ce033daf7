import { LINK_CHARACTERS_MAX } from "../limits.ts";

/** Why a text is no address that a link may have: where, and what was expected there. */
export type UriFault = { readonly at: number; readonly expected: string };

const SCHEME = "https://";
const PORT_MAX = 65_535;
/** Marks that RFC 3986 allows in a path, query or fragment, besides letters, digits and "%". */
const MARKS = "-._~!$&'()*+,;=:@/?#";

/**
 * What is wrong with a text as the address of a link; undefined when nothing is. An address is an absolute URI (RFC 3986)
 * of at most {@link LINK_CHARACTERS_MAX} ASCII characters: `https://` in lower case, a host of labels of lower case
 * letters, digits and inner hyphens (so no user, no password, no bracketed address), a port or none, then any path, query
 * and fragment in the characters of a URI. It is stored as given: nothing is resolved, decoded or normalised.
 */
export function findUriFault(text: string): UriFault | undefined {
  if (text.length > LINK_CHARACTERS_MAX) {
    return { at: LINK_CHARACTERS_MAX, expected: `at most ${LINK_CHARACTERS_MAX} characters` };
  }
  if (!text.startsWith(SCHEME)) return { at: 0, expected: `an address that begins with ${SCHEME}` };
  const hostEnd = endOfHost(text);
  if (typeof hostEnd !== "number") return hostEnd;
  const portEnd = text.charAt(hostEnd) === ":" ? endOfPort(text, hostEnd + 1) : hostEnd;
  if (typeof portEnd !== "number") return portEnd;
  const next = text.charAt(portEnd);
  if (next !== "" && next !== "/" && next !== "?" && next !== "#") {
    return { at: portEnd, expected: "a host in lower case and at most a port, without user or password" };
  }
  return findPathFault(text, portEnd);
}

/** Index of what follows the host. */
function endOfHost(text: string): number | UriFault {
  const expected = "host labels of lower case letters, digits and inner hyphens";
  let labelAt = SCHEME.length;
  for (let at = SCHEME.length; ; at++) {
    const unit = text.charCodeAt(at);
    if (isLower(unit) || isDigit(unit)) continue;
    const isEmpty = at === labelAt;
    if (unit === 0x2d) {
      if (isEmpty) return { at, expected };
      continue;
    }
    if (isEmpty || text.charAt(at - 1) === "-") return { at, expected };
    if (unit !== 0x2e) return at;
    labelAt = at + 1;
  }
}

/** Index of what follows the port, of which the digits begin at `from`. */
function endOfPort(text: string, from: number): number | UriFault {
  let port = 0;
  let at = from;
  for (; isDigit(text.charCodeAt(at)) && port <= PORT_MAX; at++)
    port = port * 10 + (text.charCodeAt(at) - 0x30);
  const isPort = port >= 1 && port <= PORT_MAX && text.charAt(from) !== "0";
  return isPort ? at : { at: from, expected: `a port from 1 to ${PORT_MAX}, and no user or password` };
}

function findPathFault(text: string, from: number): UriFault | undefined {
  let hasFragment = false;
  for (let at = from; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (isLower(unit) || isDigit(unit) || (unit >= 0x41 && unit <= 0x5a)) continue;
    if (unit === 0x25) {
      if (isHexDigit(text.charCodeAt(at + 1)) && isHexDigit(text.charCodeAt(at + 2))) continue;
      return { at, expected: '"%" and two hexadecimal digits' };
    }
    const isSecondFragment = unit === 0x23 && hasFragment;
    if (isSecondFragment || !MARKS.includes(text.charAt(at))) {
      return { at, expected: "a character of a URI; any other is written in percent encoding" };
    }
    if (unit === 0x23) hasFragment = true;
  }
  return undefined;
}

function isLower(unit: number): boolean {
  return unit >= 0x61 && unit <= 0x7a;
}

function isDigit(unit: number): boolean {
  return unit >= 0x30 && unit <= 0x39;
}

function isHexDigit(unit: number): boolean {
  return isDigit(unit) || (unit >= 0x41 && unit <= 0x46) || (unit >= 0x61 && unit <= 0x66);
}
