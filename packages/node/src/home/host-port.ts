import { isIPv6 } from "node:net";

/** Where something listens or is reached: a name, or an address of IPv4 or IPv6, the latter without brackets. */
export type HostPort = { readonly host: string; readonly port: number };

const PARTS = /^(?:\[([0-9a-fA-F:.]+)\]|([^@\s,:/[\]]+)):([1-9][0-9]{0,4})$/;
const PORT_MAX = 65_535;

/** Reads `host:port`, with an address of IPv6 in brackets as in a URL (RFC 3986 §3.2.2); undefined for anything else. */
export function parseHostPort(text: string): HostPort | undefined {
  const [, address, name, digits] = PARTS.exec(text) ?? [];
  const port = Number(digits);
  const host = address === undefined ? name : isIPv6(address) ? address : undefined;
  return host === undefined || port > PORT_MAX ? undefined : { host, port };
}

/** What {@link parseHostPort} reads. */
export function printHostPort({ host, port }: HostPort): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}
