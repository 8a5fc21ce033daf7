import type { Code } from "@cityroot/codes/ma/code";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Attributes } from "../attribute/attribute.ts";
import type { Json } from "../json.ts";
import { checkCharacterOf } from "./check-character.ts";
import {
  checkConforms,
  compileRule,
  conforms,
  conformsRange,
  type Matcher,
  permitsRole,
  type RuleRequest,
} from "./conform.ts";
import { type Act, printPattern, type Shape } from "./pattern.ts";
import { codeBelow, nodeTextArb, shapeArb, suffixArb } from "./rule.testing.ts";
import { type Rule, ruleFromJson } from "./rule.ts";

const CITY = "MA.156.1301" as Code;

function ruleOf(json: Json): Rule {
  const rule = ruleFromJson(json);
  if (!rule.ok) throw new Error(rule.rejection.detail);
  return rule.value;
}

function matcherOf(json: { readonly [name: string]: Json }, prefix: Code = CITY): Matcher {
  return compileRule(ruleOf(json), prefix);
}

type Loose = Omit<Partial<RuleRequest>, "code"> & { readonly code: string };

function requestOf(request: Loose): RuleRequest {
  return {
    act: "issue",
    class: "street-lamp",
    attributes: [],
    timeMs: 0,
    ...request,
    code: request.code as Code,
  };
}

const LAMPS = matcherOf({
  shapes: ["delegate .<d2>", "issue .<d2>/60.<d8>.<n1-20>/<d6>", "issue .<d2>/(73|90).10000000.1**"],
});

describe("conforms", () => {
  test.each<[string, Act]>([
    ["MA.156.1301.02", "delegate"],
    ["MA.156.1301.02/60.10000000.lamp_1/000123", "issue"],
    ["MA.156.1301.02/73.10000000.1", "issue"],
    ["MA.156.1301.02/90.10000000.1/a.b.c", "issue"],
    ["MA.156.1301.02/90.10000000.1.b", "issue"],
  ])("%s may be %sd", (code, act) => {
    expect(conforms(LAMPS, code as Code, act)).toBe(true);
  });

  test.each<[string, Act]>([
    ["MA.156.1301.02", "issue"],
    ["MA.156.1301.02/73.10000000.1", "delegate"],
    ["MA.156.1301", "delegate"],
    ["MA.156.130102", "delegate"],
    ["MA.156.1302.02", "delegate"],
    ["MA.156.1301/02", "delegate"],
    ["MA.156.1301.2", "delegate"],
    ["MA.156.1301.002", "delegate"],
    ["MA.156.1301.0a", "delegate"],
    ["MA.156.1301.02.03", "delegate"],
    ["MA.156.1301.02/60.10000000.1", "issue"],
    ["MA.156.1301.02/60.10000000.1.000123", "issue"],
    ["MA.156.1301.02/60.10000000.1/00012a", "issue"],
    ["MA.156.1301.02/60.10000000.1/000123.1", "issue"],
    ["MA.156.1301.02/73.10000000.10", "issue"],
    ["MA.156.1301.02/730.10000000.1", "issue"],
    ["MA.156.1301.02/7.10000000.1", "issue"],
  ])("%s may not be %sd", (code, act) => {
    expect(conforms(LAMPS, code as Code, act)).toBe(false);
  });

  test("a separator before ** binds the first of the further nodes", () => {
    const matcher = matcherOf({ shapes: ["any .a/**", "any .b.**", "any .c**"] });
    const answers = ["a", "a/x", "a/x.y", "a.x", "b", "b.x", "b.x/y", "b/x", "c", "c.x", "c/x", "c/x.y"].map(
      (text) => conforms(matcher, `${CITY}.${text}` as Code, "issue"),
    );
    expect(answers).toEqual([true, true, true, false, true, true, true, false, true, true, true, true]);
  });

  test("a value does not match where it only begins a node", () => {
    const matcher = matcherOf({ shapes: ["any .(1|10|100).x"] });
    for (const value of ["1", "10", "100"])
      expect(conforms(matcher, `${CITY}.${value}.x` as Code, "issue"), value).toBe(true);
    for (const value of ["", "0", "11", "1000"])
      expect(conforms(matcher, `${CITY}.${value}.x` as Code, "issue"), value).toBe(false);
  });

  test("nothing conforms to a rule without shapes", () => {
    expect(conforms(matcherOf({ shapes: [] }), "MA.156.1301.02" as Code, "delegate")).toBe(false);
  });

  test("check characters are asked of what is issued alone", () => {
    const matcher = matcherOf({ shapes: ["any .<n1-9>**"], checkCharacter: true });
    const right = `MA.156.1301.02/60${checkCharacterOf("MA.156.1301.02/60")}` as Code;
    expect(conforms(matcher, right, "issue")).toBe(true);
    expect(conforms(matcher, "MA.156.1301.02/60A" as Code, "delegate")).toBe(true);
    const wrong = [..."0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabz-_"].map(
      (last) => `MA.156.1301.02/60${last}` as Code,
    );
    expect(wrong.filter((code) => conforms(matcher, code, "issue"))).toEqual([right]);
  });
});

