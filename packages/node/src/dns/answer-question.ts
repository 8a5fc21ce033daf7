import { isIPv4, isIPv6 } from "node:net";
import type { Code } from "@cityroot/codes/ma/code";
import { BEFORE_PREFIXES, codeKey, isKeyAtOrBelow, kindOfKey, type StateKey } from "@cityroot/core/state/key";
import { readStanding } from "../api/read/standing.ts";
import type { View } from "../api/read/view.ts";
import { type AnswerableStanding, naptrsOf, txtOf, urisOf } from "./code-records.ts";
import { printDnsName } from "./dns-name.ts";
import {
  type DnsAnswer,
  type DnsRecord,
  NEGATIVE_TTL_S,
  type RcodeName,
  TTL_S,
  TYPES,
} from "./dns-record.ts";
import type { Question } from "./query.ts";
import { type Named, type Zone, zoneAround } from "./zone.ts";

/** What questions are answered from. */
export type DnsSource = {
  readonly zones: readonly Zone[];
  /** The registry at its newest head. */
  readonly view: () => View;
  /** Where the registry is reached from outside, without a slash at its end. */
  readonly publicUrl: string;
};

const CLASS_IN = 1;
const CLASS_ANY = 255;

/** The answer to a question: what the ledger says, or that it says nothing. */
export function answerQuestion(source: DnsSource, question: Question): DnsAnswer {
  const found = zoneAround(source.zones, question.name);
  const isTransfer = question.type === TYPES.AXFR || question.type === TYPES.IXFR;
  const isInternet = question.class === CLASS_IN || question.class === CLASS_ANY;
  if (found === undefined || isTransfer || !isInternet) return failed("REFUSED");
  const { zone, labels } = found;
  const view = source.view();
  const soa = soaOf(zone, view);
  const records = recordsOf(source, view, zone.find(labels), { zone, soa });
  const base = { isAuthoritative: true, zoneAt: labels.length };
  if (records === undefined) return { ...base, rcode: "NXDOMAIN", answers: [], authority: [soa.negative] };
  const answers = records(question.type);
  return { ...base, rcode: "NOERROR", answers, authority: answers.length === 0 ? [soa.negative] : [] };
}

/** An answer that says nothing of the name. */
export function failed(rcode: RcodeName): DnsAnswer {
  return { rcode, isAuthoritative: false, answers: [], authority: [], zoneAt: 0 };
}

/** Records of a name, of the type that is asked for. */
type Records = (type: number) => readonly DnsRecord[];

type ZoneRecords = { readonly zone: Zone; readonly soa: ReturnType<typeof soaOf> };

/** The records of a name that there is; undefined where there is neither it nor anything below it. */
function recordsOf(
  source: DnsSource,
  view: View,
  named: Named,
  { zone, soa }: ZoneRecords,
): Records | undefined {
  switch (named.kind) {
    case "nothing":
      return undefined;
    case "apex":
      return minimalAny((type) => {
        if (type === TYPES.SOA) return [soa.positive];
        return type === TYPES.NS ? zone.nameServers.map((data) => ({ ...OWN, type: "NS", data })) : [];
      });
    case "host":
      return minimalAny((type) => {
        if (type === TYPES.A) return addressRecords("A", named.addresses.filter(isIPv4));
        return type === TYPES.AAAA ? addressRecords("AAAA", named.addresses.filter(isIPv6)) : [];
      });
    case "between":
      return hasBetween(view, named.parent) ? minimalAny(() => []) : undefined;
    case "code":
      return codeRecords(source, view, named.code, named.isOid);
  }
}

const OWN = { owner: "question", ttlS: TTL_S } as const;

function addressRecords(type: "A" | "AAAA", addresses: readonly string[]): readonly DnsRecord[] {
  return addresses.map((data) => ({ ...OWN, type, data }));
}

/** Whoever asks for everything is given little. RFC 8482 §4.2. */
function minimalAny(records: Records): Records {
  const hinfo: DnsRecord = { ...OWN, type: "HINFO", data: { cpu: "RFC8482", os: "" } };
  return (type) => (type === TYPES.ANY ? [hinfo] : records(type));
}

function codeRecords({ publicUrl }: DnsSource, view: View, code: Code, isOid: boolean): Records | undefined {
  const standing = readStanding(view, code);
  if (standing.kind === "never-issued" || standing.kind === "not-yet-issued" || standing.kind === "later") {
    return hasBelow(view, code) ? minimalAny(() => []) : undefined;
  }
  const issued: AnswerableStanding = standing;
  return minimalAny((type) => {
    switch (type) {
      case TYPES.TXT:
        return [txtOf(view, code, issued)];
      case TYPES.URI:
        return urisOf(code, issued, publicUrl);
      case TYPES.NAPTR:
        return naptrsOf(code, publicUrl, isOid);
      default:
        return [];
    }
  });
}

/** Whether anything was issued below a code that is none itself. What is in a range or a batch has the parent of its first. */
function hasBelow(view: View, code: Code): boolean {
  const key = codeKey(code);
  const next = view.source.after(key);
  return next !== undefined && isKeyAtOrBelow(next.key, key);
}

/** Whether anything was issued right after a code and a "/"; or, without a code, at all. */
function hasBetween(view: View, parent: Code | undefined): boolean {
  if (parent === undefined) {
    const first = view.source.after(BEFORE_PREFIXES);
    return first !== undefined && kindOfKey(first.key) === "prefix";
  }
  // A "/" is byte 1 in the tree, and what a federated prefix leaves to others is not known here.
  const stem = `${codeKey(parent).slice(0, -1)}\u0001` as StateKey;
  const next = view.source.after(stem);
  if (next?.key.startsWith(stem) === true) return true;
  const standing = readStanding(view, parent);
  return standing.kind === "federated" || ("record" in standing && standing.record.federation !== undefined);
}

/** The record that a zone begins with; its number is the height, which grows with every change. */
function soaOf(
  { name, nameServers }: Zone,
  view: View,
): { readonly positive: DnsRecord; readonly negative: DnsRecord } {
  const data = {
    mname: nameServers[0]!,
    rname: printDnsName(["hostmaster", ...name]),
    serial: view.head.checkpoint.height % 4_294_967_296,
    ...{ refresh: 3_600, retry: 600, expire: 604_800, minimum: NEGATIVE_TTL_S },
  };
  const record = { owner: "zone", type: "SOA", data } as const;
  return { positive: { ...record, ttlS: TTL_S }, negative: { ...record, ttlS: NEGATIVE_TTL_S } };
}
