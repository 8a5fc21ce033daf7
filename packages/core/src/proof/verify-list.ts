import type { Code } from "@cityroot/codes/ma/code";
import { type Referral, referralFrom } from "../operation/standing.ts";
import { codeKey, codeOfKey, isKeyAtOrBelow, type StateKey } from "../state/key.ts";
import { type Proven, proven, unproven } from "./failure.ts";
import { rootOfRun } from "./run.ts";
import { openBundle, type SeenCheckpoint, type VerifyOptions } from "./verify.ts";

/** An entry of a list: a record's code, or the first code of an interval, with the entry's bytes. */
export type ListedEntry = { readonly code: Code; readonly value: Uint8Array };

/** A part of a list that is shown to be without a gap. */
export type VerifiedPart = SeenCheckpoint & {
  readonly entries: readonly ListedEntry[];
  /** Nothing follows: with the parts before it, this is the complete list. */
  readonly isLast: boolean;
  /** The federated prefix that everything listed would lie below: another network has the list. Else null. */
  readonly referral: Referral | null;
};

/**
 * Checks a part of the list of what lies at or below a prefix. Spec §5.14. It begins right after `after`, or with the
 * list's first entry; whatever stands between its entries would have changed the root.
 */
export function verifyList(
  bytes: Uint8Array,
  prefix: Code,
  after: Code | undefined,
  options: VerifyOptions,
): Proven<VerifiedPart> {
  const opened = openBundle(bytes, options);
  if (!opened.ok) return opened;
  const [run, ...others] = opened.value.bundle.runs;
  const edges = run === undefined || others.length > 0 ? undefined : rootOfRun(run);
  if (run === undefined || edges === undefined) return unproven("not-shown", "a list is shown by one run");
  const stem = codeKey(prefix);
  // After a code that stands before the prefix the whole list follows.
  const from = after === undefined || codeKey(after) < stem ? undefined : codeKey(after);
  const isPast = (key: StateKey): boolean => (from === undefined ? key >= stem : key > from);
  const past = run.entries.findIndex(({ key }) => isPast(key));
  const start = past < 0 ? run.entries.length : past;
  // Before the part stands an entry that is not of it, or nothing at all: nothing was left out there.
  if (start === 0 && !edges.startsTree)
    return unproven("not-shown", "the run does not show where the list begins");
  const rest = run.entries.slice(start);
  const beyond = rest.findIndex(({ key }) => !isKeyAtOrBelow(key, stem));
  const listed = beyond < 0 ? rest : rest.slice(0, beyond);
  const isLast = beyond >= 0 || edges.endsTree;
  if (!isLast && listed.length === 0) return unproven("not-shown", "the run does not reach the list");
  const left = run.entries[start - 1];
  const referral = left === undefined ? null : (referralFrom(left, stem) ?? null);
  const entries: ListedEntry[] = [];
  for (const { key, value } of listed) {
    const code = codeOfKey(key);
    if (code === undefined) return unproven("entry-unknown", "an entry of the list has a malformed key");
    entries.push({ code, value });
  }
  return proven({ ...opened.value.seen, entries, isLast, referral });
}
