import fc from "fast-check";
import {
  APPLICATION_IDENTIFIERS,
  type ApplicationIdentifier,
  type Component,
} from "./application-identifiers.ts";
import { CHARACTER_SET_39, CHARACTER_SET_64, CHARACTER_SET_82 } from "./character-sets.ts";
import { complete, digits } from "./keys.testing.ts";
import { checkPairOf } from "./lint-checks.ts";
import { LINTER_ASSERTIONS } from "./linter-assertions.testing.ts";

const CHARACTERS: Readonly<Record<string, string>> = {
  N: "0123456789",
  X: CHARACTER_SET_82,
  Y: CHARACTER_SET_39,
  Z: CHARACTER_SET_64,
};

/** Values that may stand behind an identifier. */
export function valuesOf({ components }: ApplicationIdentifier): fc.Arbitrary<string> {
  const leaveOut = components.some(({ optional }) => optional)
    ? fc.nat(components.length)
    : fc.constant(components.length);
  return fc
    .tuple(leaveOut, ...components.map(piecesOf))
    .map(([count, ...pieces]) => pieces.filter((_, at) => at < count || !components[at]?.optional).join(""));
}

/** Elements of different identifiers, in any order. */
export const elements: fc.Arbitrary<readonly { readonly ai: string; readonly value: string }[]> = fc
  .uniqueArray(fc.constantFrom(...APPLICATION_IDENTIFIERS.values()), { minLength: 1, maxLength: 5 })
  .chain((identifiers) =>
    fc.tuple(
      ...identifiers.map((identifier) => valuesOf(identifier).map((value) => ({ ai: identifier.ai, value }))),
    ),
  );

function piecesOf({ min, max, format, linters }: Component): fc.Arbitrary<string> {
  const names = linters.map(([name]) => name);
  const characters = CHARACTERS[format.charAt(0)] ?? "";
  if (names.includes("csum")) return digits(max - 1).map(complete);
  if (names.includes("csumalpha")) {
    return fc.tuple(digits(5), texts("A!z", 1, max - 7)).map(([company, model]) => {
      const body = company + model;
      return body + checkPairOf(body);
    });
  }
  if (names.includes("gcppos1")) {
    return fc.tuple(digits(5), texts(characters, 0, max - 5)).map((pieces) => pieces.join(""));
  }
  const named = names.slice(1).at(-1);
  if (named === undefined) return texts(characters, min, max);
  const known = LINTER_ASSERTIONS[named]?.right.filter(
    (text) =>
      text.length >= min && text.length <= max && linters.every(([, lint]) => lint(text) === undefined),
  );
  return known === undefined || known.length === 0
    ? texts(characters.replace("0", ""), min, max)
    : fc.constantFrom(...known);
}

function texts(characters: string, minLength: number, maxLength: number): fc.Arbitrary<string> {
  return fc.array(fc.constantFrom(...characters), { minLength, maxLength }).map((all) => all.join(""));
}
