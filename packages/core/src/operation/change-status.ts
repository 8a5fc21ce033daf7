import type { Code } from "@cityroot/codes/ma/code";
import { accept, type Outcome, reject } from "../outcome.ts";
import type { Status } from "../state/record.ts";
import { type ApplyContext, authoriseRecord, authoriseRoot, isRootPrefix } from "./context.ts";
import { findRecord, type ItemProof } from "./standing.ts";
import { changePrefix, changeRecord, type RecordChanges } from "./store-entry.ts";

/** A change of status: what it needs, what it gives. */
export type StatusChange = {
  readonly code: Code;
  readonly item: ItemProof | null;
  /** Statuses from which the change may be made. */
  readonly from: readonly Status[];
  readonly changes: RecordChanges & { readonly status: Status };
};

/**
 * Changes the status of a code, and of the prefix that it is, if it is one. Who holds the prefix above decides; a root
 * prefix has none above and decides itself. Spec §7.9. Refusals: those of finding and authorising, then CODE_RETIRED,
 * CODE_SUSPENDED or CODE_NOT_SUSPENDED.
 */
export function changeStatus(context: ApplyContext, change: StatusChange): Outcome<void> {
  const { code } = change;
  const found = findRecord(context.state, code, change.item);
  if (!found.ok) return found;
  const { record } = found.value;
  const authority = isRootPrefix(context, code)
    ? authoriseRoot(context, code)
    : authoriseRecord(context, code, record.holder, "above");
  if (!authority.ok) return authority;
  if (!change.from.includes(record.status)) return refuseStatus(code, record.status, change.from);
  changePrefix(context, code, { status: change.changes.status });
  changeRecord(context, code, found.value, change.changes);
  return accept(undefined);
}

function refuseStatus(code: Code, status: Status, from: readonly Status[]): Outcome<never> {
  const name =
    status === "retired" ? "CODE_RETIRED" : status === "suspended" ? "CODE_SUSPENDED" : "CODE_NOT_SUSPENDED";
  return reject(name, `${code} is ${status}`, {
    field: "code",
    expected: `a code that is ${from.join(" or ")}`,
    got: status,
  });
}

/** Refuses a code that has retired: what reads a record without changing its status asks first. */
export function checkNotRetired(code: Code, status: Status): Outcome<void> {
  return status === "retired" ? refuseStatus(code, status, ["active", "suspended"]) : accept(undefined);
}
