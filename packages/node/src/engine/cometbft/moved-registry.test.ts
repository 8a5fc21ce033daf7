import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import type { Code } from "@cityroot/codes/ma/code";
import { networkOf } from "@cityroot/core/genesis";
import { issueOf } from "@cityroot/core/ledger.testing";
import type { Checkpoint } from "@cityroot/core/log/checkpoint";
import { proveConsistency, verifyConsistency } from "@cityroot/core/log/consistency";
import { hashAtOfTiles } from "@cityroot/core/log/tile";
import { type Policy, readPolicy } from "@cityroot/core/log/witness-policy";
import type { Operation } from "@cityroot/core/operation/operation";
import { attributesOf, setValidatorsOf, updateOf } from "@cityroot/core/operation/operation.testing";
import { encodeBundle } from "@cityroot/core/proof/bundle";
import { proveAnswer } from "@cityroot/core/proof/prove";
import { verifyAnswer } from "@cityroot/core/proof/verify";
import { codeKey } from "@cityroot/core/state/key";
import { expect, test } from "vitest";
import { auditRegistry } from "../../audit/audit-registry.ts";
import { exportRegistry } from "../../audit/export-registry.ts";
import { importIntoHome } from "../../audit/import-registry.ts";
import { moveRegistry } from "../../audit/move-registry.ts";
import { defaultConsensus } from "../../home/consensus-config.ts";
import { createHome, readHome } from "../../home/home.ts";
import type { StoredRegistryReader } from "../../resolver/stored-registry-reader.ts";
import {
  makeTestHome,
  NATION,
  openStoredNode,
  openStoredReader,
  STORED_GENESIS,
  STORED_ORIGIN,
  signTransaction,
} from "../embedded/stored-node.testing.ts";
import { type ConsensusIdentity, makeConsensusHome, writeConsensusGenesis } from "./comet-home.ts";
import {
  COMETBFT_MISSING,
  freePorts,
  type NetworkNode,
  networkNode,
  WHY_NOT,
} from "./comet-network.testing.ts";
import { findCometBft } from "./find-cometbft.ts";
import { movedGenesisOf } from "./moved-genesis.ts";

// Goal: a registry that one node decided on goes on as a network's. What was proven before stays proven, what was issued
// stays issued with its history, and a node with another past does not take part.

const CODE = "MA.156.1301.02/60.10000000.1/1" as Code;
const LATER = "MA.156.1301.02/60.10000000.1/2" as Code;
const named = (name: string) => ({ attributes: attributesOf([["name", [["en", name]]]]) });

let nonce = 0;
const sign = (...operations: Operation[]): Uint8Array =>
  signTransaction(NATION, operations, { lastHeight: 1_000, nonce: nonce++ });

async function submit(node: NetworkNode, transaction: Uint8Array): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const [result] = await node.engine().submit([transaction]);
    if (result!.outcome.ok) return;
    if (result!.outcome.rejection.name !== "NODE_UNAVAILABLE")
      throw new Error(JSON.stringify(result!.outcome.rejection));
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("the network takes nothing");
}

function policyOf(path: string): Policy {
  const policy = readPolicy(readHome(path).policy);
  if (!policy.ok) throw new Error(policy.fault.field);
  return policy.value;
}

/** How a code stands by a proof, for whoever trusts that node. */
function shown(reader: StoredRegistryReader, policy: Policy, code: Code) {
  const bytes = encodeBundle(proveAnswer(reader.source, code, reader.head(), { delegations: true }));
  const answer = verifyAnswer(bytes, code, { policy });
  if (!answer.ok) throw new Error(JSON.stringify(answer));
  return { bytes, answer: answer.value };
}

/** Whether the log of a reader begins with that of a checkpoint. */
function continues(reader: StoredRegistryReader, old: Checkpoint): boolean {
  const { size, logRoot } = reader.head().checkpoint;
  const hashAt = hashAtOfTiles((level, index) => reader.tile(level, index)!);
  const proof = proveConsistency(hashAt, old.size, size);
  return verifyConsistency(old.logRoot, logRoot, proof);
}

