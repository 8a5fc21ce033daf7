import type { Code } from "@cityroot/codes/ma/code";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Json } from "../json.ts";
import { CHARACTER_CLASSES, type CharacterClass } from "./character-class.ts";
import { compileRule, conforms } from "./conform.ts";
import { findShapeExcess } from "./contain-shape.ts";
import { narrows } from "./narrow.ts";
import { type NodePattern, type Separator, SHAPE_ACTS, type Shape } from "./pattern.ts";
import { codeBelow, narrowShapeArb, ruleArb, shapeArb, suffixArb } from "./rule.testing.ts";
import { type Rule, ruleFromJson } from "./rule.ts";

const COUNTRY = "MA.156" as Code;
const CITY = "MA.156.1301" as Code;

function ruleOf(json: Json): Rule {
  const rule = ruleFromJson(json);
  if (!rule.ok) throw new Error(rule.rejection.detail);
  return rule.value;
}

function refusalOf(child: Json, parent: Json, childPrefix: Code = CITY): string {
  const outcome = narrows(ruleOf(child), childPrefix, ruleOf(parent), COUNTRY);
  return outcome.ok ? "accepted" : `${outcome.rejection.name} ${outcome.rejection.fault?.field}`;
}

describe("shapes", () => {
  test.each([
    ["issue /60.<d8>", "issue .<d4>/60.<d8>"],
    ["issue /60.<d8>", "any .<d4>/60.<d8>"],
    ["delegate .<d2>", "any .<d4>**"],
    ["any .(01|02)/60**", "any .<d4>**"],
    ["issue .01", "issue .1301.(01|02)"],
    ["issue .(01|02)", "issue .1301.(01|02|03)"],
    ["issue .(01|02)", "issue .<n1-4>.<d1-2>"],
    ["issue .<d2-3>", "issue .<u4>.<a1-9>"],
    ["issue .a.b**", "issue .1301.<a1>.**"],
    ["issue .a.**", "issue .1301.a.**"],
    ["issue .a.**", "issue .1301.a**"],
  ])("%s below the city lies within %s", (child, parent) => {
    expect(refusalOf({ shapes: [child] }, { shapes: [parent] })).toBe("accepted");
  });

  test.each([
    ["any /60.<d8>", "issue .<d4>/60.<d8>"],
    ["delegate /60", "issue .<d4>/60"],
    ["issue .60", "issue .<d4>/60"],
    ["issue .a", "issue .1302.a"],
    ["issue .a", "issue .<d3>.a"],
    ["issue .a", "issue .<d4>"],
    ["issue .a", "issue .<d4>.a.b"],
    ["issue .a**", "issue .<d4>.a"],
    ["issue .a**", "issue .<d4>.a.<a1>"],
    ["issue .a**", "issue .<d4>.a.**"],
    ["issue .a/**", "issue .<d4>.a.**"],
    ["issue .a/b", "issue .<d4>.a.**"],
    ["issue .(a|b)", "issue .<d4>.(a|c)"],
    ["issue .(a|b_)", "issue .<d4>.<a1-2>"],
    ["issue .<a1>", "issue .<d4>.<u1>"],
    ["issue .<d1-3>", "issue .<d4>.<d1-2>"],
    ["issue .<d1-3>", "issue .<d4>.<d2-3>"],
    ["issue .<d1>", "issue .<d4>.(0|1|2|3|4|5|6|7|8|9)"],
  ])("%s below the city does not lie within %s", (child, parent) => {
    expect(refusalOf({ shapes: [child] }, { shapes: [parent] })).toBe("RULE_WIDENS rule.shapes[0]");
  });

  test("one shape of the parent has to hold a shape of the child, not several together", () => {
    const parent = { shapes: ["issue .<d4>.a", "delegate .<d4>.a"] };
    expect(refusalOf({ shapes: ["any .a"] }, parent)).toBe("RULE_WIDENS rule.shapes[0]");
    expect(refusalOf({ shapes: ["issue .a", "delegate .a"] }, parent)).toBe("accepted");
  });

  test("the refusal names the shape, what it should be, and the shape that comes closest", () => {
    const parent = ruleOf({ shapes: ["issue .<d4>.<d2>", "issue .<d4>.<d2>/60.<d8>"] });
    const child = ruleOf({ shapes: ["issue .01", "issue .02/60.<d9>"] });
    expect(narrows(child, CITY, parent, COUNTRY)).toMatchObject({
      rejection: {
        name: "RULE_WIDENS",
        fault: {
          field: "rule.shapes[1]",
          expected: '"." and 8 digits as node 4, to lie within "issue .<d4>.<d2>/60.<d8>"',
          got: "issue .02/60.<d9>",
        },
      },
    });
  });

  test("a rule without shapes holds none", () => {
    expect(refusalOf({ shapes: ["issue .a"] }, { shapes: [] })).toBe("RULE_WIDENS rule.shapes[0]");
    expect(refusalOf({ shapes: [] }, { shapes: [] })).toBe("accepted");
  });
});

