import fc from "fast-check";
import { type Code, type CodeNodes, formatCode } from "./code.ts";
import { CODE_CHARACTERS_MAX } from "./limits.ts";

const DIGITS = "0123456789";
const ALPHANUMERICS = `${DIGITS}ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz`;

function node(characters: string, min: number, max: number): fc.Arbitrary<string> {
  return fc.string({ unit: fc.constantFrom(...characters), minLength: min, maxLength: max });
}

const country = node(DIGITS, 3, 3);
const unit = node(ALPHANUMERICS, 1, 8);
const serial = node(`${ALPHANUMERICS}-_`, 1, 12);
const region = fc
  .oneof(unit, fc.constantFrom("1301", "110101", "M", "M00", "m0"))
  .filter((text) => !/^M[0-9]$/.test(text));

/** Nodes of general codes of every depth. */
export const generalNodes: fc.Arbitrary<CodeNodes> = fc
  .record({
    country,
    rest: fc.oneof(fc.constant([]), fc.tuple(region), fc.tuple(region, unit)),
    object: fc.tuple(node(DIGITS, 2, 2), node(DIGITS, 8, 8), serial),
    objectNodes: fc.integer({ min: 0, max: 3 }),
    custom: fc.array(serial, { maxLength: 4 }),
  })
  .map(({ country, rest, object, objectNodes, custom }) => ({
    root: ["MA", country, ...rest],
    object: object.slice(0, objectNodes),
    custom: objectNodes === 3 ? custom : [],
  }));

/** Nodes of medical codes of every depth. */
export const medicalNodes: fc.Arbitrary<CodeNodes> = fc
  .record({
    country,
    industry: node(DIGITS, 1, 1),
    registrant: fc.option(unit),
    product: fc.option(serial),
    elements: fc.array(serial, { maxLength: 4 }),
  })
  .map(({ country, industry, registrant, product, elements }) => ({
    root: ["MA", country, `M${industry}`, ...(registrant === null ? [] : [registrant])],
    object: registrant === null || product === null ? [] : [product],
    custom: registrant === null || product === null ? [] : elements,
  }));

/** Nodes of codes of both profiles. */
export const codeNodes: fc.Arbitrary<CodeNodes> = fc
  .oneof({ weight: 3, arbitrary: generalNodes }, { weight: 1, arbitrary: medicalNodes })
  .filter(
    ({ root, object, custom }) => [...root, ...object, ...custom].join(".").length <= CODE_CHARACTERS_MAX,
  );

/** Codes of both profiles. */
export const codes: fc.Arbitrary<Code> = codeNodes.map(makeCode);

/** The code of nodes that are known to make one. */
export function makeCode(nodes: CodeNodes): Code {
  const made = formatCode(nodes);
  if (!made.ok) throw new Error(`not a code: ${JSON.stringify(made.fault)}`);
  return made.value;
}
