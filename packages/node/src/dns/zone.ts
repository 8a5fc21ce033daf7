import { type Code, isCode } from "@cityroot/codes/ma/code";
import { textOfLabels } from "./code-name.ts";
import { type DnsName, labelsBefore, parseDnsName, printDnsName } from "./dns-name.ts";
import { codeOfArcs, nameOfOid, parseOid } from "./oid-name.ts";

/** What zones are made of. `home/dns-config.ts` has their meanings and checks them. */
export type ZoneOptions = {
  readonly host: string;
  readonly zone: string | null;
  readonly nameServers: readonly { readonly name: string; readonly addresses: readonly string[] }[];
  readonly oidDomain: string;
  readonly oids: readonly { readonly oid: string; readonly code: Code }[];
};

/** What a name of a zone stands for, by its form alone. */
export type Named =
  | { readonly kind: "apex" }
  /** A name server whose name lies in the zone. */
  | { readonly kind: "host"; readonly addresses: readonly string[] }
  /** A code; the object identifier where the name is one's. */
  | { readonly kind: "code"; readonly code: Code; readonly isOid: boolean }
  /** What lies between codes: below it there may be some. */
  | { readonly kind: "between"; readonly parent: Code | undefined }
  | { readonly kind: "nothing" };

/** A part of the tree of names that this responder answers for. */
export type Zone = {
  readonly name: DnsName;
  readonly nameServers: readonly string[];
  /** What labels below the zone stand for. */
  readonly find: (labels: DnsName) => Named;
};

/** The zones that a configuration makes. */
export function zonesOf(options: ZoneOptions): readonly Zone[] {
  const zones: Zone[] = [];
  const add = (name: DnsName, find: Zone["find"]): void => {
    // Where none is named, the responder itself is it, under the name that zones mostly give to theirs.
    const own = [{ name: printDnsName(["ns", ...name]), addresses: addressesOf(options.host) }];
    const nameServers = options.nameServers.length > 0 ? options.nameServers : own;
    const hosts = new Map(nameServers.map((server) => [server.name, server.addresses]));
    zones.push({
      name,
      nameServers: nameServers.map((server) => server.name),
      find: (labels) => {
        if (labels.length === 0) return { kind: "apex" };
        const addresses = hosts.get(printDnsName([...labels, ...name]));
        return addresses === undefined ? find(labels) : { kind: "host", addresses };
      },
    });
  };
  const codes = options.zone === null ? undefined : parseDnsName(options.zone);
  if (codes !== undefined) add(codes, findCode);
  const domain = parseDnsName(options.oidDomain) ?? [];
  for (const { oid, code } of options.oids) {
    const name = nameOfOid(parseOid(oid) ?? [], domain);
    add(name, (labels) => findArcs(code, labels));
  }
  // The nearest zone answers for a name.
  return zones.sort((a, b) => b.name.length - a.name.length);
}

function addressesOf(host: string): readonly string[] {
  return host === "0.0.0.0" || host === "::" ? [] : [host];
}

function findCode(labels: DnsName): Named {
  const named = textOfLabels(labels);
  if (named === undefined) return { kind: "nothing" };
  const { text, isPart } = named;
  if (text === "MA") return isPart ? { kind: "nothing" } : { kind: "between", parent: undefined };
  if (!isCode(text)) return { kind: "nothing" };
  return isPart ? { kind: "between", parent: text } : { kind: "code", code: text, isOid: false };
}

function findArcs(prefix: Code, labels: DnsName): Named {
  const code = codeOfArcs(prefix, labels);
  return code === undefined ? { kind: "nothing" } : { kind: "code", code, isOid: true };
}

/** The zone that a name lies in, with the labels before it. */
export function zoneAround(
  zones: readonly Zone[],
  name: DnsName,
): { readonly zone: Zone; readonly labels: DnsName } | undefined {
  for (const zone of zones) {
    const labels = labelsBefore(name, zone.name);
    if (labels !== undefined) return { zone, labels };
  }
  return undefined;
}
