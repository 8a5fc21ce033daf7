import { type Fault, fault } from "../fault.ts";
import {
  AGENCY,
  BAD_LENGTH,
  BAD_SEPARATOR,
  CATEGORY,
  COUNTRY,
  CUSTOM,
  canonicalText,
  DOT,
  ELEMENT,
  endOfCode,
  NODE_RULES,
  readFailure,
  type ScanFailure,
  SLASH,
  scanCode,
  TOO_MANY_NODES,
  USE,
} from "./grammar.ts";
import { CODE_CHARACTERS_MAX, NODES_MAX } from "./limits.ts";
import { guessMeantText } from "./meant-text.ts";

const ROOT_NODES_MAX = 4;
const OBJECT_NODES_GENERAL = 3;
const OBJECT_NODES_MEDICAL = 1;

/** The fault of a text that is too long to be a code. */
export function explainLength(text: string): Fault {
  return fault({
    field: "code",
    at: CODE_CHARACTERS_MAX,
    expected: `at most ${CODE_CHARACTERS_MAX} characters`,
    got: `${text.length} characters: ${text.slice(0, CODE_CHARACTERS_MAX)}`,
  });
}

/** The fault of a text that the scanner refused. This is the slow path: it may take its time. */
export function explainScan(text: string, end: number, scan: number): Fault {
  const found = readFailure(scan);
  const nodeAt = startOfNode(text, found.at);
  const details = {
    field: fieldOf(text, found, nodeAt),
    at: found.place === AGENCY ? agencyFaultAt(text) : found.at,
    expected: expectedOf(found),
    got:
      found.reason === BAD_SEPARATOR
        ? text.charAt(found.at)
        : text.slice(nodeAt, endOfNode(text, nodeAt, end)),
  };
  const fix = fixOf(text, found);
  return fault(fix === undefined ? details : { ...details, fix });
}

function startOfNode(text: string, at: number): number {
  for (let i = at; i > 0; i--) if (isSeparator(text.charCodeAt(i - 1))) return i;
  return 0;
}

function endOfNode(text: string, nodeAt: number, end: number): number {
  for (let i = nodeAt; i < end; i++) if (isSeparator(text.charCodeAt(i))) return i;
  return end;
}

function isSeparator(unit: number): boolean {
  return unit === DOT || unit === SLASH;
}

function agencyFaultAt(text: string): number {
  let at = 0;
  while (at < 3 && text.charCodeAt(at) === "MA.".charCodeAt(at)) at++;
  return at;
}

function fieldOf(text: string, found: ScanFailure, nodeAt: number): string {
  const rule = NODE_RULES[found.place]!;
  if (found.reason === BAD_SEPARATOR) return fieldAfter(text, found, nodeAt);
  return isCustom(found.place) ? `${rule.field}[${customIndexOf(text, found.place, nodeAt)}]` : rule.field;
}

/** A refused "/" is the fault of the node that should have followed. */
function fieldAfter(text: string, found: ScanFailure, nodeAt: number): string {
  const after = NODE_RULES[found.place]!.afterDot;
  if (!isCustom(after)) return NODE_RULES[after]!.field;
  const index = isCustom(found.place) ? customIndexOf(text, found.place, nodeAt) + 1 : 0;
  return `${NODE_RULES[after]!.field}[${index}]`;
}

function isCustom(place: number): boolean {
  return place === CUSTOM || place === ELEMENT;
}

/** Number of custom nodes before the one at `nodeAt`. */
function customIndexOf(text: string, place: number, nodeAt: number): number {
  let nodes = 0;
  let rootNodes = 0;
  for (let i = 0; i < nodeAt; i++) {
    const unit = text.charCodeAt(i);
    if (isSeparator(unit)) nodes++;
    if (rootNodes === 0 && (unit === SLASH || nodes === ROOT_NODES_MAX)) rootNodes = nodes;
  }
  return nodes - rootNodes - (place === ELEMENT ? OBJECT_NODES_MEDICAL : OBJECT_NODES_GENERAL);
}

function expectedOf(found: ScanFailure): string {
  if (found.reason === TOO_MANY_NODES) return `at most ${NODES_MAX} nodes`;
  if (found.reason !== BAD_SEPARATOR) return NODE_RULES[found.place]!.expected;
  const after = NODE_RULES[NODE_RULES[found.place]!.afterDot]!;
  return `"." and ${after.expected}`;
}

function fixOf(text: string, found: ScanFailure): string | undefined {
  const meant = suggestCode(text, found.place);
  if (meant !== undefined) return `write "${meant}"`;
  if (found.reason === BAD_SEPARATOR) return fixOfSeparator(found.place);
  if (found.reason === TOO_MANY_NODES) return undefined;
  if (found.reason === BAD_LENGTH && isNodeEmpty(text, found.at)) {
    return "give the node, or remove the separator before it";
  }
  if (found.place === AGENCY && text.includes("://"))
    return "give the code alone, without the address around it";
  if (found.place === COUNTRY) return "use the three digits of ISO 3166-1, such as 156 for China";
  if (found.place === USE) {
    return "after the root come use (2 digits), category (8 digits) and model; only then nodes of your own";
  }
  return undefined;
}

function isNodeEmpty(text: string, at: number): boolean {
  return at === text.length || isSeparator(text.charCodeAt(at));
}

function fixOfSeparator(place: number): string {
  if (place === USE || place === CATEGORY) return "give use, category and model before the custom part";
  if (place === CUSTOM) return 'separate the nodes of the custom part by "."';
  return 'separate all nodes of a medical code by "."';
}

/** The canonical code that was probably meant, if changing characters alone makes one. */
function suggestCode(text: string, place: number): string | undefined {
  const meant = guessMeantText(text);
  const suggested = canonicalOrNothing(meant);
  if (suggested !== undefined || place === USE || place === CATEGORY) return suggested;
  return canonicalOrNothing(meant.replaceAll("/", "."));
}

function canonicalOrNothing(text: string): string | undefined {
  const end = endOfCode(text);
  if (end > CODE_CHARACTERS_MAX) return undefined;
  const scan = scanCode(text, end);
  return scan < 0 ? undefined : canonicalText(text, end, scan);
}
