import type { Code } from "@cityroot/codes/ma/code";
import { describePattern, fitsPattern, type Separator, type Shape } from "./pattern.ts";

/** Why a code is of none of some shapes: the first node that fails in the shape that fits furthest. */
export type ShapeFailure = {
  /** Number of the node below the prefix, from 1. */
  readonly node: number;
  /** Index in the code where the trouble begins. */
  readonly at: number;
  readonly expected: string;
  readonly got: string;
};

/** A node of a code below a prefix: what stands before it, and where its text begins. */
type CodeNode = { readonly separator: Separator; readonly text: string; readonly at: number };

/** How many shapes that fit equally far a failure names. */
const SHAPES_NAMED_MAX = 4;

/** Why a code below the prefix is of none of the shapes; undefined where it is of one, or there is no shape. */
export function explainShapes(shapes: readonly Shape[], code: Code, prefix: Code): ShapeFailure | undefined {
  const nodes = nodesBelow(code, prefix);
  let furthest: ShapeFailure | undefined;
  const expected: string[] = [];
  for (const shape of shapes) {
    const failure = explainShape(shape, nodes, code);
    if (failure === undefined) return undefined;
    if (furthest === undefined || failure.at > furthest.at) {
      furthest = failure;
      expected.length = 0;
    }
    if (failure.at === furthest.at && !expected.includes(failure.expected)) expected.push(failure.expected);
  }
  if (furthest === undefined) return undefined;
  const named = expected.slice(0, SHAPES_NAMED_MAX).join("; or ");
  return { ...furthest, expected: expected.length > SHAPES_NAMED_MAX ? `${named}; or others` : named };
}

function explainShape(shape: Shape, nodes: readonly CodeNode[], code: Code): ShapeFailure | undefined {
  for (const [index, { separator, pattern }] of shape.nodes.entries()) {
    const node = nodes[index];
    const expected = describePattern(pattern);
    if (node === undefined) {
      const got = "the end of the code";
      return { node: index + 1, at: code.length, expected: `"${separator}" and ${expected}`, got };
    }
    if (node.separator !== separator) {
      return {
        node: index + 1,
        at: node.at - 1,
        expected: `"${separator}" and ${expected}`,
        got: node.separator,
      };
    }
    if (!fitsPattern(pattern, node.text)) return { node: index + 1, at: node.at, expected, got: node.text };
  }
  const further = nodes[shape.nodes.length];
  if (further === undefined || shape.rest === "any" || shape.rest === further.separator) return undefined;
  const expected = shape.rest === null ? "the end of the code" : `"${shape.rest}" or the end of the code`;
  return {
    node: shape.nodes.length + 1,
    at: further.at - 1,
    expected,
    got: further.separator + further.text,
  };
}

function nodesBelow(code: Code, prefix: Code): readonly CodeNode[] {
  const nodes: CodeNode[] = [];
  let at = prefix.length;
  while (at < code.length) {
    const separator = code.charAt(at) as Separator;
    const from = at + 1;
    at = from;
    while (at < code.length && code.charAt(at) !== "." && code.charAt(at) !== "/") at++;
    nodes.push({ separator, text: code.slice(from, at), at: from });
  }
  return nodes;
}
