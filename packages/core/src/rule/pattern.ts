import { type Fault, fault, type Parsed, parsed, refused } from "@cityroot/codes/fault";
import { CUSTOM_NODE_CHARACTERS_MAX } from "@cityroot/codes/ma/limits";
import { PATTERN_VALUES_MAX, RULE_BYTES_MAX, SHAPE_NODES_MAX } from "../limits.ts";
import { CHARACTER_CLASSES, type CharacterClass, isAllOfClass, isOfClass } from "./character-class.ts";

/** What a shape permits: to issue a code of that shape, to delegate it as a prefix, or both. */
export const SHAPE_ACTS = ["issue", "delegate", "any"] as const;
export type ShapeAct = (typeof SHAPE_ACTS)[number];

/** What is done with a code: it is issued, or it is delegated as a prefix. */
export type Act = Exclude<ShapeAct, "any">;

/** What stands before a node: "." within a part of a code, "/" between parts. */
export type Separator = "." | "/";

/**
 * What one node of a code may be: one of the values, sorted and each once; or `lengthMin` to `lengthMax` characters
 * of a class. A literal is a list of one value.
 */
export type NodePattern =
  | { readonly kind: "values"; readonly values: readonly string[] }
  | {
      readonly kind: "class";
      readonly characters: CharacterClass;
      readonly lengthMin: number;
      readonly lengthMax: number;
    };

/** One node of a shape, with the separator before it. */
export type ShapeNode = { readonly separator: Separator; readonly pattern: NodePattern };

/**
 * Codes that a rule permits, relative to the prefix that carries the rule. Spec §11.2. `rest` says what may follow the
 * nodes: null for nothing, else any number of further nodes of any form, also none, of which the first comes after that
 * separator, or after either where it is "any".
 */
export type Shape = {
  readonly act: ShapeAct;
  readonly nodes: readonly ShapeNode[];
  readonly rest: Separator | "any" | null;
};

/**
 * Reads the text of a shape. Spec §11.2:
 *
 *     shape     = act " " 1*(separator node) [ [separator] "**" ]
 *     act       = "issue" / "delegate" / "any"
 *     separator = "." / "/"
 *     node      = value / "(" value *("|" value) ")" / "<" class length ["-" length] ">"
 *     class     = "d" digits / "u" digits, upper case / "a" digits, letters / "n" as "a", and "-" "_"
 *     value     = 1 to 50 characters of class "n"
 *
 * as in `issue /60.<d8>.<n1-20>/<d6-9>`, `delegate .(01|02)` and `any .<d4>**`. There is nothing to backtrack: each
 * node of a code is read once. {@link printShape} gives the canonical text: values sorted, one value without
 * brackets, one length where both are the same.
 */
export function parseShape(text: string): Parsed<Shape> {
  if (text.length > RULE_BYTES_MAX) {
    return refused(shapeFault(text, RULE_BYTES_MAX, `at most ${RULE_BYTES_MAX} characters`));
  }
  const act = SHAPE_ACTS.find((name) => text.startsWith(`${name} `));
  if (act === undefined) {
    return refused(
      shapeFault(text, 0, `${SHAPE_ACTS.join(", ")} and one space`, 'write such as "issue .<d4>"'),
    );
  }
  const nodes: ShapeNode[] = [];
  let at = act.length + 1;
  while (at < text.length) {
    const rest = readRest(text, at);
    if (rest !== undefined && nodes.length > 0) return parsed({ act, nodes, rest });
    const separator = text.charAt(at);
    if (separator !== "." && separator !== "/") {
      return refused(shapeFault(text, at, nodes.length === 0 ? '"." or "/"' : '".", "/" or "**" at the end'));
    }
    if (nodes.length === SHAPE_NODES_MAX)
      return refused(shapeFault(text, at, `at most ${SHAPE_NODES_MAX} nodes`));
    const node = readPattern(text, at + 1);
    if (!node.ok) return node;
    nodes.push({ separator, pattern: node.value.pattern });
    at = node.value.end;
  }
  if (nodes.length === 0) return refused(shapeFault(text, at, "at least one node"));
  return parsed({ act, nodes, rest: null });
}

/** Whether a shape is one for the act. */
export function permitsAct(shape: Shape, act: Act): boolean {
  return shape.act === "any" || shape.act === act;
}

/** The canonical text of a shape. */
export function printShape(shape: Shape): string {
  let text = `${shape.act} `;
  for (const { separator, pattern } of shape.nodes) text += separator + printPattern(pattern);
  if (shape.rest === null) return text;
  return `${text}${shape.rest === "any" ? "" : shape.rest}**`;
}

/** The canonical text of a node's pattern. */
export function printPattern(pattern: NodePattern): string {
  if (pattern.kind === "values") {
    return pattern.values.length === 1 ? pattern.values[0]! : `(${pattern.values.join("|")})`;
  }
  const { characters, lengthMin, lengthMax } = pattern;
  return `<${characters}${lengthMin === lengthMax ? lengthMin : `${lengthMin}-${lengthMax}`}>`;
}

/** Whether a node's text is what the pattern asks for. */
export function fitsPattern(pattern: NodePattern, text: string): boolean {
  if (pattern.kind === "values") return pattern.values.includes(text);
  if (text.length < pattern.lengthMin || text.length > pattern.lengthMax) return false;
  return isAllOfClass(text, pattern.characters);
}

