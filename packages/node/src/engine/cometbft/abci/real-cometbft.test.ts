/**
 * Goal: a real CometBFT makes blocks with an application over this server, and brings them again after a restart.
 * Method: one validator, and a counter in memory. A counter that begins at nothing gets the whole chain again, and has to come
 * to the same hash: CometBFT holds what is replayed against its headers and stops where they differ.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openLogger } from "../../../logger.ts";
import { makeConsensusHome, writeConsensusGenesis } from "../comet-home.ts";
import { COMETBFT_MISSING, WHY_NOT } from "../comet-network.testing.ts";
import { type CometProcess, startCometProcess } from "../comet-process.ts";
import { findCometBft } from "../find-cometbft.ts";
import { applicationOf } from "./abci-served.testing.ts";
import { type AbciServer, serveAbci } from "./abci-server.ts";
import type { AbciApplication } from "./application.ts";

const [ACCEPT, REFUSED] = [1, 7];
const UP = { timeout: 20_000, interval: 50 };

type Counter = {
  readonly application: AbciApplication;
  readonly height: () => number;
  readonly sum: () => number;
};

/** Adds up the first bytes of transactions. Throws at the block in which it comes to `failsAt`. */
function counter(failsAt = -1): Counter {
  let [height, sum] = [0, 0];
  let next = { height, sum };
  const hashOf = (value: number): Uint8Array => Buffer.from(value.toString(16).padStart(64, "0"), "hex");
  const application = applicationOf({
    info: async () => ({
      lastBlockHeight: BigInt(height),
      lastBlockAppHash: height === 0 ? new Uint8Array() : hashOf(sum),
    }),
    initChain: async () => ({ appHash: hashOf(0) }),
    checkTx: async ({ tx }) => {
      await new Promise((resolve) => setTimeout(resolve, (tx[1] ?? 0) % 5));
      return { code: tx[0] === 0 ? REFUSED : 0, log: "zero adds nothing" };
    },
    prepareProposal: async ({ txs }) => ({ txs }),
    processProposal: async () => ({ status: ACCEPT }),
    finalizeBlock: async (block) => {
      next = { height: Number(block.height), sum: block.txs.reduce((all, tx) => all + tx[0]!, sum) };
      if (next.sum === failsAt) throw new Error(`the counter does not go to ${failsAt}`);
      return { txResults: block.txs.map((tx) => ({ data: tx.subarray(0, 1) })), appHash: hashOf(next.sum) };
    },
    commit: async () => {
      ({ height, sum } = next);
      return {};
    },
  });
  return { application, height: () => height, sum: () => sum };
}

/** Sends a transaction to the mempool, and tells the code of its check. Throws while CometBFT does not answer. */
function broadcast(rpcSocket: string, tx: readonly number[]): Promise<number> {
  const path = `/broadcast_tx_sync?tx=0x${Buffer.from(tx).toString("hex")}`;
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath: rpcSocket, path }, async (response) => {
      const { result, error } = JSON.parse((await response.toArray()).join("")) as {
        readonly result?: { readonly code: number };
        readonly error?: unknown;
      };
      if (result === undefined) reject(new Error(JSON.stringify(error)));
      else resolve(result.code);
    });
    asked.on("error", reject);
    asked.end();
  });
}

type Running = { readonly ends: string[]; readonly failures: unknown[]; readonly stop: () => Promise<void> };

async function start(binary: string, folder: string, application: AbciApplication): Promise<Running> {
  const [ends, failures]: [string[], unknown[]] = [[], []];
  const server: AbciServer = await serveAbci({
    ...{ application, socketPath: `${folder}/application` },
    onFailure: (cause) => failures.push(cause),
    onGarbage: (cause) => failures.push(cause),
  });
  const comet: CometProcess = startCometProcess({
    ...{ binary, folder, applicationSocket: `${folder}/application`, rpcSocket: `${folder}/rpc` },
    ...{ peerListen: { host: "127.0.0.1", port: 0 }, peers: [], allowsPrivatePeers: true },
    ...{ blockPauseMs: 20, rpcBatchMax: 10, logger: openLogger("fatal", {}) },
    onEnd: (reason) => ends.push(reason),
  });
  return {
    ...{ ends, failures },
    stop: async () => {
      await comet.close();
      await server.close();
    },
  };
}

test.skipIf(COMETBFT_MISSING)(
  `blocks are made, replayed to an application that forgot them, and end where it breaks${WHY_NOT}`,
  async () => {
    const binary = await findCometBft();
    const folder = mkdtempSync(join(tmpdir(), "cityroot-counter-"));
    let running: Running | undefined;
    try {
      const { publicKey } = await makeConsensusHome(binary, folder);
      writeConsensusGenesis(folder, {
        ...{ network: "counter", timeMs: Date.UTC(2026, 0, 1), digest: new Uint8Array(32) },
        validators: [{ name: "only", publicKey, power: 10 }],
      });
      const rpc = `${folder}/rpc`;
      const first = counter();
      running = await start(binary, folder, first.application);
      await expect.poll(() => broadcast(rpc, [1, 0]), UP).toBe(0);
      const codes = await Promise.all(Array.from({ length: 50 }, (_, at) => broadcast(rpc, [2, at])));
      expect(codes).toEqual(codes.map(() => 0));
      expect(await broadcast(rpc, [0])).toBe(REFUSED);
      await expect.poll(first.sum, UP).toBe(101);
      await running.stop();
      expect({ ends: running.ends, failures: running.failures }).toEqual({ ends: [], failures: [] });

      const second = counter(108);
      running = await start(binary, folder, second.application);
      await expect.poll(second.sum, UP).toBe(101);
      await expect.poll(() => broadcast(rpc, [3]), UP).toBe(0);
      await expect.poll(second.sum, UP).toBe(104);
      expect(second.height()).toBeGreaterThan(first.height());
      // CometBFT ends where its application does.
      await broadcast(rpc, [4]);
      await expect.poll(() => running?.ends.length, UP).toBe(1);
      expect(running.failures).toEqual([new Error("the counter does not go to 108")]);
    } finally {
      await running?.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
  60_000,
);
