import { CHARACTER_CLASSES, CLASS_BITS } from "./character-class.ts";
import type { Shape } from "./pattern.ts";

/** Code unit of ".", which splits nodes, and of "/", which splits parts. */
const DOT = 0x2e;
const SLASH = 0x2f;
/** Further nodes that a shape allows: none, or any number after either separator; else the separator's code unit. */
const NO_REST = 0;
const ANY_REST = 1;

/** A shape made ready for matching: columns with one place for each node. */
export type ShapeMatcher = {
  readonly separators: Uint8Array;
  /** The values of a node, or null where it is of a class. */
  readonly values: readonly (readonly string[] | null)[];
  /** Bit of the node's class, and how many characters it has. */
  readonly bits: Uint8Array;
  readonly lengthsMin: Uint8Array;
  readonly lengthsMax: Uint8Array;
  readonly rest: number;
};

/** Makes a shape ready for matching. */
export function compileShape(shape: Shape): ShapeMatcher {
  const patterns = shape.nodes.map((node) => node.pattern);
  return {
    separators: Uint8Array.from(shape.nodes, (node) => node.separator.charCodeAt(0)),
    values: patterns.map((pattern) => (pattern.kind === "values" ? pattern.values : null)),
    bits: Uint8Array.from(patterns, (pattern) =>
      pattern.kind === "class" ? CHARACTER_CLASSES[pattern.characters].bits : 0,
    ),
    lengthsMin: Uint8Array.from(patterns, (pattern) => (pattern.kind === "class" ? pattern.lengthMin : 0)),
    lengthsMax: Uint8Array.from(patterns, (pattern) => (pattern.kind === "class" ? pattern.lengthMax : 0)),
    rest: shape.rest === null ? NO_REST : shape.rest === "any" ? ANY_REST : shape.rest.charCodeAt(0),
  };
}

/**
 * Whether what follows a prefix, from index `from` of the code on, is of the shape; where `serialDigits` is not 0, also
 * with any other digits in place of that many at the end, which are digits of the last node. Reads every character at
 * most twice for a class and once for each value of a list, and allocates nothing.
 */
export function matchShape(shape: ShapeMatcher, code: string, from: number, serialDigits: number): boolean {
  const { separators, values } = shape;
  const end = code.length;
  let at = from;
  for (let node = 0; node < separators.length; node++) {
    if (code.charCodeAt(at) !== separators[node]) return false;
    const nodeAt = at + 1;
    const list = values[node]!;
    at = list === null ? endOfClass(shape, node, code, nodeAt) : endOfValue(list, code, nodeAt);
    if (at < 0) return false;
    if (at === end && list !== null && serialDigits > 0) return false;
  }
  if (at === end) return true;
  if (shape.rest === NO_REST) return false;
  return shape.rest === ANY_REST || code.charCodeAt(at) === shape.rest;
}

/** Index of what follows the node at `nodeAt`, or -1 where it is not of the node's class or length. */
function endOfClass(shape: ShapeMatcher, node: number, code: string, nodeAt: number): number {
  const bits = shape.bits[node]!;
  let at = nodeAt;
  while (at < code.length) {
    const unit = code.charCodeAt(at);
    if (isSeparator(unit)) break;
    if (unit >= 128 || (CLASS_BITS[unit]! & bits) === 0) return -1;
    at++;
  }
  const length = at - nodeAt;
  return length >= shape.lengthsMin[node]! && length <= shape.lengthsMax[node]! ? at : -1;
}

/** Index of what follows the node at `nodeAt`, or -1 where it is none of the values. */
function endOfValue(values: readonly string[], code: string, nodeAt: number): number {
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!;
    const end = nodeAt + value.length;
    if ((end === code.length || isSeparator(code.charCodeAt(end))) && code.startsWith(value, nodeAt))
      return end;
  }
  return -1;
}

/** Whether a UTF-16 code unit separates nodes. */
export function isSeparator(unit: number): boolean {
  return unit === DOT || unit === SLASH;
}
