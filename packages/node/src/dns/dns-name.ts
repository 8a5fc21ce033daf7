/** A domain name as its labels, lower case where a letter may be either, nearest to the root last; the root's own has none. */
export type DnsName = readonly string[];

/** Longest name on the wire, and longest label. RFC 1035 §2.3.4. */
export const NAME_BYTES_MAX = 255;
export const LABEL_BYTES_MAX = 63;

const HOST_LABEL = /^[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?$/;

/** A name that an operator wrote, with or without a dot at its end; undefined for what is none. */
export function parseDnsName(text: string): DnsName | undefined {
  const labels = text.toLowerCase().replace(/\.$/, "").split(".");
  const isName = labels.every((label) => label.length <= LABEL_BYTES_MAX && HOST_LABEL.test(label));
  return isName && bytesOfName(labels) <= NAME_BYTES_MAX ? labels : undefined;
}

/** How many bytes a name takes on the wire. */
export function bytesOfName(name: DnsName): number {
  return name.reduce((sum, label) => sum + label.length + 1, 1);
}

/** A name as text, without a dot at its end. */
export function printDnsName(name: DnsName): string {
  return name.join(".");
}

/** Labels of a name before those of a name above it; undefined where it does not lie at or below that. */
export function labelsBefore(name: DnsName, above: DnsName): DnsName | undefined {
  const at = name.length - above.length;
  if (at < 0) return undefined;
  return above.every((label, index) => name[at + index] === label) ? name.slice(0, at) : undefined;
}
