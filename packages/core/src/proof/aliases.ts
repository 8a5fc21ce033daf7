import type { Code } from "@cityroot/codes/ma/code";
import {
  type Alias,
  type AliasName,
  decodeAlias,
  decodeAliased,
  keyOfAlias,
  keyOfAliased,
  type LegacyCode,
  stemOfAliased,
  stemOfLegacy,
} from "../state/alias.ts";
import { decodeCodingSystem } from "../state/coding-system.ts";
import { codingSystemKey, type StateKey } from "../state/key.ts";
import type { StateEntry } from "../state/view.ts";
import type { Bundle, SealedNote } from "./bundle.ts";
import { type Proven, proven, unproven } from "./failure.ts";
import { type ProofSource, runAround } from "./prove.ts";
import { type Run, rootOfRun } from "./run.ts";
import { openBundle, type SeenCheckpoint, type VerifyOptions } from "./verify.ts";

/** A part of the claims about a legacy code, or of what leads to the claims about a code. */
export type AliasPart = {
  /** The key after which it begins; the beginning when absent. */
  readonly after?: StateKey;
  /** Most entries. */
  readonly limit: number;
  /** No entry follows as many bytes of entries; unbounded when absent. */
  readonly bytesMax?: number;
};

/** Entries side by side, and whether nothing of the kind follows. */
export type AliasEntries = { readonly entries: readonly StateEntry[]; readonly isLast: boolean };

/** Entries that were read, with the one of whatever kind that follows them. */
type ReadEntries = AliasEntries & { readonly following: StateEntry | undefined };

/** The entries whose keys begin with a stem, in the order of keys. */
export function readStem(
  source: Pick<ProofSource, "after">,
  stem: string,
  { after, limit, bytesMax = Number.POSITIVE_INFINITY }: AliasPart,
): ReadEntries {
  const entries: StateEntry[] = [];
  let bytes = 0;
  // A stem is shorter than every key that begins with it.
  let at = source.after(after ?? (stem as StateKey));
  while (at?.key.startsWith(stem) && entries.length < limit && bytes < bytesMax) {
    entries.push(at);
    bytes += at.value.length;
    at = source.after(at.key);
  }
  return { entries, isLast: !at?.key.startsWith(stem), following: at };
}

/** Shows the claims about a legacy code, or a part of them, and where asked who the authority of its system is. Spec §5.22. */
export function proveAliases(
  source: ProofSource,
  legacy: LegacyCode,
  { note, sealPath }: SealedNote,
  part: AliasPart & {
    readonly authority?: boolean;
    /** What shows the authority, where it is known: {@link runOfAuthority}. */
    readonly authorityRun?: Run;
    /** The legacy code's stem, where it is known. */
    readonly stem?: string;
  },
): Bundle {
  const runs = [runOfStem(source, part.stem ?? stemOfLegacy(legacy), part)];
  if (part.authority === true) runs.push(part.authorityRun ?? runOfAuthority(source, legacy.system));
  return { note, sealPath, runs, items: [], versions: [] };
}

/** Shows who the authority of a coding system is, or that it has none. Spec §5.22. */
export function runOfAuthority(source: ProofSource, system: string): Run {
  return runAround(source, codingSystemKey(system));
}

/** Shows what leads from a code to the claims about it, or a part of that. Spec §5.22. */
export function proveAliased(
  source: ProofSource,
  target: Code,
  { note, sealPath }: SealedNote,
  part: AliasPart,
): Bundle {
  return { note, sealPath, runs: [runOfStem(source, stemOfAliased(target), part)], items: [], versions: [] };
}

function runOfStem(source: ProofSource, stem: string, part: AliasPart): Run {
  const { after } = part;
  // A stem is no key itself; where a part begins after one, that one shows that nothing lies between.
  const isShown = after !== undefined && source.get(after) !== undefined;
  const first = isShown ? after : source.before(after ?? (stem as StateKey))?.key;
  const { entries, isLast, following } = readStem(source, stem, part);
  const last = entries.at(-1)?.key;
  // What follows a part that the limit cuts is of the next part.
  const end = isLast ? (following?.key ?? last) : last;
  return source.runOf((first ?? entries[0]?.key ?? end)!, (end ?? first)!);
}

