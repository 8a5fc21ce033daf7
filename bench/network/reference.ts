// CometBFT's own example application, which checks nothing and keeps a map: four validators of it over unix sockets, with
// the settings that the registry's nodes have.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { type CometProcess, startCometProcess } from "@cityroot/node/engine/cometbft/comet-process";
import { openLogger } from "@cityroot/node/logger";
import { BLOCK_PAUSE_MS, type ValidatorHome } from "./homes.ts";

/** A running reference network. */
export type Reference = {
  /** Hands over so many transactions of so many bytes; gives how many a second were in blocks when all were. */
  readonly rate: (transactions: number, bytes: number, connections: number) => Promise<number>;
  readonly close: () => Promise<void>;
};

/** Starts the reference over the consensus folders of validators. */
export async function startReference(
  binary: string,
  validators: readonly ValidatorHome[],
): Promise<Reference> {
  const sockets = mkdtempSync(`${tmpdir()}/cityroot-reference-`);
  const applications: ChildProcess[] = [];
  const processes: CometProcess[] = [];
  const rpc = validators.map((_, at) => `${sockets}/rpc-${at}`);
  for (const [at, { consensus, port, peers }] of validators.entries()) {
    const applicationSocket = `${sockets}/application-${at}`;
    applications.push(spawn(binary, ["kvstore", `unix://${applicationSocket}`], { stdio: "ignore" }));
    await until(() => existsSync(applicationSocket));
    processes.push(
      startCometProcess({
        ...{ binary, folder: consensus, applicationSocket, rpcSocket: rpc[at]! },
        ...{ peerListen: { host: "127.0.0.1", port }, peers, allowsPrivatePeers: true },
        ...{ blockPauseMs: BLOCK_PAUSE_MS, rpcBatchMax: 100, logger: openLogger("fatal") },
        onEnd: (reason) => console.error(reason),
      }),
    );
  }
  await until(() => rpc.every((path) => existsSync(path)));
  await until(async () => (await heightOf(rpc[0]!)) > 0);
  let serial = 0;
  return {
    rate: async (transactions, bytes, connections) => {
      const bodies = Array.from({ length: transactions }, () => broadcastBody(serial++, bytes));
      const from = await heightOf(rpc[0]!);
      const begun = performance.now();
      await Promise.all(
        Array.from({ length: connections }, async (_, at) => {
          const agent = new Agent({ keepAlive: true, maxSockets: 1 });
          for (let body = bodies.pop(); body !== undefined; body = bodies.pop()) {
            const answer = await post(rpc[at % rpc.length]!, agent, body);
            if (answer.result?.code !== 0)
              throw new Error(`the reference refused: ${JSON.stringify(answer)}`);
          }
          agent.destroy();
        }),
      );
      let [height, committed] = [from, 0];
      while (committed < transactions) {
        const newest = await heightOf(rpc[0]!);
        for (; height < newest; height++) committed += await transactionsOf(rpc[0]!, height + 1);
        if (committed < transactions) await pause(20);
      }
      return transactions / ((performance.now() - begun) / 1_000);
    },
    close: async () => {
      await Promise.all(processes.map(({ close }) => close()));
      for (const application of applications) application.kill("SIGKILL");
      rmSync(sockets, { recursive: true, force: true });
    },
  };
}

function broadcastBody(serial: number, bytes: number): string {
  const text = `${serial}=`.padEnd(bytes, "v");
  const tx = Buffer.from(text).toString("base64");
  return JSON.stringify({ jsonrpc: "2.0", id: 0, method: "broadcast_tx_sync", params: { tx } });
}

type Answer = {
  readonly result?: {
    readonly code?: number;
    readonly sync_info?: { readonly latest_block_height: string };
    readonly block?: { readonly data: { readonly txs: readonly string[] | null } };
  };
};

const QUESTIONS = new Agent({ keepAlive: true });

async function heightOf(socketPath: string): Promise<number> {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 0, method: "status", params: {} });
  return Number((await post(socketPath, QUESTIONS, body)).result?.sync_info?.latest_block_height);
}

async function transactionsOf(socketPath: string, height: number): Promise<number> {
  const params = { height: String(height) };
  const body = JSON.stringify({ jsonrpc: "2.0", id: 0, method: "block", params });
  return (await post(socketPath, QUESTIONS, body)).result?.block?.data.txs?.length ?? 0;
}

function post(socketPath: string, agent: Agent, body: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
    const sent = request({ socketPath, agent, method: "POST", path: "/", headers }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (part: string) => {
        text += part;
      });
      response.on("end", () => resolve(JSON.parse(text) as Answer));
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 1_500; tries++) {
    if (await Promise.resolve(isSo()).catch(() => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error("the reference did not start within 30 s");
}
