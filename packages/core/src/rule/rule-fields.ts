import { type AttributeName, isAttributeName } from "../attribute/attribute.ts";
import { isClassName } from "../attribute/class.ts";
import { checkNoPersonalNumber, PERSONAL_NUMBER_KINDS_IN_CODES } from "../attribute/personal-number.ts";
import { type Place, refuse, within } from "../attribute/refuse.ts";
import { ATTRIBUTES_MAX, RULE_CLASSES_MAX, RULE_SHAPES_MAX } from "../limits.ts";
import { accept, type Outcome, reject } from "../outcome.ts";
import { parseShape, printShape, type Shape } from "./pattern.ts";

/** Roles that a rule may name as issuer, the stricter first. Positions are consensus. Spec §11.1. */
export const ISSUERS = ["registrar", "records"] as const;
export type Issuer = (typeof ISSUERS)[number];

/** What a class of things has to have. */
export type Requirement = {
  readonly class: string;
  /** Attributes that a record of the class has, sorted, at least one. */
  readonly attributes: readonly AttributeName[];
};

/** Reads the shapes of a rule, given as text in any order: sorted by canonical text, each once. */
export function readShapes(value: unknown, place: Place): Outcome<readonly Shape[]> {
  const texts = readList(value, RULE_SHAPES_MAX, place, readShapeText);
  return texts.ok ? accept(texts.value.map(parseCanonical)) : texts;
}

/** Reads the role that issues. */
export function readIssuer(value: unknown, place: Place): Outcome<Issuer> {
  const issuer = ISSUERS.find((name) => name === value);
  return issuer === undefined
    ? refuse(place, { expected: ISSUERS.join(" or "), got: value })
    : accept(issuer);
}

/** Reads the classes that a rule allows, in any order, or null. */
export function readClasses(value: unknown, place: Place): Outcome<readonly string[] | null> {
  return value === null ? accept(null) : readList(value, RULE_CLASSES_MAX, place, readClassName);
}

/** Takes the class and the attributes out of a requirement; undefined where it has not that form. */
export type RequirementReader = (
  value: unknown,
) => { readonly class: unknown; readonly attributes: unknown } | undefined;

/** Reads what a rule requires of classes, in any order; `classes` are those that the rule allows. */
export function readRequired(
  value: unknown,
  classes: readonly string[] | null,
  place: Place,
  read: RequirementReader,
): Outcome<readonly Requirement[]> {
  if (!Array.isArray(value) || value.length > RULE_CLASSES_MAX) {
    return refuse(place, { expected: `a list of at most ${RULE_CLASSES_MAX}`, got: value });
  }
  const required: Requirement[] = [];
  for (let index = 0; index < value.length; index++) {
    const at = within(place, `[${index}]`);
    const parts = read(value[index]);
    if (parts === undefined) return refuse(at, { expected: "a class and its attributes", got: value[index] });
    const name = readClassName(parts.class, within(at, ".class"));
    if (!name.ok) return name;
    if (classes !== null && !classes.includes(name.value)) {
      return refuse(within(at, ".class"), {
        expected: "one of the classes that this rule allows",
        got: name.value,
        fix: `add ${name.value} to classes, or drop what it requires`,
      });
    }
    if (required.some((other) => other.class === name.value)) {
      return refuse(within(at, ".class"), { expected: "each class once", got: name.value });
    }
    const attributes = readList(
      parts.attributes,
      ATTRIBUTES_MAX,
      within(at, ".attributes"),
      readAttributeName,
    );
    if (!attributes.ok) return attributes;
    if (attributes.value.length === 0) {
      return refuse(within(at, ".attributes"), { expected: "at least one attribute", got: parts.attributes });
    }
    required.push({ class: name.value, attributes: attributes.value });
  }
  required.sort((a, b) => (a.class < b.class ? -1 : 1));
  return accept(required);
}

/** Reads a count or a time that bounds, or null. */
export function readLimit(value: unknown, place: Place): Outcome<number | null> {
  if (value === null) return accept(null);
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0)
    return accept(value === 0 ? 0 : value);
  return refuse(place, { expected: "a whole number from 0 to 2^53-1, or null", got: value });
}

/** Reads a flag. */
export function readFlag(value: unknown, place: Place): Outcome<boolean> {
  return typeof value === "boolean"
    ? accept(value)
    : refuse(place, { expected: "true or false", got: value });
}

/** A list of texts, read one by one, then sorted and free of doubles. */
function readList<T extends string>(
  value: unknown,
  max: number,
  place: Place,
  readOne: (value: unknown, place: Place) => Outcome<T>,
): Outcome<readonly T[]> {
  if (!Array.isArray(value) || value.length > max)
    return refuse(place, { expected: `a list of at most ${max}`, got: value });
  const texts: T[] = [];
  for (let index = 0; index < value.length; index++) {
    const text = readOne(value[index], within(place, `[${index}]`));
    if (!text.ok) return text;
    if (texts.includes(text.value)) {
      return refuse(within(place, `[${index}]`), { expected: "each element once", got: text.value });
    }
    texts.push(text.value);
  }
  return accept(texts.sort());
}

function readShapeText(value: unknown, place: Place): Outcome<string> {
  if (typeof value !== "string")
    return refuse(place, { expected: 'a shape such as "issue .<d4>"', got: value });
  const shape = parseShape(value);
  if (!shape.ok) {
    const { expected } = shape.fault;
    return reject(place.rejection, `${place.field}: expected ${expected}`, {
      ...shape.fault,
      field: place.field,
    });
  }
  const firewall = checkNoPersonalNumber(place.field, value, PERSONAL_NUMBER_KINDS_IN_CODES);
  return firewall.ok ? accept(printShape(shape.value)) : firewall;
}

function parseCanonical(text: string): Shape {
  const shape = parseShape(text);
  if (!shape.ok) throw new Error("invariant broken: the canonical text of a shape must be readable");
  return shape.value;
}

function readClassName(value: unknown, place: Place): Outcome<string> {
  if (typeof value !== "string" || !isClassName(value)) {
    return refuse(place, { expected: "the name of a class such as street-lamp", got: value });
  }
  const firewall = checkNoPersonalNumber(place.field, value);
  return firewall.ok ? accept(value) : firewall;
}

function readAttributeName(value: unknown, place: Place): Outcome<AttributeName> {
  if (typeof value === "string" && isAttributeName(value)) return accept(value);
  return refuse(place, { expected: "the name of a public attribute", got: value });
}
