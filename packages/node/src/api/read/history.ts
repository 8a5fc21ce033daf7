import type { Code } from "@cityroot/codes/ma/code";
import { codeKey } from "@cityroot/core/state/key";
import { decodeRecord, type Record } from "@cityroot/core/state/record";
import type { IssuedStanding } from "./standing.ts";
import { EntryUnreadableError, type View } from "./view.ts";

/** Versions of a record, newest first, and below which version the next part begins. */
export type HistoryPart = { readonly records: readonly Record[]; readonly next: number | null };

/** A part of a code's history. A code of an interval, of which nothing was said alone, has the one version implied. */
export function readVersions(
  view: View,
  code: Code,
  standing: IssuedStanding,
  part: { readonly limit: number; readonly before?: number | undefined },
): HistoryPart {
  if (standing.kind !== "record") {
    return { records: part.before === 1 ? [] : [standing.record], next: null };
  }
  const versions = view.reader.versions(codeKey(code), part.limit, part.before);
  const records = versions.map(({ version, bytes }) => {
    const record = decodeRecord(bytes);
    if (record !== undefined) return record;
    throw new EntryUnreadableError(`version ${version} of ${code} cannot be read`);
  });
  const oldest = records[records.length - 1];
  return { records, next: oldest === undefined || oldest.version === 1 ? null : oldest.version };
}
