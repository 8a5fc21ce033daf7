import type { Code } from "@cityroot/codes/ma/code";
import { accept, type Outcome, reject } from "../outcome.ts";
import { narrows } from "../rule/narrow.ts";
import type { Rule } from "../rule/rule.ts";
import { firstVersion, nextVersion } from "../state/history.ts";
import { prefixKey, ruleKey } from "../state/key.ts";
import { decodePrefixRules, encodePrefixRules, type PrefixRules } from "../state/prefix.ts";
import { type ApplyContext, authorise } from "./context.ts";
import type { OperationDefinition } from "./definition.ts";
import { checkNarrows } from "./delegate.ts";
import { codeField, wordField } from "./field.ts";
import { ruleField } from "./rule-field.ts";

/** Who sets a rule: the prefix's holder its own, or its delegator the bounds of it. Numbers are consensus. */
export const RULE_SEATS = ["own", "bound"] as const;

/**
 * Sets the rule of a prefix. Spec §7.2. It must lie within every rule above it; an own rule also within the bound.
 * Codes that were issued already stay as they are.
 */
export type SetRule = {
  readonly prefix: Code;
  readonly seat: (typeof RULE_SEATS)[number];
  readonly rule: Rule;
};

export const setRule: OperationDefinition<SetRule> = {
  number: 2,
  fields: { prefix: codeField, seat: wordField(RULE_SEATS), rule: ruleField },
  roleOf: () => accept("registrar"),
  apply: ({ prefix, seat, rule }, context) => {
    if (context.state.get(prefixKey(prefix)) === undefined) {
      return reject("PREFIX_UNKNOWN", `${prefix} was never delegated`, {
        field: "prefix",
        expected: "a delegated prefix",
        got: prefix,
      });
    }
    const authority = authorise(context, prefix, seat === "own" ? "at-or-above" : "above");
    if (!authority.ok) return authority;
    const above = context.authority.above(context.state, prefix);
    const narrow = above === undefined ? accept(undefined) : checkNarrows(above, prefix, rule);
    if (!narrow.ok) return narrow;
    return writeRule(context, { prefix, seat, rule });
  },
};

function writeRule(context: ApplyContext, { prefix, seat, rule }: SetRule): Outcome<void> {
  const key = ruleKey(prefix);
  const bytes = context.state.get(key);
  const rules = bytes === undefined ? undefined : decodePrefixRules(bytes);
  const bound = rules?.bound ?? null;
  if (seat === "own" && bound !== null) {
    const within = narrows(rule, prefix, bound, prefix);
    if (!within.ok) return within;
  }
  const own = rules?.own ?? null;
  const version =
    bytes === undefined || rules === undefined
      ? firstVersion(context.block)
      : nextVersion(rules, bytes, context.block);
  const next: PrefixRules =
    seat === "own" ? { ...version, bound, own: rule } : { ...version, bound: rule, own };
  context.state.set(key, encodePrefixRules(next));
  context.authority.forget();
  return accept(undefined);
}