test.skipIf(COMETBFT_MISSING)(
  `a registry of one node goes on as a network's, with all of its past${WHY_NOT}`,
  async () => {
    const binary = await findCometBft();
    const folder = mkdtempSync(`${tmpdir()}/cityroot-moving-`);
    const homes = [0, 1].map((at) => `${folder}/node-${at}`);
    const nodes: NetworkNode[] = [];
    try {
      const identities: ConsensusIdentity[] = [];
      for (const path of homes) identities.push(await makeConsensusHome(binary, `${path}/consensus`));
      const old = makeTestHome(`${folder}/old`);
      const alone = await openStoredNode(old);
      for (const transaction of [
        sign(issueOf(CODE)),
        sign(updateOf(CODE, named("before"))),
        sign(updateOf(CODE, named("moved"))),
      ])
        expect((await alone.engine.submit([transaction]))[0]!.outcome.ok).toBe(true);
      await exportRegistry(readHome(old), `${folder}/early.export`);
      await expect(movedGenesisOf(readHome(old))).rejects.toThrow("names no validators");
      const validators = identities.map(({ publicKey }, at) => ({
        name: `node-${at}`,
        publicKey,
        power: 10,
      }));
      expect((await alone.engine.submit([sign(setValidatorsOf(...validators))]))[0]!.outcome.ok).toBe(true);
      const before = shown(alone.reader, policyOf(old), CODE);
      await exportRegistry(readHome(old), `${folder}/export`);
      await alone.close();

      for (const path of homes) {
        const changes = { workers: 0, signatureProcesses: 0, consensus: defaultConsensus() };
        createHome(path, STORED_GENESIS, { origin: STORED_ORIGIN, ...changes });
        await moveRegistry(`${folder}/export`, path, undefined, 0);
      }
      const [first, second] = homes.map((path) =>
        readFileSync(`${path}/consensus/config/genesis.json`, "utf8"),
      );
      expect(second, "every member makes the same").toBe(first);
      await expect(importIntoHome(`${folder}/export`, homes[0]!, undefined, 0)).rejects.toThrow("already");
      const genesis = await movedGenesisOf(readHome(homes[0]!));
      expect(await movedGenesisOf(readHome(homes[1]!))).toEqual(genesis);
      expect(genesis.network).toBe(networkOf(STORED_GENESIS).id);
      expect(genesis.head?.height).toBe(4);
      const ports = await freePorts(3);
      const peers = identities.map(({ nodeId }, at) => `${nodeId}@127.0.0.1:${ports[at]}`);
      for (const [at, path] of homes.entries()) {
        nodes.push(
          networkNode({ binary, path, port: ports[at]!, peers: peers.filter((_, other) => other !== at) }),
        );
      }
      // One that took an earlier export has another past.
      const other = `${folder}/other`;
      await makeConsensusHome(binary, `${other}/consensus`);
      await importIntoHome(`${folder}/early.export`, makeTestHome(other), undefined, 0);
      writeConsensusGenesis(`${other}/consensus`, genesis);
      const stranger = networkNode({ binary, path: other, port: ports[2]!, peers });
      await stranger.start();
      await expect
        .poll(stranger.stopped, { timeout: 20_000 })
        .toContain(
          "a registry whose height is 4, this one has 3: take the export that every other node took",
        );
      await stranger.stop();

      await Promise.all(nodes.map(({ start }) => start()));
      await submit(nodes[0]!, sign(issueOf(LATER)));
      await submit(nodes[1]!, sign(updateOf(CODE, named("after"))));
      await expect.poll(() => nodes.map(({ store }) => store().head()!.height)).toEqual([6, 6]);
      const policy = policyOf(homes[0]!);
      const reader = openStoredReader(readHome(homes[0]!));
      const after = shown(reader, policy, CODE);
      expect(after.answer.checkpoint.height).toBe(6);
      expect(shown(reader, policy, LATER).answer.checkpoint.origin).toBe(before.answer.checkpoint.origin);
      expect(reader.versions(codeKey(CODE), 10).map(({ version }) => version)).toEqual([4, 3, 2, 1]);
      // What was shown before is believed as ever, and is the beginning of what is shown now.
      expect(verifyAnswer(before.bytes, CODE, { policy: policyOf(old) }).ok).toBe(true);
      expect(continues(reader, before.answer.checkpoint)).toBe(true);
      await reader.close();
      for (const { stop } of nodes) await stop();
      const report = await auditRegistry(readHome(homes[1]!), undefined, 0);
      expect([report.height, report.transactions]).toEqual([6, 6]);
      await expect(movedGenesisOf(readHome(homes[0]!))).rejects.toThrow("is a network's already");
    } finally {
      for (const { stop } of nodes) await stop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
  120_000,
);
