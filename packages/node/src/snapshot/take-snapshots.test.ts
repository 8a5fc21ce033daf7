import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { zstdDecompressSync } from "node:zlib";
import { issueOf } from "@cityroot/core/ledger.testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  makeTestHome,
  NATION,
  openStoredNode,
  type StoredNode,
  signTransaction,
} from "../engine/embedded/stored-node.testing.ts";
import { openLogger } from "../logger.ts";
import { fillHome, STEM } from "./snapshot.testing.ts";
import { decodeManifest, isChunk } from "./snapshot-manifest.ts";
import { openSnapshots, type SnapshotPlan, type Snapshots } from "./take-snapshots.ts";

// Goal: snapshots are of the height that they are named by, whatever is written while they are taken; the newest are kept.

let path = "";
let node: StoredNode;
let snapshots: Snapshots | undefined;

beforeEach(async () => {
  path = makeTestHome();
  await fillHome(path);
  node = await openStoredNode(path);
});
afterEach(async () => {
  await snapshots?.close();
  snapshots = undefined;
  await node.close();
  rmSync(path, { recursive: true, force: true });
});

function open(plan: SnapshotPlan): Snapshots {
  const { dataFolder } = node.home;
  snapshots = openSnapshots({
    plan,
    dataFolder,
    folder: `${path}/snapshots`,
    logger: openLogger("fatal", {}),
  });
  return snapshots;
}

async function reach(of: Snapshots, height: number): Promise<void> {
  await node.store.writeConsensusHeight(height);
  await of.onDurable(height);
}

let nonce = 5_000;
async function issue(): Promise<void> {
  const operations = [issueOf(`${STEM}/${nonce}`)];
  const [result] = await node.engine.submit([
    signTransaction(NATION, operations, { lastHeight: 500, nonce }),
  ]);
  nonce += 1;
  if (!result!.outcome.ok) throw new Error(result!.outcome.rejection.detail);
}

test("a snapshot is of its height although the node goes on writing", async () => {
  const all = open({ everyBlocks: 3, keep: 2 });
  const heads: number[] = [];
  for (let height = 1; height <= 3; height++) {
    await issue();
    await reach(all, height);
    heads.push(node.store.head()!.height);
  }
  for (let more = 0; more < 5; more++) await issue();
  await expect.poll(() => all.usable(5).length, { timeout: 20_000 }).toBe(1);
  const [snapshot] = all.usable(5);
  expect(snapshot!.height).toBe(3);
  const manifest = decodeManifest(snapshot!.manifest)!;
  expect(manifest.height).toBe(heads[2]);
  expect(node.store.head()!.height).toBe(heads[2]! + 5);
  const chunk = zstdDecompressSync((await all.loadChunk(3, 1, 0))!);
  expect(isChunk(manifest, 0, chunk)).toBe(true);
  expect(await all.loadChunk(3, 1, 1)).toBeUndefined();
  expect(await all.loadChunk(3, 2, 0)).toBeUndefined();
  expect(await all.loadChunk(4, 1, 0)).toBeUndefined();
  // Whoever takes it needs the headers of the two blocks after it.
  expect(all.usable(4)).toEqual([]);
  expect(all.oldestHeight()).toBe(3);
}, 30_000);

test("the newest are kept, also by a node that is started again, and what was left half is taken away", async () => {
  const all = open({ everyBlocks: 2, keep: 2 });
  for (let height = 1; height <= 6; height++) {
    await issue();
    await reach(all, height);
    if (height % 2 === 0)
      await expect.poll(() => all.usable(height + 2).at(-1)?.height, { timeout: 20_000 }).toBe(height);
  }
  expect(all.usable(8).map(({ height }) => height)).toEqual([4, 6]);
  await all.close();
  mkdirSync(`${path}/snapshots/8-123.part`);
  writeFileSync(`${path}/snapshots/8-123.part/chunk-0`, "half");
  mkdirSync(`${path}/snapshots/10`);
  const again = open({ everyBlocks: 2, keep: 2 });
  expect(again.usable(8).map(({ height }) => height)).toEqual([4, 6]);
  expect(existsSync(`${path}/snapshots/8-123.part`)).toBe(false);
  expect(again.oldestHeight()).toBe(4);
}, 60_000);

test("none is taken where the plan says so, and a height that was missed is not taken for another", async () => {
  const none = open({ everyBlocks: 0, keep: 2 });
  for (let height = 1; height <= 4; height++) await reach(none, height);
  expect(readdirSync(`${path}/snapshots`)).toEqual([]);
  await none.close();
  const all = open({ everyBlocks: 2, keep: 2 });
  // The process finds a store that stands elsewhere.
  await node.store.writeConsensusHeight(7);
  await all.onDurable(6);
  await all.close();
  expect(readdirSync(`${path}/snapshots`)).toEqual([]);
}, 30_000);
