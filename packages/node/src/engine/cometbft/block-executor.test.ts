import { rmSync } from "node:fs";
import type { Code } from "@cityroot/codes/ma/code";
import { issueOf } from "@cityroot/core/ledger.testing";
import { expect, test } from "vitest";
import { readHome } from "../../home/home.ts";
import { startSignaturePool } from "../../signature/signature-pool.ts";
import { installNativeFunctions } from "../../store/native-functions.ts";
import { makeTestHome, NATION, signTransaction } from "../embedded/stored-node.testing.ts";
import { ensureGenesis, openStoredLedger } from "../open-ledger.ts";
import { type BlockExecutor, blockExecutor } from "./block-executor.ts";
import { type CheckedParcels, checkedParcels } from "./checked-parcels.ts";
import { encodeParcel } from "./parcel.ts";

installNativeFunctions();

type Opened = {
  readonly executor: BlockExecutor;
  readonly checked: CheckedParcels;
  readonly close: () => Promise<void>;
};

async function open(path: string): Promise<Opened> {
  const home = readHome(path);
  const store = await ensureGenesis(home);
  const signatures = startSignaturePool(0);
  const executor = blockExecutor(openStoredLedger(home, store), store);
  return {
    executor,
    checked: checkedParcels(signatures),
    close: async () => {
      await executor.close();
      await store.close();
    },
  };
}

async function withNodes(count: number, run: (paths: string[]) => Promise<void>): Promise<void> {
  const paths = Array.from({ length: count }, () => makeTestHome());
  try {
    await run(paths);
  } finally {
    for (const path of paths) rmSync(path, { recursive: true, force: true });
  }
}

const issue = (serial: number, nonce: number = serial): Uint8Array =>
  signTransaction(NATION, [issueOf(`MA.156.1301.02/60.10000000.1/${serial}` as Code)], {
    lastHeight: 100,
    nonce,
  });

/** Blocks as a consensus could decide them: with repetitions, refusals, garbage, and some that change nothing. */
function someBlocks(): readonly (readonly Uint8Array[])[] {
  const bad = issue(77);
  bad[bad.length - 1]! ^= 1;
  return [
    [issue(1), issue(2)],
    [],
    [issue(2), issue(3), issue(3)],
    [new Uint8Array([1, 2, 3]), bad],
    [issue(4), issue(1, 1_001)],
  ];
}

async function decide(node: Opened, consensusHeight: number, transactions: readonly Uint8Array[]) {
  return {
    consensusHeight,
    digest: new Uint8Array(32).fill(consensusHeight),
    timeMs: 1_800_000_000_000 + consensusHeight,
    transactions: (await node.checked.check(transactions.map((bytes) => encodeParcel([bytes])))).flatMap(
      (parcel) => (parcel.ok ? parcel.value : []),
    ),
    misbehaviour: [],
  };
}

test("every node makes the same of the same blocks, however often it fell between executing and committing", async () => {
  await withNodes(2, async ([steady, falling]) => {
    const first = await open(steady!);
    const hashes: Uint8Array[] = [];
    for (const [at, transactions] of someBlocks().entries()) {
      first.executor.finalize(await decide(first, at + 1, transactions));
      hashes.push((await first.executor.commit()).appHash);
    }
    await first.close();

    for (const [at, transactions] of someBlocks().entries()) {
      const fallen = await open(falling!);
      expect(fallen.executor.committed().consensusHeight).toBe(at);
      fallen.executor.finalize(await decide(fallen, at + 1, transactions));
      await fallen.close();
      const again = await open(falling!);
      const { appHash } = again.executor.finalize(await decide(again, at + 1, transactions));
      expect(appHash).toEqual(hashes[at]);
      await again.executor.commit();
      expect(again.executor.committed()).toEqual({ consensusHeight: at + 1, appHash: hashes[at] });
      await again.close();
    }
  });
});

test("tells of each transaction what became of it, and where", async () => {
  await withNodes(1, async ([path]) => {
    const node = await open(path!);
    const outcomes: unknown[] = [];
    for (const [at, transactions] of someBlocks().entries()) {
      const executed = node.executor.finalize(await decide(node, at + 1, transactions));
      await node.executor.commit();
      outcomes.push(
        executed.outcomes.map((outcome) => (outcome.ok ? outcome.value : outcome.rejection.name)),
      );
    }
    expect(outcomes).toEqual([
      [
        { height: 1, index: 0 },
        { height: 1, index: 1 },
      ],
      [],
      [
        { height: 1, index: 1 },
        { height: 2, index: 0 },
        { height: 2, index: 0 },
      ],
      [],
      [{ height: 3, index: 0 }, "CODE_TAKEN"],
    ]);
    await node.close();
  });
});

test("a block that changes nothing leaves the app hash; the same block again gives the same answer, another is refused", async () => {
  await withNodes(1, async ([path]) => {
    const node = await open(path!);
    const before = node.executor.committed().appHash;
    node.executor.finalize(await decide(node, 1, []));
    await node.executor.commit();
    expect(node.executor.committed()).toEqual({ consensusHeight: 1, appHash: before });
    const block = await decide(node, 2, [issue(1)]);
    const once = node.executor.finalize(block);
    expect(node.executor.finalize(block)).toBe(once);
    expect(once.appHash).not.toEqual(before);
    expect(() => node.executor.finalize({ ...block, digest: new Uint8Array(32) })).toThrow(
      /committed before/,
    );
    await node.executor.commit();
    expect(() => node.executor.finalize({ ...block, consensusHeight: 4 })).toThrow(/without a gap/);
    await expect(node.executor.commit()).rejects.toThrow(/executed before/);
    await node.close();
  });
});
