// The registry as four validators on this machine, each a node as `cityroot start` runs it.
import { setTimeout as pause } from "node:timers/promises";
import { encodeCbor } from "@cityroot/core/cbor";
import { issueOf, signed } from "../fixture.ts";
import { postRequest, runLoad } from "../http-load.ts";
import { type BenchServer, startServer } from "../server.ts";
import type { ValidatorHome } from "./homes.ts";

const POST = "/v1/transactions";
/** Last height far enough for any measurement, near enough for the replay window. */
const LIFETIME = 12_000;

/** A running network. */
export type RegistryNetwork = {
  readonly servers: readonly BenchServer[];
  /**
   * Hands over so many signed transactions of one operation each, over so many connections to all nodes, without waiting
   * for blocks; gives how many a second were in blocks when all were.
   */
  readonly singleRate: (transactions: number, connections: number) => Promise<number>;
  /** Codes issued a second, so many a transaction, each transaction waited for. */
  readonly codeRate: (codes: number, operations: number, connections: number) => Promise<number>;
  /** Settles when all nodes stand at one block. */
  readonly untilTogether: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/** Bytes of a transaction as {@link RegistryNetwork.singleRate} sends it. */
export function transactionBytes(): number {
  return signed([issueOf(1)], LIFETIME).length;
}

/** Starts the nodes and waits until they decide. The load goes to the first `validatorCount` of them. */
export async function startRegistryNetwork(
  validators: readonly ValidatorHome[],
  workers: number,
  validatorCount = validators.length,
): Promise<RegistryNetwork> {
  const servers = await Promise.all(validators.map(({ home }) => startServer(home, workers)));
  const { network } = validators[0]!;
  let serial = 1;
  // Neither the first, which other measurements ask, nor the last, which may be one that only follows.
  const asked = servers.at(1)!;
  await untilOneEntered(servers, encodeCbor([signed([issueOf(serial++)], LIFETIME, network)]));
  // One that only follows may be halted.
  const members = servers.slice(0, validatorCount);
  return {
    servers,
    singleRate: async (transactions, connections) => {
      const before = await checkpointOf(asked);
      const lastHeight = before.height + LIFETIME;
      const requests = Array.from({ length: transactions }, () => {
        const body = encodeCbor([signed([issueOf(serial++)], lastHeight, network)]);
        return postRequest(POST, body, ["prefer: respond-async"]);
      });
      const begun = performance.now();
      const loads = await Promise.all(
        members.map(({ address }) =>
          runLoad(address, connections / members.length, () => requests.pop(), [200, 202]),
        ),
      );
      const failures = loads.reduce((sum, load) => sum + load.failures, 0);
      if (failures > 0)
        throw new Error(
          `${failures} transactions were refused: ${loads.find(({ failure }) => failure)?.failure}`,
        );
      await untilEntered(asked, before, transactions);
      return transactions / ((performance.now() - begun) / 1_000);
    },
    codeRate: async (codes, operations, connections) => {
      const before = await checkpointOf(servers[0]!);
      const lastHeight = before.height + LIFETIME;
      const requests: Buffer[] = [];
      for (let at = 0; at < codes; at += operations) {
        const all = Array.from({ length: operations }, () => issueOf(serial++));
        requests.push(postRequest(POST, encodeCbor([signed(all, lastHeight, network)])));
      }
      requests.reverse();
      const begun = performance.now();
      const loads = await Promise.all(
        members.map(({ address }) => runLoad(address, connections / members.length, () => requests.pop())),
      );
      const failures = loads.reduce((sum, load) => sum + load.failures, 0);
      if (failures > 0)
        throw new Error(
          `${failures} transactions were refused: ${loads.find(({ failure }) => failure)?.failure}`,
        );
      return codes / ((performance.now() - begun) / 1_000);
    },
    untilTogether: async () => {
      for (;;) {
        const heads = await Promise.all(servers.map(checkpointOf));
        if (new Set(heads.map(({ height }) => height)).size === 1) return;
        await pause(100);
      }
    },
    close: async () => {
      await Promise.all(servers.map(({ close }) => close()));
    },
  };
}

type Head = { readonly height: number; readonly logSize: number };

/** Newest height and size of the log of a node. */
async function checkpointOf({ address }: BenchServer): Promise<Head> {
  const text = await (await fetch(`${address}/v1/checkpoint`)).text();
  const [, size] = text.split("\n");
  const answer = (await (await fetch(`${address}/v1/network`)).json()) as { height: number };
  return { height: answer.height, logSize: Number(size) };
}

/** Waits until so many transactions entered since: the log has a leaf for each, and one for each block. */
async function untilEntered(server: BenchServer, since: Head, transactions: number): Promise<void> {
  for (;;) {
    const { height, logSize } = await checkpointOf(server);
    if (logSize - since.logSize - (height - since.height) >= transactions) return;
    await pause(20);
  }
}

/** A network that is starting takes nothing for a moment; then all of it has the first block. */
async function untilOneEntered(servers: readonly BenchServer[], body: Uint8Array): Promise<void> {
  const headers = { "content-type": "application/cbor" };
  for (const { address } of servers) {
    for (let tries = 0; ; tries++) {
      const answer = await fetch(`${address}${POST}`, {
        method: "POST",
        headers,
        body: new Uint8Array(body),
      });
      if (answer.status === 200) break;
      if (tries === 100) throw new Error(`the network takes nothing: ${await answer.text()}`);
      await pause(200);
    }
  }
}
