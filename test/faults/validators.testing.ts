import { type ChildProcess, type ForkOptions, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { NetworkNode, NetworkNodeParts } from "@cityroot/node/engine/cometbft/comet-network.testing";
import { expect } from "vitest";
import { childrenOf, isRunning } from "./processes.testing.ts";

/** Where a validator falls: at its so many-th write of a block since it was started. */
export type Fall = {
  readonly write: number;
  /** Before the store has the block, or when it has it and nobody was told yet. */
  readonly moment: "before" | "after";
  /** Whether its CometBFT is killed with it, and does not end in its own way. */
  readonly withConsensus: boolean;
};

/** What a validator's process is started with. */
export type ValidatorOrder = { readonly parts: NetworkNodeParts; readonly fall?: Fall };

/** What a validator's process is told. */
export type Told =
  | { readonly kind: "issue"; readonly id: number; readonly serials: readonly number[] }
  | { readonly kind: "write"; readonly from: number; readonly writers: number }
  | { readonly kind: "reason"; readonly id: number }
  | { readonly kind: "close" };

/** What it says. */
export type Said =
  | { readonly kind: "started" }
  | { readonly kind: "failed"; readonly reason: string }
  | { readonly kind: "acknowledged"; readonly serial: number; readonly height: number }
  | { readonly kind: "answer"; readonly id: number; readonly outcomes: readonly (number | string)[] }
  | { readonly kind: "answer"; readonly id: number; readonly reason: string | null };

/** How a validator's process is started. */
export type StartOptions = {
  readonly fall?: Fall;
  /** A module that is loaded before all others. */
  readonly preload?: URL;
  /** Name of the network namespace that it is started in. */
  readonly namespace?: string;
};

/** A validator in a process of its own. */
export type Validator = {
  readonly node: NetworkNode;
  readonly pid: number;
  /** Its CometBFT; undefined while there is none. */
  readonly consensusPid: () => number | undefined;
  /** Issues codes; gives the heights at which they entered, or the names of refusals. */
  readonly issue: (...serials: readonly number[]) => Promise<readonly (number | string)[]>;
  /** Lets it issue codes without end, with so many under way at once. */
  readonly write: (from: number, writers?: number) => void;
  /** What it acknowledged, heights by serials. */
  readonly acknowledged: ReadonlyMap<number, number>;
  /** Why it takes nothing more; null while it does. */
  readonly reason: () => Promise<string | null>;
  /** How it ended; settles then. */
  readonly ended: Promise<string>;
  readonly signal: (signal: NodeJS.Signals, ...which: readonly ("node" | "consensus")[]) => void;
  /** Ends it, in its own way. */
  readonly close: () => Promise<void>;
};

const PROGRAM = fileURLToPath(new URL("./validator-process.ts", import.meta.url));
const running = new Set<Validator>();

/** Starts the validator of a node, and waits until its engine is open. */
export async function startValidator(node: NetworkNode, options: StartOptions = {}): Promise<Validator> {
  const child = spawnValidator(node, options);
  const acknowledged = new Map<number, number>();
  const waiting = new Map<number, (said: Said & { kind: "answer" }) => void>();
  let asked = 0;
  const begun = Promise.withResolvers<void>();
  const ended = once(child, "exit").then(([code, signal]) => String(signal ?? code));
  child.on("message", (said: Said) => {
    if (said.kind === "started") begun.resolve();
    if (said.kind === "failed") begun.reject(new Error(said.reason));
    if (said.kind === "acknowledged") acknowledged.set(said.serial, said.height);
    if (said.kind === "answer") waiting.get(said.id)?.(said);
  });
  void ended.then((how) => {
    begun.reject(new Error(`the validator ended by ${how}`));
    running.delete(validator);
  });
  const tell = (told: Told): void => void child.send(told);
  const ask = (told: { kind: "reason" } | { kind: "issue"; serials: readonly number[] }) => {
    asked += 1;
    const id = asked;
    tell({ ...told, id } as Told);
    return new Promise<Said & { kind: "answer" }>((resolve) => waiting.set(id, resolve));
  };
  const consensusPid = (): number | undefined => childrenOf(child.pid!)[0];
  const validator: Validator = {
    ...{ node, pid: child.pid!, consensusPid, acknowledged, ended },
    issue: async (...serials) => {
      const answer = await ask({ kind: "issue", serials });
      return "outcomes" in answer ? answer.outcomes : [];
    },
    write: (from, writers = 8) => tell({ kind: "write", from, writers }),
    reason: async () => {
      const answer = await ask({ kind: "reason" });
      return "reason" in answer ? answer.reason : null;
    },
    signal: (signal, ...which) => {
      const consensus = which.includes("consensus") ? consensusPid() : undefined;
      for (const pid of [consensus, which.includes("node") ? child.pid : undefined])
        if (pid !== undefined) process.kill(pid, signal);
    },
    close: async () => {
      if (child.connected) tell({ kind: "close" });
      await ended;
    },
  };
  running.add(validator);
  await begun.promise;
  return validator;
}

function spawnValidator({ parts }: NetworkNode, { fall, preload, namespace }: StartOptions): ChildProcess {
  const order: ValidatorOrder = { parts, ...(fall !== undefined && { fall }) };
  const execArgv = ["--conditions=source", ...(preload === undefined ? [] : ["--import", preload.href])];
  // What a killed one leaves there goes with its home.
  const TMPDIR = `${parts.path}/tmp`;
  mkdirSync(TMPDIR, { recursive: true });
  const options = {
    env: { ...process.env, TMPDIR },
    stdio: ["ignore", "inherit", "inherit", "ipc"] as ForkOptions["stdio"],
  };
  if (namespace === undefined) return fork(PROGRAM, [JSON.stringify(order)], { ...options, execArgv });
  const command = ["netns", "exec", namespace, process.execPath, ...execArgv, PROGRAM, JSON.stringify(order)];
  return spawn("ip", command, options as Parameters<typeof spawn>[2]);
}

/** Kills what was not closed, and waits until its CometBFT ended too. */
export async function killValidators(): Promise<void> {
  for (const validator of [...running]) {
    const consensus = validator.consensusPid();
    for (const pid of [validator.pid, consensus]) {
      if (pid === undefined || !isRunning(pid)) continue;
      process.kill(pid, "SIGKILL");
    }
    await validator.ended;
    if (consensus !== undefined)
      await expect.poll(() => isRunning(consensus), { timeout: 5_000 }).toBe(false);
  }
}
