import type { Code } from "@cityroot/codes/ma/code";
import { codeKey } from "@cityroot/core/state/key";
import { decodeRecord, type Record } from "@cityroot/core/state/record";
import type { IssuedStanding } from "./standing.ts";
import { EntryUnreadableError, type View } from "./view.ts";

/** Versions of a record, newest first, and below which version the next part begins. */
export type HistoryPart = { readonly records: readonly Record[]; readonly next: number | null };

/** How many versions are read at once. */
const STEP = 32;

/** A part of a code's history. A code of an interval, of which nothing was said alone, has the one version implied. */
export function readVersions(
  view: View,
  code: Code,
  standing: IssuedStanding,
  part: {
    readonly limit: number;
    readonly bytesMax: number;
    readonly before?: number | undefined;
  },
): HistoryPart {
  if (standing.kind !== "record") {
    return { records: part.before === 1 ? [] : [standing.record], next: null };
  }
  const records: Record[] = [];
  let bytes = 0;
  let before = part.before;
  while (records.length < part.limit && bytes < part.bytesMax && before !== 1) {
    const asked = Math.min(STEP, part.limit - records.length);
    const versions = view.reader.versions(codeKey(code), asked, before);
    for (const version of versions) {
      const record = decodeRecord(version.bytes);
      if (record === undefined)
        throw new EntryUnreadableError(`version ${version.version} of ${code} cannot be read`);
      records.push(record);
      bytes += version.bytes.length;
      before = version.version;
      if (bytes >= part.bytesMax) break;
    }
    if (versions.length === 0) break;
  }
  const oldest = records[records.length - 1];
  return { records, next: oldest === undefined || oldest.version === 1 ? null : oldest.version };
}