const PARENT = {
  shapes: [],
  issuer: "registrar",
  classes: ["bench", "lamp"],
  required: [{ class: "lamp", attributes: ["name", "place"] }],
  countMax: 100,
  untilMs: 1_000,
} as const;

describe("all else", () => {
  test.each<[object, string]>([
    [{}, "accepted"],
    [{ issuer: "records" }, "RULE_WIDENS rule.issuer"],
    [{ classes: null }, "RULE_WIDENS rule.classes"],
    [{ classes: ["bench", "lamp", "tree"] }, "RULE_WIDENS rule.classes"],
    [{ classes: ["bench"], required: [] }, "accepted"],
    [{ classes: [], required: [] }, "accepted"],
    [{ required: [] }, "RULE_WIDENS rule.required"],
    [{ required: [{ class: "lamp", attributes: ["name"] }] }, "RULE_WIDENS rule.required"],
    [{ required: [{ class: "lamp", attributes: ["name", "place", "model"] }] }, "accepted"],
    [{ countMax: null }, "RULE_WIDENS rule.countMax"],
    [{ countMax: 101 }, "RULE_WIDENS rule.countMax"],
    [{ countMax: 0 }, "accepted"],
    [{ untilMs: null }, "RULE_WIDENS rule.untilMs"],
    [{ untilMs: 1_001 }, "RULE_WIDENS rule.untilMs"],
    [{ untilMs: 999 }, "accepted"],
    [{ sequence: true }, "accepted"],
    [{ checkCharacter: true }, "accepted"],
  ])("%j: %s", (change, answer) => {
    expect(refusalOf({ ...PARENT, ...change } as Json, PARENT)).toBe(answer);
  });

  test("what is asked of serials is kept", () => {
    expect(refusalOf({ shapes: [] }, { shapes: [], sequence: true })).toBe("RULE_WIDENS rule.sequence");
    expect(refusalOf({ shapes: [] }, { shapes: [], checkCharacter: true })).toBe(
      "RULE_WIDENS rule.checkCharacter",
    );
  });

  test("the issuer may become stricter", () => {
    expect(refusalOf({ shapes: [], issuer: "registrar" }, { shapes: [] })).toBe("accepted");
  });
});

test("a rule that does not stand above is a mistake of the caller", () => {
  const rule = ruleOf({ shapes: [] });
  expect(() => narrows(rule, COUNTRY, rule, CITY)).toThrow("invariant broken");
});

test("a rule narrows itself, and narrowing carries over", () => {
  fc.assert(
    fc.property(ruleArb, ruleArb, ruleArb, (a, b, c) => {
      expect(narrows(a, CITY, a, CITY).ok).toBe(true);
      const isChain = narrows(a, CITY, b, CITY).ok && narrows(b, CITY, c, CITY).ok;
      if (isChain) expect(narrows(a, CITY, c, CITY).ok).toBe(true);
    }),
  );
});

/**
 * Goal: whoever keeps to the child's rule keeps to the parent's. Method: shapes made within the parent's or at random,
 * below the same or a deeper prefix; whenever narrows() accepts, codes of the child's shape are put to both rules.
 */
