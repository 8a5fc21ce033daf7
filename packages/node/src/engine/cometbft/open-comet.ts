import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bytesToHex } from "@cityroot/core/hex";
import type { Outcome } from "@cityroot/core/outcome";
import type { Envelope, Transaction } from "@cityroot/core/transaction";
import type { Logger } from "pino";
import type { Home } from "../../home/home.ts";
import type { SignaturePool } from "../../signature/signature-pool.ts";
import { openSnapshots, type SnapshotPlan } from "../../snapshot/take-snapshots.ts";
import type { RegistryStore } from "../../store/registry-store.ts";
import type { Engine, Place } from "../engine.ts";
import { openStoredLedger } from "../open-ledger.ts";
import { serveAbci } from "./abci/abci-server.ts";
import type { AbciApplication } from "./abci/application.ts";
import { cometApplication } from "./application.ts";
import { type BlockExecutor, blockExecutor } from "./block-executor.ts";
import { type CheckedParcels, checkedParcels } from "./checked-parcels.ts";
import { cometEngine } from "./comet-engine.ts";
import type { CometProcessOptions } from "./comet-process.ts";
import { consensusRpc } from "./consensus-rpc.ts";
import { type HolderShares, holderShares } from "./holder-shares.ts";
import { keepCometProcess } from "./keep-cometbft.ts";
import { type Outbox, outbox } from "./outbox.ts";
import { startRelay } from "./relay.ts";
import { submissions } from "./submissions.ts";
import { type UndecidedParcels, undecidedParcels } from "./undecided-parcels.ts";
import { warnOfProtocol } from "./warn-of-protocol.ts";

/** What an engine over CometBFT needs from around it. */
export type CometOptions = Pick<
  CometProcessOptions,
  "binary" | "folder" | "peerListen" | "peers" | "allowsPrivatePeers" | "blockPauseMs"
> & {
  readonly signatures: SignaturePool;
  readonly admit: (transaction: Transaction) => Outcome<void>;
  readonly logger: Logger;
  /** When snapshots are taken; never if left out. */
  readonly snapshots?: SnapshotPlan;
  /** How many blocks CometBFT keeps at least, once there are snapshots; all if left out. */
  readonly retainBlocks?: number | null;
  /** Is told when the engine stops taking transactions, and why. */
  readonly onStop: (reason: string, cause: unknown) => void;
};

const NO_SNAPSHOTS: SnapshotPlan = { everyBlocks: 0, keep: 2 };
const RPC_BATCH_MAX = 100;
/** How long a submission waits for the network to decide, in milliseconds. */
const DECISION_MS_MAX = 30_000;

const nowMs = (): number => performance.now();

