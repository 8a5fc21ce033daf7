import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { PROCESS_FLAGS } from "../process-flags.ts";
import { type Check, encodeRequest, frameReader } from "./frame.ts";
import { verifyNative } from "./native-ed25519.ts";

/** Checks signatures in other processes, so that they take no time of the engine's. */
export type SignaturePool = {
  /** A verdict for each check, in their order. */
  readonly check: (checks: readonly Check[]) => Promise<readonly boolean[]>;
  readonly close: () => void;
};

/** A request that waits for its answer: kept whole, so that it can go to another process when its own dies. */
type Pending = {
  readonly bytes: Buffer;
  readonly resolve: (verdicts: boolean[]) => void;
  readonly reject: (cause: Error) => void;
};

/** How long a process that fell before it answered anything is waited with, so that they do not fall without end. */
const RESTART_DELAY_MS = 200;

/** Starts a pool of `processes`; with 0 checks are made at once in this process. */
export function startSignaturePool(
  processes: number,
  spawnProcess: () => ChildProcess = spawnCheckProcess,
): SignaturePool {
  if (processes === 0) {
    return {
      check: async (checks) =>
        checks.map(({ publicKey, message, signature }) => verifyNative(publicKey, message, signature)),
      close: () => {},
    };
  }
  const workers = Array.from({ length: processes }, () => startWorker(spawnProcess));
  let isClosed = false;
  let next = 0;
  return {
    check: (checks) => {
      if (checks.length === 0) return Promise.resolve([]);
      if (isClosed) return Promise.reject(closedError());
      const worker = workers.reduce((least, other) =>
        other.pending.size < least.pending.size ? other : least,
      );
      next = (next + 1) >>> 0;
      const number = next;
      const bytes = encodeRequest(number, checks);
      return new Promise((resolve, reject) => {
        worker.pending.set(number, { bytes, resolve, reject });
        worker.send(bytes);
      });
    },
    close: () => {
      isClosed = true;
      for (const worker of workers) worker.close();
    },
  };
}

/** A process with the requests that it has not answered; one that falls is replaced and asked again. */
type Worker = {
  readonly pending: Map<number, Pending>;
  readonly send: (bytes: Buffer) => void;
  readonly close: () => void;
};

function startWorker(spawnProcess: () => ChildProcess): Worker {
  const pending = new Map<number, Pending>();
  let child: ChildProcess | undefined;
  let restart: NodeJS.Timeout | undefined;
  let isClosed = false;
  const start = (): void => {
    const started = spawnProcess();
    child = started;
    let hasAnswered = false;
    const read = frameReader(1, (number, _count, body) => {
      hasAnswered = true;
      const answered = pending.get(number);
      pending.delete(number);
      answered?.resolve(Array.from(body, (verdict) => verdict === 1));
    });
    // A process that could not be started reports an error and no exit; one that could reports its exit.
    const replace = (): void => {
      if (child !== started) return;
      child = undefined;
      if (isClosed) return;
      restart = setTimeout(start, hasAnswered ? 0 : RESTART_DELAY_MS);
    };
    started.stdout?.on("data", read);
    started.stdin?.on("error", () => {});
    started.once("exit", replace);
    started.once("error", replace);
    for (const { bytes } of pending.values()) started.stdin?.write(bytes);
  };
  start();
  return {
    pending,
    send: (bytes) => child?.stdin?.write(bytes),
    close: () => {
      isClosed = true;
      clearTimeout(restart);
      child?.kill("SIGTERM");
      for (const { reject } of pending.values()) reject(closedError());
      pending.clear();
    },
  };
}

function closedError(): Error {
  return new Error("the processes that check signatures are stopped");
}

function spawnCheckProcess(): ChildProcess {
  const isSource = import.meta.url.endsWith(".ts");
  const path = fileURLToPath(
    new URL(isSource ? "./check-process.ts" : "./check-process.js", import.meta.url),
  );
  return spawn(process.execPath, [...PROCESS_FLAGS, path], { stdio: ["pipe", "pipe", "inherit"] });
}
