import { type ChildProcess, spawn } from "node:child_process";
import { rmSync } from "node:fs";
import type { Logger } from "pino";
import { failureIn, hearLines, lastErrors, passOn, readCometLine } from "./comet-log.ts";
import { argumentsOf, type ConsensusSettings, settingsOf } from "./comet-settings.ts";
import { cometEnvironment } from "./run-cometbft.ts";
import { removeUnfinishedDatabases } from "./unfinished-databases.ts";

/** How a CometBFT process is run. */
export type CometProcessOptions = ConsensusSettings & {
  readonly binary: string;
  /** Its folder, as `makeConsensusHome` made it: keys, genesis, blocks. */
  readonly folder: string;
  readonly logger: Logger;
  /** How long it may take to stop before it is killed, in milliseconds; 10 seconds if left out. */
  readonly stopMsMax?: number;
  /**
   * Is told once, when the process ends without having been asked to: how, and the last errors that it told. Also when it
   * decides on no more blocks, which no process should outlive. `isKilled` is whether a signal ended it.
   */
  readonly onEnd: (reason: string, isKilled: boolean) => void;
};

/** A CometBFT process that runs, or ran. */
export type CometProcess = {
  /** Its number; undefined where it could not be started. */
  readonly pid: number | undefined;
  /** Asks it to stop, kills it if it does not in time, and waits until it ended. Can be repeated. */
  readonly close: () => Promise<void>;
};

const STOP_MS_MAX = 10_000;
const LINE_CHARACTERS_MAX = 16_384;

/**
 * Starts CometBFT and watches it. It ends with the process that started it, however that ends: it stops when its
 * application's socket closes, and before it has found that socket, when it cannot write its log.
 */
export function startCometProcess(options: CometProcessOptions): CometProcess {
  const { binary, folder, logger, stopMsMax = STOP_MS_MAX, onEnd } = options;
  // One that was killed leaves its socket, on which no other can listen.
  rmSync(options.rpcSocket, { force: true });
  for (const database of removeUnfinishedDatabases(`${folder}/data`))
    logger.info({ database }, "a database of CometBFT that was being made when it was killed is made anew");
  const level = logger.isLevelEnabled("debug") ? "info" : "warn";
  const child = spawn(binary, ["start", "--home", folder, ...argumentsOf(options)], {
    env: cometEnvironment(settingsOf(options, level)),
    stdio: ["ignore", "pipe", "pipe"],
    // A terminal's signals are for this process, which stops the two in their order.
    detached: true,
  });
  const errors = lastErrors();
  let isWatched = true;
  const ended = endOf(child, (cause) => errors.hear({ level: "error", message: cause.message, fields: {} }));
  const endBecause = (reason: string, isKilled: boolean): void => {
    if (!isWatched) return;
    isWatched = false;
    onEnd(reason, isKilled);
  };
  const hear = (text: string): void => {
    const line = readCometLine(text);
    passOn(logger, line, isWatched);
    errors.hear(line);
    const failure = failureIn(line);
    if (failure === undefined) return;
    // A node that decides on nothing more and runs on would look as if it waited for the others.
    endBecause(`CometBFT decides on no more blocks: ${failure}`, false);
    void stop(child, ended, stopMsMax);
  };
  for (const stream of [child.stdout, child.stderr]) hearLines(stream, LINE_CHARACTERS_MAX, hear);
  void ended.then(() => {
    const reason = `CometBFT ${endingOf(child)}: ${errors.text() || "it told no error"}`;
    endBecause(reason, child.signalCode !== null);
  });
  return {
    pid: child.pid,
    close: async () => {
      isWatched = false;
      await stop(child, ended, stopMsMax);
    },
  };
}

/** Resolves when the process ended and all that it said was heard, or when it could not be started. */
function endOf(child: ChildProcess, onError: (cause: Error) => void): Promise<void> {
  return new Promise((resolve) => {
    child.once("error", (cause) => {
      onError(cause);
      if (child.pid === undefined) resolve();
    });
    child.once("close", () => resolve());
  });
}

function endingOf({ pid, signalCode, exitCode }: ChildProcess): string {
  if (pid === undefined) return "could not be started";
  return signalCode === null ? `ended with ${exitCode}` : `ended by ${signalCode}`;
}

async function stop(child: ChildProcess, ended: Promise<void>, stopMsMax: number): Promise<void> {
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), stopMsMax);
  await ended;
  clearTimeout(timer);
}
