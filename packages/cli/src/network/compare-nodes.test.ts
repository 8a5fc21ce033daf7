import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { publicKeyOf } from "@cityroot/core/key/ed25519";
import {
  makeVerifierKey,
  printVerifierKey,
  SIGNATURE_TYPES,
  type SignatureType,
} from "@cityroot/core/log/note";
import type { GetNetworkStatusReturnType, NodeConsensus } from "@cityroot/sdk/get-network-status";
import { afterEach, expect, test } from "vitest";
import { callCli } from "../call-cli.testing.ts";
import { EXIT } from "../exit-code.ts";
import { type AskedNode, type CompareOptions, compareNodes } from "./compare-nodes.ts";

// Goal: whatever is wrong with a node of a network is named, with the node, and nothing is called wrong that is not.
// Method: servers that answer as nodes would that are in trouble, or lie.

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

type Node = {
  readonly height?: number;
  /** By height; the usual one where none stands. */
  readonly roots?: { readonly [height: number]: string | null };
  readonly status?: Partial<GetNetworkStatusReturnType>;
  readonly consensus?: Partial<NodeConsensus>;
  /** How much higher it is each time that it is asked. */
  readonly step?: number;
  /** How many cosignatures it tells clients to want. */
  readonly quorum?: number;
};

const rootOf = (height: number): string => height.toString(16).padStart(64, "0");

const keyOf = (name: string, type: SignatureType, seed: number): string =>
  printVerifierKey(makeVerifierKey(name, type, publicKeyOf(new Uint8Array(32).fill(seed))));
const POLICY_KEYS = {
  origin: "registry.example/one",
  keys: [1, 2].map((seed) => keyOf("registry.example/one", SIGNATURE_TYPES.ed25519, seed)),
  witness: keyOf("witness.example/w", SIGNATURE_TYPES.cosignature, 3),
};

