import { isAlphanumeric, isDigit, lowerUnit, mapUnits, upperUnit } from "../ascii.ts";
import { type Fault, fault, type Parsed, parsed, refused } from "../fault.ts";
import { findQrVersion, isQrAlphanumeric, type QrMode } from "../qr-version.ts";
import type { Code } from "./code.ts";

/** Longest host name, in characters. RFC 1035 §2.3.4, without the final dot. */
export const HOST_CHARACTERS_MAX = 253;

/** What to put in a QR symbol. */
export type QrText = {
  readonly text: string;
  /** The mode of the one segment that holds the text. */
  readonly mode: QrMode;
  /** The smallest version that holds it at error correction level Q, 1 to 40. */
  readonly version: number;
};

/**
 * The address of a code at a host, for the smallest QR symbol at level Q (a label outdoors loses parts). Of two
 * texts for the same address the one that needs the smaller version is given; of equal ones the plain one:
 *
 * - in alphanumeric mode `HTTPS://HOST/CODE`, 5.5 bits a character, where scheme and host are upper case, which
 *   changes nothing (RFC 3986 §6.2.2.1), and lower-case letters and "_" of the code are escaped as `%61`;
 * - in byte mode `https://host/CODE`, 8 bits a character.
 *
 * `codeFromUrl` reads both as the same code. The form is our choice. Spec §2.6. `host` is a name in ASCII or an IPv4
 * address, with a port if need be; IPv6 literals are refused, as alphanumeric mode holds no brackets.
 */
export function qrTextOf(code: Code, host: string): Parsed<QrText> {
  const why = findHostFault(host);
  if (why !== undefined) return refused(why);
  const escaped = escapeForAlphanumeric(code);
  const alphanumeric = qrTextIn("alphanumeric", `HTTPS://${mapUnits(host, upperUnit)}/${escaped}`);
  const byte = qrTextIn("byte", `https://${mapUnits(host, lowerUnit)}/${code}`);
  const isPlain = escaped === code;
  const isSmaller = alphanumeric.version < byte.version;
  return parsed(isSmaller || (isPlain && alphanumeric.version === byte.version) ? alphanumeric : byte);
}

function qrTextIn(mode: QrMode, text: string): QrText {
  const version = findQrVersion(mode, text.length);
  if (version === undefined)
    throw new Error("invariant broken: host and code are short enough for any QR mode");
  return { text, mode, version };
}

function escapeForAlphanumeric(code: Code): string {
  let escaped = "";
  for (let i = 0; i < code.length; i++) {
    const unit = code.charCodeAt(i);
    escaped += isQrAlphanumeric(unit) ? code.charAt(i) : `%${mapUnits(unit.toString(16), upperUnit)}`;
  }
  return escaped;
}

const PORT_MAX = 65535;

function findHostFault(host: string): Fault | undefined {
  const colon = host.indexOf(":");
  const name = colon < 0 ? host : host.slice(0, colon);
  if (name.length > HOST_CHARACTERS_MAX || !name.split(".").every(isHostLabel)) {
    const expected = `a host name of letters, digits and "-", at most ${HOST_CHARACTERS_MAX} characters`;
    return fault({
      field: "host",
      at: 0,
      expected,
      got: host,
      fix: 'such as "id.example.cn", without https:// and path',
    });
  }
  if (colon >= 0 && !isPort(host.slice(colon + 1))) {
    return fault({ field: "host", at: colon + 1, expected: `a port from 1 to ${PORT_MAX}`, got: host });
  }
  return undefined;
}

/** One label of a host name: letters, digits and inner hyphens, at most 63 characters. RFC 1123 §2.1. */
function isHostLabel(label: string): boolean {
  if (label === "" || label.length > 63 || label.startsWith("-") || label.endsWith("-")) return false;
  for (let i = 0; i < label.length; i++) {
    if (!isAlphanumeric(label.charCodeAt(i)) && label.charAt(i) !== "-") return false;
  }
  return true;
}

function isPort(text: string): boolean {
  let port = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (!isDigit(unit)) return false;
    port = port * 10 + unit - 0x30;
    if (port > PORT_MAX) return false;
  }
  return port > 0 && text.charAt(0) !== "0";
}
