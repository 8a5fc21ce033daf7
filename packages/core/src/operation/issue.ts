import type { Code } from "@cityroot/codes/ma/code";
import { parentOf } from "@cityroot/codes/ma/prefix";
import { accept, type Outcome, reject } from "../outcome.ts";
import { firstVersion } from "../state/history.ts";
import { serialAfter, serialOf } from "../state/interval.ts";
import { codeKey, codeOfKey, KEY_KINDS } from "../state/key.ts";
import type { Authority } from "./authority.ts";
import type { ApplyContext } from "./context.ts";
import type { OperationDefinition } from "./definition.ts";
import {
  attributesField,
  classField,
  commitmentsField,
  type Described,
  descriptionOf,
  linksField,
} from "./description.ts";
import { codeField } from "./field.ts";
import { issuerRoleOf } from "./issuer-role.ts";
import { checkFree, checkPlacement, countIssued } from "./place-code.ts";
import { intervalAround } from "./standing.ts";
import { storeRecord } from "./store-entry.ts";

/** Issues one code with its record. Spec §7.5. */
export type Issue = Described & { readonly code: Code };

export const issue: OperationDefinition<Issue> = {
  number: 5,
  fields: {
    code: codeField,
    class: classField,
    attributes: attributesField,
    links: linksField,
    commitments: commitmentsField,
  },
  roleOf: (operation, context) => issuerRoleOf(context, operation.code),
  apply: (operation, context) => {
    const { code } = operation;
    const authority = checkPlacement(context, {
      code,
      act: "issue",
      class: operation.class,
      attributes: operation.attributes,
      count: 1,
    });
    if (!authority.ok) return authority;
    const within = checkFree(context, code);
    if (!within.ok) return within;
    const follows = checkSequence(context, authority.value, code);
    if (!follows.ok) return follows;
    countIssued(context, authority.value, 1);
    return storeRecord(context, code, {
      ...firstVersion(context.block),
      ...descriptionOf(operation),
      status: "active",
      within: within.value?.first ?? null,
      holder: null,
      succession: null,
      reason: null,
    });
  },
};

/** Whether a code follows the serial issued before it, where a rule demands that. Refusal: RULE_SEQUENCE. */
export function checkSequence(context: ApplyContext, authority: Authority, code: Code): Outcome<void> {
  if (!authority.rules.some((binding) => binding.rule.sequence)) return accept(undefined);
  const digits = code.length - (parentOf(code)?.length ?? 0) - 1;
  const serial = serialOf(code, digits);
  const previous = lastSerialBefore(context, code);
  if (serial === undefined) return refuseSequence("a last node of digits", code);
  if (previous === undefined)
    return serial <= 1 ? accept(undefined) : refuseSequence("a first serial of 0 or 1", code);
  const next = serialAfter(previous, digits, 1);
  if (next === code) return accept(undefined);
  return refuseSequence(next === undefined ? `a serial after ${previous}` : `the next serial, ${next}`, code);
}

function refuseSequence(expected: string, code: Code): Outcome<never> {
  return reject("RULE_SEQUENCE", `${code} does not follow the serial before it: expected ${expected}`, {
    field: "code",
    expected,
    got: code,
  });
}

/** The last code below the same parent before this one, the last of an interval included. */
function lastSerialBefore(context: ApplyContext, code: Code): Code | undefined {
  const key = codeKey(code);
  const left = context.state.before(key);
  if (left === undefined || left.key.charCodeAt(0) !== KEY_KINDS.code) return undefined;
  const parent = parentOf(code);
  // The left neighbour may be one code of an interval that reaches further, with a record of its own.
  const interval = intervalAround(context.state, left.key);
  if (interval !== undefined && parentOf(interval.first) === parent && codeKey(interval.last) < key) {
    return interval.last;
  }
  // What lies below a serial stands between it and the next one: go up to the serial itself.
  let at = codeOfKey(left.key);
  while (at !== undefined && parentOf(at) !== parent) at = parentOf(at);
  return at;
}
