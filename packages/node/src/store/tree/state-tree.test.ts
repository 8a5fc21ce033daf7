import type { Code } from "@cityroot/codes/ma/code";
import { stateRootOf } from "@cityroot/core/proof/trie";
import { codeKey, type StateKey } from "@cityroot/core/state/key";
import { memoryState } from "@cityroot/core/state/memory";
import type { StateEntry } from "@cityroot/core/state/view";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { installNativeFunctions } from "../native-functions.ts";
import { rebuildUpperTree } from "../upper-snapshot.ts";
import { applyDelta, encodeDelta } from "./delta.ts";
import { decodePage } from "./page.ts";
import { PAGE_BYTES_MAX } from "./page-layout.ts";
import { randomBlocks, stateKeys } from "./random-entries.testing.ts";
import { StateTree } from "./state-tree.ts";
import { UpperTree } from "./upper.ts";

// Goal: the tree of pages is the state of the core, whatever is written in whatever order, however the entries are
// grouped, and however late pages reach the disk.
// Method: random blocks of entries go into the tree and into the core's state in memory, and both are asked the same.

beforeAll(installNativeFunctions);

/** A tree over pages in memory, which reach them only when a block is released. */
function openTree(upper = new UpperTree(), pages = new Map<number, Buffer>()) {
  const rows: { readonly value: Uint8Array; readonly earlier: number }[] = [];
  const tree = new StateTree(upper, {
    readPage: (page) => {
      const bytes = pages.get(page);
      if (bytes === undefined) throw new Error(`page ${page} is read before it is there`);
      return Buffer.from(bytes);
    },
    keepVersion: (value, earlier) => rows.push({ value, earlier }),
  });
  const waiting: (() => void)[] = [];
  return {
    tree,
    upper,
    pages,
    rows,
    /** Ends a block; its pages are written when {@link write} comes to it. */
    finish: () => {
      const changes = tree.finish();
      const release = tree.retire();
      waiting.push(() => {
        for (const [page, bytes] of changes.pages) pages.set(page, bytes);
        release();
      });
      return { root: changes.root, delta: encodeDelta(changes.delta) };
    },
    /** Writes the oldest blocks until at most `left` are not written. */
    write: (left: number) => {
      while (waiting.length > left) waiting.shift()!();
    },
    store: { readPage: (page: number) => pages.get(page)!, pageCount: () => pages.size },
  };
}

function expectSame(
  actual: Pick<StateTree, "get" | "before" | "after">,
  model: Pick<StateTree, "get" | "before" | "after">,
  keys: readonly StateKey[],
  when: string,
): void {
  for (const key of keys) {
    const name = `${when}: ${JSON.stringify(key)}`;
    expect(bytesOf(actual.get(key)), `get ${name}`).toEqual(bytesOf(model.get(key)));
    expect(entryOf(actual.before(key)), `before ${name}`).toEqual(entryOf(model.before(key)));
    expect(entryOf(actual.after(key)), `after ${name}`).toEqual(entryOf(model.after(key)));
  }
}

function bytesOf(bytes: Uint8Array | undefined): string | undefined {
  return bytes === undefined ? undefined : Buffer.from(bytes).toString("hex");
}

function entryOf(entry: StateEntry | undefined) {
  return entry === undefined ? undefined : [entry.key, bytesOf(entry.value)];
}

test("the tree says what the core's state says, within blocks and after them, however late pages are written", () => {
  fc.assert(
    fc.property(
      randomBlocks(120, 12),
      fc.array(stateKeys, { minLength: 10, maxLength: 10 }),
      fc.array(fc.nat(3), { minLength: 12, maxLength: 12 }),
      (blocks, strangers, lags) => {
        const { tree, finish, write } = openTree();
        const model = memoryState();
        for (const [height, block] of blocks.entries()) {
          for (const [at, { key, value }] of block.entries()) {
            tree.set(key, value);
            model.set(key, value);
            if (at % 8 === 0) expectSame(tree, model, [key, strangers[at % 10]!], `in block ${height}`);
          }
          const { root } = finish();
          expect(bytesOf(root), `root of block ${height}`).toBe(bytesOf(stateRootOf(model.entries())));
          write(lags[height]!);
          const own = block.map(({ key }) => key);
          expectSame(tree, model, [...own.slice(0, 5), ...strangers], `after block ${height}`);
        }
        write(0);
        expectSame(
          tree,
          model,
          model.entries().map(({ key }) => key),
          "at the end",
        );
      },
    ),
    { numRuns: 40 },
  );
});

test("whoever follows the changes, restores a snapshot or starts from the pages has the same tree, and keeps it", () => {
  fc.assert(
    fc.property(randomBlocks(160, 10), fc.nat(9), (blocks, from) => {
      const { tree, upper, finish, write, pages, store } = openTree();
      const follower = new UpperTree();
      const late: { readonly name: string; readonly upper: UpperTree }[] = [];
      for (const [height, block] of blocks.entries()) {
        for (const { key, value } of block) tree.set(key, value);
        const { root, delta } = finish();
        write(0);
        for (const { name, upper: one } of [{ name: "follower", upper: follower }, ...late]) {
          expect(applyDelta(delta, one), `${name} at ${height}`).toBe(true);
          expect(bytesOf(one.rehash()), `${name} at ${height}`).toBe(bytesOf(root));
        }
        if (height !== from) continue;
        const restored = new UpperTree();
        expect(restored.restore(upper.snapshot())).toBe(true);
        late.push({ name: "restored", upper: restored }, { name: "rebuilt", upper: rebuildUpperTree(store) });
        for (const { name, upper: one } of late) expect(bytesOf(one.rehash()), name).toBe(bytesOf(root));
      }
      for (const { name, upper: one } of late) {
        const model = openTree(upper, pages).tree;
        const again = openTree(one, pages).tree;
        expectSame(
          again,
          model,
          blocks.flat().map(({ key }) => key),
          name,
        );
      }
    }),
    { numRuns: 40 },
  );
});