/** How many values a description names before it only counts. */
const VALUES_SHOWN_MAX = 8;

/** A node's pattern in words, such as `4 digits` or `10 or 60`. */
export function describePattern(pattern: NodePattern): string {
  if (pattern.kind === "values") {
    const { values } = pattern;
    if (values.length <= VALUES_SHOWN_MAX) return values.join(" or ");
    return `one of ${values.length} values (${values.slice(0, VALUES_SHOWN_MAX).join(", ")}, ...)`;
  }
  const { characters, lengthMin, lengthMax } = pattern;
  const length = lengthMin === lengthMax ? `${lengthMin}` : `${lengthMin} to ${lengthMax}`;
  const { one, many } = CHARACTER_CLASSES[characters];
  return `${length} ${lengthMax === 1 ? one : many}`;
}

/** The rest that begins at `at` and ends the text, or undefined. */
function readRest(text: string, at: number): Separator | "any" | undefined {
  const rest = text.slice(at, at + 4);
  if (rest === "**") return "any";
  if (rest === ".**") return ".";
  return rest === "/**" ? "/" : undefined;
}

/** A pattern that was read, and the index of what follows it. */
type Reading = { readonly pattern: NodePattern; readonly end: number };

function readPattern(text: string, at: number): Parsed<Reading> {
  if (text.charAt(at) === "<") return readClass(text, at);
  if (text.charAt(at) === "(") return readList(text, at);
  const end = endOfValue(text, at);
  if (end === undefined) return refused(shapeFault(text, at, `a value, "(" and values, or "<" and a class`));
  return parsed({ pattern: { kind: "values", values: [text.slice(at, end)] }, end });
}

function readList(text: string, from: number): Parsed<Reading> {
  const values: string[] = [];
  let at = from;
  do {
    at++;
    const end = endOfValue(text, at);
    if (end === undefined) {
      return refused(shapeFault(text, at, `1 to ${CUSTOM_NODE_CHARACTERS_MAX} letters, digits, "-" or "_"`));
    }
    if (values.length === PATTERN_VALUES_MAX) {
      return refused(
        shapeFault(text, at, `at most ${PATTERN_VALUES_MAX} values`, "use a class of characters"),
      );
    }
    const value = text.slice(at, end);
    if (values.includes(value))
      return refused(shapeFault(text, at, "each value once", `remove the second ${value}`));
    values.push(value);
    at = end;
  } while (text.charAt(at) === "|");
  if (text.charAt(at) !== ")") return refused(shapeFault(text, at, '"|" and a further value, or ")"'));
  return parsed({ pattern: { kind: "values", values: values.sort() }, end: at + 1 });
}

function readClass(text: string, from: number): Parsed<Reading> {
  const characters = text.charAt(from + 1);
  if (!isCharacterClass(characters)) {
    return refused(shapeFault(text, from + 1, `a class: ${Object.keys(CHARACTER_CLASSES).join(", ")}`));
  }
  const min = readLength(text, from + 2);
  if (!min.ok) return min;
  let max = min.value;
  if (text.charAt(max.end) === "-") {
    const read = readLength(text, max.end + 1);
    if (!read.ok) return read;
    if (read.value.length < min.value.length) {
      return refused(shapeFault(text, max.end + 1, `a length of at least ${min.value.length}`));
    }
    max = read.value;
  }
  if (text.charAt(max.end) !== ">")
    return refused(shapeFault(text, max.end, '"-" and the longest length, or ">"'));
  const pattern = { kind: "class", characters, lengthMin: min.value.length, lengthMax: max.length } as const;
  return parsed({ pattern, end: max.end + 1 });
}

/** A length of 1 to {@link CUSTOM_NODE_CHARACTERS_MAX}, written without leading zeros. */
function readLength(text: string, at: number): Parsed<{ readonly length: number; readonly end: number }> {
  let length = 0;
  let end = at;
  while (end < at + 2 && isDigit(text.charCodeAt(end))) length = length * 10 + text.charCodeAt(end++) - 0x30;
  if (length < 1 || length > CUSTOM_NODE_CHARACTERS_MAX || text.charAt(at) === "0") {
    return refused(shapeFault(text, at, `a length from 1 to ${CUSTOM_NODE_CHARACTERS_MAX}`));
  }
  return parsed({ length, end });
}

/** Index of what follows the value at `at`; undefined where there is none, or one that is too long. */
function endOfValue(text: string, at: number): number | undefined {
  let end = at;
  while (isOfClass(text.charCodeAt(end), "n")) end++;
  return end === at || end - at > CUSTOM_NODE_CHARACTERS_MAX ? undefined : end;
}

function isCharacterClass(text: string): text is CharacterClass {
  return Object.hasOwn(CHARACTER_CLASSES, text);
}

function isDigit(unit: number): boolean {
  return unit >= 0x30 && unit <= 0x39;
}

/** How much of a refused text a fault shows, from where the trouble begins. */
const SHOWN_CHARACTERS_MAX = 24;

function shapeFault(text: string, at: number, expected: string, fix?: string): Fault {
  const got = at < text.length ? text.slice(at, at + SHOWN_CHARACTERS_MAX) : "the end";
  return fault({ field: "shape", at, expected, got, ...(fix !== undefined && { fix }) });
}
