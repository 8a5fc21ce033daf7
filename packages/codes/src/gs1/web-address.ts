import { isAlphanumeric, lowerUnit, mapUnits } from "../ascii.ts";
import { type Refusal, refuseForm } from "../systems/refusal.ts";

/** A piece of a text and where it stands in it. */
export type Piece = { readonly text: string; readonly at: number };

/** An address of the web in its pieces; what stands behind a number sign is left out. */
export type WebAddress = {
  /** Scheme and host in lower case, with the port if there is one: `https://example.com:8443`. */
  readonly origin: string;
  /** Empty, or with a slash at its beginning. */
  readonly path: Piece;
  readonly query?: Piece;
};

/** Longest address that is read. Our choice: what browsers and scanners are known to hand on. */
export const ADDRESS_CHARACTERS_MAX = 2_048;

const SCHEMES: readonly string[] = ["https://", "http://"];
/** What an address may hold besides letters and digits. RFC 3986, 2. */
const SYMBOLS = "-._~:/?#[]@!$&'()*+,;=%";
const HOST_SYMBOLS = "-._~:[]";

/** Reads an address of http or https. */
export function parseWebAddress(text: string): { readonly ok: true; readonly value: WebAddress } | Refusal {
  if (text.length > ADDRESS_CHARACTERS_MAX) {
    return refuseForm({
      field: "address",
      expected: `at most ${ADDRESS_CHARACTERS_MAX} characters`,
      got: text,
    });
  }
  const lower = mapUnits(text.slice(0, 8), lowerUnit);
  const scheme = SCHEMES.find((each) => lower.startsWith(each));
  if (scheme === undefined) {
    return refuseForm({ field: "scheme", expected: "https:// or http://", got: text, at: 0 });
  }
  const foreign = findForeign(text, 0, text.length, SYMBOLS);
  if (foreign >= 0) {
    const got = text.slice(foreign);
    return refuseForm({ field: "address", expected: "characters of an address", got, at: foreign });
  }
  const end = endOf(text, scheme.length, "#");
  const pathEnd = Math.min(end, endOf(text, scheme.length, "?"));
  const hostEnd = Math.min(pathEnd, endOf(text, scheme.length, "/"));
  const host = text.slice(scheme.length, hostEnd);
  const strange = findForeign(text, scheme.length, hostEnd, HOST_SYMBOLS);
  if (host === "" || strange >= 0) {
    const at = host === "" ? scheme.length : strange;
    return refuseForm({ field: "host", expected: "a host", got: host, at });
  }
  return {
    ok: true,
    value: {
      origin: scheme + mapUnits(host, lowerUnit),
      path: { text: text.slice(hostEnd, pathEnd), at: hostEnd },
      ...(pathEnd < end ? { query: { text: text.slice(pathEnd + 1, end), at: pathEnd + 1 } } : {}),
    },
  };
}

/** The pieces between separators; a single one where there is none. */
export function splitPiece({ text, at }: Piece, separator: string): readonly Piece[] {
  let from = at;
  return text.split(separator).map((part) => {
    const piece = { text: part, at: from };
    from += part.length + separator.length;
    return piece;
  });
}

function endOf(text: string, from: number, mark: string): number {
  const at = text.indexOf(mark, from);
  return at < 0 ? text.length : at;
}

function findForeign(text: string, from: number, to: number, symbols: string): number {
  for (let at = from; at < to; at++) {
    if (!isAlphanumeric(text.charCodeAt(at)) && !symbols.includes(text.charAt(at))) return at;
  }
  return -1;
}
