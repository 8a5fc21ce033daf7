import { fault } from "@cityroot/codes/fault";
import type { Code } from "@cityroot/codes/ma/code";
import { isBelow } from "@cityroot/codes/ma/prefix";
import type { Attributes } from "../attribute/attribute.ts";
import type { Role } from "../key/role.ts";
import { accept, type Outcome, reject } from "../outcome.ts";
import { advanceCheck, CHECK_START, checkCharacterOf, isCheckCharacter } from "./check-character.ts";
import { explainShapes } from "./explain-shape.ts";
import { type Act, permitsAct, printShape, type Shape } from "./pattern.ts";
import type { Rule } from "./rule.ts";
import { compileShape, matchShape, type ShapeMatcher } from "./shape-matcher.ts";

/**
 * A rule made ready for matching: everything that does not depend on the code is worked out. It holds no state and may
 * be kept as long as the rule holds. `rule.sequence` and `rule.countMax` need state and are the caller's to enforce.
 */
export type Matcher = {
  readonly rule: Rule;
  /** The prefix that carries the rule. */
  readonly prefix: Code;
  readonly issue: readonly ShapeMatcher[];
  readonly delegate: readonly ShapeMatcher[];
  /** State of the check character after the prefix. */
  readonly checkState: number;
};

/** Makes a rule ready for matching codes below its prefix. */
export function compileRule(rule: Rule, prefix: Code): Matcher {
  return {
    rule,
    prefix,
    issue: rule.shapes.filter((shape) => permitsAct(shape, "issue")).map(compileShape),
    delegate: rule.shapes.filter((shape) => permitsAct(shape, "delegate")).map(compileShape),
    checkState: advanceCheck(CHECK_START, prefix, 0, prefix.length),
  };
}

/**
 * Whether a code may be issued or delegated by its form: it lies below the prefix, is of one of the shapes for that act,
 * and, where the rule asks for it and the code is issued, ends in its check character. Takes time linear in the length
 * of the code for each shape, and allocates nothing.
 */
export function conforms(matcher: Matcher, code: Code, act: Act): boolean {
  if (!hasShape(matcher, code, act)) return false;
  return act === "delegate" || hasCheckCharacter(matcher, code);
}

/**
 * Whether every code conforms that comes of `first` by changing its last `serialDigits` digits; with 0, whether `first`
 * does. These digits have to be in the last node, and that node has to be of a class or among the further nodes: a
 * list of values is refused even where it names them all, and so is a rule with check characters. A range of one code
 * is judged by {@link conforms} alone.
 */
export function conformsRange(matcher: Matcher, first: Code, serialDigits: number): boolean {
  if (serialDigits === 0) return conforms(matcher, first, "issue");
  if (matcher.rule.checkCharacter || !endsInDigits(first, serialDigits)) return false;
  if (!isBelow(first, matcher.prefix)) return false;
  return matcher.issue.some((shape) => matchShape(shape, first, matcher.prefix.length, serialDigits));
}

/** What a rule's answer depends on: what is done with which code, who does it and when, and how the thing is described. */
export type RuleRequest = {
  readonly code: Code;
  /** Null where a code that was issued before is only described anew: then form, role and time do not matter. */
  readonly act: Act | null;
  /** Class and attributes of the thing. */
  readonly class: string;
  readonly attributes: Attributes;
  /** Time of the block, in milliseconds since 1970-01-01 UTC. */
  readonly timeMs: number;
  /** The role whose keys signed; absent where the caller has seen to {@link permitsRole}. */
  readonly role?: Role;
  /** How many digits at the code's end count up, for a range whose first code this is; 0 or absent for one code. */
  readonly serialDigits?: number;
};

const ACCEPTED = accept(undefined);

/**
 * Whether a rule permits an act. The refusals, in this order: RULE_SHAPE, RULE_ROLE, RULE_UNTIL, RULE_ATTRIBUTE,
 * RULE_CHECK_CHARACTER. RULE_COUNT and RULE_SEQUENCE need state and are the caller's. Spec §11.5.
 */
export function checkConforms(matcher: Matcher, request: RuleRequest): Outcome<void> {
  const { rule } = matcher;
  const { act, code, role, timeMs } = request;
  if (act === null) return checkDescription(rule, request.class, request.attributes);
  const shape = checkShape(matcher, act, code, request.serialDigits ?? 0);
  if (!shape.ok) return shape;
  if (role !== undefined && !permitsRole(rule, act, role)) return rejectRole(rule, act, role);
  if (rule.untilMs !== null && timeMs >= rule.untilMs) return rejectTime(matcher, rule.untilMs, timeMs);
  const description = checkDescription(rule, request.class, request.attributes);
  if (!description.ok) return description;
  return act === "delegate" || hasCheckCharacter(matcher, code) ? ACCEPTED : rejectCheckCharacter(code);
}

/** Whether keys of a role may do this: prefixes are delegated by the registrar, codes issued as the rule says. */
export function permitsRole(rule: Rule, act: Act, role: Role): boolean {
  if (role === "registrar") return true;
  return act === "issue" && role === "records" && rule.issuer === "records";
}

