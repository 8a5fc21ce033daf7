import type { Code } from "@cityroot/codes/ma/code";
import { equalBytes } from "../hex.ts";
import type { Role } from "../key/role.ts";
import { accept, type Outcome, reject } from "../outcome.ts";
import type { Moment } from "../state/entry.ts";
import type { Holder } from "../state/holder.ts";
import type { MutableState } from "../state/view.ts";
import { type Authority, type AuthorityIndex, checkInUse } from "./authority.ts";

/** All that an operation may know: the state as it stands, the block, who signed, and who has the say where. */
export type ApplyContext = {
  readonly state: MutableState;
  readonly block: Moment;
  /** Id of the transaction's holder in hexadecimal, its bytes, and its entry as this operation finds it. */
  readonly holderId: string;
  readonly holderBytes: Uint8Array;
  readonly holder: Holder;
  /** Whether enough of a role's keys signed, of those that the holder had when the transaction began. */
  readonly hasSigned: (role: Role | "recovery") => boolean;
  readonly authority: AuthorityIndex;
};

/** Which prefix decides over a code: the one above it, or already the code itself where it is a prefix. Spec §7.0. */
export type Seat = "above" | "at-or-above";

/** Whether a code is a root prefix: nothing above it was delegated, so it decides over itself. */
export function isRootPrefix(context: ApplyContext, code: Code): boolean {
  const { authority, state } = context;
  return authority.above(state, code) === undefined && authority.atOrAbove(state, code) !== undefined;
}

/** Authority of a root prefix over its own status, whatever that is. Refusal: NOT_AUTHORISED. */
export function authoriseRoot(context: ApplyContext, code: Code): Outcome<void> {
  const root = context.authority.atOrAbove(context.state, code);
  return root?.holderId === context.holderId ? accept(undefined) : refuseAuthority(code, code);
}

/**
 * The prefix that decides over a code, when the transaction's holder holds it and all of it is in use.
 * Refusals in this order: PREFIX_UNKNOWN, NOT_AUTHORISED, PREFIX_SUSPENDED, PREFIX_RETIRED.
 */
export function authorise(context: ApplyContext, code: Code, seat: Seat): Outcome<Authority> {
  const { authority: index, state } = context;
  const authority = seat === "above" ? index.above(state, code) : index.atOrAbove(state, code);
  if (authority === undefined) {
    return reject("PREFIX_UNKNOWN", `no prefix above ${code} was ever delegated`, {
      field: "code",
      expected: "a code below a delegated prefix",
      got: code,
    });
  }
  if (authority.holderId !== context.holderId) return refuseAuthority(code, authority.prefix);
  const inUse = checkInUse(authority);
  return inUse.ok ? accept(authority) : inUse;
}

/**
 * Authority over an issued code: of the holder it was transferred to, else of the prefix that decides.
 * `transferredTo` is the record's own holder, or null.
 */
export function authoriseRecord(
  context: ApplyContext,
  code: Code,
  transferredTo: Uint8Array | null,
  seat: Seat,
): Outcome<void> {
  if (transferredTo === null) {
    const authority = authorise(context, code, seat);
    return authority.ok ? accept(undefined) : authority;
  }
  if (!equalBytes(transferredTo, context.holderBytes)) return refuseAuthority(code, code);
  const authority = context.authority.above(context.state, code);
  return authority === undefined ? accept(undefined) : checkInUse(authority);
}

function refuseAuthority(code: Code, prefix: Code): Outcome<never> {
  return reject("NOT_AUTHORISED", `${code} belongs to the holder of ${prefix}, who did not sign this`, {
    field: "holder",
    expected: `the holder of ${prefix}`,
    got: "another holder",
    fix: `submit as the holder of ${prefix}`,
  });
}
