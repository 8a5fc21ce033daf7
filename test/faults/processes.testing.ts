import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

/** Numbers of the processes that a process has started. */
export function childrenOf(pid: number): readonly number[] {
  const { stdout } = spawnSync("pgrep", ["-P", String(pid)], { encoding: "utf8" });
  return stdout.split("\n").filter(Boolean).map(Number);
}

/** What processes hold in memory together, in MiB. Linux alone. */
export function memoryMibOf(pids: readonly number[]): number {
  const kib = pids.map((pid) => {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0);
  });
  return kib.reduce((sum, one) => sum + one, 0) / 1_024;
}

/** Whether a process runs: one that ended and that nobody asked about does not. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const state = `/proc/${pid}/stat`;
  return !existsSync(state) || !/\) Z /.test(readFileSync(state, "utf8"));
}
