import { type ChildProcess, fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { fileURLToPath } from "node:url";
import type { Code } from "@cityroot/codes/ma/code";
import { issueOf } from "@cityroot/core/ledger.testing";
import {
  COMETBFT_MISSING,
  makeTestNetwork,
  type NetworkNode,
  type TestNetwork,
  WHY_NOT,
} from "@cityroot/node/engine/cometbft/comet-network.testing";
import { findCometBft } from "@cityroot/node/engine/cometbft/find-cometbft";
import { NATION, signTransaction } from "@cityroot/node/engine/embedded/stored-node.testing";
import { defaultConsensus } from "@cityroot/node/home/consensus-config";
import { afterEach, expect, test } from "vitest";
import { untilSame } from "./network-history.testing.ts";
import { childrenOf, isRunning, memoryMibOf } from "./processes.testing.ts";
import { killValidators, startValidator } from "./validators.testing.ts";

// Goal: strangers who send garbage, messages that are too long, or more than anyone can read, to whatever a node listens on,
// are cut off; the node takes no more memory for it than it is allowed to, and goes on deciding.
// Method: a whole node with its API, and one more validator without which it decides on nothing, so that its peers must still
// reach it. CITYROOT_FLOOD is how many connections each attack makes.

const FLOOD = Number(process.env["CITYROOT_FLOOD"] ?? 60);
const MIB = 1_048_576;
/** What the processes of a node may hold more than before: while it is attacked, and when it is over. */
const MORE_MIB = { during: 600, after: 500 };

const removals: (() => unknown)[] = [];
afterEach(async () => {
  for (const remove of removals.splice(0).reverse()) await remove();
});

/** Where a connection goes. */
type Target = { readonly host: string; readonly port: number } | { readonly path: string };

/** Opens connections that send something each, or nothing. They stay open until they are cut, or until the end. */
function flood(target: Target, count: number, messageOf: (at: number) => Uint8Array) {
  const sockets: Socket[] = [];
  let cut = 0;
  for (let at = 0; at < count; at++) {
    const socket = connect(target as { path: string });
    // A write to one that was cut is no failure of the test.
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      cut += 1;
    });
    socket.resume();
    socket.write(messageOf(at));
    sockets.push(socket);
  }
  return {
    cut: () => cut,
    close: () => {
      for (const socket of sockets) socket.destroy();
    },
  };
}

const garbage = (sizeBytes: number) => () => randomBytes(sizeBytes);
const silence = (): Uint8Array => new Uint8Array(0);

/** A length of so many bytes, seven bits each, and zeros after it. */
function beginOf(length: number, sizeBytes: number): () => Uint8Array {
  const head: number[] = [];
  for (let rest = length; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return () => Buffer.concat([Buffer.from([...head, rest]), Buffer.alloc(sizeBytes)]);
    head.push((rest % 128) + 128);
  }
}

/** The first message of CometBFT's handshake, a key of one's own, and then what fits to nothing. */
const halfHandshake = (): Uint8Array =>
  Buffer.concat([Buffer.from([34, 10, 32]), randomBytes(32), randomBytes(4_096)]);

const head = (path: string, ...lines: readonly string[]): string =>
  `${path} HTTP/1.1\r\nhost: x\r\n${lines.map((line) => `${line}\r\n`).join("")}\r\n`;

type WholeNode = { readonly address: string; readonly child: ChildProcess; readonly sockets: string };

/** Starts the whole node of a home, with its API in a process of its own. */
async function startWholeNode({ parts }: NetworkNode): Promise<WholeNode> {
  const { path, port, peers } = parts;
  const config = JSON.parse(readFileSync(`${path}/config.json`, "utf8")) as { consensus: unknown };
  const listen = { host: "127.0.0.1", port };
  config.consensus = { ...defaultConsensus(), listen, peers, privatePeers: true, blockPauseMs: 100 };
  writeFileSync(`${path}/config.json`, JSON.stringify(config));
  const TMPDIR = `${path}/tmp`;
  mkdirSync(TMPDIR, { recursive: true });
  const child = fork(fileURLToPath(new URL("./node-process.ts", import.meta.url)), [path, "1"], {
    ...{ execArgv: ["--conditions=source"], env: { ...process.env, TMPDIR }, stdio: "inherit" },
  });
  removals.push(async () => {
    if (child.exitCode !== null) return;
    child.kill("SIGKILL");
    await once(child, "exit");
  });
  const [said] = (await once(child, "message")) as [{ address?: string; failure?: string }];
  if (said.address === undefined) throw new Error(said.failure);
  const folder = readdirSync(TMPDIR).find((name) => name.startsWith("cityroot-consensus-"));
  return { address: said.address, child, sockets: `${TMPDIR}/${folder}` };
}

