import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Logger } from "pino";
import { makeFolder } from "../make-folder.ts";
import { PROCESS_FLAGS } from "../process-flags.ts";
import { SNAPSHOT_FORMAT } from "./snapshot-manifest.ts";
import {
  readChunk,
  readSnapshot,
  readSnapshots,
  removeSnapshot,
  type StoredSnapshot,
} from "./stored-snapshots.ts";

/** When snapshots are taken, and how many are kept. */
export type SnapshotPlan = {
  /** After every so many blocks of the consensus: the same on every node, so that they have the same snapshots. 0: none. */
  readonly everyBlocks: number;
  /** How many of the newest are kept, from 2 up: one is of use only when two more blocks were decided. */
  readonly keep: number;
};

export type SnapshotOptions = {
  readonly plan: SnapshotPlan;
  readonly dataFolder: string;
  /** Folder of the snapshots. */
  readonly folder: string;
  readonly logger: Logger;
};

/** The snapshots of a node, which are taken while it works. */
export type Snapshots = {
  /**
   * Is told of each height of the consensus when it is durable. Settles when the next block may be written: after a
   * height of which a snapshot is taken, when the process that writes it has its view of the store. Never throws.
   */
  readonly onDurable: (consensusHeight: number) => Promise<void>;
  /** Those that a node which joins can use while the consensus stands at a height: the two blocks after each are decided. */
  readonly usable: (consensusHeight: number) => readonly StoredSnapshot[];
  /** A chunk as it is sent; undefined where there is none. */
  readonly loadChunk: (height: number, format: number, index: number) => Promise<Uint8Array | undefined>;
  /** Height of the oldest one: what follows it must not be forgotten. Undefined where there is none. */
  readonly oldestHeight: () => number | undefined;
  readonly close: () => Promise<void>;
};

/** A node that joins needs the headers of two blocks after a snapshot: CometBFT's `stateprovider.go`. */
const BLOCKS_AFTER = 2;
/** How long a block waits for the view of a snapshot, in milliseconds: without it, this snapshot is not taken. */
const VIEW_MS_MAX = 2_000;
const REASON_CHARACTERS_MAX = 1_000;

/** Opens the snapshots of a node. */
export function openSnapshots({ plan, dataFolder, folder, logger }: SnapshotOptions): Snapshots {
  makeFolder(folder, 0o700);
  const stored = readSnapshots(folder);
  let writer: SnapshotWriter | undefined;
  const drop = (): void => {
    while (stored.length > plan.keep) removeSnapshot(folder, stored.shift()!.height);
  };
  const start = (): SnapshotWriter => {
    const started = startWriter(dataFolder, folder);
    void started.ended.then(({ height, reason }) => {
      if (writer === started) writer = undefined;
      if (height === undefined) return;
      const snapshot = reason === null ? readSnapshot(folder, height) : undefined;
      if (snapshot === undefined) {
        logger.warn({ height, reason }, "a snapshot could not be taken");
        return;
      }
      stored.push(snapshot);
      drop();
      logger.info({ height, chunks: snapshot.chunks }, "a snapshot was taken");
    });
    writer = started;
    return started;
  };
  return {
    onDurable: async (consensusHeight) => {
      const { everyBlocks } = plan;
      if (everyBlocks === 0) return;
      const due = consensusHeight % everyBlocks;
      // It is started one block before, so that the block after need not wait for that.
      if (due === everyBlocks - 1) writer ?? start();
      if (due !== 0 || writer?.isBusy() === true) return;
      await (writer ?? start()).write(consensusHeight, VIEW_MS_MAX);
    },
    usable: (consensusHeight) => stored.filter(({ height }) => height + BLOCKS_AFTER <= consensusHeight),
    loadChunk: async (height, format, index) => {
      const snapshot = format === SNAPSHOT_FORMAT ? stored.find((one) => one.height === height) : undefined;
      return snapshot === undefined ? undefined : readChunk(folder, snapshot, index);
    },
    oldestHeight: () => stored[0]?.height,
    close: async () => {
      await writer?.close();
    },
  };
}

/** A process that writes one snapshot. */
type SnapshotWriter = {
  /** Whether it was told to write. */
  readonly isBusy: () => boolean;
  /** Tells it to write; settles when it has its view of the store, or will have none. */
  readonly write: (height: number, viewMsMax: number) => Promise<void>;
  /** Settles when it ended: which snapshot it was to write, and why it did not. */
  readonly ended: Promise<{ readonly height: number | undefined; readonly reason: string | null }>;
  readonly close: () => Promise<unknown>;
};

function startWriter(dataFolder: string, folder: string): SnapshotWriter {
  const isSource = import.meta.url.endsWith(".ts");
  const path = fileURLToPath(
    new URL(isSource ? "./snapshot-process.ts" : "./snapshot-process.js", import.meta.url),
  );
  const child = spawn(process.execPath, [...PROCESS_FLAGS, path, dataFolder, folder], {
    stdio: ["pipe", "pipe", "pipe"],
  });
  let height: number | undefined;
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said = `${said}${text}`.slice(0, REASON_CHARACTERS_MAX);
  });
  child.stdin.on("error", () => {});
  const ended = endOf(child).then((how) => ({
    height,
    reason: how === null ? null : `${how}: ${said.trim()}`,
  }));
  return {
    ended,
    isBusy: () => height !== undefined,
    write: async (at, viewMsMax) => {
      height = at;
      const view = new Promise((resolve) => child.stdout.once("data", () => resolve(true)));
      child.stdin.write(`${at}\n`);
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise((resolve) => {
        timer = setTimeout(resolve, viewMsMax, false);
      });
      const hasView = await Promise.race([view, late, ended.then(() => true)]);
      clearTimeout(timer);
      // The store goes on without it: what it would read now is of another height.
      if (hasView !== true) child.kill("SIGKILL");
    },
    close: () => {
      child.kill("SIGKILL");
      return ended;
    },
  };
}

/** Settles when a process ended: how, or null when it ended well. */
function endOf(child: ChildProcess): Promise<string | null> {
  return new Promise((resolve) => {
    child.once("error", (cause) => resolve(cause.message));
    child.once("close", (code, signal) => resolve(code === 0 ? null : `ended with ${signal ?? code}`));
  });
}
