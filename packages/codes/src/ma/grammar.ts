import { CODE_CHARACTERS_MAX, CUSTOM_NODE_CHARACTERS_MAX, NODE_CHARACTERS_MAX, NODES_MAX } from "./limits.ts";

/** Code unit of ".", which splits nodes. */
export const DOT = 0x2e;
/** Code unit of "/", which splits the parts of a general code. */
export const SLASH = 0x2f;

const DIGIT = 1;
const LETTER = 2;
const MARK = 4;
const SEPARATOR = 8;
const ALPHANUMERIC = DIGIT | LETTER;
const SERIAL = DIGIT | LETTER | MARK;

/** What a node may hold at its place in the code, and which place the next node has. */
export type NodeRule = {
  /** Name of the node in faults; `custom` nodes take an index after it. */
  readonly field: string;
  /** The content in words. */
  readonly expected: string;
  /** Kinds of characters allowed, as bits. */
  readonly characters: number;
  /** Length, both ends inclusive. */
  readonly charactersMin: number;
  readonly charactersMax: number;
  /** Place of the node after "." and after "/": 0 where that separator is refused. */
  readonly afterDot: number;
  readonly afterSlash: number;
};

/** Place of `MA`. The places are indexes of {@link NODE_RULES}. */
export const AGENCY = 0;
/** Place of the country. */
export const COUNTRY = 1;
/** Place of the third node in a general code: region or issuer. */
export const REGION = 2;
/** Place of the fourth node in a general code: unit or department. */
export const UNIT = 3;
/** Place of the first object node. */
export const USE = 4;
/** Place of the second object node. */
export const CATEGORY = 5;
/** Place of the third object node. */
export const MODEL = 6;
/** Place of every custom node of a general code. */
export const CUSTOM = 7;
/** Place of the third node in a medical code. */
export const INDUSTRY = 8;
/** Place of the fourth node in a medical code. */
export const REGISTRANT = 9;
/** Place of the one object node of a medical code. */
export const PRODUCT = 10;
/** Place of every custom node of a medical code: a production element. */
export const ELEMENT = 11;

const REFUSED = 0;

function nodeRule(
  field: string,
  characters: number,
  length: number,
  afterDot: number,
  afterSlash: number,
): NodeRule {
  const exact = characters === DIGIT;
  const kind = exact
    ? "ASCII digits"
    : characters === SERIAL
      ? 'ASCII letters, digits, "-" or "_"'
      : "ASCII letters or digits";
  const expected = exact ? `${length} ${kind}` : `1 to ${length} ${kind}`;
  return {
    field,
    expected,
    characters,
    charactersMin: exact ? length : 1,
    charactersMax: length,
    afterDot,
    afterSlash,
  };
}

const AGENCY_RULE: NodeRule = {
  field: "agency",
  expected: '"MA" in upper case, then "." and a country',
  characters: LETTER,
  charactersMin: 2,
  charactersMax: 2,
  afterDot: COUNTRY,
  afterSlash: REFUSED,
};

/**
 * The grammar of both profiles, one row for each place. Spec §2.1. The structure is the one published by the operator
 * (4 root nodes, 3 object nodes, any number of custom nodes; "." or "/" between parts; digits and letters);
 * lengths of country, use and category are those of the published examples; "-" and "_" in model and custom
 * nodes, the medical shape and all other bounds are our choice.
 */
export const NODE_RULES: readonly NodeRule[] = [
  AGENCY_RULE,
  nodeRule("country", DIGIT, 3, REGION, USE),
  nodeRule("root[2]", ALPHANUMERIC, NODE_CHARACTERS_MAX, UNIT, USE),
  nodeRule("root[3]", ALPHANUMERIC, NODE_CHARACTERS_MAX, USE, USE),
  nodeRule("object.use", DIGIT, 2, CATEGORY, REFUSED),
  nodeRule("object.category", DIGIT, 8, MODEL, REFUSED),
  nodeRule("object.model", SERIAL, NODE_CHARACTERS_MAX, CUSTOM, CUSTOM),
  nodeRule("custom", SERIAL, CUSTOM_NODE_CHARACTERS_MAX, CUSTOM, REFUSED),
  nodeRule("root[2]", ALPHANUMERIC, 2, REGISTRANT, REFUSED),
  nodeRule("root[3]", ALPHANUMERIC, NODE_CHARACTERS_MAX, PRODUCT, REFUSED),
  nodeRule("object.product", SERIAL, NODE_CHARACTERS_MAX, ELEMENT, REFUSED),
  nodeRule("custom", SERIAL, CUSTOM_NODE_CHARACTERS_MAX, ELEMENT, REFUSED),
];

const ALLOWED = Uint8Array.from(NODE_RULES, (rule) => rule.characters);
const LENGTH_MIN = Uint8Array.from(NODE_RULES, (rule) => rule.charactersMin);
const LENGTH_MAX = Uint8Array.from(NODE_RULES, (rule) => rule.charactersMax);
const AFTER_DOT = Uint8Array.from(NODE_RULES, (rule) => rule.afterDot);
const AFTER_SLASH = Uint8Array.from(NODE_RULES, (rule) => rule.afterSlash);

const KINDS = kindsOfUnits();

