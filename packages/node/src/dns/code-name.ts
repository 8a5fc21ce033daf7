import type { DnsName } from "./dns-name.ts";
import { LABEL_BYTES_MAX } from "./dns-name.ts";

/**
 * How codes stand in names: each node a label, from the last to `ma`, and a label `_` for each "/". Names know no case, so that a
 * capital letter is `_` and the letter, and `_` is `__`. docs/spec/dns.md, §2.
 */
const PART = "_";
const LABEL = /^(?:[0-9a-z-]|_[a-z_])+$/;

/** Labels of a code below its zone; undefined where a node has none. */
export function labelsOfCode(code: string): DnsName | undefined {
  const [agency, ...rest] = code.split(/(?=[./])/);
  if (agency !== "MA") return undefined;
  const labels = ["ma"];
  for (const part of rest) {
    const label = part.slice(1).replace(/[A-Z_]/g, (unit) => `_${unit.toLowerCase()}`);
    if (label.length > LABEL_BYTES_MAX || label === "") return undefined;
    if (part.startsWith("/")) labels.unshift(PART);
    labels.unshift(label);
  }
  return labels;
}

/** What a name below the zone of codes says. */
export type NamedText = {
  /** A code, or what one could begin with; whether it is one is not looked at. */
  readonly text: string;
  /** Whether a "/" follows, and what lies right below it is meant. */
  readonly isPart: boolean;
};

/** The text that labels below a zone say; undefined where no code has such a name. */
export function textOfLabels(labels: DnsName): NamedText | undefined {
  if (labels.at(-1) !== "ma") return undefined;
  let text = "MA";
  let separator = ".";
  for (let at = labels.length - 2; at >= 0; at--) {
    const label = labels[at]!;
    if (label === PART) {
      if (separator === "/") return undefined;
      separator = "/";
      continue;
    }
    if (!LABEL.test(label)) return undefined;
    text += separator + label.replace(/_([a-z_])/g, (_, unit: string) => unit.toUpperCase());
    separator = ".";
  }
  return { text, isPart: separator === "/" };
}
