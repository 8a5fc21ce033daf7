import { codes } from "@cityroot/codes/ma/code.testing";
import { ancestorsOf, isSameOrBelow } from "@cityroot/codes/ma/prefix";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hashPair } from "../hash.ts";
import { codeKey, isKeyAtOrBelow, type StateKey } from "../state/key.ts";
import type { StateEntry } from "../state/view.ts";
import { stateLeafHash } from "./leaf.ts";
import { naiveRoot, plainKey } from "./naive.testing.ts";
import { rootOfRun } from "./run.ts";
import { buildStateTree } from "./state-tree.testing.ts";
import { joinSubtrees, stateRootOf } from "./trie.ts";

const value = (key: string): Uint8Array => new Uint8Array([key.length, key.charCodeAt(key.length - 1)]);
const entriesOf = (keys: readonly string[]): StateEntry[] =>
  [...keys].sort().map((key) => ({ key: plainKey(key), value: value(key) }));

/** Sets of keys of one length that share most of their bits. */
const keySets: fc.Arbitrary<StateEntry[]> = fc
  .uniqueArray(fc.integer({ min: 0, max: 255 }), { minLength: 1, maxLength: 24 })
  .map((numbers) =>
    entriesOf(numbers.map((number) => String.fromCharCode(6, number >> 6, number & 63, number >> 4))),
  );

/** Keys of codes, many of them below one another. */
const codeSets: fc.Arbitrary<StateEntry[]> = fc
  .array(codes, { minLength: 1, maxLength: 12 })
  .map((list) => entriesOf([...new Set(list.flatMap((code) => [code, ...ancestorsOf(code)]).map(codeKey))]));

describe("the state root", () => {
  test("is that of the definition, for sets of keys that share prefixes", () => {
    fc.assert(
      fc.property(fc.oneof(keySets, codeSets), (entries) => {
        const root = naiveRoot(entries);
        expect(stateRootOf(entries)).toEqual(root);
        expect(buildStateTree(entries).root).toEqual(root);
      }),
      { numRuns: 200 },
    );
  });

  test("is a leaf's hash for one entry, and none for no entry", () => {
    const [only] = entriesOf(["a"]);
    expect(stateRootOf([only!])).toEqual(stateLeafHash(only!.key, only!.value));
    expect(stateRootOf([])).toBeUndefined();
  });

  test("changes with every value, every key and every entry more or less", () => {
    fc.assert(
      fc.property(keySets, fc.nat(), (entries, pick) => {
        const at = pick % entries.length;
        const root = stateRootOf(entries);
        const changed = entries.map((entry, index) =>
          index === at ? { key: entry.key, value: new Uint8Array([...entry.value, 0]) } : entry,
        );
        expect(stateRootOf(changed), "another value").not.toEqual(root);
        expect(stateRootOf(entries.filter((_, index) => index !== at)), "one less").not.toEqual(root);
        const more = [...entries, { key: plainKey("\u0007\u0000\u0000\u0000"), value: value("x") }];
        expect(stateRootOf(more), "one more").not.toEqual(root);
      }),
      { numRuns: 100 },
    );
  });

  test("hangs three entries as their bits say, by hand", () => {
    const [a, b, c] = entriesOf(["\u0000", "\u0040", "\u0080"]).map(({ key, value: bytes }) =>
      stateLeafHash(key, bytes),
    );
    expect(stateRootOf(entriesOf(["\u0000", "\u0040", "\u0080"]))).toEqual(hashPair(hashPair(a!, b!), c!));
    const [d, e, f] = entriesOf(["\u0000", "\u0080", "\u00c0"]).map(({ key, value: bytes }) =>
      stateLeafHash(key, bytes),
    );
    expect(stateRootOf(entriesOf(["\u0000", "\u0080", "\u00c0"]))).toEqual(hashPair(d!, hashPair(e!, f!)));
  });
});

