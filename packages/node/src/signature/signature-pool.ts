import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type Check, encodeRequest, frameReader } from "./frame.ts";
import { verifyNative } from "./native-ed25519.ts";

/** Checks signatures in other processes, so that they take no time of the engine's. */
export type SignaturePool = {
  /** A verdict for each check, in their order. */
  readonly check: (checks: readonly Check[]) => Promise<readonly boolean[]>;
  readonly close: () => void;
};

/** A request that waits for its answer: kept whole, so that it can go to another process when its own dies. */
type Pending = { readonly bytes: Buffer; readonly resolve: (verdicts: boolean[]) => void };

type Worker = { child: ChildProcess; readonly pending: Map<number, Pending> };

/** Starts a pool of `processes`; with 0 checks are made at once in this process. */
export function startSignaturePool(processes: number): SignaturePool {
  if (processes === 0) {
    return {
      check: async (checks) =>
        checks.map(({ publicKey, message, signature }) => verifyNative(publicKey, message, signature)),
      close: () => {},
    };
  }
  const workers: Worker[] = [];
  let isClosed = false;
  let next = 0;
  const start = (worker: Worker): void => {
    const child = spawnCheckProcess();
    worker.child = child;
    child.stdout!.on(
      "data",
      frameReader(1, (number, _count, body) => {
        const pending = worker.pending.get(number);
        worker.pending.delete(number);
        pending?.resolve(Array.from(body, (verdict) => verdict === 1));
      }),
    );
    child.stdin!.on("error", () => {});
    child.on("exit", () => {
      if (isClosed) return;
      start(worker);
      for (const { bytes } of worker.pending.values()) worker.child.stdin!.write(bytes);
    });
  };
  for (let at = 0; at < processes; at++) {
    const worker = { child: undefined as unknown as ChildProcess, pending: new Map<number, Pending>() };
    start(worker);
    workers.push(worker);
  }
  return {
    check: (checks) => {
      if (checks.length === 0) return Promise.resolve([]);
      const worker = workers.reduce((least, other) =>
        other.pending.size < least.pending.size ? other : least,
      );
      next = (next + 1) >>> 0;
      const number = next;
      const bytes = encodeRequest(number, checks);
      return new Promise((resolve) => {
        worker.pending.set(number, { bytes, resolve });
        worker.child.stdin!.write(bytes);
      });
    },
    close: () => {
      isClosed = true;
      for (const worker of workers) worker.child.kill("SIGTERM");
    },
  };
}

function spawnCheckProcess(): ChildProcess {
  const isSource = import.meta.url.endsWith(".ts");
  const path = fileURLToPath(
    new URL(isSource ? "./check-process.ts" : "./check-process.js", import.meta.url),
  );
  const conditions = isSource ? ["--conditions=source"] : [];
  return spawn(process.execPath, [...conditions, path], { stdio: ["pipe", "pipe", "inherit"] });
}