/** Whether a rule permits a class with these attributes. RULE_ATTRIBUTE. */
function checkDescription(rule: Rule, className: string, attributes: Attributes): Outcome<void> {
  if (rule.classes !== null && !rule.classes.includes(className)) {
    const expected =
      rule.classes.length === 0 ? "nothing: no class is allowed here" : rule.classes.join(" or ");
    return reject(
      "RULE_ATTRIBUTE",
      `the rule does not allow the class ${className}`,
      fault({ field: "class", expected, got: className }),
    );
  }
  const required = rule.required.find((requirement) => requirement.class === className);
  if (required === undefined) return ACCEPTED;
  for (const name of required.attributes) {
    if (attributes.some(([present]) => present === name)) continue;
    return reject(
      "RULE_ATTRIBUTE",
      `the rule requires the attribute ${name} of the class ${className}`,
      fault({
        field: `attributes.${name}`,
        expected: "a value",
        got: "nothing",
        fix: `give the attribute ${name}`,
      }),
    );
  }
  return ACCEPTED;
}

function checkShape(matcher: Matcher, act: Act, code: Code, serialDigits: number): Outcome<void> {
  if (!hasShape(matcher, code, act)) return rejectShape(matcher, code, act);
  if (serialDigits === 0 || conformsRange(matcher, code, serialDigits)) return ACCEPTED;
  const expected = endsInDigits(code, serialDigits)
    ? "a last node of a class of characters, in a rule without check characters"
    : `${serialDigits} digits at the end of the code`;
  return reject(
    "RULE_SHAPE",
    `not every code of a range of ${serialDigits} digits from ${code} conforms to the rule of ${matcher.prefix}`,
    fault({ field: "code", expected, got: code, fix: "issue these codes one by one or as a batch" }),
  );
}

function rejectShape(matcher: Matcher, code: Code, act: Act): Outcome<never> {
  const { prefix, rule } = matcher;
  const done = act === "issue" ? "issued" : "delegated";
  const shapes = rule.shapes.filter((shape) => permitsAct(shape, act));
  if (!isBelow(code, prefix)) {
    const details = fault({ field: "code", expected: `a code below ${prefix}`, got: code });
    return reject("RULE_SHAPE", `${code} does not lie below ${prefix}`, details);
  }
  const failure = explainShapes(shapes, code, prefix);
  if (failure === undefined) {
    const details = fault({
      field: "code",
      expected: `nothing: the rule lets no code be ${done}`,
      got: code,
    });
    return reject("RULE_SHAPE", `the rule of ${prefix} lets no code be ${done}`, details);
  }
  const { node, at, expected, got } = failure;
  return reject(
    "RULE_SHAPE",
    `node ${node} below ${prefix} should be ${expected} for a code to be ${done}`,
    fault({
      field: "code",
      at,
      expected,
      got,
      fix: `codes may be ${done} as ${listShapes(shapes)}`,
    }),
  );
}

/** How many shapes a fix names. */
const SHAPES_NAMED_MAX = 4;

function listShapes(shapes: readonly Shape[]): string {
  const named = shapes.slice(0, SHAPES_NAMED_MAX).map(printShape).join(", ");
  return shapes.length > SHAPES_NAMED_MAX ? `${named}, and in other ways` : named;
}

function rejectRole(rule: Rule, act: Act, role: Role): Outcome<never> {
  const expected = act === "issue" && rule.issuer === "records" ? "records or registrar" : "registrar";
  return reject(
    "RULE_ROLE",
    `keys of the role ${role} may not ${act} here`,
    fault({ field: "role", expected, got: role, fix: `sign with keys of the role ${expected}` }),
  );
}

function rejectTime(matcher: Matcher, untilMs: number, timeMs: number): Outcome<never> {
  return reject(
    "RULE_UNTIL",
    `the rule of ${matcher.prefix} ended before this block`,
    fault({
      field: "time",
      expected: `a block before ${untilMs} ms`,
      got: `${timeMs} ms`,
      fix: `have the rule of ${matcher.prefix} extended`,
    }),
  );
}

function rejectCheckCharacter(code: Code): Outcome<never> {
  const stem = code.slice(0, -1);
  const right = checkCharacterOf(stem);
  const expected = right ?? "a code of digits and upper case letters, which alone have check characters";
  return reject(
    "RULE_CHECK_CHARACTER",
    `${code} does not end in its check character`,
    fault({
      field: "code",
      at: code.length - 1,
      expected,
      got: code.slice(-1),
      ...(right !== undefined && { fix: `write ${stem}${right}` }),
    }),
  );
}
/** Whether a code lies below the prefix and is of one of the shapes for the act. */
function hasShape(matcher: Matcher, code: Code, act: Act): boolean {
  if (!isBelow(code, matcher.prefix)) return false;
  const shapes = act === "issue" ? matcher.issue : matcher.delegate;
  const from = matcher.prefix.length;
  for (let at = 0; at < shapes.length; at++) if (matchShape(shapes[at]!, code, from, 0)) return true;
  return false;
}

/** Whether a code below the prefix ends in its check character, or need not. */
function hasCheckCharacter(matcher: Matcher, code: Code): boolean {
  if (!matcher.rule.checkCharacter) return true;
  const last = code.length - 1;
  const state = advanceCheck(matcher.checkState, code, matcher.prefix.length, last);
  return isCheckCharacter(state, code.charCodeAt(last));
}

/** Whether the last `count` characters of a code are digits. */
function endsInDigits(code: Code, count: number): boolean {
  if (count > code.length) return false;
  for (let at = code.length - count; at < code.length; at++) {
    const unit = code.charCodeAt(at);
    if (unit < 0x30 || unit > 0x39) return false;
  }
  return true;
}
