import type { Code } from "@cityroot/codes/ma/code";
import { type Alias, aliasStandingOf, holdsOn } from "./alias.ts";
import type { Day } from "./day.ts";

/**
 * What a legacy code means on a day, by all that is claimed of it. Spec §5.20.5.
 * `one`: one code, which somebody with a say confirmed or which was only claimed. `conflict`: claims that name different codes.
 * `ended`: nothing on that day, but on others. `none`: nobody claims that it is any code.
 */
export type AliasMeaning =
  | { readonly kind: "one"; readonly target: Code; readonly isConfirmed: boolean }
  | { readonly kind: "conflict"; readonly targets: readonly Code[] }
  | { readonly kind: "ended"; readonly targets: readonly Code[] }
  | { readonly kind: "none" };

/** What all claims about one legacy code come to on a day. Withdrawn and disputed ones count for nothing. */
export function meaningOf(aliases: readonly Alias[], day: Day): AliasMeaning {
  const sound = aliases.filter(isSound);
  const then = sound.filter((alias) => holdsOn(alias, day));
  const targets = targetsOf(then);
  const [target, ...others] = targets;
  if (target === undefined) {
    return sound.length === 0 ? { kind: "none" } : { kind: "ended", targets: targetsOf(sound) };
  }
  if (others.length > 0) return { kind: "conflict", targets };
  const isConfirmed = then.some((alias) => aliasStandingOf(alias) === "confirmed");
  return { kind: "one", target, isConfirmed };
}

/** Whether a claim counts when it is asked what a legacy code means: it says the same, and is neither withdrawn nor disputed. */
export function isSound(alias: Alias): boolean {
  const standing = aliasStandingOf(alias);
  return alias.relation === "same-as" && standing !== "withdrawn" && standing !== "disputed";
}

/** Each target once, in the order of their texts. */
function targetsOf(aliases: readonly Alias[]): readonly Code[] {
  return [...new Set(aliases.map(({ target }) => target))].sort((a, b) => (a < b ? -1 : 1));
}
