import { isDigits } from "../ascii.ts";
import type { SystemFault } from "../systems/coding-system.ts";
import { type Refusal, refuseForm, refuseValue } from "../systems/refusal.ts";
import { APPLICATION_IDENTIFIERS } from "./application-identifiers.ts";
import { type Element, elementOf, isPersonalIdentifier, withheld } from "./element.ts";
import { decodePercent, encodePercent } from "./percent-encoding.ts";
import { type Piece, parseWebAddress, splitPiece } from "./web-address.ts";

/** What a GS1 Digital Link URI says, in no compressed form. GS1 Digital Link Standard: URI Syntax 1.6. */
export type DigitalLink = {
  /** Scheme, host in lower case and what stands before the key, without a slash at the end: `https://example.com/shop`. */
  readonly stem: string;
  readonly key: Element;
  /** In the order that the standard gives. */
  readonly qualifiers: readonly Element[];
  /** Elements of the query, in the order in which they came. */
  readonly attributes: readonly Element[];
  /** What else the query holds, such as `linkType`, as it came and not decoded. None of the names is a number. */
  readonly parameters: readonly Parameter[];
};

/** A parameter of a query. `value` is missing where there is no equals sign. */
export type Parameter = { readonly name: string; readonly value?: string };

/** The outcome of reading a URI. Places are counted in the URI; within encoded values they are those of their beginning. */
export type DigitalLinkOutcome =
  | { readonly ok: true; readonly value: DigitalLink }
  | { readonly ok: false; readonly fault: SystemFault };

/** The stem of canonical URIs: the resolver of GS1. GS1 Digital Link Standard: URI Syntax. */
export const CANONICAL_STEM = "https://id.gs1.org";
/** Most parameters of a query that are looked at. Our choice. */
export const PARAMETERS_MAX = 64;

const GTIN_IDENTIFIER = "01";
const GTIN_DIGITS = 14;
/** Digits of shorter trade item numbers, which stand for themselves with zeros before them. */
const SHORTER_GTINS: readonly number[] = [8, 12, 13];

type Path = { readonly ok: true; readonly stem: string; readonly elements: readonly Element[] } | Refusal;
type Query =
  | { readonly ok: true; readonly attributes: readonly Element[]; readonly parameters: readonly Parameter[] }
  | Refusal;

/**
 * Reads a GS1 Digital Link URI of any host and with any path before the key. Trade item numbers of 8, 12 and 13 digits, as
 * earlier versions of the standard had them, get zeros before them. `year` is the one that years of two digits are read
 * against.
 */
export function parseDigitalLink(uri: string, year?: number): DigitalLinkOutcome {
  const address = parseWebAddress(uri);
  if (!address.ok) return address;
  const { origin, path, query } = address.value;
  const read = readPath(path, year);
  if (!read.ok) return read;
  const [key, ...qualifiers] = read.elements;
  if (key === undefined) return refuseKey(path);
  const rest = readQuery(query, [key, ...qualifiers], year);
  if (!rest.ok) return rest;
  const { attributes, parameters } = rest;
  return { ok: true, value: { stem: origin + read.stem, key, qualifiers, attributes, parameters } };
}

/** Writes a URI with all that it says, under its own stem or another. */
export function printDigitalLink(link: DigitalLink, stem: string = link.stem): string {
  const query = [
    ...link.attributes.map(({ ai, value }) => `${ai}=${encodePercent(value)}`),
    ...link.parameters.map(({ name, value }) => (value === undefined ? name : `${name}=${value}`)),
  ];
  return `${stem}${pathOf(link)}${query.length === 0 ? "" : `?${query.join("&")}`}`;
}

/**
 * Writes the one URI of those that say the same: under a given stem, attributes in the order of their identifiers (our
 * choice), nothing that is no element. Two URIs say the same if and only if these are equal.
 */
export function canonicalDigitalLink(link: DigitalLink, stem: string = CANONICAL_STEM): string {
  const attributes = [...link.attributes].sort((a, b) => (a.ai < b.ai ? -1 : 1));
  return printDigitalLink({ ...link, attributes, parameters: [] }, stem);
}

/** The path that names the thing, without attributes: `/01/09521234543213/21/12345`. */
export function pathOf({ key, qualifiers }: Pick<DigitalLink, "key" | "qualifiers">): string {
  return [key, ...qualifiers].map(({ ai, value }) => `/${ai}/${encodePercent(value)}`).join("");
}

/**
 * The elements of a path. They are sought from its end, in pairs, up to the first key: what stands before it is part of the
 * stem, even if it looks like a key.
 */
function readPath(path: Piece, year?: number): Path {
  const segments = splitPiece({ text: path.text.slice(1), at: path.at + 1 }, "/");
  if (segments.at(-1)?.text === "" && segments.length > 1) {
    const at = path.at + path.text.length - 1;
    return refuseForm({ field: "path", expected: "no slash at the end", got: path.text, at });
  }
  let from = segments.length - 2;
  while (from >= 0 && orderOf(segments[from]) === undefined) {
    const isQualifier = APPLICATION_IDENTIFIERS.has(segments[from]?.text ?? "");
    from = isQualifier ? from - 2 : -1;
  }
  const orders = orderOf(segments[from]);
  if (orders === undefined) return refuseKey(path);
  const elements: Element[] = [];
  for (let at = from; at < segments.length; at += 2) {
    const [ai, value] = [segments[at], segments[at + 1]];
    if (ai === undefined || value === undefined) return refuseKey(path);
    const made = makeElement(ai, value, year);
    if (!made.ok) return made;
    elements.push(made.value);
    const names = elements.slice(1).map((element) => element.ai);
    if (names.length === 0 || orders.some((order) => isPartOf(names, order))) continue;
    const expected = `behind (${segments[from]?.text}), in this order: ${orders.map(showOrder).join(" or ")}`;
    return refuseValue("path", { expected, got: names.map((name) => `(${name})`).join(" "), at: ai.at });
  }
  const stem = path.text.slice(0, (segments[from]?.at ?? path.at) - path.at - 1);
  return { ok: true, stem, elements };
}

