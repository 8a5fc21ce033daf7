// Runs a CometBFT and tells its number, so that a test can kill this process and look what becomes of the other.
import { existsSync } from "node:fs";
import { openLogger } from "../../logger.ts";
import { serveAbci } from "./abci/abci-server.ts";
import type { AbciApplication } from "./abci/application.ts";
import { startCometProcess } from "./comet-process.ts";

const [binary, folder, whether] = process.argv.slice(2) as [string, string, "with" | "without"];
const ACCEPT = 1;
const nothing = async () => ({});

/** Takes everything and keeps nothing. */
const application: AbciApplication = {
  ...{ info: nothing, initChain: nothing, checkTx: nothing, query: nothing, commit: nothing },
  prepareProposal: async ({ txs }) => ({ txs }),
  processProposal: async () => ({ status: ACCEPT }),
  finalizeBlock: async ({ txs }) => ({ txResults: txs.map(() => ({ code: 0 })) }),
  ...{
    listSnapshots: nothing,
    offerSnapshot: nothing,
    loadSnapshotChunk: nothing,
    applySnapshotChunk: nothing,
  },
};

const applicationSocket = `${folder}/application`;
const rpcSocket = `${folder}/rpc`;
if (whether === "with")
  await serveAbci({ application, socketPath: applicationSocket, onFailure: () => process.exit(1) });
const { pid } = startCometProcess({
  ...{ binary, folder, applicationSocket, rpcSocket, peers: [], rpcBatchMax: 10, blockPauseMs: 20 },
  ...{ peerListen: { host: "127.0.0.1", port: 0 }, allowsPrivatePeers: true },
  logger: openLogger("fatal"),
  onEnd: () => process.exit(1),
});
// It answers when it has found its application.
while (whether === "with" && !existsSync(rpcSocket)) await new Promise((resolve) => setTimeout(resolve, 20));
console.info(pid);
