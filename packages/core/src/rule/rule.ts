import { type Place, refuse, within } from "../attribute/refuse.ts";
import { type CborValue, encodeCbor } from "../cbor.ts";
import { isJsonObject, type Json } from "../json.ts";
import { RULE_BYTES_MAX } from "../limits.ts";
import { accept, type Outcome } from "../outcome.ts";
import { printShape, type Shape } from "./pattern.ts";
import {
  ISSUERS,
  type Issuer,
  type Requirement,
  type RequirementReader,
  readClasses,
  readFlag,
  readIssuer,
  readLimit,
  readRequired,
  readShapes,
} from "./rule-fields.ts";

/**
 * What may be issued and delegated below a prefix. Spec §11.1. A rule binds everything below its prefix, so whatever
 * happens there conforms to the rules of all prefixes above it.
 */
export type Rule = {
  /** What may be issued or delegated, sorted by canonical text, each once; nothing where empty. */
  readonly shapes: readonly Shape[];
  /**
   * The role that issues codes. `records`: the records role, or the registrar's; `registrar`: only the registrar's.
   */
  readonly issuer: Issuer;
  /** Classes that issued codes may have, sorted, each once; null for any. */
  readonly classes: readonly string[] | null;
  /** What issued codes of a class need to have, sorted by class, each once; only of classes that are allowed. */
  readonly required: readonly Requirement[];
  /** Most codes that this prefix itself may issue, of which a range counts each of its codes; null for no limit. */
  readonly countMax: number | null;
  /** Block time in milliseconds since 1970-01-01 UTC from which on nothing is issued or delegated; null for never. */
  readonly untilMs: number | null;
  /** Whether the last node of an issued code is digits, and one more than the last issued below the same parent. */
  readonly sequence: boolean;
  /** Whether an issued code ends in its ISO 7064 MOD 37,36 check character. Not together with `sequence`. */
  readonly checkCharacter: boolean;
};

const NAMES = [
  "shapes",
  "issuer",
  "classes",
  "required",
  "countMax",
  "untilMs",
  "sequence",
  "checkCharacter",
] as const;

/** Reads a rule in its canonical CBOR form, see {@link ruleToCbor}. Spec §11.3. */
export function ruleFromCbor(value: CborValue | undefined, field = "rule"): Outcome<Rule> {
  const place = placeOf(field);
  if (!Array.isArray(value) || value.length !== NAMES.length) {
    return refuse(place, { expected: `a list of ${NAMES.join(", ")}`, got: value });
  }
  const [shapes, issuer, classes, required, countMax, untilMs, sequence, checkCharacter] =
    value as CborValue[];
  if (typeof issuer !== "number" || ISSUERS[issuer] === undefined) {
    return refuse(within(place, ".issuer"), { expected: `a number below ${ISSUERS.length}`, got: issuer });
  }
  const raw = {
    shapes,
    issuer: ISSUERS[issuer],
    classes,
    required,
    countMax,
    untilMs,
    sequence,
    checkCharacter,
  };
  const rule = readRule(raw, place, requirementFromCbor);
  if (!rule.ok) return rule;
  const canonical = ruleToCbor(rule.value) as readonly CborValue[];
  for (const [index, name] of NAMES.entries()) {
    const refusal = findDisorder(value[index]!, canonical[index]!, within(place, `.${name}`));
    if (refusal !== undefined) return refusal;
  }
  return rule;
}

/**
 * CBOR form of a rule: `[shapes, issuer, classes, required, countMax, untilMs, sequence, checkCharacter]`, with shapes
 * as their canonical text, the issuer as its position in {@link ISSUERS}, and requirements as `[class, [attribute, ...]]`.
 */
export function ruleToCbor(rule: Rule): CborValue {
  return [
    rule.shapes.map(printShape),
    ISSUERS.indexOf(rule.issuer),
    rule.classes,
    rule.required.map((requirement) => [requirement.class, requirement.attributes]),
    rule.countMax,
    rule.untilMs,
    rule.sequence,
    rule.checkCharacter,
  ];
}

/** Values of fields that may be left out in JSON: what does not restrict. */
const DEFAULTS: { readonly [name: string]: Json } = {
  issuer: "records",
  classes: null,
  required: [],
  countMax: null,
  untilMs: null,
  sequence: false,
  checkCharacter: false,
};

