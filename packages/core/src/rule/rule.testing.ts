import type { Code } from "@cityroot/codes/ma/code";
import * as fc from "fast-check";
import { ATTRIBUTES, type AttributeName } from "../attribute/attribute.ts";
import { findPersonalNumber } from "../attribute/personal-number.ts";
import { CHARACTER_CLASSES, type CharacterClass } from "./character-class.ts";
import {
  type NodePattern,
  printShape,
  type Separator,
  SHAPE_ACTS,
  type Shape,
  type ShapeNode,
} from "./pattern.ts";
import type { Rule } from "./rule.ts";
import { ISSUERS, type Requirement } from "./rule-fields.ts";

const UNITS: { readonly [name in CharacterClass]: readonly string[] } = {
  d: [..."0179"],
  u: [..."019AMZ"],
  a: [..."09AZaz"],
  n: [..."09AZaz-_"],
};
const CLASSES = Object.keys(CHARACTER_CLASSES) as CharacterClass[];

const separatorArb = fc.constantFrom<Separator>(".", "/");

const valuesArb = fc
  .uniqueArray(fc.stringMatching(/^[A-Za-z0-9_-]{1,4}$/), { minLength: 1, maxLength: 4 })
  .map((values): NodePattern => ({ kind: "values", values: values.sort() }));

const classArb = fc
  .tuple(fc.constantFrom(...CLASSES), fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 50 }))
  .map(
    ([characters, a, b]): NodePattern => ({
      kind: "class",
      characters,
      lengthMin: Math.min(a, b),
      lengthMax: Math.max(a, b),
    }),
  );

export const shapeArb: fc.Arbitrary<Shape> = fc.record({
  act: fc.constantFrom(...SHAPE_ACTS),
  nodes: fc.array(fc.record({ separator: separatorArb, pattern: fc.oneof(valuesArb, classArb) }), {
    minLength: 1,
    maxLength: 4,
  }),
  rest: fc.constantFrom<Shape["rest"]>(null, null, "any", ".", "/"),
});

/** Texts of one node. */
export function nodeTextArb(pattern: NodePattern): fc.Arbitrary<string> {
  if (pattern.kind === "values") return fc.constantFrom(...pattern.values);
  return fc.string({
    unit: fc.constantFrom(...UNITS[pattern.characters]),
    minLength: pattern.lengthMin,
    maxLength: pattern.lengthMax,
  });
}

function nodesTextArb(nodes: readonly ShapeNode[]): fc.Arbitrary<string> {
  const texts = nodes.map(({ separator, pattern }) => nodeTextArb(pattern).map((text) => separator + text));
  return fc.tuple(...texts).map((parts) => parts.join(""));
}

const furtherArb = fc.array(fc.tuple(separatorArb, fc.stringMatching(/^[A-Za-z0-9_-]{1,3}$/)), {
  maxLength: 2,
});

/** What may follow a prefix in codes of a shape. */
export function suffixArb(shape: Shape): fc.Arbitrary<string> {
  const nodes = nodesTextArb(shape.nodes);
  if (shape.rest === null) return nodes;
  return fc.tuple(nodes, furtherArb).map(([text, further]) => {
    const first = shape.rest === "any" ? further[0]?.[0] : shape.rest;
    return text + further.map(([separator, node], at) => (at === 0 ? first : separator) + node).join("");
  });
}

const PREFIX = "MA.156.1301" as Code;

/** A prefix and what may be below it; not every one is a code by the grammar of MA, which rules do not know. */
export function codeBelow(prefix: Code, suffix: string): Code {
  return (prefix + suffix) as Code;
}

const classNameArb: fc.Arbitrary<string> = fc.constantFrom(
  "bench",
  "division",
  "road",
  "street-lamp",
  "tree",
);
const attributeNameArb = fc.constantFrom(...(Object.keys(ATTRIBUTES) as AttributeName[]));

