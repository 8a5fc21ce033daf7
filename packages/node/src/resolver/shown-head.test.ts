import { bytesToHex } from "@cityroot/core/hex";
import { buildStateTree } from "@cityroot/core/proof/state-tree.testing";
import type { StateKey } from "@cityroot/core/state/key";
import type { StateEntry } from "@cityroot/core/state/view";
import fc from "fast-check";
import { expect, test } from "vitest";
import { openStoredReader } from "../engine/embedded/stored-node.testing.ts";
import { installNativeFunctions } from "../store/native-functions.ts";
import type { StoredHead } from "../store/registry-store.ts";
import { randomBlocks } from "../store/tree/random-entries.testing.ts";
import { openBlockWriter } from "./block-writer.testing.ts";

// Goal: a reader that stands at an earlier block gives the state as of exactly that block, with its proofs, whatever
// blocks come after it, whenever that block is held and shown, and after any restart.
// Method: random blocks, and between them, or while they are written, heads are held and shown at random.

installNativeFunctions();

/** What is done after a block, and what while the next one is written. */
const STEPS = ["nothing", "hold", "show", "show while writing", "newest", "restart", "note"] as const;

type Known = { readonly root: string; readonly entries: readonly (readonly [StateKey, string])[] };

function knownOf(entries: readonly StateEntry[]): Known {
  return {
    root: bytesToHex(buildStateTree(entries).root),
    entries: entries.map(({ key, value }) => [key, bytesToHex(value)]),
  };
}

test("a reader stands at the shown head, with its whole state, until another is shown", async () => {
  const steps = fc.array(fc.constantFrom(...STEPS), { minLength: 14, maxLength: 14 });
  await fc.assert(
    fc.asyncProperty(randomBlocks(90, 14), steps, async (blocks, chosen) => {
      const writer = openBlockWriter(2_000);
      await writer.writeGenesis();
      const known = [knownOf(writer.model.entries())];
      const follower = openStoredReader(writer.home);
      let held: StoredHead | undefined;
      let shown: number | undefined;
      const show = async (): Promise<void> => {
        if (held === undefined) return;
        const head = held;
        held = undefined;
        await writer.store().show(head);
        shown = head.height;
      };
      for (const [at, block] of blocks.entries()) {
        const step = chosen[at]!;
        if (step === "hold") held = writer.store().hold();
        if (step === "show") await show();
        if (step === "newest") {
          await writer.store().showNewest();
          held = undefined;
          shown = undefined;
        }
        if (step === "note" && shown !== undefined) await writer.store().show(writer.store().shown()!.head);
        if (step === "restart") {
          await writer.restart();
          held = undefined;
        }
        const writing = writer.write(block);
        if (step === "show while writing") await Promise.all([writing, show()]);
        await writing;
        known.push(knownOf(writer.model.entries()));
        const late = openStoredReader(writer.home);
        for (const [name, reader] of Object.entries({ follower, late })) {
          const when = `${name} after ${step} and block ${at + 1}`;
          const { checkpoint } = reader.head();
          expect(checkpoint.height, when).toBe(shown ?? at + 1);
          const then = known[checkpoint.height]!;
          expect(bytesToHex(checkpoint.stateRoot), when).toBe(then.root);
          const entries = reader
            .entriesFrom("" as StateKey, 1_000)
            .map(({ key, value }) => [key, bytesToHex(value)]);
          expect(entries, when).toEqual(then.entries);
          expect(reader.block(checkpoint.height + 1), `${when}, the next block`).toBeUndefined();
        }
        await late.close();
      }
      await follower.close();
      await writer.close();
    }),
    { numRuns: Number(process.env["CITYROOT_RUNS"] ?? 25) },
  );
});

test("a page is kept once for the shown head and once for the held one, and not at all without them", async () => {
  const writer = openBlockWriter(1_000_000);
  await writer.writeGenesis();
  const entry = (value: number): StateEntry => {
    const [first] = writer.model.entries();
    return { key: first!.key, value: first!.value.with(first!.value.length - 1, value) };
  };
  const now = (): string => bytesToHex(writer.store().readPage(0));
  const at = (head: StoredHead, shelf: 0 | 1): string =>
    bytesToHex(writer.store().readShownPage({ head, shelf }, 0)!);
  const before = writer.store().head()!;
  await writer.write([entry(1)]);
  expect(at(before, 0), "nothing is held").toBe(now());
  const first = now();
  const held = writer.store().hold()!;
  await writer.write([entry(2)]);
  await writer.write([entry(3)]);
  expect([at(held, 0), at(held, 1)]).toEqual([first, now()]);
  await writer.store().show(held);
  expect(writer.store().shown()).toEqual({ head: held, shelf: 0 });
  const third = now();
  const next = writer.store().hold()!;
  await writer.write([entry(4)]);
  expect([at(held, 0), at(next, 1)], "one for readers, one for the held head").toEqual([first, third]);
  await writer.store().show(next);
  await writer.write([entry(5)]);
  expect([at(held, 0), at(next, 1)]).toEqual([first, third]);
  const fifth = now();
  const last = writer.store().hold()!;
  expect(last.height).toBe(5);
  await writer.write([entry(6)]);
  expect([at(last, 0), at(next, 1), at(held, 0)], "it took the first head's place").toEqual([
    fifth,
    third,
    now(),
  ]);
  await writer.close();
});
