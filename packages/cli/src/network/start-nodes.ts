import { type ChildProcess, fork } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { makeFolder } from "@cityroot/node/make-folder";
import { PROCESS_FLAGS } from "@cityroot/node/process-flags";
import { Interrupted } from "../failure.ts";
import type { FolderNode, NetworkFolder } from "./network-folder.ts";
import { type NodeOrder, type NodeReport, STOP } from "./node-orders.ts";

/** What becomes of the nodes that run. */
export type NodeEvents = {
  readonly onServes: (node: FolderNode) => void;
  /** A node ended that was not asked to: by a signal, or with a code. */
  readonly onEnd: (node: FolderNode, how: string) => void;
  /** A node takes no transactions any more. */
  readonly onStopped: (node: FolderNode, reason: string) => void;
};

/** Nodes that run, each in a process of its own. */
export type RunningNodes = {
  /** How many still do. */
  readonly count: () => number;
  readonly pidOf: (node: FolderNode) => number | undefined;
  /** Stops all that run; each ends its CometBFT first. */
  readonly stop: () => Promise<void>;
};

/** Thrown when a node could not be started; none runs then. */
export class NodeStartError extends Error {
  override readonly name = "NodeStartError";
  readonly node: FolderNode;
  /** Name of the error that the node met. */
  readonly reason: string;

  constructor(node: FolderNode, reason: string, detail: string) {
    super(detail);
    this.node = node;
    this.reason = reason;
  }
}

/** How long a node may take to stop before it is killed, in milliseconds. */
const STOP_MS_MAX = 30_000;

/**
 * Starts every node; settles when all of them serve. Throws a {@link NodeStartError}, and {@link Interrupted} where the
 * signal ends it before; none runs then.
 */
export async function startNodes(
  folder: NetworkFolder,
  nodes: readonly FolderNode[],
  events: NodeEvents & { readonly signal: AbortSignal },
): Promise<RunningNodes> {
  makeFolder(folder.logs, 0o755);
  const children = new Map<FolderNode, ChildProcess>();
  let isStopping = false;
  const stop = async (): Promise<void> => {
    isStopping = true;
    await Promise.all([...children.values()].map(stopProcess));
  };
  const starting = nodes.map(async (node) => {
    const child = startProcess(folder, node);
    children.set(node, child);
    child.once("exit", () => children.delete(node));
    await served(node, child);
    events.onServes(node);
    watch(node, child, () => isStopping, events);
  });
  try {
    await Promise.race([Promise.all(starting), interruption(events.signal)]);
  } catch (cause) {
    await stop();
    throw cause;
  }
  return { count: () => children.size, pidOf: (node) => children.get(node)?.pid, stop };
}

function interruption(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(new Interrupted());
    signal.addEventListener("abort", () => reject(new Interrupted()), { once: true });
  });
}

function startProcess({ logs }: NetworkFolder, { name, home }: FolderNode): ChildProcess {
  const isSource = import.meta.url.endsWith(".ts");
  const path = fileURLToPath(new URL(`./node-process.${isSource ? "ts" : "js"}`, import.meta.url));
  const log = openSync(logPath(logs, name), "a");
  try {
    const child = fork(path, {
      // Of the flags those with which sources are found; room for the load of a city is not taken several times.
      execArgv: PROCESS_FLAGS.filter((flag) => flag.startsWith("--conditions")),
      stdio: ["ignore", log, log, "ipc"],
    });
    // What could not be sent went to a process whose end says the rest.
    child.on("error", () => {});
    child.send({ home } satisfies NodeOrder);
    return child;
  } finally {
    closeSync(log);
  }
}

/** Where a node's log is. */
export function logPath(logs: string, name: string): string {
  return join(logs, `${name}.log`);
}

function served(node: FolderNode, child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once("message", (report: NodeReport) => {
      if (report.kind === "failed") reject(new NodeStartError(node, report.name, report.detail));
      else resolve();
    });
    child.once("exit", (code, signal) => reject(new NodeStartError(node, "Error", endingOf(code, signal))));
  });
}

function watch(node: FolderNode, child: ChildProcess, isStopping: () => boolean, events: NodeEvents): void {
  child.on("message", (report: NodeReport) => {
    if (report.kind === "stopped") events.onStopped(node, report.reason);
  });
  child.once("exit", (code, signal) => {
    if (!isStopping()) events.onEnd(node, endingOf(code, signal));
  });
}

function endingOf(code: number | null, signal: NodeJS.Signals | null): string {
  return signal ?? `exit ${code}`;
}

function stopProcess(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill("SIGKILL"), STOP_MS_MAX);
    child.once("exit", () => {
      clearTimeout(timer);
      resolve();
    });
    if (child.connected) child.send(STOP);
    else child.kill("SIGKILL");
  });
}
