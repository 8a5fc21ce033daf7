import type { Code } from "@cityroot/codes/ma/code";
import { bytesToHex } from "@cityroot/core/hex";
import { decodeVersioned } from "@cityroot/core/state/entry";
import { codeKey } from "@cityroot/core/state/key";
import { auditRegistry } from "@cityroot/node/audit/audit-registry";
import type { NetworkNode } from "@cityroot/node/engine/cometbft/comet-network.testing";
import { openStoredReader } from "@cityroot/node/engine/embedded/stored-node.testing";
import { readHome } from "@cityroot/node/home/home";
import { openRegistryStore } from "@cityroot/node/store/registry-store";
import { expect } from "vitest";

/** Where a node's store stands, whichever process has it open. */
export async function headOf({ parts }: NetworkNode): Promise<{
  readonly height: number;
  readonly consensusHeight: number;
  readonly stateRoot: string;
}> {
  const store = openRegistryStore(readHome(parts.path).dataFolder, { readOnly: true });
  const { height, stateRoot } = store.head()!;
  const head = { height, consensusHeight: store.consensusHeight(), stateRoot: bytesToHex(stateRoot) };
  await store.close();
  return head;
}

/** Waits until all nodes stand at one height with one state root. */
export async function untilSame(nodes: readonly NetworkNode[], timeout = 30_000): Promise<void> {
  const heads = async (): Promise<number> => {
    const all = await Promise.all(nodes.map(headOf));
    return new Set(all.map(({ height, stateRoot }) => `${height} ${stateRoot}`)).size;
  };
  await expect.poll(heads, { timeout, interval: 100 }).toBe(1);
}

/**
 * Sees that nodes that were closed have one history, that their stores are what it makes, and that what was acknowledged
 * is there since the height that was told. Gives what the audits found.
 */
export async function checkHistories(
  nodes: readonly NetworkNode[],
  acknowledged: ReadonlyMap<number, number>,
): Promise<{ readonly height: number; readonly transactions: number }> {
  const roots = new Set<string>();
  let found = { height: 0, transactions: 0 };
  for (const { parts } of nodes) {
    const home = readHome(parts.path);
    const audit = await auditRegistry(home, undefined, 0);
    roots.add(`${audit.height} ${audit.stateRoot} ${audit.logRoot}`);
    found = audit;
    const reader = openStoredReader(home);
    reader.head();
    for (const [serial, height] of acknowledged) {
      const entry = reader.source.get(codeKey(`MA.156.1301.02/60.10000000.1/${serial}` as Code));
      expect(decodeVersioned(entry!)?.version.since.height, `the acknowledged ${serial}`).toBe(height);
    }
    await reader.close();
  }
  expect([...roots], "the roots of the nodes").toHaveLength(1);
  return found;
}
