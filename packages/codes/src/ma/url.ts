import { isAlphanumeric, isDigit, lowerUnit } from "../ascii.ts";
import { type Fault, fault, type Parsed, parsed, refused } from "../fault.ts";
import { type Code, parseCode } from "./code.ts";
import { SLASH } from "./grammar.ts";

/** Longest address that is read, in characters. Our choice: scanners hand over whatever was printed. */
export const URL_CHARACTERS_MAX = 2048;

const PERCENT = 0x25;
const ESCAPE_CHARACTERS = 3;

/**
 * The path of an address for the code: "/" and the canonical text. Nothing needs escaping, since codes hold
 * only unreserved characters and "/" (RFC 3986 §2.3). That a code is the whole path is our choice. Spec §2.5.
 */
export function codeToPath(code: Code): string {
  return `/${code}`;
}

/**
 * Reads the path of an address: "/" and a code. Escapes of unreserved characters are decoded, because they
 * mean the same (RFC 3986 §2.3), and `qrTextOf` makes them; other escapes are refused.
 */
export function codeFromPath(path: string): Parsed<Code> {
  if (path.length > URL_CHARACTERS_MAX) return refused(lengthFault("path", path));
  if (path.charCodeAt(0) !== SLASH) {
    return refused(fault({ field: "path", at: 0, expected: '"/" and a code', got: path }));
  }
  const escaped = path.slice(1);
  const text = decodeUnreserved(escaped);
  if (!text.ok) return refused(moveFault(text.fault, 1));
  const read = parseCode(text.value);
  if (read.ok || read.fault.at === undefined) return read;
  return refused({ ...read.fault, at: 1 + positionBeforeDecoding(escaped, read.fault.at) });
}

function moveFault(why: Fault, by: number): Fault {
  return why.at === undefined ? why : { ...why, at: why.at + by };
}

function lengthFault(field: string, text: string): Fault {
  return fault({
    field,
    at: URL_CHARACTERS_MAX,
    expected: `at most ${URL_CHARACTERS_MAX} characters`,
    got: text,
  });
}

function decodeUnreserved(text: string): Parsed<string> {
  let decoded = "";
  let from = 0;
  for (let at = text.indexOf("%"); at >= 0; at = text.indexOf("%", from)) {
    const unit = hexValueOf(text.charCodeAt(at + 1)) * 16 + hexValueOf(text.charCodeAt(at + 2));
    if (!isUnreserved(unit)) {
      const expected = 'escapes of letters, digits, "-", ".", "_" and "~" only';
      return refused(fault({ field: "path", at, expected, got: text.slice(at, at + ESCAPE_CHARACTERS) }));
    }
    decoded += text.slice(from, at) + String.fromCharCode(unit);
    from = at + ESCAPE_CHARACTERS;
  }
  return parsed(decoded + text.slice(from));
}

/** Far enough below 0 that no pair of digits with one of them bad is a character. */
const NO_HEX = -256;

function hexValueOf(unit: number): number {
  if (isDigit(unit)) return unit - 0x30;
  const lower = unit | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x61 + 10 : NO_HEX;
}

function isUnreserved(unit: number): boolean {
  return isAlphanumeric(unit) || unit === 0x2d || unit === 0x2e || unit === 0x5f || unit === 0x7e;
}

function positionBeforeDecoding(escaped: string, decodedAt: number): number {
  let at = 0;
  for (let i = 0; i < decodedAt; i++) at += escaped.charCodeAt(at) === PERCENT ? ESCAPE_CHARACTERS : 1;
  return at;
}

/**
 * Reads the code out of an address: any http or https one whose path is a code. Query and fragment are left
 * out. The host is not judged, so the result says what the address names, never that the address is to be
 * trusted. An address with a user name is refused, as RFC 9110 §4.2.4 advises.
 */
export function codeFromUrl(text: string): Parsed<Code> {
  if (text.length > URL_CHARACTERS_MAX) return refused(lengthFault("url", text));
  const hostAt = endOfScheme(text);
  if (hostAt < 0) {
    const fix = "give the whole address, or read a bare code as a code";
    return refused(fault({ field: "scheme", at: 0, expected: "http:// or https://", got: text, fix }));
  }
  const pathAt = endOfAuthority(text, hostAt);
  const why = findAuthorityFault(text, hostAt, pathAt);
  if (why !== undefined) return refused(why);
  const read = codeFromPath(text.slice(pathAt, endOfPath(text, pathAt)));
  return read.ok ? read : refused(moveFault(read.fault, pathAt));
}

/** Position after "://" of http or https in any case (RFC 3986 §3.1), or -1. */
function endOfScheme(text: string): number {
  for (const scheme of ["https://", "http://"]) {
    let i = 0;
    while (i < scheme.length && lowerUnit(text.charCodeAt(i)) === scheme.charCodeAt(i)) i++;
    if (i === scheme.length) return i;
  }
  return -1;
}

function endOfAuthority(text: string, from: number): number {
  for (let i = from; i < text.length; i++) if ("/?#".includes(text.charAt(i))) return i;
  return text.length;
}

function endOfPath(text: string, from: number): number {
  for (let i = from; i < text.length; i++) if ("?#".includes(text.charAt(i))) return i;
  return text.length;
}

function findAuthorityFault(text: string, from: number, to: number): Fault | undefined {
  const got = text.slice(from, to);
  if (got === "") return fault({ field: "host", at: from, expected: "a host", got });
  for (let at = from; at < to; at++) {
    const unit = text.charCodeAt(at);
    if (unit <= 0x20 || unit >= 0x7f) {
      const fix = "write a host name with other letters in its xn-- form";
      return fault({ field: "host", at, expected: "printable ASCII", got, fix });
    }
    if ('@\\"<>^`{|}'.includes(text.charAt(at))) {
      return fault({ field: "host", at, expected: "a host and perhaps a port, with no user name", got });
    }
  }
  return undefined;
}
