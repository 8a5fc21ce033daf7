import type { Code } from "@cityroot/codes/ma/code";
import { issueOf } from "@cityroot/core/ledger.testing";
import { codeKey } from "@cityroot/core/state/key";
import { auditRegistry } from "@cityroot/node/audit/audit-registry";
import {
  makeTestHome,
  NATION,
  openStoredNode,
  openStoredReader,
  signTransaction,
} from "@cityroot/node/engine/embedded/stored-node.testing";
import { readHome } from "@cityroot/node/home/home";
import { lockHome } from "@cityroot/node/home/home-lock";
import { expect, test } from "vitest";
import { MOUNT_REFUSAL, mountDisk } from "./mount.testing.ts";

const CODE = "MA.156.1301.02/60.10000000.1/1" as Code;

test.skipIf(MOUNT_REFUSAL !== null)(
  `on a disk that can only be read, reading goes on and writing is refused by name${MOUNT_REFUSAL === null ? "" : ` (not tried: ${MOUNT_REFUSAL})`}`,
  async () => {
    const disk = mountDisk(20_000);
    try {
      const path = makeTestHome(`${disk.path}/home`);
      const first = await openStoredNode(path);
      await first.engine.submit([signTransaction(NATION, [issueOf(CODE)], { lastHeight: 100, nonce: 1 })]);
      await first.close();

      disk.makeReadOnly();
      expect(() => lockHome(path)).toThrow(/cannot be locked: EROFS/);
      await expect(openStoredNode(path)).rejects.toThrow(/cannot be opened/);
      const reader = openStoredReader(readHome(path));
      expect(reader.head().checkpoint.height).toBe(1);
      expect(reader.source.get(codeKey(CODE))).toBeDefined();
      await reader.close();
      expect((await auditRegistry(readHome(path), undefined, 0)).transactions).toBe(1);
    } finally {
      disk.remove();
    }
  },
);
