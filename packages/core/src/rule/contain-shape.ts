import type { Code } from "@cityroot/codes/ma/code";
import { isAllOfClass, isWithinClass } from "./character-class.ts";
import { describePattern, type NodePattern, type Separator, type Shape, type ShapeNode } from "./pattern.ts";

/**
 * Why a shape does not lie within another: how many of its nodes do, and what the first that does not should be, in words
 * that are made where they are asked for: of many shapes that are compared, one is told of.
 */
export type ShapeExcess = { readonly nodes: number; readonly expected: () => string };

/**
 * Why the shape `part` permits more than the shape `whole`, both relative to the same prefix; undefined where every act
 * and code of `part` is one of `whole`. Node by node: values within values or within a class, a class within a class; a class is not
 * sought within a list of values, even where the list names all that the class holds. Spec §11.6.
 */
export function findShapeExcess(part: Shape, whole: Shape): ShapeExcess | undefined {
  if (whole.act !== "any" && part.act !== whole.act)
    return { nodes: 0, expected: () => `the act ${whole.act}` };
  for (const [index, limit] of whole.nodes.entries()) {
    const node = part.nodes[index];
    const fits = node?.separator === limit.separator && isWithinPattern(node.pattern, limit.pattern);
    if (fits) continue;
    const expected = (): string =>
      `"${limit.separator}" and ${describePattern(limit.pattern)} as node ${index + 1}`;
    return { nodes: index, expected };
  }
  return findRestExcess(part, whole);
}

/**
 * The shape as it is relative to a prefix above: `prefix` is at or above `base`, to which the shape is relative. The
 * nodes between them come first, each as the only value there.
 */
export function prefixShape(shape: Shape, base: Code, prefix: Code): Shape {
  return { ...shape, nodes: [...literalNodes(base, prefix.length), ...shape.nodes] };
}

/** What follows the nodes that both shapes have. */
function findRestExcess(part: Shape, whole: Shape): ShapeExcess | undefined {
  const nodes = whole.nodes.length;
  // The first of the further nodes decides: after it, any form and either separator is within any rest.
  const further = part.nodes[nodes]?.separator ?? part.rest;
  if (further === null || whole.rest === "any" || whole.rest === further) return undefined;
  const expected = (): string =>
    whole.rest === null
      ? `the end after node ${nodes}`
      : `the end or further nodes after "${whole.rest}" behind node ${nodes}`;
  return { nodes, expected };
}

function isWithinPattern(part: NodePattern, whole: NodePattern): boolean {
  if (part.kind === "values") {
    if (whole.kind === "values") return part.values.every((value) => whole.values.includes(value));
    const { characters, lengthMin, lengthMax } = whole;
    return part.values.every(
      (value) => value.length >= lengthMin && value.length <= lengthMax && isAllOfClass(value, characters),
    );
  }
  if (whole.kind === "values" || !isWithinClass(part.characters, whole.characters)) return false;
  return part.lengthMin >= whole.lengthMin && part.lengthMax <= whole.lengthMax;
}

function literalNodes(code: Code, from: number): readonly ShapeNode[] {
  const nodes: ShapeNode[] = [];
  let at = from;
  while (at < code.length) {
    const separator = code.charAt(at) as Separator;
    const start = at + 1;
    at = start;
    while (at < code.length && code.charAt(at) !== "." && code.charAt(at) !== "/") at++;
    nodes.push({ separator, pattern: { kind: "values", values: [code.slice(start, at)] } });
  }
  return nodes;
}