function kindsOfUnits(): Uint8Array {
  const kinds = new Uint8Array(128);
  kinds.fill(DIGIT, 0x30, 0x3a);
  kinds.fill(LETTER, 0x41, 0x5b);
  kinds.fill(LETTER, 0x61, 0x7b);
  kinds[0x2d] = MARK;
  kinds[0x5f] = MARK;
  kinds[DOT] = SEPARATOR;
  kinds[SLASH] = SEPARATOR;
  return kinds;
}

/** Reason: a character that the node at `place` cannot hold stands at `at`. */
export const BAD_CHARACTER = 1;
/** Reason: the node at `place`, which begins at `at`, is empty, too short or too long. */
export const BAD_LENGTH = 2;
/** Reason: the separator at `at`, after the node at `place`, is not one that may follow it. */
export const BAD_SEPARATOR = 3;
/** Reason: the node that begins at `at` is one too many. */
export const TOO_MANY_NODES = 4;

/** Why a scan stopped, at which place of the grammar, and at which position of the text. */
export type ScanFailure = { readonly reason: number; readonly place: number; readonly at: number };

/** Positions are packed in this many bits, which hold every position up to {@link CODE_CHARACTERS_MAX}. */
const POSITION_BITS = 12;
const POSITION_MASK = (1 << POSITION_BITS) - 1;
const PLACE_BITS = 4;
const PLACE_MASK = (1 << PLACE_BITS) - 1;

function failure(reason: number, place: number, at: number): number {
  return -((((reason << PLACE_BITS) | place) << POSITION_BITS) | at);
}

/** Reads a negative result of {@link scanCode}. */
export function readFailure(scan: number): ScanFailure {
  const packed = -scan;
  return {
    reason: packed >> (POSITION_BITS + PLACE_BITS),
    place: (packed >> POSITION_BITS) & PLACE_MASK,
    at: packed & POSITION_MASK,
  };
}

/** Result of {@link scanCode} for a text that is canonical as it stands. */
export const CANONICAL = 0;

const COUNTRY_AT = 3;

/**
 * Reads the first `end` characters of the text in one pass, without allocating. Gives {@link CANONICAL}; or the
 * positions of the "." before the object part and before the custom part that are "/" in canonical form, for
 * {@link canonicalText}; or, when negative, a failure for {@link readFailure}. `end` is at most
 * {@link CODE_CHARACTERS_MAX}.
 */
export function scanCode(text: string, end: number): number {
  if (
    end < COUNTRY_AT ||
    text.charCodeAt(0) !== 0x4d ||
    text.charCodeAt(1) !== 0x41 ||
    text.charCodeAt(2) !== DOT
  ) {
    return failure(BAD_CHARACTER, AGENCY, 0);
  }
  let place = COUNTRY;
  let allowed = ALLOWED[COUNTRY]!;
  let nodeAt = COUNTRY_AT;
  let nodes = 2;
  let dots = CANONICAL;
  for (let i = COUNTRY_AT; i < end; i++) {
    const unit = text.charCodeAt(i);
    const kind = unit < 128 ? KINDS[unit]! : 0;
    if ((kind & allowed) !== 0) continue;
    if (kind !== SEPARATOR) return failure(BAD_CHARACTER, place, i);
    const length = i - nodeAt;
    if (length < LENGTH_MIN[place]! || length > LENGTH_MAX[place]!) return failure(BAD_LENGTH, place, nodeAt);
    if (place === REGION && isIndustryAt(text, nodeAt, i)) place = INDUSTRY;
    const next = unit === DOT ? AFTER_DOT[place]! : AFTER_SLASH[place]!;
    if (next === REFUSED) return failure(BAD_SEPARATOR, place, i);
    if (unit === DOT) {
      if (next === USE) dots |= i;
      else if (next === CUSTOM && place === MODEL) dots |= i << POSITION_BITS;
    }
    place = next;
    allowed = ALLOWED[next]!;
    nodeAt = i + 1;
    if (++nodes > NODES_MAX) return failure(TOO_MANY_NODES, place, nodeAt);
  }
  const length = end - nodeAt;
  if (length < LENGTH_MIN[place]! || length > LENGTH_MAX[place]!) return failure(BAD_LENGTH, place, nodeAt);
  return dots;
}

/** Whether the node in the text from `from` to before `to` names an industry: "M" and one digit, such as `M0`. */
export function isIndustryAt(text: string, from: number, to: number): boolean {
  if (to - from !== 2 || text.charCodeAt(from) !== 0x4d) return false;
  const unit = text.charCodeAt(from + 1);
  return unit >= 0x30 && unit <= 0x39;
}

/** The canonical text of a code that {@link scanCode} read with the result `scan`, not negative. */
export function canonicalText(text: string, end: number, scan: number): string {
  const objectAt = scan & POSITION_MASK;
  const customAt = scan >> POSITION_BITS;
  let canonical = "";
  let from = 0;
  if (objectAt !== 0) {
    canonical = `${text.slice(0, objectAt)}/`;
    from = objectAt + 1;
  }
  if (customAt !== 0) {
    canonical += `${text.slice(from, customAt)}/`;
    from = customAt + 1;
  }
  return canonical + text.slice(from, end);
}

/** End of the code within the text: one "/" after it is the form in which the registry answers, and is left out. */
export function endOfCode(text: string): number {
  return text.charCodeAt(text.length - 1) === SLASH ? text.length - 1 : text.length;
}