test("a tree that goes on after it was restored or rebuilt writes what the others can follow", () => {
  fc.assert(
    fc.property(
      randomBlocks(120, 8),
      fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
      (blocks, ways) => {
        const pages = new Map<number, Buffer>();
        const follower = new UpperTree();
        const model = memoryState();
        let upper = new UpperTree();
        for (const [height, block] of blocks.entries()) {
          const { tree, finish, write, store } = openTree(upper, pages);
          for (const { key, value } of block) {
            tree.set(key, value);
            model.set(key, value);
          }
          const { root, delta } = finish();
          write(0);
          applyDelta(delta, follower);
          expect(bytesOf(root), `root of block ${height}`).toBe(bytesOf(stateRootOf(model.entries())));
          expect(bytesOf(follower.rehash()), `follower at ${height}`).toBe(bytesOf(root));
          const next = ways[height] === true ? rebuildUpperTree(store) : new UpperTree();
          if (next.isEmpty) next.restore(upper.snapshot());
          next.rehash();
          upper = next;
        }
      },
    ),
    { numRuns: 40 },
  );
});

test("the root does not depend on the order in which entries came, nor on how many came at once", () => {
  fc.assert(
    fc.property(randomBlocks(100, 6), fc.integer({ min: 1, max: 40 }), (blocks, size) => {
      const model = memoryState();
      for (const { key, value } of blocks.flat()) model.set(key, value);
      const entries = [...model.entries()];
      const orders = [
        entries,
        [...entries].reverse(),
        [...entries].sort((a, b) => a.value.length - b.value.length),
      ];
      for (const [at, order] of orders.entries()) {
        const { tree, finish, write } = openTree();
        let root: Uint8Array = new Uint8Array();
        for (let from = 0; from < order.length; from += size) {
          for (const { key, value } of order.slice(from, from + size)) tree.set(key, value);
          root = finish().root;
          write(0);
        }
        expect(bytesOf(root), `order ${at}`).toBe(bytesOf(stateRootOf(entries)));
      }
    }),
    { numRuns: 25 },
  );
});

test("pages are whole subtrees no larger than they may be, and keep what was before each value", () => {
  fc.assert(
    fc.property(randomBlocks(120, 6), (blocks) => {
      const { tree, finish, write, pages, rows } = openTree();
      const histories = new Map<StateKey, Uint8Array[]>();
      for (const block of blocks) {
        for (const { key, value } of block) {
          tree.set(key, value);
          histories.set(key, [...(histories.get(key) ?? []), value]);
        }
        finish();
        write(0);
      }
      let found = 0;
      for (const [number, bytes] of pages) {
        const page = decodePage(bytes);
        found += page.keys.length;
        if (page.keys.length > 1) expect(bytes.length, `page ${number}`).toBeLessThanOrEqual(PAGE_BYTES_MAX);
        for (const [at, key] of page.keys.entries()) {
          const history = [page.values[at]!];
          for (let row = page.earlier[at]!; row !== 0; row = rows[row - 1]!.earlier)
            history.unshift(rows[row - 1]!.value);
          expect(history.map(bytesOf), JSON.stringify(key)).toEqual(histories.get(key)!.map(bytesOf));
        }
      }
      expect(found).toBe(histories.size);
    }),
    { numRuns: 30 },
  );
});

test("a block may add thousands of entries at one place, in any order, and change them again", () => {
  const { tree, upper, finish, write, pages } = openTree();
  const follower = new UpperTree();
  const model = memoryState();
  const keyOf = (serial: number): StateKey => codeKey(`MA.156.1301.${10_000 + serial}` as Code);
  const set = (key: StateKey, size: number): void => {
    const value = new Uint8Array(size).fill(size);
    tree.set(key, value);
    model.set(key, value);
  };
  for (const block of [0, 1]) {
    for (let at = 0; at < 4_001; at++) {
      // 2,600 and 8,009 have no divisor in common: every serial comes once, in an order of no kind.
      const serial = (at * 2_600) % 8_009;
      set(keyOf(serial), 20 + (at % 90));
      if (at % 5 === 0) set(keyOf((serial * 7) % 8_009), block === 0 ? 60 : 5_000 - at);
      if (at % 701 === 0) expectSame(tree, model, [keyOf(serial), keyOf(serial + 1)], `${block}: ${at}`);
    }
    const { root, delta } = finish();
    expect(bytesOf(root)).toBe(bytesOf(stateRootOf(model.entries())));
    expect(applyDelta(delta, follower)).toBe(true);
    expect(bytesOf(follower.rehash())).toBe(bytesOf(root));
  }
  // Both blocks are written only now.
  write(0);
  const keys = model.entries().map(({ key }) => key);
  expectSame(openTree(upper, pages).tree, model, keys, "from the pages");
});
