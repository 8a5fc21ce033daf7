import { rmSync } from "node:fs";
import type { Code } from "@cityroot/codes/ma/code";
import { bytesToHex } from "@cityroot/core/hex";
import { issueOf } from "@cityroot/core/ledger.testing";
import { setValidatorsOf, testValidator } from "@cityroot/core/operation/operation.testing";
import { misbehaviourKey } from "@cityroot/core/state/key";
import { decodeMisbehaviour, type Misbehaviour } from "@cityroot/core/state/misbehaviour";
import { addressOf } from "@cityroot/core/state/validators";
import { expect, test } from "vitest";
import { auditRegistry } from "../../audit/audit-registry.ts";
import { exportRegistry } from "../../audit/export-registry.ts";
import { importRegistry } from "../../audit/import-registry.ts";
import { readHome } from "../../home/home.ts";
import { startSignaturePool } from "../../signature/signature-pool.ts";
import { installNativeFunctions } from "../../store/native-functions.ts";
import { makeTestHome, NATION, openStoredReader, signTransaction } from "../embedded/stored-node.testing.ts";
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

async function decide(
  node: Opened,
  consensusHeight: number,
  transactions: readonly Uint8Array[],
  misbehaviour: readonly Misbehaviour[] = [],
) {
  return {
    consensusHeight,
    digest: new Uint8Array(32).fill(consensusHeight),
    timeMs: 1_800_000_000_000 + consensusHeight,
    transactions: (await node.checked.check(transactions.map((bytes) => encodeParcel([bytes])))).flatMap(
      (parcel) => (parcel.ok ? parcel.value : []),
    ),
    misbehaviour,
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

test("what is reported of validators makes a block, also alone, and is the same after replay, export and import", async () => {
  await withNodes(1, async ([path]) => {
    const node = await open(path!);
    const guilty = testValidator(1);
    const report = (height: number): Misbehaviour => ({
      ...{ kind: "duplicate-vote", address: new Uint8Array(addressOf(guilty.publicKey)), power: 10 },
      ...{ height, timeMs: 1_800_000_000_000, totalPower: 40 },
    });
    const name = signTransaction(NATION, [setValidatorsOf(guilty, testValidator(2))], {
      ...{ lastHeight: 100, nonce: 1 },
    });
    const blocks = [
      await decide(node, 1, [name]),
      await decide(node, 2, [], [report(1)]),
      await decide(node, 3, []),
      await decide(node, 4, [issue(1)], [report(2), report(3)]),
    ];
    const hashes: string[] = [];
    for (const block of blocks) {
      const { before, after, appHash } = node.executor.finalize(block);
      hashes.push(bytesToHex(appHash));
      await node.executor.commit();
      expect(before.validators).toHaveLength(block.consensusHeight === 1 ? 0 : 2);
      expect(after).toBe(node.executor.consensusState());
    }
    expect(hashes[2]).toBe(hashes[1]);
    expect(new Set(hashes).size).toBe(3);
    await node.close();

    const home = readHome(path!);
    const audited = await auditRegistry(home, undefined, 0);
    expect(audited).toMatchObject({ height: 3, transactions: 2 });
    await exportRegistry(home, `${path}/export`);
    const copy = `${path}/copy`;
    await importRegistry(`${path}/export`, copy, undefined, 0);
    expect(await auditRegistry(readHome(copy), undefined, 0)).toMatchObject({
      stateRoot: audited.stateRoot,
      logRoot: audited.logRoot,
    });
    for (const each of [home, readHome(copy)]) {
      const reader = openStoredReader(each);
      const read = (height: number, index: number) => {
        const bytes = reader.source.get(misbehaviourKey(height, index));
        const one = bytes === undefined ? undefined : decodeMisbehaviour(bytes);
        return one && { ...one, address: new Uint8Array(one.address) };
      };
      expect(read(2, 0)).toMatchObject({ ...report(1), since: { height: 2 }, validator: "validator-1" });
      expect([read(3, 0)?.height, read(3, 1)?.height, read(3, 2)]).toEqual([2, 3, undefined]);
      await reader.close();
    }
  });
});
