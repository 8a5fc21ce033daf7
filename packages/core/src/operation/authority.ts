import type { Code } from "@cityroot/codes/ma/code";
import { parentOf } from "@cityroot/codes/ma/prefix";
import { bytesToHex } from "../hex.ts";
import { accept, type Outcome, reject } from "../outcome.ts";
import { compileRule, type Matcher } from "../rule/conform.ts";
import type { Rule } from "../rule/rule.ts";
import { isKeyAtOrBelow, prefixKey, ruleKey } from "../state/key.ts";
import { decodePrefix, decodePrefixRules, type Prefix } from "../state/prefix.ts";
import type { StateView } from "../state/view.ts";

/** A rule that binds what happens below a prefix, ready to be matched. */
export type BindingRule = { readonly prefix: Code; readonly rule: Rule; readonly matcher: Matcher };

/** A delegated prefix with all that binds it, from the root prefix down to itself. */
export type Authority = {
  readonly prefix: Code;
  readonly entry: Prefix;
  /** The holder's id in hexadecimal. */
  readonly holderId: string;
  /** The authority of the delegated prefix above, or null for a root prefix. */
  readonly above: Authority | null;
  /** Every rule from the root prefix down to this one. */
  readonly rules: readonly BindingRule[];
};

/**
 * Who has the say over which part of the code tree. A memory of what the state holds, so that the thousandth code
 * under a prefix costs one look-up: it has to be told when a prefix or a rule changes.
 */
export type AuthorityIndex = {
  /** The deepest delegated prefix at or above a code, or undefined where there is none. */
  readonly atOrAbove: (view: StateView, code: Code) => Authority | undefined;
  /** The deepest delegated prefix strictly above a code, or undefined where there is none. */
  readonly above: (view: StateView, code: Code) => Authority | undefined;
  /** Drops what is remembered; to be called when a prefix or a rule was written or such a change was dropped. */
  readonly forget: () => void;
};

/** How many code nodes an index remembers before it starts anew: bounds its memory. */
const REMEMBERED_MAX = 65_536;

/** What an index knows of a code node: who has the say there, and whether any prefix was delegated below. */
type KnownNode = { readonly authority: Authority | undefined; readonly hasPrefixesBelow: boolean };

/** An index that remembers nothing yet. */
export function authorityIndex(): AuthorityIndex {
  const remembered = new Map<Code, KnownNode>();

  const nodeAt = (view: StateView, code: Code): KnownNode => {
    const known = remembered.get(code);
    if (known !== undefined) return known;
    const above = atOrAboveParent(view, code);
    const key = prefixKey(code);
    const next = view.after(key);
    const node = {
      authority: authorityAt(view, code, above ?? null) ?? above,
      hasPrefixesBelow: next !== undefined && isKeyAtOrBelow(next.key, key),
    };
    if (remembered.size >= REMEMBERED_MAX) remembered.clear();
    remembered.set(code, node);
    return node;
  };
  const atOrAboveParent = (view: StateView, code: Code): Authority | undefined => {
    const parent = parentOf(code);
    return parent === undefined ? undefined : atOrAbove(view, parent);
  };
  const atOrAbove = (view: StateView, code: Code): Authority | undefined => {
    const parent = parentOf(code);
    // Codes are many, and hardly any is a prefix: what is known of the node above spares a look-up for each.
    const above = parent === undefined ? undefined : nodeAt(view, parent);
    return above?.hasPrefixesBelow === false ? above.authority : nodeAt(view, code).authority;
  };
  return { atOrAbove, above: atOrAboveParent, forget: () => remembered.clear() };
}

function authorityAt(view: StateView, code: Code, above: Authority | null): Authority | undefined {
  const bytes = view.get(prefixKey(code));
  if (bytes === undefined) return undefined;
  const entry = decodePrefix(bytes);
  if (entry === undefined) return undefined;
  const rules: BindingRule[] = above === null ? [] : [...above.rules];
  const rulesBytes = view.get(ruleKey(code));
  const own = rulesBytes === undefined ? undefined : decodePrefixRules(rulesBytes);
  for (const rule of [own?.bound, own?.own]) {
    if (rule !== undefined && rule !== null)
      rules.push({ prefix: code, rule, matcher: compileRule(rule, code) });
  }
  return { prefix: code, entry, holderId: bytesToHex(entry.holder), above, rules };
}

/** Refuses where a prefix from the root down to this authority is suspended or retired. Spec §5.5. */
export function checkInUse(authority: Authority): Outcome<void> {
  for (let at: Authority | null = authority; at !== null; at = at.above) {
    const { status } = at.entry;
    if (status === "active") continue;
    const name = status === "retired" ? "PREFIX_RETIRED" : "PREFIX_SUSPENDED";
    return reject(name, `the prefix ${at.prefix} is ${status}`, {
      field: "code",
      expected: "a prefix in use",
      got: `${at.prefix} is ${status}`,
    });
  }
  return accept(undefined);
}
