import type { Code } from "@cityroot/codes/ma/code";
import type { Attributes } from "../attribute/attribute.ts";
import { checkNoPersonalNumber, PERSONAL_NUMBER_KINDS_IN_CODES } from "../attribute/personal-number.ts";
import { accept, type Outcome, reject } from "../outcome.ts";
import { checkConforms } from "../rule/conform.ts";
import type { Interval } from "../state/interval.ts";
import { tallyKey } from "../state/key.ts";
import { decodeTally, encodeTally } from "../state/prefix.ts";
import type { Authority } from "./authority.ts";
import { type ApplyContext, authorise } from "./context.ts";
import { refuseFederated, standingOf } from "./standing.ts";

/** A code that is about to be issued or delegated. */
export type Placement = {
  readonly code: Code;
  readonly act: "issue" | "delegate";
  readonly class: string;
  readonly attributes: Attributes;
  /** How many codes are issued with it; 0 for one that was issued already. */
  readonly count: number;
};

/**
 * Whether a holder may issue or delegate a code: the checks that every issuing operation shares. Spec §7.0. Refusals
 * in this order: PERSONAL_NUMBER, those of {@link authorise}, PREFIX_FEDERATED, those of the rules from the root prefix
 * down, RULE_COUNT.
 */
export function checkPlacement(context: ApplyContext, placement: Placement): Outcome<Authority> {
  const { code } = placement;
  // Eleven digits are common in serials; eighteen that pass a citizen number's checks are not.
  const firewall = checkNoPersonalNumber("code", code, PERSONAL_NUMBER_KINDS_IN_CODES);
  if (!firewall.ok) return firewall;
  const authority = authorise(context, code, "above");
  if (!authority.ok) return authority;
  if (authority.value.isFederated) return refuseFederated(authority.value.prefix, code);
  const conforms = checkRules(context, authority.value, placement);
  return conforms.ok ? authority : conforms;
}

function checkRules(context: ApplyContext, authority: Authority, placement: Placement): Outcome<void> {
  const role = context.hasSigned("registrar") ? "registrar" : "records";
  for (const binding of authority.rules) {
    const conforms = checkConforms(binding.matcher, {
      code: placement.code,
      act: placement.act,
      role,
      class: placement.class,
      attributes: placement.attributes,
      timeMs: context.block.timeMs,
    });
    if (!conforms.ok) return conforms;
    const { countMax } = binding.rule;
    if (countMax === null || placement.count === 0) continue;
    if (binding.prefix !== authority.prefix) continue;
    const issued = decodeTally(context.state.get(tallyKey(authority.prefix)));
    if (issued + placement.count > countMax) {
      return reject(
        "RULE_COUNT",
        `${authority.prefix} may issue ${countMax} codes and has issued ${issued}`,
        {
          field: "rule.countMax",
          expected: `at most ${countMax - issued} more`,
          got: `${placement.count}`,
        },
      );
    }
  }
  return accept(undefined);
}

/** Adds to the count of codes that a prefix has issued. Beyond 2^53-1 it counts no further: no rule allows more. */
export function countIssued(context: ApplyContext, authority: Authority, count: number): void {
  const key = tallyKey(authority.prefix);
  const issued = decodeTally(context.state.get(key)) + count;
  context.state.set(key, encodeTally(Math.min(issued, Number.MAX_SAFE_INTEGER)));
}

/**
 * Whether a code was never issued in any form; gives the interval that it lies within, if any. Refusals: CODE_TAKEN
 * for a code with a record or in a range, INTERVAL_OVERLAPS for one among a batch's items.
 */
export function checkFree(context: ApplyContext, code: Code): Outcome<Interval | null> {
  const standing = standingOf(context.state, code);
  switch (standing.kind) {
    case "free":
      return accept(standing.within);
    case "in-batch":
      return reject(
        "INTERVAL_OVERLAPS",
        `${code} lies among the items of the batch from ${standing.interval.first}`,
        {
          field: "code",
          expected: "a code outside the batch",
          got: code,
        },
      );
    case "federated":
      return refuseFederated(standing.prefix, code);
    default:
      return reject("CODE_TAKEN", `${code} was issued already`, {
        field: "code",
        expected: "a code that was never issued",
        got:
          standing.kind === "record"
            ? `issued in block ${standing.record.since.height} or before`
            : "one of a range",
      });
  }
}
