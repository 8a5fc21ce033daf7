import type { Code } from "@cityroot/codes/ma/code";
import { holdsOn } from "@cityroot/core/state/alias";
import type { Day } from "@cityroot/core/state/day";
import type { TextJson } from "@cityroot/sdk/attributes-json";
import type { Client } from "@cityroot/sdk/client";
import type { FindAliasesReturnType } from "@cityroot/sdk/find-aliases";
import type { Resolution } from "@cityroot/sdk/resolution";
import { resolve } from "@cityroot/sdk/resolve";
import type { Context } from "../context.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { resolutionLines, textOf } from "../registry/resolution-lines.ts";
import { printable } from "../terminal/printable.ts";
import { aliasLines, meaningLine, provenLines } from "./alias-lines.ts";
import { type EndedMeaning, endedMeaningOf } from "./ended-meaning.ts";
import { exitOfMeaning } from "./exit-of-meaning.ts";
import { findProven } from "./find-proven.ts";
import { type Follow, followSuccessors } from "./follow-successors.ts";
import { doubtLines, type ValueDoubt, valueDoubtOf } from "./value-doubt.ts";

/** What a legacy code leads to. */
export type LegacyResolution = FindAliasesReturnType & {
  /** Of the one code that it means on the day; null where it means none, or is in conflict. */
  readonly resolution: Resolution | null;
  /** What it meant before and means later, where it means nothing on the day and something on others; else null. */
  readonly ended: EndedMeaning | null;
  /** What it meant last before the day, with the names in the records; none where it means something then. */
  readonly former: readonly { readonly code: Code; readonly name: TextJson | null }[];
  /** What took its place: by claims that say so, and by the records of what it meant last. */
  readonly successors: readonly Code[];
  /** Of these, and of their successors in turn, those that are not retired themselves. */
  readonly inUse: readonly Code[];
  /** Where nobody claims anything: whether it is mistyped. */
  readonly doubt: ValueDoubt | null;
};

/** See {@link resolveLegacy}. */
export type ResolveLegacyParameters = {
  readonly system: string;
  readonly value: string;
  readonly exact: boolean;
  /** Today where it is null. */
  readonly day: Day | null;
  /** Where the proof of what is claimed is kept; undefined where it is not. */
  readonly proofPath: string | undefined;
  /** What following a referral to another network takes. */
  readonly follow: Follow;
  readonly signal: AbortSignal;
};

/** Codes of other days that are looked up for what took their place: more than honest claimants name. */
const FORMER_MAX = 16;

/** Resolves a code of another system through what the ledger proves to be claimed of it. */
export async function resolveLegacy(
  context: Context,
  client: Client,
  { system, value, exact, day, proofPath, follow, signal }: ResolveLegacyParameters,
): Promise<LegacyResolution> {
  const asked = { system, value, exact, signal };
  const found = await findProven(context, client, { ...asked, ...(day !== null && { day }), proofPath });
  const { meaning } = found;
  const resolution =
    meaning.kind === "one" ? await resolve(client, meaning.target, { ...follow, signal }) : null;
  const ended = meaning.kind === "ended" ? (endedMeaningOf(found.aliases, found.day) ?? null) : null;
  // What it means later is another thing, whose successors took no place of this one.
  const last = ended !== null && "last" in ended ? ended.last.slice(0, FORMER_MAX) : [];
  const records = await Promise.all(last.map((code) => resolve(client, code, { ...follow, signal })));
  const former = records.map(({ code, record }) => ({ code, name: record?.attributes.name ?? null }));
  const byRecords = records.flatMap(({ record }) => record?.succession?.codes ?? []);
  const successors = [...new Set([...replacedBy(found), ...byRecords])];
  const inUse = await followSuccessors(client, successors, { follow, signal });
  const doubt = valueDoubtOf({ system, value }, meaning, exact);
  return { ...found, resolution, ended, former, successors, inUse, doubt };
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
  const { colors } = context;
  const { system, value, meaning, day, aliases, resolution, verified } = found;
  return [
    `${colors.bold(printable(value))}  ${colors.dim(system)}`,
    meaningLine(context, meaning, day, aliases),
    ...doubtLines(context, found.doubt),
    ...successorLines(context, found),
    ...(resolution === null
      ? [
          ...aliases.flatMap((alias) => ["", ...aliasLines(context, alias)]),
          "",
          ...provenLines(context, verified),
        ]
      : ["", ...resolutionLines(context, resolution)]),
  ];
}

function successorLines(
  { say, language }: Context,
  { former, successors, inUse }: LegacyResolution,
): readonly string[] {
  const names = former.flatMap(({ name }) => (name === null ? [] : [textOf(name, language)]));
  const lines = names.length === 0 ? [] : [say("alias.former", { names: names.join(", ") })];
  if (successors.length === 0) return lines;
  lines.push(say("alias.successors", { codes: successors.join(", ") }));
  if (inUse.length === 0) lines.push(say("alias.noneInUse"));
  else if (inUse.some((code) => !successors.includes(code)))
    lines.push(say("alias.inUse", { codes: inUse.join(", ") }));
  return lines;
}

/** Scripts tell by this what came of it. */
export function exitOfLegacy({ meaning, resolution }: LegacyResolution): ExitCode {
  if (resolution?.standing === "federated") return EXIT.unavailable;
  return resolution?.record === null ? EXIT.notFound : exitOfMeaning(meaning);
}
