import type { Code } from "@cityroot/codes/ma/code";
import type { ResolvedAlias } from "@cityroot/sdk/find-aliases";

/**
 * What a legacy code that means nothing on a day meant on others. Days are those of the claims.
 *
 * - `abolished`: it meant something before, and nothing later.
 * - `unused`: it meant something before, and means something again later, which need not be the same.
 * - `not-yet`: it means something later for the first time.
 */
export type EndedMeaning =
  | { readonly kind: "abolished"; readonly last: readonly Code[]; readonly until: string }
  | {
      readonly kind: "unused";
      readonly last: readonly Code[];
      readonly until: string;
      readonly next: readonly Code[];
      readonly from: string;
    }
  | { readonly kind: "not-yet"; readonly next: readonly Code[]; readonly from: string };

/** What claims that count say of other days than one on which none holds; undefined where one does, or none counts. */
export function endedMeaningOf(aliases: readonly ResolvedAlias[], day: string): EndedMeaning | undefined {
  const sound = aliases.filter(
    ({ relation, standing }) => relation === "same-as" && standing !== "withdrawn" && standing !== "disputed",
  );
  const past = sound.filter(({ until }) => until !== null && until < day);
  const later = sound.filter(({ from }) => from !== null && from > day);
  if (past.length + later.length < sound.length) return undefined;
  const until = past.map((alias) => alias.until!).reduce((a, b) => (a > b ? a : b), "");
  const from = later.map((alias) => alias.from!).reduce((a, b) => (a === "" || b < a ? b : a), "");
  const last = targetsOf(past.filter((alias) => alias.until === until));
  const next = targetsOf(later.filter((alias) => alias.from === from));
  if (past.length === 0) return later.length === 0 ? undefined : { kind: "not-yet", next, from };
  return later.length === 0
    ? { kind: "abolished", last, until }
    : { kind: "unused", last, until, next, from };
}

function targetsOf(aliases: readonly ResolvedAlias[]): readonly Code[] {
  return [...new Set(aliases.map(({ target }) => target))].sort();
}
