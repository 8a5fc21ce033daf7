import { writePolicy } from "@cityroot/core/log/witness-policy";
import { isTransportError } from "@cityroot/sdk/error";
import { fetchPolicy } from "@cityroot/sdk/fetch-policy";
import { type GetNetworkStatusReturnType, getNetworkStatus } from "@cityroot/sdk/get-network-status";

/** A node that is asked: what it is called here, and where it answers. */
export type AskedNode = { readonly name: string; readonly address: string };

/** What is wrong with a node. */
export type NodeProblem =
  /** It does not answer: why. */
  | { readonly kind: "unreachable"; readonly reason: string }
  | { readonly kind: "other-network"; readonly network: string; readonly expected: string }
  /** After the same block it has another state than the nodes that are named. */
  | {
      readonly kind: "root-differs";
      readonly stateRoot: string;
      readonly expected: string;
      readonly of: string;
    }
  /** It lacks the block that all are compared at. */
  | { readonly kind: "no-block"; readonly height: number }
  | { readonly kind: "takes-nothing"; readonly reason: string }
  /** Its CometBFT does not answer. */
  | { readonly kind: "no-consensus" }
  /** It is connected to nobody. */
  | { readonly kind: "no-peers" }
  /** It has blocks that its readers are not shown: too few witnesses vouch for them, or none does any more. */
  | { readonly kind: "not-shown"; readonly blocks: number }
  /** It tells clients to trust other keys or another quorum than most others do: a member was made known to some alone. */
  | { readonly kind: "policy-differs"; readonly of: string }
  /** Its program does not know the version of the protocol that is set to decide from a height on: it stops before. */
  | {
      readonly kind: "protocol-unknown";
      readonly version: number;
      readonly fromHeight: number;
      readonly knows: number;
    }
  /** It did not come to the height that another had, in time. */
  | { readonly kind: "behind"; readonly blocks: number };

/** A node, and what it answered. */
export type SeenNode = AskedNode & {
  readonly status: GetNetworkStatusReturnType | undefined;
  /** How many blocks it is behind the highest. */
  readonly behind: number | undefined;
  /** Its state root after the block that all are compared at. */
  readonly stateRoot: string | undefined;
  readonly problems: readonly NodeProblem[];
};

/** How the nodes of a network stand beside one another. */
export type Comparison = {
  readonly nodes: readonly SeenNode[];
  /** The highest block that all that answer have; undefined where none answers. */
  readonly common: number | undefined;
  /** Whether all that answer have one state after it. */
  readonly agrees: boolean;
  /** How much the votes of the validators count that answer, and those of all validators. */
  readonly power: number;
  readonly totalPower: number;
};

/** How a comparison is made. */
export type CompareOptions = {
  /** How long a node that is behind is waited for, in milliseconds. */
  readonly settleMs: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
};

type Answer = {
  readonly node: AskedNode;
  readonly status?: GetNetworkStatusReturnType;
  readonly reason?: string;
};

const LOOK_MS = 200;

/** Asks nodes how they stand, and holds their answers against one another. */
export async function compareNodes(
  nodes: readonly AskedNode[],
  options: CompareOptions,
): Promise<Comparison> {
  const first = await Promise.all(nodes.map((node) => ask(node, options)));
  const highest = Math.max(0, ...first.map(({ status }) => status?.asOf.height ?? 0));
  // The newest block is on its way to the others for a moment: that is not called behind.
  const answers = await Promise.all(first.map((answer) => settle(answer, highest, options)));
  const known = answers.flatMap(({ status }) => (status === undefined ? [] : [status]));
  const common = known.length === 0 ? undefined : Math.min(...known.map(({ asOf }) => asOf.height));
  const roots = await Promise.all(answers.map((answer) => rootAt(answer, common, options)));
  const policies = await Promise.all(answers.map((answer) => policyOf(answer, options)));
  const policy = mostOf(policies.filter((text) => text !== undefined));
  const withPolicy = answers.filter((_, at) => policies[at] === policy).map(({ node }) => node.name);
  const network = mostOf(known.map((status) => status.network));
  const expected = mostOf(roots.filter((root) => root !== undefined));
  const of = answers.filter((_, at) => roots[at] === expected).map(({ node }) => node.name);
  const seen = answers.map(({ node, status, reason }, at): SeenNode => {
    const behind = status && Math.max(0, highest - status.asOf.height);
    const root = roots[at];
    const problems = [
      ...(status === undefined ? [{ kind: "unreachable", reason: reason ?? "" } as const] : []),
      ...(status === undefined ? [] : problemsOf(status, nodes.length)),
      ...(status !== undefined && status.network !== network
        ? [{ kind: "other-network", network: status.network, expected: network! } as const]
        : []),
      ...(status !== undefined && root === undefined ? [{ kind: "no-block", height: common! } as const] : []),
      ...(root !== undefined && root !== expected
        ? [{ kind: "root-differs", stateRoot: root, expected: expected!, of: of.join(", ") } as const]
        : []),
      ...(policies[at] !== undefined && policies[at] !== policy
        ? [{ kind: "policy-differs", of: withPolicy.join(", ") } as const]
        : []),
      ...notShownOf(first[at]!, status),
      ...(behind !== undefined && behind > 0 ? [{ kind: "behind", blocks: behind } as const] : []),
    ];
    return { ...node, status, behind, stateRoot: root, problems };
  });
  return {
    nodes: seen,
    common,
    agrees: new Set(roots.filter((root) => root !== undefined)).size <= 1,
    power: powerOf(known),
    totalPower: Math.max(0, ...known.map(({ totalPower }) => totalPower)),
  };
}

