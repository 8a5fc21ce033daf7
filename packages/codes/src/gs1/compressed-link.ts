import { type Refusal, refuseForm } from "../systems/refusal.ts";
import { APPLICATION_IDENTIFIERS } from "./application-identifiers.ts";
import { BitReader, bitsFromText, bitsToText } from "./bits.ts";
import { SEQUENCES } from "./compressed-format.ts";
import {
  compressValue,
  decompressText,
  decompressValue,
  identifierDigits,
  identifierToBits,
  sixBitText,
} from "./compressed-values.ts";
import {
  type DigitalLink,
  type DigitalLinkOutcome,
  type Parameter,
  parseDigitalLink,
  printDigitalLink,
} from "./digital-link.ts";
import { digitalLinkOf } from "./digital-link-of.ts";
import { type Element, elementOf } from "./element.ts";
import { encodePercent } from "./percent-encoding.ts";
import { parseWebAddress } from "./web-address.ts";

const HEX_BITS = 4;
/** Leads a pair of a query that is no element. */
const PAIR_MARK = "F";
const PAIR_LENGTH_BITS = 7;
/** Bits that may be left to fill the last character. */
const FILLING_BITS_MAX = 5;

type Unpacked =
  | { readonly ok: true; readonly elements: readonly Element[]; readonly parameters: readonly Parameter[] }
  | Refusal;

/**
 * Writes the compressed URI: all elements in one segment behind the stem, parameters as they are. GS1 Digital Link:
 * Compression, with its sequences of identifiers.
 */
export function compressDigitalLink(link: DigitalLink, stem: string = link.stem): string {
  const values = new Map(
    [link.key, ...link.qualifiers, ...link.attributes].map(({ ai, value }) => [ai, value]),
  );
  let bits = "";
  for (const { code, ais } of sequencesOf([...values.keys()].sort())) {
    bits += identifierToBits(code);
    for (const ai of ais) {
      const identifier = APPLICATION_IDENTIFIERS.get(ai);
      if (identifier !== undefined) bits += compressValue(identifier, values.get(ai) ?? "");
    }
  }
  const query = link.parameters
    .map(({ name, value }) => (value === undefined ? name : `${name}=${value}`))
    .join("&");
  return `${stem}/${bitsToText(bits)}${query === "" ? "" : `?${query}`}`;
}

/**
 * Reads a compressed URI: the last segment of its path holds all elements, or those that follow a key in the path. Values
 * are held to the same rules as anywhere.
 */
export function decompressDigitalLink(uri: string, year?: number): DigitalLinkOutcome {
  const address = parseWebAddress(uri);
  if (!address.ok) return address;
  const { origin, path, query } = address.value;
  const slash = path.text.lastIndexOf("/");
  const at = path.at + slash + 1;
  const unpacked = unpack({ text: path.text.slice(slash + 1), at }, year);
  if (!unpacked.ok) return unpacked;
  const before = origin + path.text.slice(0, Math.max(0, slash));
  const more = query === undefined || query.text === "" ? "" : `?${query.text}`;
  // What stands before may be a URI of its own, with the key; otherwise it is the stem.
  const outer = parseDigitalLink(before + more, year);
  const elements = outer.ok
    ? [outer.value.key, ...outer.value.qualifiers, ...outer.value.attributes, ...unpacked.elements]
    : unpacked.elements;
  if (new Set(elements.map(({ ai }) => ai)).size < elements.length) {
    return refuseForm({ field: "path", expected: "each application identifier once", got: path.text, at });
  }
  const link = digitalLinkOf(elements, outer.ok ? outer.value.stem : before);
  if (!link.ok) return { ok: false, fault: { ...link.fault, at } };
  // Written out it has to be a URI like any other: each element where it belongs, the query as it came.
  const parameters = [...unpacked.parameters, ...(outer.ok ? outer.value.parameters : [])];
  const plain = printDigitalLink({ ...link.value, parameters });
  const rest = outer.ok || more === "" ? "" : plain.includes("?") ? `&${more.slice(1)}` : more;
  const read = parseDigitalLink(plain + rest, year);
  return read.ok ? read : { ok: false, fault: { ...read.fault, at } };
}

function unpack({ text, at }: { readonly text: string; readonly at: number }, year?: number): Unpacked {
  const bits = text === "" ? undefined : bitsFromText(text);
  const refuse = () =>
    refuseForm({ field: "path", expected: "a segment with compressed elements", got: text, at });
  if (bits === undefined) return refuse();
  const reader = new BitReader(bits);
  const elements: Element[] = [];
  const parameters: Parameter[] = [];
  while (reader.left > FILLING_BITS_MAX) {
    const code = hexOf(reader) + hexOf(reader);
    if (code.startsWith(PAIR_MARK)) {
      const pair = readPair(code, reader);
      if (pair === undefined) return refuse();
      parameters.push(pair);
      continue;
    }
    const ais = SEQUENCES.get(code) ?? readIdentifier(code, reader);
    if (ais === undefined) return refuse();
    for (const ai of ais) {
      const identifier = APPLICATION_IDENTIFIERS.get(ai);
      const value = identifier && decompressValue(identifier, reader);
      if (identifier === undefined || value === undefined) return refuse();
      const made = elementOf(identifier, value, year);
      if (!made.ok) return { ok: false, fault: { ...made.fault, at } };
      elements.push(made.value);
    }
  }
  return reader.rest.includes("1") || elements.length === 0 ? refuse() : { ok: true, elements, parameters };
}

/** The rest of an identifier of which two digits were read. */
function readIdentifier(beginning: string, reader: BitReader): readonly string[] | undefined {
  const digits = identifierDigits(beginning);
  if (digits === undefined) return undefined;
  let ai = beginning;
  while (ai.length < digits) ai += hexOf(reader) || "-";
  return [ai];
}

/** A pair of a query: length of the name, name, kind and length of the value, value. Names have no other characters. */
function readPair(code: string, reader: BitReader): Parameter | undefined {
  const low = reader.number(PAIR_LENGTH_BITS - HEX_BITS);
  if (low === undefined) return undefined;
  const length = Number.parseInt(code.charAt(1), 16) * 2 ** (PAIR_LENGTH_BITS - HEX_BITS) + low;
  const name = sixBitText(reader, length);
  const value = name === undefined ? undefined : decompressText(reader, PAIR_LENGTH_BITS);
  return name === undefined || value === undefined ? undefined : { name, value: encodePercent(value) };
}

function hexOf(reader: BitReader): string {
  return reader.number(HEX_BITS)?.toString(16).toUpperCase() ?? "";
}

/**
 * Identifiers as they are written: as long as sequences fit, the one that saves most digits comes first, of equals the
 * first of the table; then the others, each for itself.
 */
function sequencesOf(
  sorted: readonly string[],
): readonly { readonly code: string; readonly ais: readonly string[] }[] {
  const left = new Set(sorted);
  const chosen: { code: string; ais: readonly string[] }[] = [];
  for (;;) {
    let best: { code: string; ais: readonly string[] } | undefined;
    for (const [code, ais] of SEQUENCES) {
      if (!ais.every((ai) => left.has(ai))) continue;
      if (best === undefined || ais.join("").length > best.ais.join("").length) best = { code, ais };
    }
    if (best === undefined) break;
    chosen.push(best);
    for (const ai of best.ais) left.delete(ai);
  }
  return [...chosen, ...[...left].map((ai) => ({ code: ai, ais: [ai] }))];
}