/** Opens the engine of a home as a node of a network: the application here, CometBFT in a process of its own. */
export async function openCometEngine(
  home: Home,
  store: RegistryStore,
  options: CometOptions,
): Promise<Engine> {
  const parts = openStoredLedger(home, store);
  const executor = warnOfProtocol(blockExecutor(parts, store), options.logger);
  const waiting = submissions(DECISION_MS_MAX, nowMs);
  let stopped: string | null = null;
  const stopBecause = (reason: string, cause: unknown): void => {
    if (stopped !== null) return;
    stopped = reason;
    waiting.abandon(reason);
    options.onStop(reason, cause);
  };
  const durablePlaceOf = (id: Uint8Array): Place | undefined => {
    const place = parts.window.placeOf(id);
    return place !== undefined && place.height <= executor.ledgerHeight() ? place : undefined;
  };
  const checked = checkedParcels(options.signatures);
  // A unix socket's path is short: the home's may not be.
  const sockets = mkdtempSync(join(tmpdir(), "cityroot-consensus-"));
  const rpc = consensusRpc(`${sockets}/rpc`);
  const shares = holderShares(nowMs);
  const undecided = undecidedParcels({ send: rpc.broadcast, onParcel: checked.remember, nowMs });
  const box = outbox({
    send: rpc.broadcast,
    onParcel: checked.remember,
    onTaken: undecided.add,
    shares,
    nowMs,
  });
  const couldEnter = (transaction: Envelope): Outcome<void> =>
    parts.ledger.check(parts.state.tree, transaction, executor.ledgerHeight() + 1);
  const snapshots = openSnapshots({
    ...{ plan: options.snapshots ?? NO_SNAPSHOTS, dataFolder: home.dataFolder },
    ...{ folder: `${home.path}/snapshots`, logger: options.logger },
  });
  const application = cometApplication({
    network: parts.ledger.network,
    executor,
    head: () => store.head()!,
    ...{ snapshots, retainBlocks: options.retainBlocks ?? null },
    ...{ checked: forgetTogether(checked, undecided, shares, box), shares },
    couldEnter,
    placeOf: durablePlaceOf,
    onProposed: undecided.proposed,
    onDecided: waiting.settle,
  });
  const served = await serveApplication(application, sockets, options.logger, stopBecause);
  const comet = keepCometProcess({
    ...options,
    applicationSocket: `${sockets}/application`,
    rpcSocket: `${sockets}/rpc`,
    rpcBatchMax: RPC_BATCH_MAX,
    // Its mempool is gone: what it held is handed over again when it has not been decided for a while.
    onFall: (reason) => options.logger.error(`${reason}; it is started again`),
    onEnd: (reason) => stopBecause(`${reason}; ${standingOf(executor, store)}`, undefined),
  });
  return cometEngine({
    outbox: box,
    submissions: waiting,
    checkSignatures: checked.checkSignatures,
    couldEnter,
    placeOf: durablePlaceOf,
    admit: options.admit,
    refusesBecause: () => stopped,
    askConsensus: rpc.ask,
    consensusStanding: rpc.standing,
    stop: async () => {
      undecided.close();
      box.close();
      await comet.close();
      rpc.close();
      await served.close();
      await snapshots.close();
      await executor.close();
      rmSync(sockets, { recursive: true, force: true });
    },
  });
}

/** Serves the application to CometBFT, over the relay. */
async function serveApplication(
  application: AbciApplication,
  sockets: string,
  logger: Logger,
  stopBecause: (reason: string, cause: unknown) => void,
): Promise<{ readonly close: () => Promise<void> }> {
  const served = await serveAbci({
    application,
    socketPath: `${sockets}/engine`,
    onGarbage: (cause) =>
      logger.warn({ err: cause }, "a connection to the application of the consensus was cut off"),
    onFailure: (cause) =>
      stopBecause(`the application of the consensus stopped: ${(cause as Error).message}`, cause),
  });
  const relay = await startRelay({ from: `${sockets}/application`, to: `${sockets}/engine` }, (cause) =>
    stopBecause("the application of the consensus cannot be reached", cause),
  );
  return {
    close: async () => {
      await served.close();
      await relay.close();
    },
  };
}

/** What a block held, or the mempool does not keep, is neither checked nor handed over again, and makes room for others. */
function forgetTogether(
  checked: CheckedParcels,
  undecided: UndecidedParcels,
  shares: HolderShares,
  { wake }: Outbox,
): CheckedParcels {
  return {
    ...checked,
    forget: (parcels) => {
      checked.forget(parcels);
      undecided.decided(parcels);
      for (const parcel of parcels) shares.drop(parcel);
      wake();
    },
    drop: (parcel) => {
      checked.drop(parcel);
      undecided.drop(parcel);
      shares.drop(parcel);
    },
  };
}

/** Where a node stands, in words that its operators can compare with those of others. */
function standingOf(executor: BlockExecutor, store: RegistryStore): string {
  const { consensusHeight, appHash } = executor.committed();
  return `this node stands at block ${consensusHeight} of the consensus, which is block ${store.head()?.height} of the ledger, with the app hash ${bytesToHex(appHash).toUpperCase()}`;
}