async function ask(node: AskedNode, { timeoutMs, signal }: CompareOptions): Promise<Answer> {
  try {
    return { node, status: await getNetworkStatus({ url: node.address, timeoutMs, signal }) };
  } catch (error) {
    if (signal.aborted) throw error;
    return { node, reason: reasonOf(error) };
  }
}

function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  const code = (cause as { readonly cause?: { readonly code?: string } } | undefined)?.cause?.code;
  return isTransportError(error) && code !== undefined ? code : message;
}

/** Waits for a node that has not come to a height yet, or does not show what it has, for a while. */
async function settle(answer: Answer, height: number, options: CompareOptions): Promise<Answer> {
  let latest = answer;
  const untilMs = performance.now() + options.settleMs;
  // What it had when it was first asked is to be shown after a while, whatever was decided since.
  const expected = Math.max(height, answer.status?.newest ?? 0);
  while (latest.status !== undefined && latest.status.asOf.height < expected && performance.now() < untilMs) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    latest = await ask(answer.node, options);
  }
  return latest;
}

async function rootAt(
  { node, status }: Answer,
  height: number | undefined,
  { timeoutMs, signal }: CompareOptions,
): Promise<string | undefined> {
  if (status === undefined || height === undefined) return undefined;
  if (status.block?.height === height) return status.block.stateRoot;
  try {
    const { block } = await getNetworkStatus({ url: node.address, height, timeoutMs, signal });
    return block?.stateRoot;
  } catch (error) {
    if (signal.aborted) throw error;
    return undefined;
  }
}

/** What a node tells clients to trust, as a text that is the same for the same; undefined where it does not say. */
async function policyOf(
  { node, status }: Answer,
  { timeoutMs }: CompareOptions,
): Promise<string | undefined> {
  if (status === undefined) return undefined;
  try {
    const policy = writePolicy(await fetchPolicy({ url: node.address, timeoutMs }));
    const { origin, logKeys, witnesses, quorum } = policy;
    return JSON.stringify([origin, logKeys.toSorted(), witnesses.toSorted(), quorum]);
  } catch {
    return undefined;
  }
}

function problemsOf(
  { writes, consensus, protocol }: GetNetworkStatusReturnType,
  nodes: number,
): readonly NodeProblem[] {
  const { next, knows } = protocol;
  const takes: readonly NodeProblem[] = [
    ...(next === null || next.version <= knows
      ? []
      : [{ kind: "protocol-unknown", ...next, knows } as const]),
    ...(writes === null ? [] : [{ kind: "takes-nothing", reason: writes } as const]),
  ];
  if (consensus === null) return takes;
  if (!consensus.answers) return [...takes, { kind: "no-consensus" }];
  return consensus.peerCount === 0 && nodes > 1 ? [...takes, { kind: "no-peers" }] : takes;
}

/** Blocks that were there at the first look, and are shown to nobody yet. */
function notShownOf(first: Answer, latest: GetNetworkStatusReturnType | undefined): readonly NodeProblem[] {
  const blocks = (first.status?.newest ?? 0) - (latest?.asOf.height ?? 0);
  return latest === undefined || blocks <= 0 ? [] : [{ kind: "not-shown", blocks }];
}

/** The value that most have; of several the one that comes first. */
function mostOf(values: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
}

/** The power of the validators that answer, each counted once. */
function powerOf(known: readonly GetNetworkStatusReturnType[]): number {
  const powers = new Map<string, number>();
  for (const { consensus, validator } of known)
    if (consensus?.answers === true && validator !== null) powers.set(consensus.publicKey, consensus.power);
  return [...powers.values()].reduce((sum, power) => sum + power, 0);
}