/** Claims about a legacy code that are shown to be all, or all of a part. */
export type VerifiedAliases = SeenCheckpoint & {
  readonly aliases: readonly Alias[];
  /** Nothing follows: with the parts before it, these are all. */
  readonly isLast: boolean;
  /** The prefix that is the authority of the coding system, null where it has none; undefined where that is not shown. */
  readonly authority: Code | null | undefined;
};

/** Checks what {@link proveAliases} shows. Spec §5.22. */
export function verifyAliases(
  bytes: Uint8Array,
  legacy: LegacyCode,
  after: StateKey | undefined,
  options: VerifyOptions,
): Proven<VerifiedAliases> {
  const opened = openBundle(bytes, options);
  if (!opened.ok) return opened;
  const { bundle, facts, seen } = opened.value;
  const part = partOf(bundle, stemOfLegacy(legacy), after);
  if (!part.ok) return part;
  const aliases: Alias[] = [];
  for (const { key, value } of part.value.entries) {
    const alias = decodeAlias(value);
    if (alias === undefined || keyOfAlias(alias) !== key) return unknownEntry();
    aliases.push(alias);
  }
  const system = facts.valueOf(codingSystemKey(legacy.system));
  const entry = system === undefined || system === null ? undefined : decodeCodingSystem(system);
  if (system !== undefined && system !== null && entry?.system !== legacy.system) return unknownEntry();
  const authority = system === undefined ? undefined : (entry?.authority ?? null);
  return proven({ ...seen, aliases, isLast: part.value.isLast, authority });
}

/** What leads from a code to the claims about it, shown to be all, or all of a part. */
export type VerifiedAliased = SeenCheckpoint & {
  readonly names: readonly AliasName[];
  readonly isLast: boolean;
};

/** Checks what {@link proveAliased} shows. Spec §5.22. */
export function verifyAliased(
  bytes: Uint8Array,
  target: Code,
  after: StateKey | undefined,
  options: VerifyOptions,
): Proven<VerifiedAliased> {
  const opened = openBundle(bytes, options);
  if (!opened.ok) return opened;
  const part = partOf(opened.value.bundle, stemOfAliased(target), after);
  if (!part.ok) return part;
  const names: AliasName[] = [];
  for (const { key, value } of part.value.entries) {
    const name = decodeAliased(value);
    if (name === undefined || keyOfAliased(name) !== key) return unknownEntry();
    names.push(name);
  }
  return proven({ ...opened.value.seen, names, isLast: part.value.isLast });
}

function unknownEntry(): Proven<never> {
  return unproven("entry-unknown", "an entry is of a form that this version does not know");
}

/** The entries of a bundle's first run that begin with a stem: all after a key, up to what does not begin with it. */
function partOf({ runs }: Bundle, stem: string, after: StateKey | undefined): Proven<AliasEntries> {
  const [run] = runs;
  const edges = run === undefined ? undefined : rootOfRun(run);
  if (run === undefined || edges === undefined) return unproven("not-shown", "a list is shown by a run");
  const from = after ?? stem;
  const past = run.entries.findIndex(({ key }) => key > from);
  const start = past < 0 ? run.entries.length : past;
  if (start === 0 && !edges.startsTree)
    return unproven("not-shown", "the run does not show where the list begins");
  const rest = run.entries.slice(start);
  const beyond = rest.findIndex(({ key }) => !key.startsWith(stem));
  const entries = beyond < 0 ? rest : rest.slice(0, beyond);
  const isLast = beyond >= 0 || edges.endsTree;
  if (!isLast && entries.length === 0) return unproven("not-shown", "the run does not reach the list");
  return proven({ entries, isLast });
}