test("what conforms to the child conforms to the parent", () => {
  let accepted = 0;
  const caseArb = fc
    .tuple(ruleArb, fc.array(shapeArb, { minLength: 1, maxLength: 3 }))
    .chain(([rule, shapes]) =>
      fc.tuple(
        fc.constant({ ...rule, shapes, checkCharacter: false }),
        fc.oneof(
          { weight: 3, arbitrary: fc.oneof(...shapes.map((shape) => narrowShapeArb(shape, COUNTRY))) },
          { weight: 1, arbitrary: shapeArb.map((shape) => ({ prefix: COUNTRY, shape })) },
        ),
      ),
    )
    .chain(([parent, { prefix, shape }]) =>
      fc.tuple(
        fc.constant(parent),
        fc.constant(prefix),
        fc.constant(shape),
        fc.array(suffixArb(shape), { minLength: 5, maxLength: 5 }),
      ),
    );
  fc.assert(
    fc.property(caseArb, ([parent, prefix, shape, suffixes]) => {
      const child: Rule = { ...parent, shapes: [shape] };
      if (!narrows(child, prefix, parent, COUNTRY).ok) return;
      accepted++;
      const below = compileRule(child, prefix);
      const above = compileRule(parent, COUNTRY);
      for (const act of ["issue", "delegate"] as const) {
        for (const suffix of suffixes) {
          const code = codeBelow(prefix, suffix);
          if (conforms(below, code, act)) expect(conforms(above, code, act), code).toBe(true);
        }
      }
    }),
    { numRuns: 2_000 },
  );
  expect(accepted).toBeGreaterThan(500);
});

test("a shape made within another is found to lie within it", () => {
  const caseArb = shapeArb.chain((whole) => narrowShapeArb(whole, COUNTRY).map((part) => ({ whole, part })));
  const base = ruleOf({ shapes: [] });
  fc.assert(
    fc.property(caseArb, ({ whole, part }) => {
      const outcome = narrows(
        { ...base, shapes: [part.shape] },
        part.prefix,
        { ...base, shapes: [whole] },
        COUNTRY,
      );
      expect(outcome).toEqual({ ok: true, value: undefined });
    }),
    { numRuns: 1_000 },
  );
});

/**
 * Goal: containment is exact but for classes within lists of values. Method: small shapes, and every code of a universe
 * in which any two of them that differ are told apart.
 */
test("containment is what it means, code by code", () => {
  const texts = ["1", "11", "111", "A", "AA", "AAA", "a", "aa", "aaa", "-", "--", "---", "1A"];
  const nodes = texts.flatMap((text) => [`.${text}`, `/${text}`]);
  const two = nodes.flatMap((first) => nodes.map((second) => first + second));
  const three = two.flatMap((first) => [".1", "/1"].map((last) => first + last));
  const universe = [...nodes, ...two, ...three].map((suffix) => codeBelow(CITY, suffix));
  const valuesArb = fc
    .subarray(["1", "1A", "A", "a"], { minLength: 1 })
    .map((values): NodePattern => ({ kind: "values", values }));
  const classArb = fc
    .tuple(
      fc.constantFrom(...(Object.keys(CHARACTER_CLASSES) as CharacterClass[])),
      fc.constantFrom<readonly [number, number]>([1, 1], [1, 2], [2, 2], [2, 3], [1, 3]),
    )
    .map(
      ([characters, [lengthMin, lengthMax]]): NodePattern => ({
        kind: "class",
        characters,
        lengthMin,
        lengthMax,
      }),
    );
  const smallArb: fc.Arbitrary<Shape> = fc.record({
    act: fc.constantFrom(...SHAPE_ACTS),
    nodes: fc.array(
      fc.record({ separator: fc.constantFrom<Separator>(".", "/"), pattern: fc.oneof(valuesArb, classArb) }),
      { minLength: 1, maxLength: 2 },
    ),
    rest: fc.constantFrom<Shape["rest"]>(null, "any", ".", "/"),
  });
  const base = ruleOf({ shapes: [] });
  const smallPairArb = fc.oneof(
    fc.tuple(smallArb, smallArb),
    smallArb.chain((whole) =>
      smallArb.map((part): [Shape, Shape] => [
        { ...part, nodes: [whole.nodes[0]!, ...part.nodes.slice(1)] },
        whole,
      ]),
    ),
  );
  fc.assert(
    fc.property(smallPairArb, ([part, whole]) => {
      const hasClassWithinList = whole.nodes.some(
        (node, at) => node.pattern.kind === "values" && part.nodes[at]?.pattern.kind === "class",
      );
      fc.pre(!hasClassWithinList);
      const inner = compileRule({ ...base, shapes: [part] }, CITY);
      const outer = compileRule({ ...base, shapes: [whole] }, CITY);
      const isWithin = (["issue", "delegate"] as const).every((act) =>
        universe.every((code) => !conforms(inner, code, act) || conforms(outer, code, act)),
      );
      expect(findShapeExcess(part, whole) === undefined).toBe(isWithin);
    }),
    { numRuns: 400 },
  );
});
