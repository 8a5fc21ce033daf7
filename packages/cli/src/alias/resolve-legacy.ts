import type { Code } from "@cityroot/codes/ma/code";
import { holdsOn } from "@cityroot/core/state/alias";
import type { Day } from "@cityroot/core/state/day";
import type { Client } from "@cityroot/sdk/client";
import { type FindAliasesReturnType, findAliases } from "@cityroot/sdk/find-aliases";
import type { Resolution } from "@cityroot/sdk/resolution";
import { resolve } from "@cityroot/sdk/resolve";
import type { Context } from "../context.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { resolutionLines } from "../registry/resolution-lines.ts";
import { printable } from "../terminal/printable.ts";
import { aliasLines, meaningLine } from "./alias-lines.ts";
import { exitOfMeaning } from "./exit-of-meaning.ts";

/** What a legacy code leads to. */
export type LegacyResolution = FindAliasesReturnType & {
  /** Of the one code that it means on the day; null where it means none, or is in conflict. */
  readonly resolution: Resolution | null;
  /** What took its place: by claims that say so, and by the records of what it meant before. */
  readonly successors: readonly Code[];
};

/** See {@link resolveLegacy}. */
export type ResolveLegacyParameters = {
  readonly system: string;
  readonly value: string;
  readonly exact: boolean;
  /** Today where it is null. */
  readonly day: Day | null;
  /** What following a referral to another network takes. */
  readonly follow: { readonly follow: boolean; readonly allowPrivateHosts: boolean };
  readonly signal: AbortSignal;
};

/** Codes of other days that are looked up for what took their place: more than honest claimants name. */
const FORMER_MAX = 16;

/** Resolves a code of another system through what the ledger proves to be claimed of it. */
export async function resolveLegacy(
  client: Client,
  { system, value, exact, day, follow, signal }: ResolveLegacyParameters,
): Promise<LegacyResolution> {
  const asked = { system, value, exact, signal };
  const found = await findAliases(client, day === null ? asked : { ...asked, day });
  const { meaning } = found;
  const resolution =
    meaning.kind === "one" ? await resolve(client, meaning.target, { ...follow, signal }) : null;
  const former = meaning.kind === "ended" ? meaning.targets.slice(0, FORMER_MAX) : [];
  const records = await Promise.all(former.map((code) => resolve(client, code, { ...follow, signal })));
  const byRecords = records.flatMap(({ record }) => record?.succession?.codes ?? []);
  const successors = [...new Set([...replacedBy(found), ...byRecords])];
  return { ...found, resolution, successors };
}

/** Codes that are claimed to have taken the place of a legacy code, by claims that count on the day. */
function replacedBy({ aliases, day }: FindAliasesReturnType): readonly Code[] {
  return aliases
    .filter(
      ({ relation, standing, from, until }) =>
        relation === "replaced-by" &&
        standing !== "withdrawn" &&
        standing !== "disputed" &&
        holdsOn({ from: from as Day | null, until: until as Day | null }, day as Day),
    )
    .map(({ target }) => target);
}

/** That in lines: what it comes to, then the record that it leads to, or all that is claimed where there is no one answer. */
export function legacyResolutionLines(context: Context, found: LegacyResolution): readonly string[] {
  const { say, colors } = context;
  const { system, value, meaning, day, aliases, resolution, successors } = found;
  return [
    `${colors.bold(printable(value))}  ${colors.dim(system)}`,
    meaningLine(context, meaning, day, aliases),
    ...(successors.length === 0 ? [] : [say("alias.successors", { codes: successors.join(", ") })]),
    ...(resolution === null
      ? aliases.flatMap((alias) => ["", ...aliasLines(context, alias)])
      : ["", ...resolutionLines(context, resolution)]),
  ];
}

/** Scripts tell by this what came of it. */
export function exitOfLegacy({ meaning, resolution }: LegacyResolution): ExitCode {
  if (resolution?.standing === "federated") return EXIT.unavailable;
  return resolution?.record === null ? EXIT.notFound : exitOfMeaning(meaning);
}