function sortedArb<T extends string>(
  arb: fc.Arbitrary<T>,
  minLength: number,
  maxLength: number,
): fc.Arbitrary<readonly T[]> {
  return fc.uniqueArray(arb, { minLength, maxLength }).map((values) => values.sort());
}

const requirementsArb = fc
  .uniqueArray(fc.record({ class: classNameArb, attributes: sortedArb(attributeNameArb, 1, 3) }), {
    selector: (requirement) => requirement.class,
    maxLength: 3,
  })
  .map((list): readonly Requirement[] => list.sort((a, b) => (a.class < b.class ? -1 : 1)));

const shapesArb = fc
  .uniqueArray(shapeArb, { selector: printShape, maxLength: 4 })
  .map((shapes) => shapes.filter((shape) => findPersonalNumber(printShape(shape)) === undefined))
  .map((shapes) => shapes.sort((a, b) => (printShape(a) < printShape(b) ? -1 : 1)));

/** Sound rules in canonical order. */
export const ruleArb: fc.Arbitrary<Rule> = fc
  .record({
    shapes: shapesArb,
    issuer: fc.constantFrom(...ISSUERS),
    classes: fc.option(sortedArb(classNameArb, 0, 4)),
    required: requirementsArb,
    countMax: fc.option(fc.maxSafeNat()),
    untilMs: fc.option(fc.maxSafeNat()),
    last: fc.constantFrom("free", "sequence", "check"),
  })
  .map(({ last, required, classes, ...rule }) => ({
    ...rule,
    classes,
    required: required.filter((requirement) => classes === null || classes.includes(requirement.class)),
    sequence: last === "sequence",
    checkCharacter: last === "check",
  }));

function narrowPatternArb(pattern: NodePattern): fc.Arbitrary<NodePattern> {
  const some = fc
    .uniqueArray(nodeTextArb(pattern), { minLength: 1, maxLength: 3 })
    .map((values): NodePattern => ({ kind: "values", values: values.sort() }));
  if (pattern.kind === "values") return fc.oneof(fc.constant(pattern), some);
  const lengthArb = fc.integer({ min: pattern.lengthMin, max: pattern.lengthMax });
  const classesArb = fc.constantFrom(...CLASSES.slice(0, CLASSES.indexOf(pattern.characters) + 1));
  const tighter = fc.tuple(classesArb, lengthArb, lengthArb).map(
    ([characters, a, b]): NodePattern => ({
      kind: "class",
      characters,
      lengthMin: Math.min(a, b),
      lengthMax: Math.max(a, b),
    }),
  );
  return fc.oneof(fc.constant(pattern), some, tighter);
}

/** A shape that lies within another, relative to a prefix in the place of some of its first nodes. */
export type NarrowShape = { readonly prefix: Code; readonly shape: Shape };

/** Shapes within a shape below `prefix`, also below deeper prefixes. */
export function narrowShapeArb(whole: Shape, prefix: Code = PREFIX): fc.Arbitrary<NarrowShape> {
  return fc.nat({ max: whole.nodes.length - 1 }).chain((taken) =>
    fc
      .record({
        stem: nodesTextArb(whole.nodes.slice(0, taken)),
        patterns: fc.tuple(...whole.nodes.slice(taken).map((node) => narrowPatternArb(node.pattern))),
        act: whole.act === "any" ? fc.constantFrom(...SHAPE_ACTS) : fc.constant(whole.act),
        more: whole.rest === null ? fc.constant(null) : fc.option(shapeArb),
      })
      .map(({ stem, patterns, act, more }) => {
        const nodes = patterns.map((pattern, at) => ({
          separator: whole.nodes[taken + at]!.separator,
          pattern,
        }));
        const further = (more?.nodes ?? []).map((node, at) =>
          at === 0 && whole.rest !== null && whole.rest !== "any" ? { ...node, separator: whole.rest } : node,
        );
        const rest = more === null ? whole.rest : more.rest;
        return { prefix: codeBelow(prefix, stem), shape: { act, nodes: [...nodes, ...further], rest } };
      }),
  );
}
