import type { Code } from "./code.ts";
import { DOT, SLASH } from "./grammar.ts";

/** Length of the shortest code, `MA.` and a country: above it stands only the bare `MA`, which is no code. */
const CODE_CHARACTERS_MIN = 6;

function isSeparator(unit: number): boolean {
  return unit === DOT || unit === SLASH;
}

/**
 * Whether the code lies strictly below the prefix in the tree of nodes: `MA.156.1301` is below `MA.156` and not
 * below `MA.156.13`. The same node after "." and after "/" is another code: `MA.156.1301/60` is not below
 * `MA.156.1301.60`. Every prefix of a code, cut before a separator, is a code itself. Spec §2.4.
 */
export function isBelow(code: Code, prefix: Code): boolean {
  return (
    code.length > prefix.length && isSeparator(code.charCodeAt(prefix.length)) && code.startsWith(prefix)
  );
}

/** Whether the code is the prefix or lies below it. */
export function isSameOrBelow(code: Code, prefix: Code): boolean {
  return code === prefix || isBelow(code, prefix);
}

/** The code without its last node: of `MA.156.1301.02/60` it is `MA.156.1301.02`; of `MA.156` there is none. */
export function parentOf(code: Code): Code | undefined {
  for (let i = code.length - 1; i >= CODE_CHARACTERS_MIN; i--) {
    if (isSeparator(code.charCodeAt(i))) return code.slice(0, i) as Code;
  }
  return undefined;
}

/** Every code above this one, nearest first, which is the order in which a registry looks for a holder. */
export function ancestorsOf(code: Code): readonly Code[] {
  const ancestors: Code[] = [];
  for (let i = code.length - 1; i >= CODE_CHARACTERS_MIN; i--) {
    if (isSeparator(code.charCodeAt(i))) ancestors.push(code.slice(0, i) as Code);
  }
  return ancestors;
}

/** The nodes of a code from `MA` on, whatever part they belong to. */
export function nodesOf(code: Code): readonly string[] {
  const nodes: string[] = [];
  let from = 0;
  for (let i = 0; i < code.length; i++) {
    if (!isSeparator(code.charCodeAt(i))) continue;
    nodes.push(code.slice(from, i));
    from = i + 1;
  }
  nodes.push(code.slice(from));
  return nodes;
}

/** Number of nodes, `MA` included: 2 for `MA.156`, at most `NODES_MAX`. */
export function depthOf(code: Code): number {
  let depth = 1;
  for (let i = 0; i < code.length; i++) if (isSeparator(code.charCodeAt(i))) depth++;
  return depth;
}
