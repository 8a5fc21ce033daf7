import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { bytesToHex } from "@cityroot/core/hex";
import { buildStateTree } from "@cityroot/core/proof/state-tree.testing";
import { stateRootOf } from "@cityroot/core/proof/trie";
import type { StateKey } from "@cityroot/core/state/key";
import type { StateEntry } from "@cityroot/core/state/view";
import fc from "fast-check";
import { expect, test } from "vitest";
import { openStoredReader } from "../engine/embedded/stored-node.testing.ts";
import { installNativeFunctions } from "../store/native-functions.ts";
import { randomBlocks } from "../store/tree/random-entries.testing.ts";
import { openBlockWriter } from "./block-writer.testing.ts";
import type { Followed } from "./follow-process.testing.ts";

// Goal: a reader shows the state of the newest block, block by block, in the writer's process and in another, also
// when it comes so late that the changes it misses are no longer kept.
// Method: random entries are written as blocks, without a ledger, and compared with the core's state in memory.

installNativeFunctions();

function hexOfEntry(entry: StateEntry | undefined) {
  return entry === undefined ? undefined : [entry.key, bytesToHex(entry.value)];
}

test("a reader gives the core's entries, neighbours and runs after every block, however it got there", async () => {
  await fc.assert(
    fc.asyncProperty(
      randomBlocks(90, 6),
      fc.array(fc.nat(999), { minLength: 12, maxLength: 12 }),
      async (blocks, picks) => {
        const writer = openBlockWriter(2_000);
        await writer.writeGenesis();
        const follower = openStoredReader(writer.home);
        for (const [height, block] of blocks.entries()) {
          await writer.write(block);
          if (picks[height % 12]! % 3 === 0) await writer.reopen();
          const late = openStoredReader(writer.home);
          const entries = writer.model.entries();
          const tree = buildStateTree(entries);
          for (const [name, reader] of Object.entries({ follower, late })) {
            const when = `${name} at ${height + 1}`;
            const { checkpoint } = reader.head();
            expect(checkpoint.height, when).toBe(height + 1);
            expect(bytesToHex(checkpoint.stateRoot), when).toBe(bytesToHex(tree.root));
            expect(reader.entriesFrom("" as StateKey, 1_000).map(hexOfEntry), when).toEqual(
              entries.map(hexOfEntry),
            );
            for (const [at, pick] of picks.entries()) {
              const { key } = entries[pick % entries.length]!;
              const probe = (at % 2 === 0 ? key : `${key}${String.fromCharCode(pick % 256)}`) as StateKey;
              if (at % 2 === 0)
                expect(hexOfEntry(reader.source.before(key))).toEqual(hexOfEntry(writer.model.before(key)));
              else
                expect(reader.source.get(probe) === undefined, when).toBe(
                  writer.model.get(probe) === undefined,
                );
              expect(hexOfEntry(reader.source.after(key)), when).toEqual(hexOfEntry(writer.model.after(key)));
              const [from, to] = [pick % entries.length, picks[(at + 1) % 12]! % entries.length].sort(
                (a, b) => a - b,
              );
              const run = reader.source.runOf(entries[from!]!.key, entries[to!]!.key);
              const wanted = tree.runOf(from!, to!);
              expect(bytesToHex(run.path), `${when}, run ${from} to ${to}`).toBe(bytesToHex(wanted.path));
              expect(run.entries.map(hexOfEntry), when).toEqual(wanted.entries.map(hexOfEntry));
            }
          }
          await late.close();
        }
        await follower.close();
        await writer.close();
      },
    ),
    { numRuns: 8 },
  );
});

function serials(from: number, count: number, size: number): StateEntry[] {
  return Array.from({ length: count }, (_, at) => ({
    key: `\u0006MA\u0002156\u0001${String(from + at).padStart(8, "0")}\u0000` as StateKey,
    value: new Uint8Array(size).fill(at),
  }));
}

async function ask(follower: ChildProcess): Promise<Followed> {
  follower.send("next");
  const [followed] = (await once(follower, "message")) as [Followed];
  return followed;
}

test("a reader in another process follows block by block, and catches up when the changes it missed are gone", async () => {
  const writer = openBlockWriter(1_500);
  await writer.writeGenesis();
  const path = fileURLToPath(new URL("./follow-process.testing.ts", import.meta.url));
  const execArgv = ["--conditions=source"];
  const [steady, slow] = [1, 2].map(() => fork(path, [writer.home.path], { execArgv, stdio: "inherit" }));
  const here = openStoredReader(writer.home);
  try {
    await Promise.all([ask(steady!), ask(slow!)]);
    for (let block = 0; block < 24; block++) {
      // Now in order at the edge, now all over.
      await writer.write(block % 3 === 2 ? serials(block * 7, 60, 90) : serials(block * 50, 50, 200));
      await writer.settle();
      const root = bytesToHex(stateRootOf(writer.model.entries())!);
      const wanted = { height: block + 1, root, stated: root };
      expect(await ask(steady!), `the steady one at ${block + 1}`).toEqual(wanted);
      if (block % 8 === 7) expect(await ask(slow!), `the slow one at ${block + 1}`).toEqual(wanted);
      expect(bytesToHex(here.head().checkpoint.stateRoot)).toBe(root);
    }
    expect(writer.deltas(), "deltas that are kept").toBeLessThan(20);
    expect(writer.snapshots()).toHaveLength(1);
  } finally {
    for (const child of [steady!, slow!]) child.kill("SIGKILL");
    await here.close();
    await writer.close();
  }
});
