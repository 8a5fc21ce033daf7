import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { networkOf } from "@cityroot/core/genesis";
import type { Logger } from "pino";
import type { Home } from "../../home/home.ts";
import { openRegistryStore } from "../../store/registry-store.ts";
import { signerOf } from "../open-ledger.ts";
import { serveAbci } from "./abci/abci-server.ts";
import { type CometProcessOptions, startCometProcess } from "./comet-process.ts";
import type { StateSync } from "./comet-settings.ts";
import { givesBlock } from "./find-trust.ts";
import {
  beginJoining,
  endJoining,
  isJoining,
  type JoiningFolders,
  placeRestored,
  unfinishedOf,
} from "./restored-store.ts";
import { type RestoreEvent, restoringApplication } from "./restoring-application.ts";

export type JoinOptions = Pick<
  CometProcessOptions,
  "binary" | "folder" | "peerListen" | "peers" | "allowsPrivatePeers" | "blockPauseMs"
> & {
  readonly stateSync: StateSync;
  readonly logger: Logger;
  /** Ends the waiting, which throws its reason then: the node joins when it is started again. */
  readonly signal?: AbortSignal;
  /** How long a snapshot is waited for where every block could be had as well, in milliseconds; 30 seconds if left out. */
  readonly offerMsMax?: number;
  /** How long nothing may come, neither a snapshot nor a chunk, in milliseconds; 10 minutes if left out. */
  readonly silenceMsMax?: number;
};

/** Thrown when a node could not join by a snapshot: the message says why. */
export class JoinError extends Error {
  override readonly name = "JoinError";
}

const OFFER_MS_MAX = 30_000;
const SILENCE_MS_MAX = 600_000;

/**
 * Takes a snapshot from the peers of a node that has no block yet, and leaves the home as if the node had taken every block
 * up to it. Does nothing where the node has blocks. A network that is too young for a snapshot still has its first block: the
 * node is left without any then, and takes every block. A kill leaves a home that begins to join anew. Throws a
 * {@link JoinError} when neither can be had.
 */
export async function joinNetwork(home: Home, options: JoinOptions): Promise<void> {
  const folders = { home: home.path, data: home.dataFolder, consensus: options.folder };
  if (!isJoining(folders) && (await hasBlocks(home))) return;
  await beginJoining(folders, options.binary);
  options.logger.info({ servers: options.stateSync.rpcServers }, "the node joins by a snapshot");
  if (await takeSnapshot(home, folders, options)) {
    endJoining(folders);
    options.logger.info("the node has joined");
    return;
  }
  await beginJoining(folders, options.binary);
  endJoining(folders);
  options.logger.info(
    "no peer has a snapshot, and the network has all its blocks: the node takes each of them",
  );
}

async function hasBlocks(home: Home): Promise<boolean> {
  const store = openRegistryStore(home.dataFolder);
  try {
    const head = store.head();
    // A registry that moves up has no block of its consensus yet, and a past that it was given.
    return head !== undefined && (head.height > 0 || store.consensusHeight() > 0);
  } finally {
    await store.close();
  }
}

/** Gives whether there was one: false where the network can do without. */
async function takeSnapshot(home: Home, folders: JoiningFolders, options: JoinOptions): Promise<boolean> {
  const { logger, stateSync, signal, offerMsMax = OFFER_MS_MAX, silenceMsMax = SILENCE_MS_MAX } = options;
  const sockets = mkdtempSync(join(tmpdir(), "cityroot-joining-"));
  const { promise: ended, resolve: end, reject: fail } = Promise.withResolvers<boolean>();
  const abort = (): void => fail(signal?.reason);
  signal?.addEventListener("abort", abort);
  let isOffered = false;
  const offer = setTimeout(async () => {
    if (!isOffered && (await isWhole(stateSync)) && !isOffered) end(false);
  }, offerMsMax);
  const silence = watchSilence(silenceMsMax, () =>
    fail(new JoinError(`nothing came within ${silenceMsMax} ms, neither a snapshot nor a part of one`)),
  );
  const restoring = restoringApplication({
    network: networkOf(home.genesis),
    signer: signerOf(home),
    folder: unfinishedOf(folders),
    onEvent: (event) => {
      if (event.kind !== "refused") {
        isOffered = true;
        silence.hear();
      }
      tell(logger, event);
    },
    onRestored: () => placeRestored(folders),
    onHandOver: () => end(true),
  });
  const served = await serveAbci({
    application: restoring.application,
    socketPath: `${sockets}/application`,
    onFailure: fail,
  });
  const comet = startCometProcess({
    ...options,
    applicationSocket: `${sockets}/application`,
    rpcSocket: `${sockets}/rpc`,
    rpcBatchMax: 1,
    // It waits for an answer that does not come, and is made to be killed at any time.
    stopMsMax: 0,
    onEnd: (reason) => fail(new JoinError(reason)),
  });
  try {
    signal?.throwIfAborted();
    return await ended;
  } finally {
    signal?.removeEventListener("abort", abort);
    clearTimeout(offer);
    silence.stop();
    await comet.close();
    await restoring.close();
    await served.close();
    rmSync(sockets, { recursive: true, force: true });
  }
}

/** Whether the nodes that are asked still have the first block of the consensus, with which all others can be had. */
async function isWhole({ rpcServers }: StateSync): Promise<boolean> {
  const answers = await Promise.all(rpcServers.map((address) => givesBlock(address, 1)));
  return answers.includes(true);
}

function watchSilence(
  silenceMsMax: number,
  onSilence: () => void,
): { readonly hear: () => void; readonly stop: () => void } {
  const timer = setTimeout(onSilence, silenceMsMax);
  return { hear: () => timer.refresh(), stop: () => clearTimeout(timer) };
}

function tell(logger: Logger, event: RestoreEvent): void {
  if (event.kind === "refused")
    logger.warn({ reason: event.reason }, "a snapshot or a part of one is refused");
  else if (event.kind === "accepted") logger.info(event, "a snapshot is being taken");
  else logger.debug(event, "a chunk was taken");
}
