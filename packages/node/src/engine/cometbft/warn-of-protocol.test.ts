import { rmSync } from "node:fs";
import { setParametersOf } from "@cityroot/core/operation/operation.testing";
import { pino } from "pino";
import { expect, test } from "vitest";
import { readHome } from "../../home/home.ts";
import { startSignaturePool } from "../../signature/signature-pool.ts";
import { installNativeFunctions } from "../../store/native-functions.ts";
import { makeTestHome, NATION, signTransaction } from "../embedded/stored-node.testing.ts";
import { ensureGenesis, openStoredLedger } from "../open-ledger.ts";
import { blockExecutor } from "./block-executor.ts";
import { checkedParcels } from "./checked-parcels.ts";
import { encodeParcel } from "./parcel.ts";
import { warnOfProtocol } from "./warn-of-protocol.ts";

installNativeFunctions();

test("a version to come that the program does not know is told when it is set, at the next start, and once each", async () => {
  const path = makeTestHome();
  const lines: { readonly level: number; readonly version: number; readonly fromHeight: number }[] = [];
  const logger = pino({ level: "warn" }, { write: (line: string) => lines.push(JSON.parse(line)) });
  const checked = checkedParcels(startSignaturePool(0));
  let nonce = 0;
  const runOnce = async (...changes: readonly Parameters<typeof setParametersOf>[0][]): Promise<void> => {
    const home = readHome(path);
    const store = await ensureGenesis(home);
    const executor = warnOfProtocol(blockExecutor(openStoredLedger(home, store), store), logger);
    for (const change of changes) {
      const bytes = signTransaction(NATION, [setParametersOf(change)], { lastHeight: 100, nonce: ++nonce });
      const transactions = (await checked.check([encodeParcel([bytes])])).flatMap((parcel) =>
        parcel.ok ? parcel.value : [],
      );
      const consensusHeight = executor.committed().consensusHeight + 1;
      const digest = new Uint8Array(32).fill(consensusHeight);
      const timeMs = 1_800_000_000_000 + consensusHeight;
      const block = { consensusHeight, digest, timeMs, transactions, misbehaviour: [] };
      const { outcomes } = executor.finalize(block);
      expect(outcomes).toMatchObject([{ ok: true }]);
      await executor.commit();
    }
    await executor.close();
    await store.close();
  };
  const told = (): string[] =>
    lines.splice(0).map(({ version, fromHeight }) => `${version} from ${fromHeight}`);
  try {
    await runOnce({ blockTransactionsMax: 500 });
    expect(told()).toEqual([]);
    await runOnce({ protocol: { version: 2, fromHeight: 900 } }, { blockTransactionsMax: 501 });
    expect(told()).toEqual(["2 from 900"]);
    await runOnce({ blockTransactionsMax: 502 });
    expect(told()).toEqual(["2 from 900"]);
    await runOnce({ protocol: { version: 2, fromHeight: 950 } });
    expect(told()).toEqual(["2 from 900", "2 from 950"]);
    // The version in force calls it off.
    await runOnce({ protocol: { version: 1, fromHeight: 960 } });
    expect(told()).toEqual(["2 from 950"]);
    await runOnce();
    expect(told()).toEqual([]);
  } finally {
    rmSync(path, { recursive: true, force: true });
  }
});
