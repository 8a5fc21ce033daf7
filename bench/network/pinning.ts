// Which processors a process may use: a node that is measured has one of its own, so that what runs beside it on this
// machine, and would run on others, does not slow it.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";

/** Processors as `taskset` takes them. */
export type Processors = string;

/** The first processor, all others, and both. */
export type Split = { readonly one: Processors; readonly others: Processors; readonly all: Processors };

/** How this machine's processors are split, or `undefined` where it has one only, or no `taskset`. */
export function splitProcessors(): Split | undefined {
  const count = availableParallelism();
  if (count < 2) return undefined;
  try {
    execFileSync("taskset", ["-p", String(process.pid)], { stdio: "ignore" });
  } catch {
    return undefined;
  }
  return { one: "0", others: count === 2 ? "1" : `1-${count - 1}`, all: `0-${count - 1}` };
}

/** Pins a process with all its threads, and the processes that it started. */
export function pin(pid: number, processors: Processors): void {
  for (const one of [pid, ...childrenOf(pid)]) {
    execFileSync("taskset", ["-a", "-c", "-p", processors, String(one)], { stdio: "ignore" });
  }
}

/** Sends a signal to a process and to those that it started. */
export function signal(pid: number, name: "SIGSTOP" | "SIGCONT"): void {
  for (const one of [pid, ...childrenOf(pid)]) process.kill(one, name);
}

/** Ids of the processes that a process started: its threads' children, proc(5). */
function childrenOf(pid: number): readonly number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, "latin1").split(" ").filter(Boolean).map(Number),
  );
}
