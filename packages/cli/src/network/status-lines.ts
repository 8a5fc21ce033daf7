import type { Context } from "../context.ts";
import type { Comparison, NodeProblem, SeenNode } from "./compare-nodes.ts";

/** How many digits of a state root stand in a table. */
const ROOT_DIGITS = 12;

/** How the nodes of a network stand, for people: a table, then what holds for all, then what is wrong. */
export function statusLines(context: Context, compared: Comparison): readonly string[] {
  const { say, language, colors } = context;
  const { nodes, common, agrees, totalPower } = compared;
  const root = nodes.find(({ stateRoot }) => stateRoot !== undefined)?.stateRoot;
  const height = common?.toLocaleString(language) ?? "";
  return [
    ...tableOf(context, nodes),
    "",
    ...(root === undefined
      ? []
      : [agrees ? say("network.agrees", { height, root }) : colors.red(say("network.differs", { height }))]),
    ...(totalPower === 0 ? [] : [powerLine(context, compared)]),
    ...nodes.flatMap((node) =>
      node.problems.map((problem) => `${colors.red(`${node.name}:`)} ${problemText(context, problem)}`),
    ),
  ];
}

function tableOf(context: Context, nodes: readonly SeenNode[]): readonly string[] {
  const { say, language } = context;
  const unknown = "?";
  const rows = nodes.map(({ name, address, status, behind, stateRoot }) => {
    const consensus = status?.consensus?.answers === true ? status.consensus : undefined;
    return [
      ...(name === address ? [name] : [name, address]),
      status?.asOf.height.toLocaleString(language) ?? unknown,
      behind?.toLocaleString(language) ?? unknown,
      consensus?.peerCount.toLocaleString(language) ?? unknown,
      consensus === undefined ? unknown : validatorText(context, status!.validator, consensus.power),
      stateRoot?.slice(0, ROOT_DIGITS) ?? unknown,
    ];
  });
  const isNamed = nodes.some(({ name, address }) => name !== address);
  const heads = [
    "network.height",
    "network.behind",
    "network.peers",
    "network.validator",
    "network.root",
  ] as const;
  return context.table(
    [say("network.node"), ...(isNamed ? [say("network.answersAt")] : []), ...heads.map((key) => say(key))],
    rows,
  );
}

function validatorText({ say }: Context, name: string | null, power: number): string {
  return name === null || power === 0 ? say("network.noValidator") : `${name} (${power})`;
}

/** Whether the validators that answer are enough to decide; of those that nobody asked for, nothing is known. */
function powerLine({ say, language, colors }: Context, { nodes, power, totalPower }: Comparison): string {
  const needed = Math.floor((2 * totalPower) / 3) + 1;
  const values = {
    power: power.toLocaleString(language),
    total: totalPower.toLocaleString(language),
    needed: needed.toLocaleString(language),
  };
  const isAway = nodes.some(({ status }) => status?.consensus?.answers !== true);
  return power >= needed || !isAway
    ? say("network.decides", values)
    : colors.red(say("network.decidesNothing", values));
}

/** What is wrong with a node, in one sentence. */
export function problemText(
  { say, language }: Pick<Context, "say" | "language">,
  problem: NodeProblem,
): string {
  switch (problem.kind) {
    case "unreachable":
      return say("network.problem.unreachable", { reason: problem.reason });
    case "other-network":
      return say("network.problem.otherNetwork", problem);
    case "root-differs":
      return say("network.problem.rootDiffers", {
        ...{ own: problem.stateRoot, expected: problem.expected, of: problem.of },
      });
    case "no-block":
      return say("network.problem.noBlock", { height: problem.height.toLocaleString(language) });
    case "takes-nothing":
      return say("network.problem.takesNothing", { reason: problem.reason });
    case "no-consensus":
      return say("network.problem.noConsensus");
    case "no-peers":
      return say("network.problem.noPeers");
    case "not-shown":
      return say("network.problem.notShown", { blocks: problem.blocks.toLocaleString(language) });
    case "policy-differs":
      return say("network.problem.policyDiffers", { of: problem.of });
    case "protocol-unknown":
      return say("network.problem.protocolUnknown", {
        ...{ version: problem.version, knows: problem.knows },
        height: problem.fromHeight.toLocaleString(language),
      });
    case "behind":
      return say("network.problem.behind", { blocks: problem.blocks.toLocaleString(language) });
  }
}
