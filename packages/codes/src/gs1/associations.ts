import { type Fault, fault } from "../fault.ts";
import { APPLICATION_IDENTIFIERS } from "./application-identifiers.ts";
import type { Element } from "./element.ts";

/**
 * What is doubtful in elements that stand together: some must have others with them, some must not. Only doubtful: the
 * rules hold for all that is marked on a thing, and that may be more than one code.
 */
export function findDoubts(elements: readonly Element[]): readonly Fault[] {
  const present = elements.map(({ ai }) => ai);
  return elements.flatMap(({ ai }) => {
    const identifier = APPLICATION_IDENTIFIERS.get(ai);
    if (identifier === undefined) return [];
    const has = (pattern: string) => present.some((other) => other !== ai && matches(other, pattern));
    const missing = identifier.requires.filter((groups) => !groups.some((group) => group.every(has)));
    const wrong = identifier.excludes.filter(has);
    return [
      ...missing.map((groups) => doubt(ai, `with it ${groups.map(show).join(" or ")}`, "without")),
      ...wrong.map((pattern) => doubt(ai, `no ${show([pattern])} with it`, "with")),
    ];
  });
}

function doubt(ai: string, expected: string, got: string): Fault {
  return fault({ field: `(${ai})`, expected, got });
}

function show(group: readonly string[]): string {
  return group.map((pattern) => `(${pattern})`).join(" and ");
}

/** Whether an identifier fits a pattern, in which `n` stands for any digit. */
function matches(ai: string, pattern: string): boolean {
  if (ai.length !== pattern.length) return false;
  for (let at = 0; at < ai.length; at++) {
    if (pattern.charAt(at) !== "n" && pattern.charAt(at) !== ai.charAt(at)) return false;
  }
  return true;
}