/** Issues a code over HTTP until it entered. */
function issuing({ id }: TestNetwork, { address }: WholeNode): () => Promise<void> {
  let serial = 0;
  return async () => {
    serial += 1;
    const operation = issueOf(`MA.156.1301.02/60.10000000.1/h${serial}` as Code);
    const bytes = signTransaction(NATION, [operation], { network: id, lastHeight: 5_000, nonce: serial });
    const body = JSON.stringify({ transactions: [Buffer.from(bytes).toString("base64")] });
    const submit = async (): Promise<number> => {
      const headers = { "content-type": "application/json" };
      const answer = await fetch(`${address}/v1/transactions`, { method: "POST", headers, body });
      await answer.arrayBuffer();
      return answer.status;
    };
    await expect.poll(submit, { timeout: 40_000, interval: 200 }).toBe(200);
  };
}

test.skipIf(COMETBFT_MISSING || process.platform !== "linux")(
  `garbage, messages without end and floods do a node no harm${WHY_NOT}`,
  async () => {
    const network = await makeTestNetwork(await findCometBft(), 2);
    removals.push(network.remove, killValidators);
    const whole = await startWholeNode(network.nodes[0]!);
    let peer = await startValidator(network.nodes[1]!);
    const issue = issuing(network, whole);
    await issue();

    const pids = [whole.child.pid!, ...childrenOf(whole.child.pid!)];
    const before = memoryMibOf(pids);
    let most = before;
    const p2p: Target = { host: "127.0.0.1", port: network.nodes[0]!.parts.port };
    const http: Target = { host: "127.0.0.1", port: Number(new URL(whole.address).port) };
    const text = (value: string) => () => Buffer.from(value);
    const post = ["content-type: application/cbor", `content-length: ${100 * MIB}`];
    const attacks: readonly (readonly [string, Target, (at: number) => Uint8Array, isCut: boolean])[] = [
      ["garbage to peers", p2p, garbage(65_536), true],
      ["a length without end to peers", p2p, beginOf(2 ** 40, 65_536), true],
      ["half a handshake to peers", p2p, halfHandshake, true],
      ["silence to peers", p2p, silence, false],
      ...["application", "engine"].flatMap((socket) => {
        const path = `${whole.sockets}/${socket}`;
        return [
          [`garbage to the ${socket}`, { path }, () => new Uint8Array(65_536).fill(255), true],
          [`a length that is too much to the ${socket}`, { path }, beginOf(2 ** 33, MIB), true],
          [`messages that do not end to the ${socket}`, { path }, beginOf(16 * MIB, MIB), false],
          [`silence to the ${socket}`, { path }, silence, false],
        ] as const;
      }),
      ["garbage to the API", http, garbage(65_536), true],
      ["a head without end to the API", http, text(`GET / HTTP/1.1\r\nx: ${"x".repeat(200_000)}`), true],
      ["bodies that are too long to the API", http, text(head("POST /v1/transactions", ...post)), true],
      ["half a head to the API", http, text("GET / HTTP/1.1\r\nhost"), false],
      ["many questions at once to the API", http, text(head("GET /v1/network").repeat(500)), false],
    ];
    for (const [name, target, messageOf, isCut] of attacks) {
      const attack = flood(target, FLOOD, messageOf);
      await issue();
      if (isCut) await expect.poll(attack.cut, { message: name, timeout: 30_000 }).toBe(FLOOD);
      const now = memoryMibOf(pids);
      most = Math.max(most, now);
      attack.close();
    }

    // While strangers hold what connections they can get, a peer that was away finds its way back.
    const silent = flood(p2p, FLOOD, silence);
    await peer.close();
    peer = await startValidator(network.nodes[1]!);
    await issue();
    silent.close();
    await untilSame(network.nodes);

    for (const pid of pids) expect(isRunning(pid), `process ${pid}`).toBe(true);
    const after = memoryMibOf(pids);
    console.info(
      `${attacks.length} attacks of ${FLOOD} connections: ${before.toFixed(0)} MiB before, at most ${most.toFixed(0)}, ${after.toFixed(0)} after`,
    );
    expect(most - before, "MiB more while it was attacked").toBeLessThan(MORE_MIB.during);
    expect(after - before, "MiB more afterwards").toBeLessThan(MORE_MIB.after);
    const exited = once(whole.child, "exit");
    whole.child.send("close");
    expect((await exited)[0], "how it stops").toBe(0);
    await peer.close();
  },
  240_000,
);
