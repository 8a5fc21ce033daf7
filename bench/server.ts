import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { PROCESS_FLAGS } from "@cityroot/node/process-flags";
import { type ProcessorTime, processorTimeOf } from "./processor-time.ts";

const compileCache = fileURLToPath(new URL("../node_modules/.cache/cityroot", import.meta.url));

/** A node in a process of its own. */
export type BenchServer = {
  readonly address: string;
  readonly pid: number;
  readonly startMs: number;
  /** Processor time of all its processes so far. */
  readonly processorTime: () => ProcessorTime;
  readonly memory: () => Promise<{ anonymousMb: number; residentMb: number }>;
  readonly close: () => Promise<void>;
};

/** Starts a node over a home. */
export async function startServer(home: string, workers: number): Promise<BenchServer> {
  const child = fork(
    fileURLToPath(new URL("./server-process.ts", import.meta.url)),
    [home, String(workers)],
    {
      execArgv: [...PROCESS_FLAGS],
      serialization: "json",
      // As `cityroot start` has it: what was compiled once is not compiled again.
      env: { ...process.env, NODE_COMPILE_CACHE: compileCache },
    },
  );
  const ready = (await answerOf(child)) as { address: string; startMs: number };
  return {
    ...ready,
    pid: child.pid!,
    processorTime: () => processorTimeOf(child.pid!),
    memory: () => {
      child.send("memory");
      return answerOf(child) as Promise<{ anonymousMb: number; residentMb: number }>;
    },
    close: () =>
      new Promise((resolve) => {
        child.once("exit", () => resolve());
        child.send("stop");
      }),
  };
}

function answerOf(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    child.once("message", resolve);
    child.once("exit", (code) => reject(new Error(`the node's process ended with ${code}`)));
  });
}
