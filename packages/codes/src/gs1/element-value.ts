import { fault } from "../fault.ts";
import type { SystemFault } from "../systems/coding-system.ts";
import { type ApplicationIdentifier, formatOf } from "./application-identifiers.ts";
import type { Finding } from "./finding.ts";

/** Findings of which a wrong check character is the reason. */
const CHECK_REASONS: ReadonlySet<string> = new Set([
  "incorrect-check-digit",
  "incorrect-check-pair",
  "incorrect-iban-checksum",
]);
/** Findings that are about the form alone. */
const FORM_LINTERS: ReadonlySet<string> = new Set(["csetnumeric", "cset82", "cset39", "cset64"]);

/** The stretches of a value that its components are, in their order; what is left out is not among them. */
export function piecesOf({ components }: ApplicationIdentifier, value: string): readonly string[] {
  const pieces: string[] = [];
  let at = 0;
  for (const { max } of components) {
    if (at >= value.length) break;
    pieces.push(value.slice(at, at + max));
    at += max;
  }
  return pieces;
}

/** Why a value may not stand behind an identifier; `undefined` if it may. Places are counted in the value. */
export function checkElementValue(identifier: ApplicationIdentifier, value: string): SystemFault | undefined {
  let at = 0;
  for (const { min, max, optional, linters } of identifier.components) {
    if (optional && at === value.length) return undefined;
    const piece = value.slice(at, at + max);
    if (piece.length < min) return refuse(identifier, value, value.length);
    for (const [name, lint] of linters) {
      const found = lint(piece);
      if (found !== undefined) return refuseFinding(identifier, value, at, found, FORM_LINTERS.has(name));
    }
    at += piece.length;
  }
  return at === value.length ? undefined : refuse(identifier, value, at);
}

function refuse(identifier: ApplicationIdentifier, value: string, at: number): SystemFault {
  const expected = `a value of the form ${formatOf(identifier)}`;
  return { ...fault({ field: `(${identifier.ai})`, at, expected, got: value }), kind: "form" };
}

function refuseFinding(
  { ai }: ApplicationIdentifier,
  value: string,
  from: number,
  { reason, at, length, expected }: Finding,
  isForm: boolean,
): SystemFault {
  const got = value.slice(from + at, from + at + length);
  const kind = CHECK_REASONS.has(reason) ? "check" : isForm ? "form" : "value";
  return { ...fault({ field: `(${ai})`, at: from + at, expected, got }), kind };
}
