import { type Code, isCode } from "@cityroot/codes/ma/code";
import { bytesToHex, hexToBytes } from "@cityroot/core/hex";
import type { Network } from "@cityroot/core/state/network";

/** The method's name: did:cityroot. Its specification is docs/spec/did-method.md. */
export const DID_METHOD = "cityroot";

/** Bytes of a genesis's digest that stand in a DID: as many as a holder's id has. */
const NETWORK_BYTES = 20;

/** A DID URL taken apart, of whatever method. DID Core 1.0 §3.2. */
export type DidUrl = {
  /** The DID alone. */
  readonly did: string;
  readonly method: string;
  /** What the method gives its meaning to. */
  readonly specific: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** Without its `#`; undefined where there is none. */
  readonly fragment: string | undefined;
};

/** What a DID of this method names: an organisation, or a coded thing. */
export type DidSubject =
  | { readonly kind: "holder"; readonly id: Uint8Array }
  | { readonly kind: "code"; readonly code: Code };

const DID = /^did:([a-z0-9]+):((?:(?:[A-Za-z0-9._-]|%[0-9A-Fa-f]{2})*:)*(?:[A-Za-z0-9._-]|%[0-9A-Fa-f]{2})+)/;
// RFC 3986: what a path, a query and a fragment may hold.
const REST =
  /^((?:\/(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})*)*)(?:\?((?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*))?(?:#((?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*))?$/;

/** Takes a DID URL apart; undefined for what is none. */
export function parseDidUrl(text: string): DidUrl | undefined {
  const head = DID.exec(text);
  if (head === null) return undefined;
  const [did, method = "", specific = ""] = head;
  const rest = REST.exec(text.slice(did.length));
  if (rest === null) return undefined;
  const [, path = "", query = "", fragment] = rest;
  return { did, method, specific, path, query: new URLSearchParams(query), fragment };
}

/** How a network is named in a DID: 40 hexadecimal digits of its genesis's digest. */
export function networkPartOf(network: Network): string {
  return bytesToHex(network.genesis.subarray(0, NETWORK_BYTES));
}

const SPECIFIC = /^([0-9a-f]{40}):(.+)$/s;
const HOLDER = /^[0-9a-f]{40}$/;

/** What the method-specific part of a DID of this method says; undefined for what is none. */
export function parseSpecific(
  specific: string,
): { readonly network: string; readonly subject: DidSubject } | undefined {
  const [, network, name] = SPECIFIC.exec(specific) ?? [];
  if (network === undefined || name === undefined) return undefined;
  if (HOLDER.test(name)) return { network, subject: { kind: "holder", id: hexToBytes(name)! } };
  // No code holds a colon, so that the way back is one way.
  const code = name.replaceAll(":", "/");
  return isCode(code) && !name.includes("/") ? { network, subject: { kind: "code", code } } : undefined;
}

/** The DID of an organisation of a network, by the bytes of its id or as 40 lower-case hexadecimal digits. */
export function didOfHolder(network: Network, id: Uint8Array | string): string {
  return `did:${DID_METHOD}:${networkPartOf(network)}:${typeof id === "string" ? id : bytesToHex(id)}`;
}

/** The DID of a coded thing of a network. */
export function didOfCode(network: Network, code: Code): string {
  return `did:${DID_METHOD}:${networkPartOf(network)}:${code.replaceAll("/", ":")}`;
}
