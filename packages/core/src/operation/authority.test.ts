import type { Code } from "@cityroot/codes/ma/code";
import { expect, test } from "vitest";
import { parseShape } from "../rule/pattern.ts";
import type { Rule } from "../rule/rule.ts";
import { prefixKey, ruleKey } from "../state/key.ts";
import { memoryState } from "../state/memory.ts";
import { encodePrefix, encodePrefixRules } from "../state/prefix.ts";
import { authorityIndex, type BindingRule } from "./authority.ts";

// Goal: what binds a prefix is what the state says at that moment, and is not read again while it says the same.

const NATION = "MA.156" as Code;
const CITY = "MA.156.1301" as Code;
const since = { height: 1, timeMs: 1 };
const first = { version: 1, since, peaks: new Uint8Array(0) };

function ruleOf(shape: string): Rule {
  const parsed = parseShape(shape);
  if (!parsed.ok) throw new Error(parsed.fault.expected);
  const open = { issuer: "records", classes: null, required: [], countMax: null, untilMs: null } as const;
  return { shapes: [parsed.value], ...open, sequence: false, checkCharacter: false };
}

test("rules are read again only when they changed, and at each prefix for itself", () => {
  const state = memoryState();
  const setRules = (prefix: Code, bound: string | null, own: string | null): void => {
    const rules = { bound: bound && ruleOf(bound), own: own && ruleOf(own) };
    state.set(
      ruleKey(prefix),
      encodePrefixRules({ ...first, bound: rules.bound || null, own: rules.own || null }),
    );
  };
  for (const prefix of [NATION, CITY])
    state.set(prefixKey(prefix), encodePrefix({ ...first, holder: new Uint8Array(20), status: "active" }));
  setRules(NATION, null, "any .<d4>**");
  setRules(CITY, "any .<d2>", null);
  const index = authorityIndex();
  const rulesAt = (code: Code): readonly BindingRule[] => {
    index.forget();
    return index.atOrAbove(state, code)!.rules;
  };
  const before = rulesAt(CITY);
  expect(before.map(({ prefix }) => prefix)).toEqual([NATION, CITY]);
  expect(rulesAt(CITY).map((rule, at) => rule === before[at])).toEqual([true, true]);
  // The same bytes at another prefix are rules relative to that one.
  setRules(CITY, null, "any .<d4>**");
  const after = rulesAt(CITY);
  expect(after.map(({ matcher }) => matcher.prefix)).toEqual([NATION, CITY]);
  expect(after[0]).toBe(before[0]);
  expect(after[1]).not.toBe(before[1]);
  // Both of a prefix bind, and a change that is taken back leaves what was before.
  setRules(CITY, "any .<d4>**", "any .<d3-4>");
  expect(rulesAt(CITY)).toHaveLength(3);
  setRules(CITY, "any .<d2>", null);
  expect(rulesAt(CITY)).toEqual(before);
});

test("remembering begins anew when many long rules were read", () => {
  const state = memoryState();
  const values = Array.from({ length: 60 }, (_, at) => `value-number-${100 + at}`).join("|");
  const codes = Array.from({ length: 6_000 }, (_, at) => `MA.${100 + (at % 900)}.${at}` as Code);
  const index = authorityIndex();
  const rules = encodePrefixRules({ ...first, bound: ruleOf(`any .(${values})`), own: null });
  for (const code of codes) {
    state.set(prefixKey(code), encodePrefix({ ...first, holder: new Uint8Array(20), status: "active" }));
    state.set(ruleKey(code), rules);
    expect(index.atOrAbove(state, code)!.rules[0]!.matcher.prefix).toBe(code);
    index.forget();
  }
});
