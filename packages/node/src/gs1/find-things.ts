import type { Code } from "@cityroot/codes/ma/code";
import { type Alias, aliasStandingOf, holdsOn, type LegacyCode } from "@cityroot/core/state/alias";
import { meaningOf } from "@cityroot/core/state/alias-meaning";
import type { Day } from "@cityroot/core/state/day";
import { readSoundClaims } from "../api/read/alias-json.ts";
import type { View } from "../api/read/view.ts";
import type { Level } from "./digital-link-levels.ts";

/** A level of an address with the code that it is. */
export type FoundThing = {
  readonly path: string;
  readonly code: Code;
  /**
   * Whether the authority of the coding system stands for it. Whoever may issue codes may claim any number for one, and confirms that
   * by claiming it; so where no authority is named, nobody does.
   */
  readonly isVouched: boolean;
};

/** What an address comes to: decided by the finest of its things of which anything is claimed. */
export type Found =
  /** The things that are codes, the finest first. */
  | { readonly kind: "things"; readonly things: readonly [FoundThing, ...FoundThing[]] }
  /** It is claimed to be different codes; none are named where more is claimed than is weighed. */
  | { readonly kind: "conflict"; readonly path: string; readonly codes: readonly Code[] }
  /** It was these codes on other days, and is none today. */
  | { readonly kind: "ended"; readonly path: string; readonly codes: readonly Code[] }
  /** Nobody claims anything of it. */
  | { readonly kind: "none" };

/** Looks up the things of an address on a day. */
export function findThings(view: View, levels: readonly Level[], day: Day): Found {
  const things: FoundThing[] = [];
  for (const { path, names } of levels) {
    const meaning = meaningOfAll(view, names, day);
    if (meaning.kind === "one") things.push({ path, ...meaning.thing });
    else if (things.length === 0 && meaning.kind !== "none") return { ...meaning, path };
  }
  const [finest, ...others] = things;
  return finest === undefined ? { kind: "none" } : { kind: "things", things: [finest, ...others] };
}

type Meaning =
  | { readonly kind: "one"; readonly thing: Omit<FoundThing, "path"> }
  | { readonly kind: "conflict" | "ended"; readonly codes: readonly Code[] }
  | { readonly kind: "none" };

/** What legacy codes that name one thing come to together. */
function meaningOfAll(view: View, names: readonly LegacyCode[], day: Day): Meaning {
  const targets = new Set<Code>();
  const ended = new Set<Code>();
  let isVouched = false;
  for (const name of names) {
    const claims = readSoundClaims(view, name, day);
    if (claims === null) return { kind: "conflict", codes: [] };
    const meaning = meaningOf(claims, day);
    if (meaning.kind === "one") {
      targets.add(meaning.target);
      isVouched ||= isOfAuthority(view, claims, meaning.target, day);
    } else if (meaning.kind === "conflict") for (const target of meaning.targets) targets.add(target);
    else if (meaning.kind === "ended") for (const target of meaning.targets) ended.add(target);
  }
  const [code, other] = targets;
  if (other !== undefined) return { kind: "conflict", codes: [...targets].sort() };
  if (code !== undefined) return { kind: "one", thing: { code, isVouched } };
  return ended.size === 0 ? { kind: "none" } : { kind: "ended", codes: [...ended].sort() };
}

/** Whether the authority that a coding system has today confirmed a claim that says so on a day. */
function isOfAuthority(view: View, claims: readonly Alias[], target: Code, day: Day): boolean {
  return claims.some((alias) => {
    const { relation, bySystem, system } = alias;
    if (relation !== "same-as" || alias.target !== target || bySystem?.verdict !== "confirmed") return false;
    if (aliasStandingOf(alias) !== "confirmed" || !holdsOn(alias, day)) return false;
    const authority = view.authorityOf(system);
    const holder = authority === null ? undefined : view.prefixAtOrAbove(authority)?.holder;
    return holder !== undefined && holder.id === view.holderOf(bySystem.holder).id;
  });
}
