import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeCbor, encodeCbor } from "../cbor.ts";
import { equalBytes } from "../hex.ts";
import { STATE_KEY_BYTES_MAX } from "../limits.ts";
import { turnBit } from "../log/reference.testing.ts";
import { STATE_KEY_BITS_MAX } from "../state/key.ts";
import type { StateEntry } from "../state/view.ts";
import { stateLeafHash } from "./leaf.ts";
import { naiveRoot, naiveRun, plainKey } from "./naive.testing.ts";
import { type Run, rootOfRun, runFromCbor, runToCbor, STEP_BYTES, showsAbsence } from "./run.ts";
import { buildStateTree } from "./state-tree.testing.ts";

/** Keys of three bytes that share most of their bits, in order, with values of their own. */
const keySets: fc.Arbitrary<StateEntry[]> = fc
  .uniqueArray(fc.integer({ min: 0, max: 127 }), { minLength: 1, maxLength: 14 })
  .map((numbers) =>
    [...numbers]
      .sort((a, b) => a - b)
      .map((number) => ({
        key: plainKey(String.fromCharCode(6, number >> 4, (number & 15) << 2)),
        value: new Uint8Array([number]),
      })),
  );

const withPlaces = keySets.chain((entries) =>
  fc
    .tuple(fc.nat(entries.length - 1), fc.nat(entries.length - 1))
    .map(([a, b]) => ({ entries, from: Math.min(a, b), to: Math.max(a, b) })),
);

const stepsOf = ({ path }: Run): Uint8Array[] =>
  Array.from({ length: path.length / STEP_BYTES }, (_, at) =>
    path.slice(STEP_BYTES * at, STEP_BYTES * (at + 1)),
  );
const ofSteps = (entries: readonly StateEntry[], steps: readonly Uint8Array[]): Run => ({
  entries,
  path: new Uint8Array(steps.flatMap((step) => [...step])),
});

