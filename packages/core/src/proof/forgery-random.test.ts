import { ancestorsOf } from "@cityroot/codes/ma/prefix";
import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeInterval } from "../state/interval.ts";
import { codeKey, codeOfKey, isKeyAtOrBelow, KEY_KINDS, prefixKey } from "../state/key.ts";
import type { AsOf } from "./answer.ts";
import { type Bundle, encodeBundle } from "./bundle.ts";
import { TEST_POLICY } from "./checkpoint.testing.ts";
import { proveAnswer } from "./prove.ts";
import { histories, playHistory, standingAt, standingIn, UNIVERSE } from "./random-history.testing.ts";
import { type Snapshot, type TestRegistry, verifyBytes } from "./registry.testing.ts";
import type { Run } from "./run.ts";
import { verifyList } from "./verify-list.ts";

/** Draws numbers, so that one property can make many choices. */
type Draw = (below: number) => number;

const draws: fc.Arbitrary<Draw> = fc
  .infiniteStream(fc.nat(0x7fff_ffff))
  .map((numbers) => (below) => numbers.next().value! % below);

/** Any bundle that a server can put together out of what it has, with its newest checkpoint. */
function anyBundle(registry: TestRegistry, draw: Draw, aim: number): Bundle {
  const head = registry.at();
  const { source, note, sealPath } = head;
  const runs: Run[] = [];
  const items: Bundle["items"][number][] = [];
  const versions: Bundle["versions"][number][] = [];
  // Mostly parts of honest answers about codes close by, and now and then anything at all.
  for (let count = draw(4); count >= 0; count--) {
    const code = UNIVERSE[draw(3) === 0 ? aim : (aim + draw(7) + UNIVERSE.length - 3) % UNIVERSE.length]!;
    const asOf: AsOf =
      draw(2) === 0 ? { height: draw(head.checkpoint.height + 1) } : { version: 1 + draw(4) };
    const bundle = proveAnswer(source, code, head, { asOf, delegations: draw(3) === 0 });
    runs.push(...bundle.runs.filter(() => draw(4) > 0));
    items.push(...bundle.items.filter(() => draw(4) > 0));
    versions.push(...bundle.versions.filter(() => draw(4) > 0));
  }
  if (draw(2) === 0) runs.push(anyRun(head, draw));
  for (let count = draw(4); count > 0; count--) items.push(...anyItem(head, registry, draw));
  // What does not lead to the root refuses the whole, so it is rare.
  if (draw(20) === 0) runs.push(anyRun(registry.at(draw(head.checkpoint.height + 1)), draw));
  if (draw(20) === 0 && runs.length > 0) {
    const { entries, path } = runs[draw(runs.length)]!;
    runs.push({ entries: entries.toSpliced(draw(entries.length), 1), path });
  }
  const shuffled = runs.map((run) => ({ run, place: draw(1000) })).sort((a, b) => a.place - b.place);
  return { note, sealPath, runs: shuffled.map(({ run }) => run), items, versions };
}

function anyRun({ source }: Snapshot, draw: Draw): Run {
  const from = draw(source.entries.length);
  return source.tree.runOf(from, Math.min(source.entries.length - 1, from + draw(4)));
}

function anyItem({ source }: Snapshot, { items }: TestRegistry, draw: Draw): Bundle["items"] {
  const batches = source.entries.flatMap(({ key, value }) => {
    const code = key.charCodeAt(0) === KEY_KINDS.code ? codeOfKey(key) : undefined;
    const interval = code === undefined ? undefined : decodeInterval(code, value);
    return interval?.type === "batch" ? [interval] : [];
  });
  const batch = batches[draw(Math.max(1, batches.length))];
  return batch === undefined ? [] : [items.proofAt(batch.root, draw(batch.count))];
}

/**
 * Goal: a server that mixes honest pieces as it likes shows the truth or nothing.
 * Method: for random histories, bundles of random pieces: of answers about other codes and other moments, with parts
 * left out, with runs and items from anywhere. What the verifier believes has to be what the state says.
 */
test("pieces of honest proofs never make a lie", () => {
  let believed = 0;
  let refused = 0;
  fc.assert(
    fc.property(histories, draws, (history, draw) => {
      const registry = playHistory(history);
      const head = registry.at();
      const seen = new Map();
      for (let attempt = 0; attempt < 60; attempt++) {
        const aim = draw(UNIVERSE.length);
        const code = UNIVERSE[aim]!;
        const bytes = encodeBundle(anyBundle(registry, draw, aim));
        const now = verifyBytes(bytes, code, { seen });
        if (now.ok) {
          expect(now.value.standing, code).toEqual(standingIn(registry, head, code));
          const above = [...ancestorsOf(code)]
            .reverse()
            .concat(code)
            .filter((prefix) => head.source.get(prefixKey(prefix)));
          const { delegations } = now.value;
          if (delegations !== undefined) expect(delegations.map(({ prefix }) => prefix)).toEqual(above);
        }
        const asOf = { height: draw(head.checkpoint.height + 1) };
        const then = verifyBytes(bytes, code, { seen, asOf });
        const name = `${code} as of ${asOf.height}`;
        if (then.ok) expect(then.value.standing, name).toEqual(standingAt(registry, head, code, asOf));
        for (const { ok } of [now, then]) {
          if (ok) believed += 1;
          else refused += 1;
        }
      }
    }),
    { numRuns: 20 },
  );
  expect(believed, "some are believed, so that the test is about something").toBeGreaterThan(100);
  expect(refused, "and some are not").toBeGreaterThan(100);
});

test("runs of an honest state never make a list with a gap", () => {
  let believed = 0;
  fc.assert(
    fc.property(histories, draws, (history, draw) => {
      const head = playHistory(history).at();
      const { entries, tree } = head.source;
      const options = { policy: TEST_POLICY, seen: new Map() };
      for (let attempt = 0; attempt < 60; attempt++) {
        const prefix = UNIVERSE[draw(UNIVERSE.length)]!;
        const after = draw(2) === 0 ? undefined : UNIVERSE[draw(UNIVERSE.length)]!;
        const stem = codeKey(prefix);
        const place = Math.max(0, entries.findIndex(({ key }) => key >= stem) - 1);
        const from = draw(2) === 0 ? place : Math.min(entries.length - 1, place + draw(5));
        const run = tree.runOf(from, Math.min(entries.length - 1, from + draw(12)));
        const bundle = { note: head.note, sealPath: head.sealPath, runs: [run], items: [], versions: [] };
        const part = verifyList(encodeBundle(bundle), prefix, after, options);
        if (!part.ok) continue;
        believed += 1;
        const start = after === undefined || codeKey(after) < stem ? undefined : codeKey(after);
        const rest = entries.filter(
          ({ key }) =>
            key.charCodeAt(0) === KEY_KINDS.code &&
            isKeyAtOrBelow(key, stem) &&
            (start === undefined || key > start),
        );
        const shown = part.value.entries.map(({ code, value }) => ({ key: codeKey(code), value }));
        expect(shown, `${prefix} after ${after}`).toEqual(rest.slice(0, shown.length));
        if (part.value.isLast) expect(shown.length, `${prefix} after ${after}`).toBe(rest.length);
      }
    }),
    { numRuns: 20 },
  );
  expect(believed, "some are believed, so that the test is about something").toBeGreaterThan(100);
});
