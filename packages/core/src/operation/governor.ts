import type { Code } from "@cityroot/codes/ma/code";
import { assert } from "../assert.ts";
import type { Outcome } from "../outcome.ts";
import { BEFORE_PREFIXES, codeOfKey } from "../state/key.ts";
import type { StateView } from "../state/view.ts";
import { type ApplyContext, authoriseRoot } from "./context.ts";

/**
 * The prefix whose holder decides over the network itself: the first root prefix in the order of keys. Spec §7.0.11. It
 * never changes, since every prefix that is delegated later lies below a root and so after it.
 */
export function governingPrefix(view: Pick<StateView, "after">): Code {
  const first = view.after(BEFORE_PREFIXES);
  const prefix = first === undefined ? undefined : codeOfKey(first.key);
  assert(prefix !== undefined, "a network has a root prefix from its genesis on");
  return prefix;
}

/**
 * Whether the transaction's holder decides over the network. That the prefix is in use is not asked, so that a network
 * can still replace its validators after its registry ended. Refusal: NOT_AUTHORISED.
 */
export function authoriseGovernor(context: ApplyContext): Outcome<void> {
  return authoriseRoot(context, governingPrefix(context.state));
}
