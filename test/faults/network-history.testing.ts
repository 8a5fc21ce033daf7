import type { Code } from "@cityroot/codes/ma/code";
import { bytesToHex } from "@cityroot/core/hex";
import { decodeVersioned } from "@cityroot/core/state/entry";
import { codeKey } from "@cityroot/core/state/key";
import { type AuditReport, auditRegistry } from "@cityroot/node/audit/audit-registry";
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
 * Waits until all nodes stand at one block of the consensus and it decides on nothing more: after a block that changes the state
 * it makes one without transactions, which the next start of a node that was closed just then would replay.
 */
export async function untilAtRest(nodes: readonly NetworkNode[]): Promise<void> {
  const positions: string[] = [];
  const isAtRest = async (): Promise<boolean> => {
    const all = await Promise.all(nodes.map(headOf));
    positions.push([...new Set(all.map(({ consensusHeight }) => consensusHeight))].join());
    const last = positions.slice(-10);
    return last.length === 10 && !last[0]!.includes(",") && new Set(last).size === 1;
  };
  await expect.poll(isAtRest, { timeout: 30_000, interval: 100 }).toBe(true);
}

/**
 * Sees that nodes that were closed have one history, that their stores are what it makes, and that what was acknowledged
 * is there since the height that was told. One may have been closed some blocks before another. Gives what the audit of the
 * longest found.
 */
export async function checkHistories(
  nodes: readonly NetworkNode[],
  acknowledged: ReadonlyMap<number, number>,
): Promise<{ readonly height: number; readonly transactions: number }> {
  const histories: { readonly audit: AuditReport; readonly blocks: readonly string[] }[] = [];
  for (const { parts } of nodes) {
    const home = readHome(parts.path);
    const audit = await auditRegistry(home, undefined, 0);
    const reader = openStoredReader(home);
    reader.head();
    for (const [serial, height] of acknowledged) {
      const entry = reader.source.get(codeKey(`MA.156.1301.02/60.10000000.1/${serial}` as Code));
      const since = entry === undefined ? undefined : decodeVersioned(entry)?.version.since.height;
      expect(since, `height of the acknowledged ${serial}`).toBe(height);
    }
    const heights = Array.from({ length: audit.height + 1 }, (_, height) => height);
    histories.push({ audit, blocks: heights.map((height) => bytesToHex(reader.block(height)!)) });
    await reader.close();
  }
  const longest = histories.reduce((one, other) => (other.blocks.length > one.blocks.length ? other : one));
  for (const { audit, blocks } of histories) {
    expect(blocks).toEqual(longest.blocks.slice(0, blocks.length));
    if (audit.height === longest.audit.height) expect(audit.logRoot).toBe(longest.audit.logRoot);
  }
  return longest.audit;
}
