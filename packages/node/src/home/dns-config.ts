import { isIP } from "node:net";
import { type Code, isCode } from "@cityroot/codes/ma/code";
import { type DnsName, parseDnsName, printDnsName } from "../dns/dns-name.ts";
import { parseOid } from "../dns/oid-name.ts";
import { objectOf, refuseUnknownKeys, wholeNumber, wrong } from "./config-field.ts";

/** What a node answers over DNS, in `dns` of its configuration. */
export type DnsConfig = {
  /** Address and port for UDP and TCP. */
  readonly host: string;
  readonly port: number;
  /** The name below which every code has a name, such as `id.example.cn`; null where codes have none. */
  readonly zone: string | null;
  /** The name servers of all zones, as their parents name them. */
  readonly nameServers: readonly NameServer[];
  /** The domain of the OID resolution system below which object identifiers have their names. */
  readonly oidDomain: string;
  /** Which prefixes have object identifiers; each is a zone of its own. */
  readonly oids: readonly { readonly oid: string; readonly code: Code }[];
};

/** A name server; its addresses count where its name lies in a zone of this node. */
export type NameServer = { readonly name: string; readonly addresses: readonly string[] };

const OIDS_MAX = 256;
const NAME_SERVERS_MAX = 13;
/** The domain that Rec. ITU-T X.672 | ISO/IEC 29168-1 gives to object identifiers. */
const OID_DOMAIN = "oid-res.org";

/** Configuration of a responder for a zone. */
export function defaultDns(host: string, port: number, zone: string | null): DnsConfig {
  return { host, port, zone, nameServers: [], oidDomain: OID_DOMAIN, oids: [] };
}

/** Whether a text can be the name of a zone. */
export function isZoneName(text: string): boolean {
  return nameOf(text) !== undefined;
}

/** A zone leaves room for names below it. */
function nameOf(value: unknown): DnsName | undefined {
  return typeof value === "string" && value.length <= 100 ? parseDnsName(value) : undefined;
}

/** Checks `dns` of a configuration. */
export function parseDns(value: unknown): DnsConfig {
  const object = objectOf(value, "config.dns");
  const defaults = defaultDns("127.0.0.1", 53, null);
  refuseUnknownKeys(object, "config.dns", Object.keys(defaults));
  const { host = defaults.host, port = defaults.port, zone = null } = object;
  const { nameServers = [], oidDomain = OID_DOMAIN, oids = [] } = object;
  if (typeof host !== "string" || isIP(host) === 0) throw wrong("dns.host", "an IP address", host);
  if (zone !== null && nameOf(zone) === undefined)
    throw wrong("dns.zone", "a domain name of at most 100 characters, or null", zone);
  const domain = nameOf(oidDomain);
  if (domain === undefined) throw wrong("dns.oidDomain", "a domain name such as oid-res.org", oidDomain);
  const parsed = {
    ...{ host, port: wholeNumber(port, "dns.port", 1, 65_535), zone: zone as string | null },
    ...{ nameServers: parseNameServers(nameServers), oidDomain: printDnsName(domain), oids: parseOids(oids) },
  };
  if (zone === null && parsed.oids.length === 0)
    throw wrong("dns.zone", "a domain name, where dns.oids names nothing", zone);
  return parsed;
}

function parseNameServers(value: unknown): readonly NameServer[] {
  if (!Array.isArray(value) || value.length > NAME_SERVERS_MAX)
    throw wrong("dns.nameServers", `a list of at most ${NAME_SERVERS_MAX} name servers`, value);
  return value.map((entry, at) => {
    const place = `dns.nameServers[${at}]`;
    const object = objectOf(entry, `config.${place}`);
    refuseUnknownKeys(object, `config.${place}`, ["name", "addresses"]);
    const { name, addresses = [] } = object;
    const parsed = nameOf(name);
    if (parsed === undefined) throw wrong(`${place}.name`, "a host name such as ns1.example.cn", name);
    const isList = Array.isArray(addresses) && addresses.length <= 8;
    if (!isList || !addresses.every((address) => typeof address === "string" && isIP(address) !== 0))
      throw wrong(`${place}.addresses`, "a list of at most 8 IP addresses", addresses);
    return { name: printDnsName(parsed), addresses: addresses as string[] };
  });
}

function parseOids(value: unknown): DnsConfig["oids"] {
  if (!Array.isArray(value) || value.length > OIDS_MAX)
    throw wrong("dns.oids", `a list of at most ${OIDS_MAX} object identifiers`, value);
  return value.map((entry, at) => {
    const place = `dns.oids[${at}]`;
    const object = objectOf(entry, `config.${place}`);
    refuseUnknownKeys(object, `config.${place}`, ["oid", "code"]);
    const { oid, code } = object;
    if (typeof oid !== "string" || parseOid(oid) === undefined)
      throw wrong(`${place}.oid`, "an object identifier such as 1.2.156.1301", oid);
    if (typeof code !== "string" || !isCode(code)) throw wrong(`${place}.code`, "a code", code);
    return { oid, code };
  });
}