describe("a joiner", () => {
  const hash = new Uint8Array(32);

  test("has no root for nothing, nor for two neighbours that part at one bit", () => {
    expect(joinSubtrees().root()).toBeUndefined();
    const joiner = joinSubtrees();
    joiner.add(hash, 0);
    joiner.add(hash, 5);
    joiner.add(hash, 5);
    expect(joiner.root()).toBeUndefined();
  });

  test("has one where two subtrees of one bit hang apart", () => {
    const joiner = joinSubtrees();
    joiner.add(hash, 0);
    joiner.add(hash, 5);
    joiner.add(hash, 1);
    joiner.add(hash, 5);
    const pair = hashPair(hash, hash);
    expect(joiner.root()).toEqual(hashPair(pair, pair));
  });
});

describe("a code and all that lies below it", () => {
  test("form exactly one subtree", () => {
    fc.assert(
      fc.property(codeSets, fc.nat(), (entries, pick) => {
        const stem = entries[pick % entries.length]!.key;
        const at = entries.flatMap(({ key }, index) => (isKeyAtOrBelow(key, stem) ? [index] : []));
        const [from, to] = [at[0]!, at[at.length - 1]!];
        expect(to - from, "they lie together").toBe(at.length - 1);
        const subtree = stateRootOf(entries.slice(from, to + 1))!;
        // One subtree: everything else hangs beside it on the way to the root, as it does beside a single entry.
        const { path } = buildStateTree(entries).runOf(from, to);
        const joined = { entries: entries.slice(from, to + 1), path };
        expect(rootOfRun(joined)?.root).toEqual(naiveRoot(entries));
        expect(rootOverSubtree(entries, from, to, subtree)).toEqual(naiveRoot(entries));
      }),
      { numRuns: 200 },
    );
  });

  test("are the codes of the grammar's tree, no more and no less", () => {
    fc.assert(
      fc.property(fc.array(codes, { minLength: 2, maxLength: 8 }), (list) => {
        const all = list.flatMap((code) => [code, ...ancestorsOf(code)]);
        for (const prefix of all) {
          for (const code of all) {
            const inTree = isKeyAtOrBelow(codeKey(code), codeKey(prefix));
            expect(inTree, `${code} below ${prefix}`).toBe(isSameOrBelow(code, prefix));
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  test("never hold a code whose node merely begins alike", () => {
    const stem = codeKey("MA.156.13" as never);
    for (const code of ["MA.156.1301", "MA.156.1301.02", "MA.156.13a", "MA.156.13-", "MA.156.1"]) {
      expect(isKeyAtOrBelow(codeKey(code as never), stem), code).toBe(false);
    }
    for (const code of ["MA.156.13", "MA.156.13.01", "MA.156.13/60", "MA.156.13.01/60.10000000.1/7"]) {
      expect(isKeyAtOrBelow(codeKey(code as never), stem), code).toBe(true);
    }
  });
});

/** The root when the entries `from` to `to` are given as the hash of one subtree. */
function rootOverSubtree(
  entries: readonly StateEntry[],
  from: number,
  to: number,
  subtree: Uint8Array,
): Uint8Array | undefined {
  const parts: { readonly first: StateKey; readonly last: StateKey; readonly hash: Uint8Array }[] = [];
  for (const [at, { key, value: bytes }] of entries.entries()) {
    if (at < from || at > to) parts.push({ first: key, last: key, hash: stateLeafHash(key, bytes) });
    else if (at === from) parts.push({ first: key, last: entries[to]!.key, hash: subtree });
  }
  const joiner = joinSubtrees();
  for (const [at, part] of parts.entries()) {
    joiner.add(part.hash, at === 0 ? 0 : differingBit(parts[at - 1]!.last, part.first));
  }
  return joiner.root();
}

/** First differing bit, found bit by bit. */
function differingBit(a: string, b: string): number {
  for (let bit = 0; ; bit++) {
    const mask = 128 >> (bit & 7);
    if ((a.charCodeAt(bit >> 3) & mask) !== (b.charCodeAt(bit >> 3) & mask)) return bit;
  }
}