function readQuery(query: Piece | undefined, inPath: readonly Element[], year?: number): Query {
  const attributes: Element[] = [];
  const parameters: Parameter[] = [];
  for (const { text, at } of query === undefined ? [] : splitPiece(query, "&")) {
    if (text === "") continue;
    if (attributes.length + parameters.length >= PARAMETERS_MAX) {
      return refuseForm({
        field: "query",
        expected: `at most ${PARAMETERS_MAX} parameters`,
        got: "more",
        at,
      });
    }
    const equals = text.indexOf("=");
    const name = equals < 0 ? text : text.slice(0, equals);
    if (!isDigits(name)) {
      parameters.push(equals < 0 ? { name } : { name, value: text.slice(equals + 1) });
      continue;
    }
    const begins = equals < 0 ? text.length : equals + 1;
    const value = { text: text.slice(begins), at: at + begins };
    const read = readAttribute({ text: name, at }, value, [...inPath, ...attributes], inPath, year);
    if (!read.ok) return read;
    attributes.push(read.value);
  }
  return { ok: true, attributes, parameters };
}

function readAttribute(
  name: Piece,
  value: Piece,
  before: readonly Element[],
  inPath: readonly Element[],
  year?: number,
): { readonly ok: true; readonly value: Element } | Refusal {
  const { text: ai, at } = name;
  const identifier = APPLICATION_IDENTIFIERS.get(ai);
  if (identifier === undefined || !identifier.isAttribute) {
    const expected = "an application identifier that may be in a query, or a name that is no number";
    return refuseValue("query", { expected, got: ai, at });
  }
  if (before.some((element) => element.ai === ai)) {
    return refuseValue("query", { expected: "each application identifier once", got: ai, at });
  }
  const [key, ...qualifiers] = inPath;
  const names = [...qualifiers.map((element) => element.ai), ai];
  const orders = APPLICATION_IDENTIFIERS.get(key?.ai ?? "")?.qualifierOrders ?? [];
  // In any order: it is the place of the identifier that is wrong, wherever in the path it would have to stand.
  if (orders.some((order) => names.every((each) => order.includes(each)))) {
    return refuseValue("query", { expected: `(${ai}) in the path, behind the key`, got: ai, at });
  }
  if (value.text.includes("+")) {
    const expected = "%2B for +, which stands for a space";
    const plus = refuseForm({ field: `(${ai})`, expected, got: value.text, at: value.at });
    return isPersonalIdentifier(ai) ? { ok: false, fault: withheld(plus.fault) } : plus;
  }
  return makeElement(name, value, year);
}

function makeElement(
  name: Piece,
  { text, at }: Piece,
  year?: number,
): { readonly ok: true; readonly value: Element } | Refusal {
  const identifier = APPLICATION_IDENTIFIERS.get(name.text);
  if (identifier === undefined) {
    return refuseForm({
      field: "ai",
      expected: "an application identifier of GS1",
      got: name.text,
      at: name.at,
    });
  }
  const value = decodePercent(text);
  if (value === undefined) {
    const expected = "% only before two hexadecimal digits of an ASCII character";
    const escaped = refuseForm({ field: `(${name.text})`, expected, got: text, at });
    return isPersonalIdentifier(name.text) ? { ok: false, fault: withheld(escaped.fault) } : escaped;
  }
  const isShorter = name.text === GTIN_IDENTIFIER && SHORTER_GTINS.includes(value.length);
  const made = elementOf(identifier, isShorter ? value.padStart(GTIN_DIGITS, "0") : value, year);
  if (made.ok) return made;
  const offset = isShorter ? value.length - GTIN_DIGITS : 0;
  const place = text === value ? Math.max(0, (made.fault.at ?? 0) + offset) : 0;
  return { ok: false, fault: { ...made.fault, at: at + place } };
}

function orderOf(segment: Piece | undefined): readonly (readonly string[])[] | undefined {
  return segment === undefined ? undefined : APPLICATION_IDENTIFIERS.get(segment.text)?.qualifierOrders;
}

/** Whether names stand in an order, some of it left out. */
function isPartOf(names: readonly string[], order: readonly string[]): boolean {
  let at = -1;
  return names.every((name) => {
    at = order.indexOf(name, at + 1);
    return at >= 0;
  });
}

function showOrder(order: readonly string[]): string {
  return order.length === 0 ? "nothing" : order.map((ai) => `(${ai})`).join(" ");
}

function refuseKey({ text, at }: Piece): Refusal {
  const expected = "a path that ends in a key of GS1 and its value, such as /01/09521234543213";
  return refuseForm({ field: "path", expected, got: text, at });
}