describe("a run", () => {
  test("leads to the root, from every entry to every later one", () => {
    fc.assert(
      fc.property(keySets, (entries) => {
        const root = naiveRoot(entries);
        const tree = buildStateTree(entries);
        for (let from = 0; from < entries.length; from++) {
          for (let to = from; to < entries.length; to++) {
            const name = `${from} to ${to}`;
            const run = naiveRun(entries, from, to);
            expect(tree.runOf(from, to), name).toEqual(run);
            expect(rootOfRun(run), name).toEqual({
              root,
              startsTree: from === 0,
              endsTree: to === entries.length - 1,
            });
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  test("may have a subtree at the same bit on both sides, the left one first", () => {
    const entries = ["\u0000", "\u0001", "\u0080", "\u0081"].map((text) => ({
      key: plainKey(text),
      value: new Uint8Array([text.charCodeAt(0)]),
    }));
    const run = naiveRun(entries, 1, 2);
    const [left, right] = stepsOf(run);
    expect([left![1], right![1]]).toEqual([2 * 7, 2 * 7 + 1]);
    expect(rootOfRun(run)?.root).toEqual(naiveRoot(entries));
    expect(rootOfRun(ofSteps(run.entries, [right!, left!]))).toBeUndefined();
  });

  test("shows every key between its entries to be absent, and none of its own", () => {
    fc.assert(
      fc.property(withPlaces, ({ entries, from, to }) => {
        const run = naiveRun(entries, from, to);
        const edges = rootOfRun(run)!;
        const has = new Set(entries.map(({ key }) => key));
        for (let high = 0; high < 8; high++) {
          for (let low = 0; low < 64; low++) {
            const key = plainKey(String.fromCharCode(6, high, low));
            const inReach =
              (from === 0 || key > entries[from]!.key) &&
              (to === entries.length - 1 || key < entries[to]!.key);
            expect(showsAbsence(run, edges, key), `${high} ${low}`).toBe(inReach && !has.has(key));
          }
        }
      }),
      { numRuns: 30 },
    );
  });

  test("survives its CBOR form", () => {
    fc.assert(
      fc.property(withPlaces, ({ entries, from, to }) => {
        const run = naiveRun(entries, from, to);
        expect(runFromCbor(decodeCbor(encodeCbor(runToCbor(run))))).toEqual(run);
      }),
      { numRuns: 50 },
    );
  });

  test("is none in a CBOR form that differs from the one there is", () => {
    const key = new Uint8Array([6]);
    const path = new Uint8Array(0);
    for (const [name, value] of Object.entries({
      "no array": 1,
      "one element": [[[key, key]]],
      "three elements": [[[key, key]], path, path],
      "a path of text": [[[key, key]], "x"],
      "entries that are none": ["x", path],
      "an entry of one": [[[key]], path],
      "an entry of three": [[[key, key, key]], path],
      "a key of text": [[["x", key]], path],
      "a value of text": [[[key, "x"]], path],
      "an empty key": [[[path, key]], path],
      "a key too long": [[[new Uint8Array(STATE_KEY_BYTES_MAX + 1), key]], path],
    })) {
      expect(runFromCbor(value), name).toBeUndefined();
    }
  });
});

/** Every way to change a run a little, by name. */
function* mutationsOf(run: Run): Generator<readonly [string, Run]> {
  const { entries, path } = run;
  for (let bit = 0; bit < 8 * path.length; bit++)
    yield [`path bit ${bit}`, { entries, path: turnBit(path, bit) }];
  for (const [at, { key, value }] of entries.entries()) {
    const replaced = (entry: StateEntry): Run => ({ entries: entries.with(at, entry), path });
    for (let bit = 0; bit < 8 * key.length; bit++) {
      const turned = turnBit(
        Uint8Array.from(key, (unit) => unit.charCodeAt(0)),
        bit,
      );
      yield [`key ${at} bit ${bit}`, replaced({ key: plainKey(String.fromCharCode(...turned)), value })];
    }
    for (let bit = 0; bit < 8 * value.length; bit++) {
      yield [`value ${at} bit ${bit}`, replaced({ key, value: turnBit(value, bit) })];
    }
    // The border between key and value moved, so that the joined bytes stay the same.
    const moved = key + String.fromCharCode(...value);
    yield [`value ${at} taken into the key`, replaced({ key: plainKey(moved), value: new Uint8Array(0) })];
    yield [`entry ${at} dropped`, { entries: entries.toSpliced(at, 1), path }];
    yield [`entry ${at} twice`, { entries: entries.toSpliced(at, 0, entries[at]!), path }];
    for (let other = at + 1; other < entries.length; other++) {
      const swapped = entries.with(at, entries[other]!).with(other, entries[at]!);
      yield [`entries ${at} and ${other} swapped`, { entries: swapped, path }];
    }
  }
  const steps = stepsOf(run);
  for (let at = 0; at < steps.length; at++) {
    yield [`step ${at} dropped`, ofSteps(entries, steps.toSpliced(at, 1))];
    yield [`step ${at} twice`, ofSteps(entries, steps.toSpliced(at, 0, steps[at]!))];
    for (let other = at + 1; other < steps.length; other++) {
      yield [
        `steps ${at} and ${other} swapped`,
        ofSteps(entries, steps.with(at, steps[other]!).with(other, steps[at]!)),
      ];
    }
  }
  yield ["path cut short", { entries, path: path.slice(0, -1) }];
  yield ["path with a byte more", { entries, path: new Uint8Array([...path, 0]) }];
}

describe("a changed run", () => {
  test("is refused, or leads to another root, or shows the very same", () => {
    fc.assert(
      fc.property(withPlaces, ({ entries, from, to }) => {
        const run = naiveRun(entries, from, to);
        const honest = rootOfRun(run)!;
        for (const [name, changed] of mutationsOf(run)) {
          const edges = rootOfRun(changed);
          if (edges === undefined || !equalBytes(edges.root, honest.root)) continue;
          // Only a lie about a bit that leaves the subtrees hanging as they do: it shows nothing else.
          expect(changed.entries, name).toEqual(run.entries);
          expect(edges, name).toEqual(honest);
          expect(
            stepsOf(changed).map((step) => [(step[1] ?? 0) & 1, ...step.slice(2)]),
            name,
          ).toEqual(stepsOf(run).map((step) => [(step[1] ?? 0) & 1, ...step.slice(2)]));
        }
      }),
      { numRuns: 40 },
    );
  });

  test("never leads to the root with other entries, however its parts are put together", () => {
    // Everything a server could draw from: entries and hashes of subtrees of the true tree.
    fc.assert(
      fc.property(
        keySets.filter((entries) => entries.length > 2),
        fc.infiniteStream(fc.nat(1_000_000)),
        (entries, numbers) => {
          const next = (below: number): number => numbers.next().value! % below;
          const root = naiveRoot(entries);
          const hashes: Uint8Array[] = [];
          for (let from = 0; from < entries.length; from++) {
            for (let to = from; to < Math.min(entries.length, from + 4); to++)
              hashes.push(naiveRoot(entries.slice(from, to + 1)));
          }
          for (let attempt = 0; attempt < 200; attempt++) {
            const chosen = entries.filter(() => next(3) === 0);
            const bits = Array.from({ length: next(6) }, () => next(24)).sort((a, b) => b - a);
            const steps = bits.map((bit) => {
              const hash = hashes[next(hashes.length)]!;
              return new Uint8Array([0, 2 * bit + next(2), ...hash]);
            });
            const edges = rootOfRun(ofSteps(chosen, steps));
            if (edges === undefined || !equalBytes(edges.root, root)) continue;
            const from = entries.indexOf(chosen[0]!);
            expect(entries.slice(from, from + chosen.length)).toEqual(chosen);
            expect(edges.startsTree).toBe(from === 0);
            expect(edges.endsTree).toBe(from + chosen.length === entries.length);
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  test("has no root without entries, nor with more bits than a key has", () => {
    expect(rootOfRun({ entries: [], path: new Uint8Array(0) })).toBeUndefined();
    const entries = [{ key: plainKey("\u0006"), value: new Uint8Array(1) }];
    const withBit = (bit: number): Run =>
      ofSteps(entries, [new Uint8Array([(2 * bit) >> 8, (2 * bit) & 255, ...new Uint8Array(32)])]);
    expect(rootOfRun(withBit(STATE_KEY_BITS_MAX - 1))).toBeDefined();
    expect(rootOfRun(withBit(STATE_KEY_BITS_MAX))).toBeUndefined();
    expect(rootOfRun(withBit(0x7fff))).toBeUndefined();
  });

  test("takes as many steps as a path can have, and no more", () => {
    const entries = [{ key: plainKey("\u0006"), value: new Uint8Array(1) }];
    const steps: Uint8Array[] = [];
    for (let bit = STATE_KEY_BITS_MAX - 1; bit >= 0; bit--) {
      for (const side of [0, 1]) {
        const head = 2 * bit + side;
        steps.push(new Uint8Array([head >> 8, head & 255, ...new Uint8Array(32).fill(bit)]));
      }
    }
    const leftOnly = steps.filter((step) => step[1]! % 2 === 0);
    expect(rootOfRun(ofSteps(entries, leftOnly)), "one side, every bit").toBeDefined();
    expect(rootOfRun(ofSteps(entries, steps)), "both sides above a single entry").toBeUndefined();
    expect(rootOfRun(ofSteps(entries, [...leftOnly, leftOnly[0]!])), "one more").toBeUndefined();
  });
});

describe("a leaf and an inner node", () => {
  const entries = ["a", "b", "c", "d"].map((text) => ({
    key: plainKey(text),
    value: new Uint8Array(60).fill(text.charCodeAt(0)),
  }));
  const root = naiveRoot(entries);

  test("cannot pass for one another: a leaf hashes more than 64 bytes whatever its key and value", () => {
    const left = stateLeafHash(entries[0]!.key, entries[0]!.value);
    const right = naiveRoot(entries.slice(1));
    // The 64 bytes of the root's children given as an entry, in every way to cut them into key and value.
    const children = [...left, ...right];
    for (let cut = 1; cut < 64; cut++) {
      const key = plainKey(String.fromCharCode(...children.slice(0, cut)));
      const edges = rootOfRun({
        entries: [{ key, value: new Uint8Array(children.slice(cut)) }],
        path: new Uint8Array(0),
      });
      expect(edges?.root, `cut at ${cut}`).not.toEqual(root);
    }
  });

  test("cannot pass for one another: 64 bytes of a leaf are not two children", () => {
    const run = naiveRun(entries, 3, 3);
    const inner = new Uint8Array(64);
    inner.set(stateLeafHash(entries[3]!.key, entries[3]!.value));
    const steps = stepsOf(run);
    const forged = ofSteps(run.entries, [new Uint8Array([0, 23, ...inner.subarray(32)]), ...steps]);
    expect(rootOfRun(forged)?.root).not.toEqual(root);
  });

  test("hash the length of the key apart from key and value", () => {
    expect(stateLeafHash(plainKey("ab"), new Uint8Array([99]))).not.toEqual(
      stateLeafHash(plainKey("a"), new Uint8Array([98, 99])),
    );
  });
});
