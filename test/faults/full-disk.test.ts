import type { Code } from "@cityroot/codes/ma/code";
import { issueOf } from "@cityroot/core/ledger.testing";
import { attributesOf } from "@cityroot/core/operation/operation.testing";
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
import { expect, test } from "vitest";
import { MOUNT_REFUSAL, mountDisk } from "./mount.testing.ts";

const STEM = "MA.156.1301.02/60.10000000.1";
const NAMED = { attributes: attributesOf([["name", [["en", "x".repeat(240)]]]]) };

test.skipIf(MOUNT_REFUSAL !== null)(
  `a full disk stops the engine, loses nothing and leaves reading as it was${MOUNT_REFUSAL === null ? "" : ` (not tried: ${MOUNT_REFUSAL})`}`,
  async () => {
    const disk = mountDisk(3_000);
    try {
      const path = makeTestHome(`${disk.path}/home`);
      const stops: { readonly reason: string; readonly cause: unknown }[] = [];
      const node = await openStoredNode(path, {
        snapshotBytesMin: 20_000,
        onStop: (reason, cause) => stops.push({ reason, cause }),
      });
      const kept: Code[] = [];
      let refused: Uint8Array | undefined;
      for (let block = 0; refused === undefined; block++) {
        const codes = Array.from({ length: 100 }, (_, at) => `${STEM}/${block}.${at}` as Code);
        const bytes = signTransaction(
          NATION,
          codes.map((code) => issueOf(code, NAMED)),
          { lastHeight: 1_000, nonce: block },
        );
        const [result] = await node.engine.submit([bytes]);
        if (result!.outcome.ok) kept.push(...codes);
        else {
          expect(result!.outcome.rejection.name).toBe("NODE_UNAVAILABLE");
          refused = bytes;
        }
      }
      expect(kept.length, "codes before the disk was full").toBeGreaterThan(0);
      expect(stops).toHaveLength(1);
      expect(String((stops[0]!.cause as Error).message)).toMatch(
        /could not be written; its disk has [0-9]+ bytes free/,
      );
      expect(node.engine.refusesBecause()).toBe(stops[0]!.reason);
      const [again] = await node.engine.submit([refused]);
      expect(again!.outcome.ok, "submitted again").toBe(false);

      const late = openStoredReader(node.home);
      for (const [name, reader] of Object.entries({ open: node.reader, late })) {
        reader.head();
        for (const code of kept) expect(reader.source.get(codeKey(code)), `${name} ${code}`).toBeDefined();
      }
      await late.close();
      await node.close();

      disk.resize(60_000);
      const reopened = await openStoredNode(path);
      const [result] = await reopened.engine.submit([refused]);
      expect(result!.outcome.ok, "submitted when there is room").toBe(true);
      await reopened.close();
      const report = await auditRegistry(readHome(path), undefined, 0);
      expect(report.transactions).toBe(kept.length / 100 + 1);
    } finally {
      disk.remove();
    }
  },
);
