import { fault } from "@cityroot/codes/fault";
import type { Code } from "@cityroot/codes/ma/code";
import { isSameOrBelow } from "@cityroot/codes/ma/prefix";
import { assert } from "../assert.ts";
import { accept, type Outcome, reject } from "../outcome.ts";
import { findShapeExcess, prefixShape, type ShapeExcess } from "./contain-shape.ts";
import { printShape, type Shape } from "./pattern.ts";
import type { Rule } from "./rule.ts";

const ACCEPTED = accept(undefined);

/**
 * Whether a rule only narrows the rule of a prefix at or above its own, as a child certificate's resources lie within
 * its parent's in RPKI. Refusal: RULE_WIDENS, which names the first field that widens. Spec §11.6.
 *
 * Each shape of the child, with the nodes of its prefix below the parent's before it, has to lie within one shape of
 * the parent. That is sufficient, so whatever conforms to the child conforms to the parent; and it is conservative: a
 * shape that only several of the parent's shapes hold together is refused, and passes when it is written as several.
 * The issuer `registrar` is narrower than `records`; a class that the child does not allow needs no requirement.
 * Both rules are sound by themselves, and the child's prefix is the parent's or lies below it.
 */
export function narrows(child: Rule, childPrefix: Code, parent: Rule, parentPrefix: Code): Outcome<void> {
  assert(isSameOrBelow(childPrefix, parentPrefix), "the rule that binds another stands at or above it");
  return (
    findWideShape(child, childPrefix, parent, parentPrefix) ??
    findWideIssuer(child, parent) ??
    findWideClass(child, parent) ??
    findDroppedRequirement(child, parent) ??
    findWideLimit("countMax", child.countMax, parent.countMax) ??
    findWideLimit("untilMs", child.untilMs, parent.untilMs) ??
    findDroppedFlag("sequence", child.sequence, parent.sequence) ??
    findDroppedFlag("checkCharacter", child.checkCharacter, parent.checkCharacter) ??
    ACCEPTED
  );
}

type Widening = Outcome<never> | undefined;

function widens(field: string, expected: string, got: string, fix?: string): Outcome<never> {
  const details = fault({ field: `rule.${field}`, expected, got, ...(fix !== undefined && { fix }) });
  return reject(
    "RULE_WIDENS",
    `${field} would permit more than the rule above: expected ${expected}`,
    details,
  );
}

function findWideShape(child: Rule, childPrefix: Code, parent: Rule, parentPrefix: Code): Widening {
  for (const [index, shape] of child.shapes.entries()) {
    const excess = findExcess(prefixShape(shape, childPrefix, parentPrefix), parent.shapes);
    if (excess === undefined) continue;
    const fix = `write a shape that, below ${parentPrefix}, lies within one shape of its rule`;
    return widens(`shapes[${index}]`, excess.expected(), printShape(shape), fix);
  }
  return undefined;
}

/** Why a shape lies within none of the shapes: what the one that holds most of its nodes asks for. */
function findExcess(shape: Shape, limits: readonly Shape[]): ShapeExcess | undefined {
  let furthest: ShapeExcess = { nodes: -1, expected: () => "no shape, as the rule above has none" };
  for (const limit of limits) {
    const excess = findShapeExcess(shape, limit);
    if (excess === undefined) return undefined;
    if (excess.nodes <= furthest.nodes) continue;
    const expected = (): string => `${excess.expected()}, to lie within "${printShape(limit)}"`;
    furthest = { nodes: excess.nodes, expected };
  }
  return furthest;
}

function findWideIssuer(child: Rule, parent: Rule): Widening {
  if (parent.issuer !== "registrar" || child.issuer === "registrar") return undefined;
  return widens("issuer", "registrar", child.issuer);
}

function findWideClass(child: Rule, parent: Rule): Widening {
  if (parent.classes === null) return undefined;
  const expected = `only ${parent.classes.join(", ")}`;
  if (child.classes === null) return widens("classes", expected, "any class");
  const extra = child.classes.find((name) => !parent.classes!.includes(name));
  return extra === undefined ? undefined : widens("classes", expected, extra, `drop ${extra}`);
}

function findDroppedRequirement(child: Rule, parent: Rule): Widening {
  for (const requirement of parent.required) {
    if (child.classes !== null && !child.classes.includes(requirement.class)) continue;
    const kept = child.required.find((other) => other.class === requirement.class)?.attributes ?? [];
    const missing = requirement.attributes.filter((name) => !kept.includes(name));
    if (missing.length === 0) continue;
    const expected = `${requirement.attributes.join(", ")} of the class ${requirement.class}`;
    const got = kept.length === 0 ? "nothing" : kept.join(", ");
    return widens(
      "required",
      expected,
      got,
      `require ${missing.join(", ")} of the class ${requirement.class} too`,
    );
  }
  return undefined;
}

function findWideLimit(field: "countMax" | "untilMs", child: number | null, parent: number | null): Widening {
  if (parent === null || (child !== null && child <= parent)) return undefined;
  return widens(field, `at most ${parent}`, child === null ? "no limit" : `${child}`);
}

function findDroppedFlag(field: "sequence" | "checkCharacter", child: boolean, parent: boolean): Widening {
  return parent && !child ? widens(field, "true", "false") : undefined;
}