/**
 * Reads a rule in its JSON form: the fields of {@link Rule} by name, shapes as text, lists in any order. All but `shapes`
 * may be left out, and then do not restrict.
 */
export function ruleFromJson(value: Json | undefined, field = "rule"): Outcome<Rule> {
  const place = placeOf(field);
  if (!isJsonObject(value))
    return refuse(place, { expected: `an object of ${NAMES.join(", ")}`, got: value });
  const unknown = Object.keys(value).find((name) => !(NAMES as readonly string[]).includes(name));
  if (unknown !== undefined) return refuse(place, { expected: `only ${NAMES.join(", ")}`, got: unknown });
  return readRule({ ...DEFAULTS, ...value }, place, requirementFromJson);
}

/** JSON form of a rule. */
export function ruleToJson(rule: Rule): { readonly [name: string]: Json } {
  return {
    shapes: rule.shapes.map(printShape),
    issuer: rule.issuer,
    classes: rule.classes,
    required: rule.required.map((requirement) => ({
      class: requirement.class,
      attributes: requirement.attributes,
    })),
    countMax: rule.countMax,
    untilMs: rule.untilMs,
    sequence: rule.sequence,
    checkCharacter: rule.checkCharacter,
  };
}

function placeOf(field: string): Place {
  return { rejection: "RULE_MALFORMED", field };
}

type Raw = { readonly [name in (typeof NAMES)[number]]?: unknown };

function requirementFromCbor(value: unknown): ReturnType<RequirementReader> {
  return Array.isArray(value) && value.length === 2 ? { class: value[0], attributes: value[1] } : undefined;
}

function requirementFromJson(value: unknown): ReturnType<RequirementReader> {
  const json = value as Json;
  if (!isJsonObject(json) || Object.keys(json).length !== 2) return undefined;
  const { class: name, attributes } = json;
  return { class: name, attributes };
}

/** Reads the fields of a rule, lists in any order. */
function readRule(raw: Raw, place: Place, readRequirement: RequirementReader): Outcome<Rule> {
  const shapes = readShapes(raw.shapes, within(place, ".shapes"));
  if (!shapes.ok) return shapes;
  const issuer = readIssuer(raw.issuer, within(place, ".issuer"));
  if (!issuer.ok) return issuer;
  const classes = readClasses(raw.classes, within(place, ".classes"));
  if (!classes.ok) return classes;
  const required = readRequired(raw.required, classes.value, within(place, ".required"), readRequirement);
  if (!required.ok) return required;
  const countMax = readLimit(raw.countMax, within(place, ".countMax"));
  if (!countMax.ok) return countMax;
  const untilMs = readLimit(raw.untilMs, within(place, ".untilMs"));
  if (!untilMs.ok) return untilMs;
  const sequence = readFlag(raw.sequence, within(place, ".sequence"));
  if (!sequence.ok) return sequence;
  const checkCharacter = readFlag(raw.checkCharacter, within(place, ".checkCharacter"));
  if (!checkCharacter.ok) return checkCharacter;
  return checkWhole(place, {
    shapes: shapes.value,
    issuer: issuer.value,
    classes: classes.value,
    required: required.value,
    countMax: countMax.value,
    untilMs: untilMs.value,
    sequence: sequence.value,
    checkCharacter: checkCharacter.value,
  });
}

/** What no field shows by itself. */
function checkWhole(place: Place, rule: Rule): Outcome<Rule> {
  if (rule.sequence && rule.checkCharacter) {
    return refuse(within(place, ".checkCharacter"), {
      expected: "false where sequence is true: a serial with a check character does not count up by one",
      got: true,
      fix: "choose one of the two",
    });
  }
  const bytes = encodeCbor(ruleToCbor(rule)).length;
  if (bytes > RULE_BYTES_MAX)
    return refuse(place, { expected: `at most ${RULE_BYTES_MAX} bytes`, got: `${bytes} bytes` });
  return accept(rule);
}

/** Refuses a form that differs from the canonical one, which has the same elements in order and in canonical text. */
function findDisorder(value: CborValue, canonical: CborValue, place: Place): Outcome<never> | undefined {
  if (!Array.isArray(canonical)) {
    return value === canonical
      ? undefined
      : refuse(place, { expected: `${canonical} here, in canonical order`, got: value });
  }
  for (let index = 0; index < canonical.length; index++) {
    const element = (value as readonly CborValue[])[index]!;
    const refusal = findDisorder(element, canonical[index], within(place, `[${index}]`));
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}
