import { readFileSync } from "node:fs";
import { findCometBft } from "@cityroot/node/engine/cometbft/find-cometbft";
import { readHome } from "@cityroot/node/home/home";
import { lockHome } from "@cityroot/node/home/home-lock";
import { readNetworkFile } from "@cityroot/node/network/network-file";
import type { CommandDefinition } from "../../command-definition.ts";
import type { Context } from "../../context.ts";
import { EXIT, type ExitCode } from "../../exit-code.ts";
import { CommandFailure, Interrupted } from "../../failure.ts";
import { type Comparison, compareNodes } from "../../network/compare-nodes.ts";
import {
  type FolderNode,
  folderToUse,
  type NetworkFolder,
  nodesOf,
  shownPath,
} from "../../network/network-folder.ts";
import { logPath, NodeStartError, type RunningNodes, startNodes } from "../../network/start-nodes.ts";
import { statusLines } from "../../network/status-lines.ts";
import { waitForInterrupt } from "../../registry/wait-for-interrupt.ts";
import { folderOption } from "./init.ts";

/** How long the nodes are waited for until they agree on a height, and how often that is looked at, in milliseconds. */
const AGREE_MS_MAX = 60_000;
const LOOK_MS = 300;
const TIMEOUT_MS = 5_000;

export const command: CommandDefinition = {
  options: [{ flags: "--folder <folder>", text: "option.trialFolder" }],
  examples: ["cityroot network start", "cityroot network start --folder network"],
  run: async (context, input) => {
    const { say, io } = context;
    const folder = folderToUse(context, input);
    const nodes = nodesOf(folder);
    const unlock = lockFolder(context, folder);
    try {
      await findCometBft(readHome(nodes[0]!.home).config.consensus?.binary ?? null);
      const ended = Promise.withResolvers<ExitCode>();
      const running = await start(context, folder, nodes, ended.resolve);
      try {
        const compared = await agree(context, nodes);
        const named = folderOption(input.text("folder"));
        if (!io.interrupt.aborted) show(context, { folder, nodes, running, compared, named });
        return await Promise.race([ended.promise, waitForInterrupt(io).then(() => EXIT.ok)]);
      } finally {
        context.note(say("start.stopping"));
        await running.stop();
      }
    } finally {
      unlock();
    }
  },
};

function lockFolder({ say }: Context, { path }: NetworkFolder): () => void {
  try {
    return lockHome(path);
  } catch (cause) {
    if ((cause as Error).name !== "HomeInUseError") throw cause;
    throw new CommandFailure(
      {
        ...{ code: "NETWORK_RUNNING", exit: "conflict", field: "--folder", got: path },
        detail: say("error.networkRunning", { path }),
        fix: say("error.networkRunning.fix"),
      },
      { cause },
    );
  }
}

/** Starts the nodes, and tells of each that ends; `onLast` is called when none runs any more. */
async function start(
  context: Context,
  folder: NetworkFolder,
  nodes: readonly FolderNode[],
  onLast: (exit: ExitCode) => void,
): Promise<RunningNodes> {
  const { say, io } = context;
  const bar = context.progress(say("network.starting"), nodes.length);
  let serving = 0;
  let left = nodes.length;
  bar.update(0);
  const log = (name: string): string => shownPath(context, logPath(folder.logs, name));
  try {
    return await startNodes(folder, nodes, {
      signal: io.interrupt,
      onServes: () => bar.update(++serving),
      onEnd: ({ name, home }, how) => {
        left -= 1;
        context.warn(
          "NODE_ENDED",
          say(left > 0 ? "network.ended" : "network.endedLast", { name, how, log: log(name) }),
        );
        if (left > 0) context.note(`  npx cityroot start --home ${shownPath(context, home)}`);
        else onLast(EXIT.failure);
      },
      onStopped: ({ name }, reason) => context.warn("NODE_STOPPED", say("network.stopped", { name, reason })),
    });
  } catch (cause) {
    if (!(cause instanceof NodeStartError)) throw cause;
    const { node, reason, message } = cause;
    throw new CommandFailure(
      {
        ...{ code: reason === "HomeInUseError" ? "HOME_IN_USE" : "NODE_NOT_STARTED", got: node.home },
        exit: reason === "HomeInUseError" ? "conflict" : "failure",
        detail: say("error.nodeNotStarted", { name: node.name, reason: message }),
        fix: say("error.nodeNotStarted.fix", { log: log(node.name) }),
      },
      { cause },
    );
  } finally {
    bar.stop();
  }
}

/** Waits until the nodes are connected, and all have one state at one height; gives how they stand. */
async function agree(context: Context, nodes: readonly FolderNode[]): Promise<Comparison> {
  const { io, say } = context;
  const options = { settleMs: 0, timeoutMs: TIMEOUT_MS, signal: io.interrupt };
  const untilMs = performance.now() + AGREE_MS_MAX;
  const bar = context.progress(say("network.agreeing"), nodes.length);
  try {
    for (;;) {
      const compared = await compareNodes(nodes, options);
      const ready = compared.nodes.filter((node) => isReady(node, nodes.length)).length;
      bar.update(ready);
      if (ready === nodes.length || performance.now() > untilMs) return compared;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      context.throwIfInterrupted();
    }
  } catch (cause) {
    throw io.interrupt.aborted ? new Interrupted() : cause;
  } finally {
    bar.stop();
  }
}

function isReady({ status, problems }: Comparison["nodes"][number], count: number): boolean {
  const consensus = status?.consensus;
  if (problems.length > 0 || consensus?.answers !== true || consensus.isCatchingUp) return false;
  // Where each knows half of all, there is a way from each to each. Those that dialled one another at once try again later.
  return consensus.peerCount >= Math.min(count - 1, Math.ceil(count / 2));
}

type Shown = {
  readonly folder: NetworkFolder;
  readonly nodes: readonly FolderNode[];
  readonly running: RunningNodes;
  readonly compared: Comparison;
  /** The option that names the folder. */
  readonly named: string;
};

function show(context: Context, { folder, nodes, running, compared, named }: Shown): void {
  const { say, colors } = context;
  const file = readNetworkFile(JSON.parse(readFileSync(folder.file, "utf8")));
  if (!file.ok) throw new Error(`${folder.file}: ${file.fault.field}: expected ${file.fault.expected}`);
  const [first, second = first] = nodes;
  const { prefix } = file.value.genesis.roots[0]!;
  const code = `${prefix}/60.10000000.1/1`;
  const network = compared.nodes[0]?.status?.network ?? "";
  const home = (node: FolderNode): string => shownPath(context, node.home);
  const json = {
    ...{ network, folder: folder.path, policy: folder.policy, height: compared.common ?? null },
    nodes: nodes.map((node) => ({ ...node, pid: running.pidOf(node) })),
  };
  const isWell = compared.nodes.every((node) => isReady(node, nodes.length));
  context.show(json, () => [
    say(isWell ? "network.runs" : "network.runsBadly", { network, count: nodes.length }).replace(
      network,
      colors.bold,
    ),
    "",
    ...statusLines(context, compared),
    "",
    say("dev.try"),
    `  ${colors.dim(`# ${say("network.try.issue", { name: first!.name })}`)}`,
    `  npx cityroot code issue ${code} --class street-lamp --home ${home(first!)}`,
    `  ${colors.dim(`# ${say("network.try.resolve", { name: second!.name })}`)}`,
    `  npx cityroot code resolve ${code} --home ${home(second!)}`,
    `  ${colors.dim(`# ${say("network.try.status")}`)}`,
    `  npx cityroot network status${named}`,
    "",
    colors.dim(say("start.stop")),
  ]);
}