/** The plain meaning of a shape, as a regular expression over what follows the prefix. */
function regExpOf(shape: Shape): RegExp {
  const classes: { readonly [name: string]: string } = {
    d: "0-9",
    u: "0-9A-Z",
    a: "0-9A-Za-z",
    n: "0-9A-Za-z_-",
  };
  const nodes = shape.nodes.map(({ separator, pattern }) => {
    const node =
      pattern.kind === "values"
        ? printPattern(pattern).replace(/^\(/, "(?:")
        : `[${classes[pattern.characters]}]{${pattern.lengthMin},${pattern.lengthMax}}`;
    return `[${separator}]${node}`;
  });
  const first = shape.rest === "any" ? "[./]" : `[${shape.rest}]`;
  const rest = shape.rest === null ? "" : `(?:${first}[^./]+(?:[./][^./]+)*)?`;
  return new RegExp(`^${nodes.join("")}${rest}$`);
}

const permissive = { issuer: "records", classes: null, required: [], countMax: null, untilMs: null } as const;

function ruleWith(shapes: readonly Shape[]): Rule {
  return { ...permissive, shapes, sequence: false, checkCharacter: false };
}

/** Goal: the matcher says what the notation means. Method: regular expressions as the reference, near and far codes. */
test("the matcher agrees with the meaning of the notation", () => {
  const nearArb = shapeArb.chain((shape) =>
    fc.tuple(
      fc.constant(shape),
      fc.oneof(
        suffixArb(shape),
        fc
          .tuple(suffixArb(shape), fc.constantFrom(".", "/", "a", "0", "A", "-", "./"))
          .map(([text, more]) => text + more),
        fc
          .tuple(suffixArb(shape), fc.nat(), fc.constantFrom(".", "/", "", "z", "é"))
          .map(([text, nat, one]) => {
            const at = nat % text.length;
            return text.slice(0, at) + one + text.slice(at + 1);
          }),
      ),
      fc.constantFrom<Act>("issue", "delegate"),
    ),
  );
  fc.assert(
    fc.property(nearArb, ([shape, suffix, act]) => {
      const expected = (shape.act === "any" || shape.act === act) && regExpOf(shape).test(suffix);
      // A code has no empty nodes, so what follows the nodes of a shape needs no look.
      fc.pre(!/[./]([./]|$)/.test(suffix) && /^[./]/.test(suffix));
      expect(conforms(compileRule(ruleWith([shape]), CITY), codeBelow(CITY, suffix), act), suffix).toBe(
        expected,
      );
    }),
    { numRuns: 3_000 },
  );
});

describe("ranges", () => {
  test.each<[string, number, boolean]>([
    ["MA.156.1301.02/60.10000000.1/000000", 6, true],
    ["MA.156.1301.02/60.10000000.1/000000", 3, true],
    ["MA.156.1301.02/60.10000000.1/000123", 0, true],
    ["MA.156.1301.02/60.10000000.1/000000", 7, false],
    ["MA.156.1301.02/60.10000000.1/00000", 5, false],
    ["MA.156.1301.02/73.10000000.1", 1, false],
    ["MA.156.1301.02/73.10000000.1", 0, true],
    ["MA.156.1301.02/73.10000000.1/x9", 1, true],
    ["MA.156.1301.02/73.10000000.1/x9", 2, false],
    ["MA.156.1302.02/60.10000000.1/000000", 6, false],
    ["MA.156.1301", 99, false],
  ])("from %s over %i digits: %s", (first, digits, is) => {
    expect(conformsRange(LAMPS, first as Code, digits)).toBe(is);
  });

  test("no range has check characters", () => {
    const matcher = matcherOf({ shapes: ["issue .<d4>"], checkCharacter: true });
    const whole = `MA.156.1301.000${checkCharacterOf("MA.156.1301.000")}` as Code;
    expect(conformsRange(matcher, whole, 0)).toBe(conforms(matcher, whole, "issue"));
    expect(conformsRange(matcher, "MA.156.1301.0001" as Code, 1)).toBe(false);
  });

  test("every code of a range that conforms does", () => {
    const caseArb = fc
      .array(shapeArb, { minLength: 1, maxLength: 3 })
      .chain((shapes) =>
        fc.tuple(fc.constant(shapes), suffixArb(shapes[0]!), fc.integer({ min: 1, max: 4 }), fc.nat()),
      )
      .map(([shapes, suffix, digits, serial]) => ({
        shapes,
        first: codeBelow(CITY, suffix),
        digits,
        serial,
      }));
    fc.assert(
      fc.property(caseArb, ({ shapes, first, digits, serial }) => {
        const matcher = compileRule(ruleWith(shapes), CITY);
        if (!conformsRange(matcher, first, digits)) return;
        const text = String(serial % 10 ** digits).padStart(digits, "0");
        const code = (first.slice(0, -digits) + text) as Code;
        expect(conforms(matcher, code, "issue"), code).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});

const STRICT = matcherOf({
  shapes: [
    "delegate .<d2>",
    "issue .<d2>/60.<d8>.<n1-20>/<d6>",
    "issue .<d2>/60.<d8>.<n1-20>/<u8>",
    "issue .<d2>/73.1.<d1>",
  ],
  issuer: "registrar",
  classes: ["bench", "street-lamp"],
  required: [{ class: "street-lamp", attributes: ["name", "place"] }],
  untilMs: 1_000,
});
const NAMED: Attributes = [
  ["name", [["en", "Lamp"]]],
  ["place", [0, 0]],
];
const LAMP = "MA.156.1301.02/60.10000000.1/000123";

describe("checkConforms", () => {
  test("accepts what conforms", () => {
    const request = requestOf({ code: LAMP, role: "registrar", timeMs: 999, attributes: NAMED });
    expect(checkConforms(STRICT, request)).toEqual({ ok: true, value: undefined });
    expect(checkConforms(STRICT, { ...request, serialDigits: 6 }).ok).toBe(true);
    expect(checkConforms(STRICT, { ...request, class: "bench", attributes: [] }).ok).toBe(true);
  });

  test.each<[string, Loose, object]>([
    [
      "no shape",
      { code: "MA.156.1302" },
      { name: "RULE_SHAPE", fault: { expected: "a code below MA.156.1301" } },
    ],
    [
      "the first node that fails, in the shapes that fit furthest",
      { code: "MA.156.1301.02/60.10000000.1/12345" },
      {
        name: "RULE_SHAPE",
        detail:
          "node 5 below MA.156.1301 should be 6 digits; or 8 digits or upper case letters for a code to be issued",
        fault: {
          field: "code",
          at: 29,
          expected: "6 digits; or 8 digits or upper case letters",
          got: "12345",
        },
      },
    ],
    [
      "a value",
      { code: "MA.156.1301.02/61.1" },
      { name: "RULE_SHAPE", fault: { at: 15, expected: "60; or 73", got: "61" } },
    ],
    [
      "a separator",
      { code: "MA.156.1301.02.60" },
      { name: "RULE_SHAPE", fault: { at: 14, expected: '"/" and 60; or "/" and 73', got: "." } },
    ],
    [
      "the end",
      { code: "MA.156.1301.02/73.1" },
      {
        name: "RULE_SHAPE",
        detail: 'node 4 below MA.156.1301 should be "." and 1 digit for a code to be issued',
        fault: { at: 19, expected: '"." and 1 digit', got: "the end of the code" },
      },
    ],
    [
      "a node too many",
      { code: "MA.156.1301.02/73.1.1/7" },
      {
        name: "RULE_SHAPE",
        detail: "node 5 below MA.156.1301 should be the end of the code for a code to be issued",
        fault: { at: 21, expected: "the end of the code", got: "/7" },
      },
    ],
    ["the act", { code: "MA.156.1301.02", act: "issue" }, { name: "RULE_SHAPE", fault: { at: 14 } }],
    [
      "a range",
      { code: "MA.156.1301.02/60.10000000.1/00012A8Z", serialDigits: 2 },
      { name: "RULE_SHAPE", fault: { expected: "2 digits at the end of the code" } },
    ],
    [
      "the role",
      { code: LAMP, role: "records" },
      { name: "RULE_ROLE", fault: { field: "role", expected: "registrar" } },
    ],
    [
      "the role to delegate",
      { code: "MA.156.1301.02", act: "delegate", role: "root" },
      { name: "RULE_ROLE" },
    ],
    [
      "the time",
      { code: LAMP, timeMs: 1_000 },
      { name: "RULE_UNTIL", fault: { expected: "a block before 1000 ms" } },
    ],
    [
      "the class",
      { code: LAMP, class: "tree" },
      { name: "RULE_ATTRIBUTE", fault: { field: "class", got: "tree" } },
    ],
    [
      "an attribute",
      { code: LAMP, attributes: NAMED.slice(0, 1) },
      { name: "RULE_ATTRIBUTE", fault: { field: "attributes.place" } },
    ],
  ])("names %s", (_, request, rejection) => {
    const outcome = checkConforms(STRICT, requestOf({ attributes: NAMED, ...request }));
    expect(outcome).toMatchObject({ ok: false, rejection });
  });

  test("looks at the description alone where the code stands already", () => {
    const request = requestOf({ code: "MA.156.9", act: null, timeMs: 9_999, role: "records" });
    expect(checkConforms(STRICT, { ...request, attributes: NAMED }).ok).toBe(true);
    expect(checkConforms(STRICT, request)).toMatchObject({ rejection: { name: "RULE_ATTRIBUTE" } });
  });

  test("says that nothing may be issued", () => {
    const outcome = checkConforms(
      matcherOf({ shapes: ["delegate .a"], classes: [] }),
      requestOf({ code: "MA.156.1301.a" }),
    );
    expect(outcome).toMatchObject({
      rejection: { name: "RULE_SHAPE", detail: "the rule of MA.156.1301 lets no code be issued" },
    });
  });

  test("says who may act, and which classes there are", () => {
    const matcher = matcherOf({ shapes: ["any .a"], classes: [] });
    const request = requestOf({ code: "MA.156.1301.a", role: "root" });
    expect(checkConforms(matcher, request)).toMatchObject({
      rejection: { fault: { expected: "records or registrar" } },
    });
    expect(checkConforms(matcher, { ...request, act: "delegate" })).toMatchObject({
      rejection: { fault: { expected: "registrar" } },
    });
    expect(checkConforms(matcher, { ...request, role: "records" })).toMatchObject({
      rejection: { name: "RULE_ATTRIBUTE", fault: { expected: "nothing: no class is allowed here" } },
    });
  });

  test("says which check character is right", () => {
    const matcher = matcherOf({ shapes: ["any .<n1-9>"], checkCharacter: true });
    const right = checkCharacterOf("MA.156.1301.7")!;
    const wrong = right === "0" ? "1" : "0";
    expect(checkConforms(matcher, requestOf({ code: `MA.156.1301.7${wrong}` }))).toMatchObject({
      rejection: {
        name: "RULE_CHECK_CHARACTER",
        fault: { expected: right, got: wrong, fix: `write MA.156.1301.7${right}` },
      },
    });
    expect(checkConforms(matcher, requestOf({ code: "MA.156.1301.a7" }))).toMatchObject({
      rejection: { name: "RULE_CHECK_CHARACTER", fault: { expected: expect.stringContaining("upper case") } },
    });
    expect(checkConforms(matcher, requestOf({ code: "MA.156.1301.a7", act: "delegate" })).ok).toBe(true);
  });

  /** Goal: the answer for people never contradicts the fast one. Method: codes near and far from random shapes. */
  test("refuses exactly what does not conform, and names a node of the code", () => {
    const caseArb = fc.array(shapeArb, { minLength: 1, maxLength: 4 }).chain((shapes) =>
      fc.tuple(
        fc.constant(shapes),
        fc.oneof(...shapes.map(suffixArb)),
        fc.array(nodeTextArb({ kind: "class", characters: "n", lengthMin: 1, lengthMax: 3 }), {
          maxLength: 2,
        }),
        fc.constantFrom<Act>("issue", "delegate"),
      ),
    );
    fc.assert(
      fc.property(caseArb, ([shapes, suffix, more, act]) => {
        const matcher = compileRule(ruleWith(shapes), CITY);
        const code = codeBelow(CITY, [suffix, ...more].join("."));
        const outcome = checkConforms(matcher, requestOf({ code, act }));
        expect(outcome.ok, code).toBe(conforms(matcher, code, act));
        if (!outcome.ok) expect(outcome.rejection.fault?.expected, code).not.toBe("");
      }),
      { numRuns: 1_000 },
    );
  });
});

test("roles", () => {
  const records = ruleOf({ shapes: [] });
  const registrar = ruleOf({ shapes: [], issuer: "registrar" });
  const answers = (["root", "registrar", "records"] as const).map((role) => [
    permitsRole(records, "issue", role),
    permitsRole(registrar, "issue", role),
    permitsRole(records, "delegate", role),
  ]);
  expect(answers).toEqual([
    [false, false, false],
    [true, true, true],
    [true, false, false],
  ]);
});
