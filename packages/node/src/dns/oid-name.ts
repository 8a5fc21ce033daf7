import { type Code, isCode } from "@cityroot/codes/ma/code";
import type { DnsName } from "./dns-name.ts";

/** The label that clients of the OID resolution system put before a name, so that aliases above it apply. */
const DUMMY = "ors-dummy";
const ARC = /^(?:0|[1-9][0-9]{0,38})$/;

/** An object identifier in dot notation; undefined for what is none. Rec. ITU-T X.660: 0 to 2, and below 0 and 1 at most 39. */
export function parseOid(text: string): readonly string[] | undefined {
  const arcs = text.split(".");
  const [first, second] = arcs;
  if (!arcs.every((arc) => ARC.test(arc)) || Number(first) > 2 || arcs.length > 32) return undefined;
  return Number(first) < 2 && second !== undefined && Number(second) > 39 ? undefined : arcs;
}

/** The name of an object identifier below a domain of the OID resolution system: its arcs, last first. */
export function nameOfOid(arcs: readonly string[], domain: DnsName): DnsName {
  return [...arcs.toReversed(), ...domain];
}

/**
 * The code that labels below the name of a prefix's object identifier lead to: each arc is a node that is a number as numbers
 * are written, after a ".". Undefined where there is no such code.
 */
export function codeOfArcs(prefix: Code, labels: DnsName): Code | undefined {
  const arcs = (labels[0] === DUMMY ? labels.slice(1) : labels).toReversed();
  if (!arcs.every((arc) => ARC.test(arc))) return undefined;
  const text = [prefix, ...arcs].join(".");
  return isCode(text) ? text : undefined;
}
