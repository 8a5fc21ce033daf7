import type { Code } from "@cityroot/codes/ma/code";
import type { CborValue } from "@cityroot/core/cbor";
import type { CodeStanding, IssuedStanding } from "../api/read/standing.ts";
import type { View } from "../api/read/view.ts";
import { didOfHolder } from "../did/did-url.ts";
import { type DnsRecord, TTL_S } from "./dns-record.ts";

/** What a standing without a record of its own can be answered with: that another network serves it. */
export type AnswerableStanding = IssuedStanding | (CodeStanding & { readonly kind: "federated" });

/** The service of NAPTR records that lead to the page of a code; `x-` as RFC 3958 §6.5 has it for what is not registered. */
export const CODE_SERVICE = "x-cityroot:https";
/** The service that leads from an object identifier to an address: Rec. ITU-T X.672, new service type of 2011, "URI". */
export const OID_SERVICE = "ORS+UINF";

/** Most bytes of a string of a TXT record, and most that are given of a kind that may be many. */
const STRING_BYTES_MAX = 255;
const SUCCESSORS_MAX = 8;
const LINKS_MAX = 16;
/** Longest address that a NAPTR record can hold beside what leads to it. */
const NAPTR_ADDRESS_MAX = STRING_BYTES_MAX - "!^.*$!!".length;

/** What the ledger says of a code, in short: one record of strings with names, as RFC 6763 §6 has them. */
export function txtOf(view: View, code: Code, standing: AnswerableStanding): DnsRecord {
  const pairs: [string, string][] = [
    ["v", "cityroot1"],
    ["code", code],
    ["standing", standing.kind],
  ];
  if (standing.kind === "federated") {
    const { prefix, record } = standing;
    pairs.push(["prefix", prefix], ["network", record.federation.network]);
  } else {
    const { record } = standing;
    pairs.push(["status", record.status], ["class", record.class], ["version", String(record.version)]);
    const held = view.prefixAtOrAbove(code);
    const holder = record.holder ?? held?.holder.id;
    if (holder !== undefined) pairs.push(["holder", didOfHolder(view.reader.network, holder)]);
    for (const successor of (record.succession?.codes ?? []).slice(0, SUCCESSORS_MAX))
      pairs.push(["successor", successor]);
  }
  pairs.push(["height", String(view.head.checkpoint.height)]);
  const strings = pairs.map(([name, value]) => Buffer.from(`${name}=${value}`).subarray(0, STRING_BYTES_MAX));
  return { owner: "question", type: "TXT", ttlS: TTL_S, data: strings };
}

/** Addresses about a code: its page, then those that its record links to. RFC 7553. */
export function urisOf(code: Code, standing: AnswerableStanding, publicUrl: string): readonly DnsRecord[] {
  // Of what another network serves the page tells where: a stranger chose those addresses, and they are to be proven first.
  const links =
    standing.kind === "federated" ? [] : (standing.record.links as readonly (readonly CborValue[])[]);
  return [
    uri(10, `${publicUrl}/${code}`),
    ...links.slice(0, LINKS_MAX).map(([, href], at) => uri(20 + at, href as string)),
  ];
}

function uri(priority: number, target: string): DnsRecord {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(priority, 0);
  head.writeUInt16BE(1, 2);
  const data = Buffer.concat([head, Buffer.from(target)]);
  return { owner: "question", type: "UNKNOWN_256", ttlS: TTL_S, data };
}

/** What leads to the page of a code by rewriting: RFC 3403 and RFC 4848, or the OID resolution system. */
export function naptrsOf(code: Code, publicUrl: string, isOid: boolean): readonly DnsRecord[] {
  const address = `${publicUrl}/${code}`;
  // What divides the parts of the expression cannot stand in them.
  if (address.length > NAPTR_ADDRESS_MAX || /[!\\]/.test(address)) return [];
  const data = {
    ...{ order: 100, preference: 10, flags: "U", services: isOid ? OID_SERVICE : CODE_SERVICE },
    ...{ regexp: `!^.*$!${address}!`, replacement: "." },
  };
  return [{ owner: "question", type: "NAPTR", ttlS: TTL_S, data }];
}
