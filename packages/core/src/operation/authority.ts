import type { Code } from "@cityroot/codes/ma/code";
import { parentOf } from "@cityroot/codes/ma/prefix";
import { bytesToHex, equalBytes } from "../hex.ts";
import { accept, type Outcome, reject } from "../outcome.ts";
import { compileRule, type Matcher } from "../rule/conform.ts";
import type { Rule } from "../rule/rule.ts";
import { codeKey, isKeyAtOrBelow, prefixKey, ruleKey } from "../state/key.ts";
import { decodePrefix, decodePrefixRules, type Prefix } from "../state/prefix.ts";
import { isFederatedRecord } from "../state/record.ts";
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
  /** Whether another network serves what lies below. Spec §6.10. */
  readonly isFederated: boolean;
};

/**
 * Who has the say over which part of the code tree. A memory of what the state holds, so that the thousandth code
 * under a prefix costs one look-up: it has to be told when a prefix, its federation or a rule changes.
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
  const rulesOf = rulesReader();

  const nodeAt = (view: StateView, code: Code): KnownNode => {
    const known = remembered.get(code);
    if (known !== undefined) return known;
    const above = atOrAboveParent(view, code);
    const key = prefixKey(code);
    const next = view.after(key);
    const node = {
      authority: authorityAt(view, code, above ?? null, rulesOf) ?? above,
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

function authorityAt(
  view: StateView,
  code: Code,
  above: Authority | null,
  rulesOf: RulesOf,
): Authority | undefined {
  const bytes = view.get(prefixKey(code));
  if (bytes === undefined) return undefined;
  const decoded = decodePrefix(bytes);
  if (decoded === undefined) return undefined;
  // What is remembered has memory of its own: a short array would keep a whole slab alive.
  const { holder, peaks } = decoded;
  const entry = { ...decoded, holder: new Uint8Array(holder), peaks: new Uint8Array(peaks) };
  const rulesBytes = view.get(ruleKey(code));
  const own = rulesBytes === undefined ? [] : rulesOf(code, rulesBytes);
  const rules = above === null ? own : [...above.rules, ...own];
  const record = view.get(codeKey(code));
  const isFederated = record !== undefined && isFederatedRecord(record);
  return { prefix: code, entry, holderId: bytesToHex(entry.holder), above, rules, isFederated };
}

/** The rules of a prefix that the bytes of its rules entry say: the bound before the own. */
type RulesOf = (prefix: Code, bytes: Uint8Array) => readonly BindingRule[];

/** How many bytes of rules are remembered before remembering starts anew. */
const RULE_BYTES_REMEMBERED_MAX = 4 * 1_048_576;

/**
 * Reads rules and remembers what their bytes mean, which holds whatever becomes of the state: reading and compiling them
 * takes a millisecond, and an operation that changes a prefix has all that bind it read again.
 */
function rulesReader(): RulesOf {
  const remembered = new Map<Code, { readonly bytes: Uint8Array; readonly rules: readonly BindingRule[] }>();
  let size = 0;
  return (prefix, bytes) => {
    const known = remembered.get(prefix);
    if (known !== undefined && equalBytes(known.bytes, bytes)) return known.rules;
    const entry = decodePrefixRules(bytes);
    const rules: BindingRule[] = [];
    for (const rule of [entry?.bound, entry?.own]) {
      if (rule !== undefined && rule !== null)
        rules.push({ prefix, rule, matcher: compileRule(rule, prefix) });
    }
    size += bytes.length - (known?.bytes.length ?? 0);
    if (size > RULE_BYTES_REMEMBERED_MAX) {
      remembered.clear();
      size = bytes.length;
    }
    remembered.set(prefix, { bytes: new Uint8Array(bytes), rules });
    return rules;
  };
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
