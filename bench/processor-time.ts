import { readdirSync, readFileSync } from "node:fs";

/** Processor time of a node's processes so far, in seconds. */
export type ProcessorTime = {
  /** The engine's process: deciding, hashing, writing, and collecting garbage. */
  readonly engine: number;
  /** The processes that check signatures. */
  readonly signatures: number;
  /** The workers that answer over HTTP. */
  readonly workers: number;
  /** CometBFT, where it orders transactions. */
  readonly consensus: number;
};

/** What `getconf CLK_TCK` gives on every Linux. */
const TICKS_PER_SECOND = 100;

/** Reads what the kernel counted for a node's process and its children: proc(5). */
export function processorTimeOf(pid: number): ProcessorTime {
  let signatures = 0;
  let workers = 0;
  let consensus = 0;
  for (const name of readdirSync("/proc")) {
    if (!/^[0-9]+$/.test(name)) continue;
    const stat = statOf(name);
    if (stat?.parent !== pid) continue;
    const command = readFileSync(`/proc/${name}/cmdline`, "latin1");
    if (command.includes("check-process")) signatures += stat.seconds;
    else if (command.includes("cometbft")) consensus += stat.seconds;
    else workers += stat.seconds;
  }
  return { engine: statOf(String(pid))?.seconds ?? 0, signatures, workers, consensus };
}

function statOf(pid: string): { readonly parent: number; readonly seconds: number } | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, "latin1");
  } catch {
    // It ended meanwhile.
    return undefined;
  }
  // The name in parentheses may hold anything: fields are counted from behind it.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const seconds = (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  return { parent: Number(fields[1]), seconds };
}

/** The time of several nodes together. */
export function sumTimes(times: readonly ProcessorTime[]): ProcessorTime {
  const sum = (part: keyof ProcessorTime): number => times.reduce((total, time) => total + time[part], 0);
  return {
    engine: sum("engine"),
    signatures: sum("signatures"),
    workers: sum("workers"),
    consensus: sum("consensus"),
  };
}

/** The time between two readings for each of so many operations, in microseconds. */
export function timeEach(before: ProcessorTime, after: ProcessorTime, operations: number): ProcessorTime {
  const each = (part: keyof ProcessorTime): number => ((after[part] - before[part]) / operations) * 1e6;
  return {
    engine: each("engine"),
    signatures: each("signatures"),
    workers: each("workers"),
    consensus: each("consensus"),
  };
}
