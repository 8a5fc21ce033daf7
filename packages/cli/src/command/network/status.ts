import { isHome, readHome } from "@cityroot/node/home/home";
import type { CommandDefinition } from "../../command-definition.ts";
import type { Context } from "../../context.ts";
import { EXIT, type ExitCode } from "../../exit-code.ts";
import type { Input } from "../../input.ts";
import {
  type AskedNode,
  type Comparison,
  compareNodes,
  type NodeProblem,
} from "../../network/compare-nodes.ts";
import { askedFolder, folderToUse, isNetworkFolder, nodesOf } from "../../network/network-folder.ts";
import { statusLines } from "../../network/status-lines.ts";
import { addressOfHome, findUrl } from "../../registry/address.ts";
import { checkUrl } from "../../registry/connect.ts";
import { findHome } from "../../registry/folders.ts";

/** How long a node that is behind is waited for, and how long one may take to answer, in milliseconds. */
const SETTLE_MS = 3_000;
const TIMEOUT_MS = 12_000;

export const command: CommandDefinition = {
  options: [
    { flags: "--folder <folder>", text: "option.trialFolder" },
    { flags: "--server <url>", text: "option.statusServer", repeats: true },
  ],
  examples: [
    "cityroot network status",
    "cityroot network status --server https://node-1.example.cn --server https://node-2.example.cn --json",
    "cityroot network status --home registry",
  ],
  run: async (context, input) => {
    const nodes = askedNodes(context, input);
    const bar = context.progress(context.say("network.asking"), undefined);
    const compared = await compareNodes(nodes, {
      ...{ settleMs: SETTLE_MS, timeoutMs: TIMEOUT_MS, signal: context.io.interrupt },
    }).finally(() => bar.stop());
    context.show(jsonOf(compared), () => statusLines(context, compared));
    return exitOf(compared);
  },
};

/** The nodes that a call names: servers, a folder's, else those that the home knows. */
function askedNodes(context: Context, input: Input): readonly AskedNode[] {
  const servers = input.texts("server").map((url) => checkUrl(context, url, "--server").replace(/\/+$/, ""));
  if (servers.length > 0) return servers.map((address) => ({ name: address, address }));
  const folder = askedFolder(context, input);
  const isAsked = input.text("folder") !== undefined;
  const home = findHome(context);
  if (isAsked || (context.home === undefined && context.url === undefined && isNetworkFolder(folder)))
    return nodesOf(isAsked ? folderToUse(context, input) : folder);
  if (context.url !== undefined || home === undefined || !isHome(home)) {
    const address = checkUrl(context, findUrl(context));
    return [{ name: address, address }];
  }
  const addresses = [addressOfHome(home), ...readHome(home).config.payloads.replicas];
  return [...new Set(addresses)].map((address) => ({ name: address, address }));
}

function jsonOf({ nodes, ...rest }: Comparison): object {
  return {
    ...rest,
    nodes: nodes.map(({ status, ...node }) => ({ ...node, status: status ?? null })),
  };
}

/** What each kind of problem ends the process with; the gravest goes first. */
const EXITS: readonly { readonly exit: ExitCode; readonly kinds: readonly NodeProblem["kind"][] }[] = [
  { exit: EXIT.verification, kinds: ["root-differs", "other-network"] },
  {
    exit: EXIT.unavailable,
    kinds: ["unreachable", "no-consensus", "takes-nothing", "not-shown", "policy-differs"],
  },
  { exit: EXIT.failure, kinds: ["behind", "no-peers", "no-block", "protocol-unknown"] },
];

function exitOf({ nodes }: Comparison): ExitCode {
  const kinds = new Set(nodes.flatMap(({ problems }) => problems.map(({ kind }) => kind)));
  return EXITS.find((one) => one.kinds.some((kind) => kinds.has(kind)))?.exit ?? EXIT.ok;
}