async function serve(
  name: string,
  { height = 5, roots = {}, status, consensus, step = 0, quorum = 1 }: Node,
): Promise<AskedNode> {
  let asked = 0;
  const server = createServer((request, response) => {
    const { origin, keys, witness } = POLICY_KEYS;
    if (request.url === "/v1/network") {
      const policy = { origin, logKeys: keys, witnesses: [witness], quorum };
      response.end(JSON.stringify({ policy }));
      return;
    }
    const now = height + step * asked++;
    const at = Number(new URL(request.url!, "http://node").searchParams.get("height") ?? now);
    const stateRoot = roots[at] === undefined ? rootOf(at) : roots[at];
    const body = {
      ...{ network: "one-00000000", asOf: { height: now, time: "2026-01-01T00:00:00.000Z" }, newest: now },
      ...{ block: at > now || stateRoot === null ? null : { height: at, stateRoot } },
      ...{ writes: null, validator: name, totalPower: 40, protocol: { decides: 1, knows: 1, next: null } },
      ...status,
      consensus: {
        ...{ answers: true, nodeId: "ab".repeat(20), height: 9, isCatchingUp: false, power: 10 },
        ...{ publicKey: Buffer.from(name.padEnd(32)).toString("hex"), peerCount: 3, peers: [], ...consensus },
      },
    };
    response.end(JSON.stringify(body));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { name, address: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const OPTIONS: CompareOptions = { settleMs: 0, timeoutMs: 5_000, signal: new AbortController().signal };
const serveAll = (nodes: readonly Node[]) =>
  Promise.all(nodes.map((node, at) => serve(`node-${at + 1}`, node)));
const compare = async (...nodes: readonly Node[]) => compareNodes(await serveAll(nodes), OPTIONS);
const problemsOf = ({ nodes }: Awaited<ReturnType<typeof compare>>) => nodes.map(({ problems }) => problems);

test("nodes at one height with one state have nothing wrong", async () => {
  const compared = await compare({}, {}, {}, {});
  expect(compared).toMatchObject({ agrees: true, common: 5, power: 40, totalPower: 40 });
  expect(problemsOf(compared)).toEqual([[], [], [], []]);
});

test("states are compared at the highest height that all have", async () => {
  const compared = await compare({ height: 9 }, { height: 7 }, { height: 9, roots: { 7: rootOf(70) } });
  expect(compared).toMatchObject({ agrees: false, common: 7 });
  expect(problemsOf(compared)).toEqual([
    [],
    [{ kind: "behind", blocks: 2 }],
    [{ kind: "root-differs", stateRoot: rootOf(70), expected: rootOf(7), of: "node-1, node-2" }],
  ]);
});

test("a node that tells clients to trust otherwise than most do is named", async () => {
  const compared = await compare({}, { quorum: 0 }, {});
  expect(problemsOf(compared)).toEqual([[], [{ kind: "policy-differs", of: "node-1, node-3" }], []]);
});

test("the block that is on its way is waited for", async () => {
  const nodes = await serveAll([{ height: 9 }, { height: 7, step: 1 }]);
  const compared = await compareNodes(nodes, { ...OPTIONS, settleMs: 5_000 });
  expect(problemsOf(compared)).toEqual([[], []]);
});

test.each<[string, Node, object]>([
  [
    "another network",
    { status: { network: "two-00000000" } },
    { kind: "other-network", network: "two-00000000" },
  ],
  [
    "a program that is too old for what is to come",
    { status: { protocol: { decides: 1, knows: 1, next: { version: 2, fromHeight: 900 } } } },
    { kind: "protocol-unknown", version: 2, fromHeight: 900, knows: 1 },
  ],
  ["no transactions taken", { status: { writes: "the disk is full" } }, { kind: "takes-nothing" }],
  [
    "a consensus that is silent",
    { consensus: { answers: false } as NodeConsensus },
    { kind: "no-consensus" },
  ],
  ["nobody around", { consensus: { peerCount: 0 } }, { kind: "no-peers" }],
  ["a block that it lacks", { height: 6, roots: { 5: null } }, { kind: "no-block", height: 5 }],
])("a node is named that has %s", async (_, node, problem) => {
  const [first, second, third] = problemsOf(await compare({}, node, {}));
  expect(second).toMatchObject([problem]);
  const behind = node.height === undefined ? [] : [{ kind: "behind", blocks: 1 }];
  expect([first, third]).toEqual([behind, behind]);
});

test("one that does not answer, or answers something else, is told from the others", async () => {
  const gone = await serve("gone", {});
  await new Promise((resolve) => servers.pop()!.close(resolve));
  const wrong = await serve("wrong", { status: { newest: "x" as unknown as number } });
  const compared = await compareNodes([await serve("well", {}), gone, wrong], OPTIONS);
  expect(compared).toMatchObject({ agrees: true, common: 5, power: 10 });
  expect(problemsOf(compared)).toEqual([
    [],
    [{ kind: "unreachable", reason: "ECONNREFUSED" }],
    [{ kind: "unreachable", reason: expect.stringContaining("answer.newest: expected a whole number") }],
  ]);
  expect(await compareNodes([gone], OPTIONS)).toMatchObject({ common: undefined, agrees: true });
});

test("a validator that two addresses lead to counts once", async () => {
  const one = await serve("node-1", {});
  expect(await compareNodes([one, { ...one, name: "again" }], OPTIONS)).toMatchObject({ power: 10 });
});

test("the command says what is wrong, and ends with what is gravest", async () => {
  const run = async (nodes: readonly Node[], ...more: readonly string[]) => {
    const servers = (await serveAll(nodes)).flatMap(({ address }) => ["--server", address]);
    return callCli(["network", "status", ...servers, ...more], { folder: "/" });
  };
  const well = await run([{}, {}]);
  expect(well.exit).toBe(EXIT.ok);
  expect(well.out).toContain("One state at height 5");
  expect(well.out).toContain("Votes of these nodes: 20 of 40; 27 decide.");
  const differs = await run([{}, {}, { roots: { 5: rootOf(9) }, status: { writes: "it is full" } }]);
  expect(differs.exit).toBe(EXIT.verification);
  for (const text of [
    "The states differ at height 5",
    rootOf(9),
    rootOf(5),
    "takes no transactions: it is full",
  ])
    expect(differs.out).toContain(text);
  const silent = await run([{}, { consensus: { answers: false } as NodeConsensus }]);
  expect(silent.exit).toBe(EXIT.unavailable);
  expect(silent.out).toContain("10 of 40. Nothing is decided below 27.");
  const alone = await run([{}, { consensus: { peerCount: 0 } }], "--lang", "zh");
  expect(alone.exit).toBe(EXIT.failure);
  expect(alone.out).toContain("没有与任何其他节点连接");
  const malformed = await callCli(["network", "status", "--server", "node-1", "--json"], { folder: "/" });
  expect(malformed.exit).toBe(EXIT.usage);
  expect(malformed.problem()).toMatchObject({ field: "--server", got: "node-1" });
  const none = await callCli(["network", "status", "--folder", "nowhere", "--json"], { folder: "/" });
  expect([none.exit, none.problem()["code"]]).toEqual([EXIT.notFound, "NETWORK_MISSING"]);
});

test("blocks that are shown to nobody are told, those that are shown a moment later are not", async () => {
  const hidden = await compare({ height: 0, status: { newest: 3 } });
  expect(problemsOf(hidden)).toEqual([[{ kind: "not-shown", blocks: 3 }]]);
  const nodes = await serveAll([{ height: 4, status: { newest: 5 }, step: 1 }]);
  expect(problemsOf(await compareNodes(nodes, { ...OPTIONS, settleMs: 2_000 }))).toEqual([[]]);
});

test("a node cannot write over what is said of it", async () => {
  const writes = "\u001b[2K\u001b[1A\u009b2J\nOne state at height 5";
  const { address } = await serve("node-1", { status: { writes } });
  const { out } = await callCli(["network", "status", "--server", address, "--no-color"], { folder: "/" });
  expect(out).toContain("One state at height 5");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a terminal acts on.
  expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u0080-\u009f]/);
  expect(out).not.toMatch(/^One state at height 5$/m);
});
