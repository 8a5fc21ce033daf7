import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { StateEntry } from "../state/view.ts";
import { type Facts, factsOf } from "./facts.ts";
import { plainKey } from "./naive.testing.ts";
import { buildStateTree, type StateTree } from "./state-tree.testing.ts";

type Tree = { readonly entries: readonly StateEntry[]; readonly tree: StateTree };

const trees: fc.Arbitrary<Tree> = fc
  .uniqueArray(fc.integer({ min: 0, max: 63 }), { minLength: 1, maxLength: 12 })
  .map((numbers) => {
    const entries = [...numbers]
      .sort((a, b) => a - b)
      .map((number) => ({
        key: plainKey(String.fromCharCode(6, number << 1)),
        value: new Uint8Array([number]),
      }));
    return { entries, tree: buildStateTree(entries) };
  });

function factsFrom({ tree }: Tree, places: readonly (readonly [number, number])[]): Facts {
  const facts = factsOf(
    places.map(([from, to]) => tree.runOf(from, to)),
    tree.root,
  );
  if (!facts.ok) throw new Error(facts.failure.detail);
  return facts.value;
}

describe("what runs show of a state", () => {
  test("is true of every key, whichever runs they are", () => {
    const spans = fc.array(fc.tuple(fc.nat(11), fc.nat(4)), { maxLength: 4 });
    fc.assert(
      fc.property(trees, spans, (all, wanted) => {
        const { entries } = all;
        const places = wanted.map(([start, length]) => {
          const from = start % entries.length;
          return [from, Math.min(entries.length - 1, from + length)] as const;
        });
        const facts = factsFrom(all, places);
        for (let unit = 0; unit < 130; unit++) {
          const key = plainKey(String.fromCharCode(6, unit));
          const value = facts.valueOf(key);
          const own = entries.find((entry) => entry.key === key);
          if (value !== undefined) expect(value, `value of ${unit}`).toEqual(own?.value ?? null);
          const before = facts.before(key);
          const left = entries.findLast((entry) => entry.key < key);
          if (before !== undefined) expect(before, `before ${unit}`).toEqual(left ?? null);
          // A run that reaches from the one before a key to what follows it shows all there is to know.
          const at = entries.filter((entry) => entry.key < key).length;
          const isShown = places.some(([from, to]) => from < at && (to >= at || to === entries.length - 1));
          if (isShown) expect([value, before], `what is shown of ${unit}`).not.toContain(undefined);
        }
      }),
      { numRuns: 200 },
    );
  });

  test("of all entries is everything", () => {
    fc.assert(
      fc.property(trees, (all) => {
        const { entries } = all;
        const facts = factsFrom(all, [[0, entries.length - 1]]);
        for (let unit = 0; unit < 130; unit++) {
          const key = plainKey(String.fromCharCode(6, unit));
          expect(facts.valueOf(key), `${unit}`).toEqual(
            entries.find((entry) => entry.key === key)?.value ?? null,
          );
          expect(facts.before(key), `${unit}`).toEqual(entries.findLast((entry) => entry.key < key) ?? null);
        }
      }),
      { numRuns: 50 },
    );
  });

  test("is nothing without runs", () => {
    const facts = factsOf([], new Uint8Array(32));
    expect(facts.ok && facts.value.valueOf(plainKey("x"))).toBeUndefined();
    expect(facts.ok && facts.value.before(plainKey("x"))).toBeUndefined();
  });

  test("is not believed when any of them leads elsewhere, or nowhere", () => {
    fc.assert(
      fc.property(trees, trees, (one, other) => {
        fc.pre(one.tree.root.some((byte, at) => byte !== other.tree.root[at]));
        const runs = [one.tree.runOf(0, 0), other.tree.runOf(0, 0)];
        for (const [at, mixed] of [runs, [...runs].reverse()].entries()) {
          const facts = factsOf(mixed, one.tree.root);
          expect(facts.ok ? "" : facts.failure, `${at}`).toEqual({
            name: "run-invalid",
            detail: `run ${1 - at} does not lead to the state root of the checkpoint`,
          });
        }
        const malformed = factsOf([{ entries: [], path: new Uint8Array(0) }], one.tree.root);
        expect(malformed.ok ? "" : malformed.failure).toEqual({
          name: "run-invalid",
          detail: "run 0 is malformed",
        });
      }),
      { numRuns: 30 },
    );
  });
});
