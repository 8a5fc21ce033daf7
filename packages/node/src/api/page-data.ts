import type { Code } from "@cityroot/codes/ma/code";
import { ancestorsOf } from "@cityroot/codes/ma/prefix";
import type { Json } from "@cityroot/core/json";
import { readStem } from "@cityroot/core/proof/aliases";
import { decodeAliased, keyOfAlias, stemOfAliased } from "@cityroot/core/state/alias";
import type { Day } from "@cityroot/core/state/day";
import { describeThing } from "../linked-data/describe-thing.ts";
import { ALIASES_SHOWN } from "../page/section/aliases.ts";
import { BELOW_SHOWN } from "../page/section/below.ts";
import { HISTORY_SHOWN } from "../page/section/history.ts";
import type {
  AliasesShown,
  ClaimShown,
  CodePageData,
  DescentStep,
  NamedCode,
  NeverIssuedPageData,
} from "../page/view-model.ts";
import { isIssued } from "./code-answer.ts";
import { readAlias, readMeaning } from "./read/alias-json.ts";
import { readVersions } from "./read/history.ts";
import { nameOf } from "./read/json.ts";
import { type ListPart, readNearestBelow } from "./read/nearest-below.ts";
import { type CodeStanding, type IssuedStanding, readStanding } from "./read/standing.ts";
import { chainOf, EntryUnreadableError, ItemsMissingError, type View } from "./read/view.ts";

/** What a page is asked for beside its code. */
export type PageQuestion = {
  readonly moment: string;
  readonly typed: string | undefined;
  readonly historyBefore: number | undefined;
  readonly belowAfter: Code | undefined;
};

/** What is said of a code in JSON-LD, in terms of schema.org. */
export function readLinkedData(view: View, base: string, code: Code, standing: IssuedStanding): Json {
  return linkedDataOf(view, base, code, standing, readAliases(view, code));
}

function linkedDataOf(
  view: View,
  base: string,
  code: Code,
  { record }: IssuedStanding,
  { claims }: AliasesShown,
): Json {
  const { holder } =
    record.holder === null ? (view.prefixAtOrAbove(code) ?? {}) : { holder: view.holderOf(record.holder) };
  return describeThing({ base, code, record, holder: holder?.name, claims, day: dayOfHead(view) });
}

/** Most successors that a page names. */
const SUCCESSORS_SHOWN = 50;

/** Reads all that the page of an issued code shows. */
export function readCodePage(
  view: View,
  code: Code,
  standing: IssuedStanding,
  question: PageQuestion,
  base: string,
): CodePageData {
  const { record } = standing;
  const aliases = readAliases(view, code);
  return {
    code,
    standing,
    descent: readDescent(view, code),
    transferredTo: record.holder === null ? undefined : view.holderOf(record.holder),
    successors: (record.succession?.codes ?? [])
      .slice(0, SUCCESSORS_SHOWN)
      .map((successor) => readNamed(view, successor)),
    history: readVersions(view, code, newestOf(view, code, standing), {
      limit: HISTORY_SHOWN + 1,
      bytesMax: Number.POSITIVE_INFINITY,
      before: question.historyBefore,
    }),
    below: readNearestBelow(view.source, code, BELOW_LIMITS, question.belowAfter),
    aliases,
    linkedData: linkedDataOf(view, base, code, standing, aliases),
    at: { historyBefore: question.historyBefore, belowAfter: question.belowAfter },
    moment: question.moment,
    typed: question.typed,
    holderOf: view.holderOf,
  };
}

function newestOf(view: View, code: Code, standing: IssuedStanding): IssuedStanding {
  if (standing.kind !== "record" || standing.isCurrent) return standing;
  const newest = readStanding(view, code);
  return isIssued(newest) ? newest : standing;
}

/** Claims that are weighed for each legacy code on a page, which shows many: one that more is claimed of counts as contested. */
const CLAIMS_WEIGHED = 256;

/** What is claimed of a code, as far as a page shows it, and what that comes to on the day of the block. */
function readAliases(view: View, code: Code): AliasesShown {
  const day = dayOfHead(view);
  const { entries, isLast } = readStem(view.source, stemOfAliased(code), { limit: ALIASES_SHOWN });
  const claims = entries.map(({ value }): ClaimShown => {
    const name = decodeAliased(value);
    if (name === undefined) throw new EntryUnreadableError("what leads to a claim cannot be read");
    const alias = readAlias(view.source.get(keyOfAlias(name)));
    const meaning = readMeaning(view, alias, day, CLAIMS_WEIGHED);
    const isContested = meaning === null || meaning.kind === "conflict";
    return { alias, holder: view.heldAtOrAbove(alias.claimant)?.holder, isContested };
  });
  return { code, claims, isAll: isLast };
}

/** The day of the newest block. */
function dayOfHead({ head }: View): Day {
  return new Date(head.checkpoint.timeMs).toISOString().slice(0, 10) as Day;
}

/** What a page shows is few enough to be bounded by its number. */
const BELOW_LIMITS = { limit: BELOW_SHOWN, bytesMax: Number.POSITIVE_INFINITY };

/** Reads all that the page of a code that was never issued shows. */
export function readNeverIssuedPage(view: View, code: Code, typed: string | undefined): NeverIssuedPageData {
  const nearest = ancestorsOf(code).find((ancestor) => isIssued(standingOrNone(view, ancestor)));
  return {
    code,
    descent: readDescent(view, code),
    nearest: nearest === undefined ? undefined : readNamed(view, nearest),
    below: readNearestBelow(view.source, code, BELOW_LIMITS),
    typed,
  };
}

/** The prefixes at and above a code, from the root down, with what their records call them. */
export function readDescent(view: View, code: Code): readonly DescentStep[] {
  return chainOf(view, code).map((held) => ({ ...held, name: readNamed(view, held.prefix).name }));
}

/** A code with the name that its record says. */
function readNamed(view: View, code: Code): NamedCode {
  const standing = standingOrNone(view, code);
  return { code, name: isIssued(standing) ? nameOf(standing.record) : undefined };
}

/** How a code stands that a page only mentions: without the items of its batch it goes without a name. */
function standingOrNone(view: View, code: Code): CodeStanding {
  try {
    return readStanding(view, code);
  } catch (error) {
    if (error instanceof ItemsMissingError) return { kind: "never-issued" };
    throw error;
  }
}

const EXAMPLES_SHOWN = 6;

/** Codes to begin with: the root prefixes, and what lies on the first way down from each. */
export function readExamples(view: View): readonly NamedCode[] {
  const examples: NamedCode[] = [];
  for (const { prefix } of view.reader.genesis.roots) {
    let at: Code | undefined = prefix;
    while (at !== undefined && examples.length < EXAMPLES_SHOWN) {
      examples.push(readNamed(view, at));
      const below: ListPart = readNearestBelow(view.source, at, { ...BELOW_LIMITS, limit: 1 });
      at = below.entries[0]?.code;
    }
  }
  return examples;
}
