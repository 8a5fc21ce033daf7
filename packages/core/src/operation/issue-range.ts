import type { Code } from "@cityroot/codes/ma/code";
import { parentOf } from "@cityroot/codes/ma/prefix";
import { RANGE_COUNT_MAX } from "../limits.ts";
import { accept, type Outcome, reject } from "../outcome.ts";
import { conformsRange } from "../rule/conform.ts";
import { type Interval, RANGE_DIGITS_MAX, serialAfter } from "../state/interval.ts";
import { codeKey } from "../state/key.ts";
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
import { codeField, countField } from "./field.ts";
import { checkSequence } from "./issue.ts";
import { issuerRoleOf } from "./issuer-role.ts";
import { checkPlacement, countIssued } from "./place-code.ts";
import { intervalAround } from "./standing.ts";
import { storeInterval } from "./store-entry.ts";

/**
 * Issues `count` codes at once: the first, and those whose last `digits` digits count up from it. Spec §7.6. One
 * entry stands for all of them, so a range of a billion costs what a single code costs.
 */
export type IssueRange = Described & {
  readonly first: Code;
  /** How many digits at the end of the code count up. */
  readonly digits: number;
  readonly count: number;
};

export const issueRange: OperationDefinition<IssueRange> = {
  number: 6,
  fields: {
    first: codeField,
    digits: countField,
    count: countField,
    class: classField,
    attributes: attributesField,
    links: linksField,
    commitments: commitmentsField,
  },
  roleOf: (operation, context) => issuerRoleOf(context, operation.first),
  apply: (operation, context) => {
    const { first, digits, count } = operation;
    const last = lastOf(operation);
    if (!last.ok) return last;
    const authority = checkPlacement(context, {
      code: first,
      act: "issue",
      class: operation.class,
      attributes: operation.attributes,
      count,
    });
    if (!authority.ok) return authority;
    const misfit = authority.value.rules.find(
      (binding) => binding.rule.checkCharacter || !conformsRange(binding.matcher, first, digits),
    );
    if (misfit !== undefined) {
      return reject("RULE_SHAPE", `the rule of ${misfit.prefix} does not allow every code of the range`, {
        field: "digits",
        expected: "a range whose every code the rule allows",
        got: `${first} with ${digits} digits counting`,
      });
    }
    const follows = checkSequence(context, authority.value, first);
    if (!follows.ok) return follows;
    const empty = checkEmpty(context, first, last.value);
    if (!empty.ok) return empty;
    countIssued(context, authority.value, count);
    const since = context.block;
    const range: Interval = {
      type: "range",
      first,
      last: last.value,
      digits,
      count,
      since,
      ...descriptionOf(operation),
    };
    return storeInterval(context, range);
  },
};

function lastOf({ first, digits, count }: IssueRange): Outcome<Code> {
  const node = first.length - (parentOf(first)?.length ?? 0) - 1;
  if (digits < 1 || digits > RANGE_DIGITS_MAX || digits > node) {
    return refuse("digits", `1 to ${Math.min(node, RANGE_DIGITS_MAX)}, within the last node`, `${digits}`);
  }
  if (count < 1 || count > RANGE_COUNT_MAX) return refuse("count", `1 to ${RANGE_COUNT_MAX}`, `${count}`);
  const last = serialAfter(first, digits, count - 1);
  return last === undefined
    ? refuse("count", `as many codes as ${digits} digits hold from ${first}`, `${count}`)
    : accept(last);
}

function refuse(field: string, expected: string, got: string): Outcome<never> {
  return reject("INTERVAL_MALFORMED", `${field}: expected ${expected}, got ${got}`, { field, expected, got });
}

/** Whether nothing was issued from `first` to `last`, and no interval reaches into them. Refusal: INTERVAL_OVERLAPS. */
export function checkEmpty(context: ApplyContext, first: Code, last: Code): Outcome<void> {
  const { state } = context;
  const key = codeKey(first);
  const around = state.get(key) === undefined ? intervalAround(state, key) : undefined;
  const inside = state.get(key) === undefined ? state.after(key) : { key };
  const isEmpty = around === undefined && (inside === undefined || inside.key > codeKey(last));
  if (isEmpty) return accept(undefined);
  return reject("INTERVAL_OVERLAPS", `codes from ${first} to ${last} were issued before`, {
    field: "first",
    expected: "an interval in which nothing was ever issued",
    got: around === undefined ? "codes with records in it" : `part of the interval from ${around.first}`,
  });
}
