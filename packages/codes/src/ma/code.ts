import { type Fault, fault, type Parsed, parsed, refused } from "../fault.ts";
import { explainLength, explainScan } from "./code-fault.ts";
import { CANONICAL, canonicalText, endOfCode, isIndustryAt, scanCode } from "./grammar.ts";
import { CODE_CHARACTERS_MAX } from "./limits.ts";

declare const brand: unique symbol;

/**
 * An MA identification code (ISO/IEC 15459) in its canonical text, such as
 * `MA.156.1301.02/60.10000000.1/000123`: ASCII, at most {@link CODE_CHARACTERS_MAX} characters, equal exactly
 * when the codes are equal. Upper and lower case differ. Only {@link parseCode}, {@link formatCode} and
 * {@link isCode} make one from other text. Spec §2.3.
 */
export type Code = string & { readonly [brand]: "Code" };

/**
 * The shape of a code, decided by its third node alone. Spec §2.1.
 *
 * - `general`: root of 2 to 4 nodes, "/", object of up to 3 nodes (use, category, model), "/", custom nodes.
 *   The operator publishes "." and "/" as separators of parts; that "/" is the canonical one is our choice.
 * - `medical`: the third node is "M" and one digit, as in `MA.156.M0.100032.00002689`. Published device codes
 *   hold one product node and lettered elements, all separated by "."; that text is kept as it is, because it
 *   is printed on packages, matched in device databases and summed by its check digits. So "/" has no place
 *   in it.
 */
export type Profile = "general" | "medical";

/** The three parts of a code, node by node. */
export type CodeParts = {
  readonly profile: Profile;
  /** Agency `MA`, country, region or industry, unit: 2 to 4 nodes. A medical root has 4 where an object follows. */
  readonly root: readonly string[];
  /** general: use, category, model, 0 to 3 of them. medical: the product node, or nothing. */
  readonly object: readonly string[];
  /** general: nodes of the registrant's own. medical: production elements such as `S60KACAAAE`. */
  readonly custom: readonly string[];
};

/** The nodes of which {@link formatCode} makes a code; the profile follows from `root[2]`. */
export type CodeNodes = Pick<CodeParts, "root" | "object" | "custom">;

/**
 * Reads a code. Accepted besides canonical text: one "/" at the end, which is the form in which the registry
 * answers; and "." between the parts of a general code where only one reading exists, which is after four
 * root nodes and after three object nodes. Nothing else is mended: no trimming, no change of case or of
 * Unicode form. The check digits of a medical code are not tested here: see `warningsOf`.
 */
export function parseCode(text: string): Parsed<Code> {
  const end = endOfCode(text);
  if (end > CODE_CHARACTERS_MAX) return refused(explainLength(text));
  const scan = scanCode(text, end);
  if (scan < 0) return refused(explainScan(text, end, scan));
  if (scan === CANONICAL) return parsed((end === text.length ? text : text.slice(0, end)) as Code);
  return parsed(canonicalText(text, end, scan) as Code);
}

/** Whether the text is a code and canonical as it stands: for text that should have been stored so. */
export function isCode(text: string): text is Code {
  return text.length <= CODE_CHARACTERS_MAX && scanCode(text, text.length) === CANONICAL;
}

/** Position of the third node, after `MA.` and three digits of country and ".". */
const REGION_AT = 7;

/** The profile of a code. */
export function profileOf(code: Code): Profile {
  const nodeEnd = code.indexOf(".", REGION_AT);
  return isIndustryAt(code, REGION_AT, nodeEnd < 0 ? code.length : nodeEnd) ? "medical" : "general";
}

const ROOT_NODES_MAX = 4;

/** The parts of a code. `formatCode` makes the same code of them again. */
export function partsOf(code: Code): CodeParts {
  if (profileOf(code) === "medical") {
    const nodes = code.split(".");
    return {
      profile: "medical",
      root: nodes.slice(0, ROOT_NODES_MAX),
      object: nodes.slice(ROOT_NODES_MAX, ROOT_NODES_MAX + 1),
      custom: nodes.slice(ROOT_NODES_MAX + 1),
    };
  }
  const [root = "", object, custom] = code.split("/");
  return {
    profile: "general",
    root: root.split("."),
    object: splitNodes(object),
    custom: splitNodes(custom),
  };
}

function splitNodes(part: string | undefined): readonly string[] {
  return part === undefined ? [] : part.split(".");
}

/**
 * Makes a code of its nodes. Refused where the parts do not fit together or a node would read as another; the
 * position in a fault is that in the text which the nodes make.
 */
export function formatCode(nodes: CodeNodes): Parsed<Code> {
  const region = nodes.root[2] ?? "";
  const medical = isIndustryAt(region, 0, region.length);
  const misfit = findMisfit(nodes, medical) ?? findBrokenNode(nodes, medical);
  if (misfit !== undefined) return refused(misfit);
  if (medical) return parseCode([...nodes.root, ...nodes.object, ...nodes.custom].join("."));
  const parts = [nodes.root, nodes.object, nodes.custom].filter((part) => part.length > 0);
  return parseCode(parts.map((part) => part.join(".")).join("/"));
}

function findMisfit({ root, object, custom }: CodeNodes, medical: boolean): Fault | undefined {
  const objectNodes = medical ? 1 : 3;
  if (root.length < 2 || root.length > ROOT_NODES_MAX) {
    return countFault("root", `2 to ${ROOT_NODES_MAX} nodes`, root.length);
  }
  if (object.length > objectNodes) return countFault("object", `at most ${objectNodes} nodes`, object.length);
  if (medical && object.length > 0 && root.length < ROOT_NODES_MAX) {
    return countFault("root", `${ROOT_NODES_MAX} nodes before the product node`, root.length);
  }
  if (custom.length > 0 && object.length < objectNodes) {
    return countFault("object", `${objectNodes} nodes before a custom part`, object.length);
  }
  return undefined;
}

function countFault(field: string, expected: string, count: number): Fault {
  return fault({ field, expected, got: `${count} nodes` });
}

/** A node that is empty or holds a separator would shift those after it. */
function findBrokenNode(nodes: CodeNodes, medical: boolean): Fault | undefined {
  const named: readonly (readonly [readonly string[], (index: number) => string])[] = [
    [nodes.root, (index) => ["agency", "country"][index] ?? `root[${index}]`],
    [nodes.object, (index) => `object.${medical ? "product" : ["use", "category", "model"][index]}`],
    [nodes.custom, (index) => `custom[${index}]`],
  ];
  for (const [part, fieldOf] of named) {
    const index = part.findIndex((node) => node === "" || node.includes(".") || node.includes("/"));
    if (index >= 0) {
      return fault({
        field: fieldOf(index),
        expected: 'a node that is not empty and holds no "." or "/"',
        got: part[index]!,
      });
    }
  }
  return undefined;
}
