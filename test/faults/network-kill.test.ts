import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Code } from "@cityroot/codes/ma/code";
import { bytesToHex } from "@cityroot/core/hex";
import { codeKey } from "@cityroot/core/state/key";
import { auditRegistry } from "@cityroot/node/audit/audit-registry";
import {
  COMETBFT_MISSING,
  makeTestNetwork,
  type NetworkNode,
  WHY_NOT,
} from "@cityroot/node/engine/cometbft/comet-network.testing";
import { findCometBft } from "@cityroot/node/engine/cometbft/find-cometbft";
import { openStoredReader } from "@cityroot/node/engine/embedded/stored-node.testing";
import { readHome } from "@cityroot/node/home/home";
import { expect, test } from "vitest";
import { seededRandom, seedFromEnvironment } from "../seeded-random.testing.ts";

// Goal: a validator that is killed at any moment of its work, with its CometBFT, comes back by itself: what it
// acknowledged is there, its history is that of the others, and its store is what its blocks make.
// Method: one of four validators runs in a process of its own and issues codes; it is killed after a random time, over
// and over, while the others go on. CITYROOT_SEED repeats the choices, CITYROOT_NETWORK_KILLS is how often to kill.

const KILLS = Number(process.env["CITYROOT_NETWORK_KILLS"] ?? 5);
const SEED = seedFromEnvironment("CITYROOT_SEED");
const WRITER = fileURLToPath(new URL("./network-writer.ts", import.meta.url));

/** Lets the node write and kills it so long after its first acknowledgement; gives the serials that it acknowledged. */
async function killWriter(node: NetworkNode, from: number, delayMs: number): Promise<Map<number, number>> {
  const child = spawn(
    process.execPath,
    ["--conditions=source", WRITER, JSON.stringify(node.parts), String(from)],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const acknowledged = new Map<number, number>();
  createInterface({ input: child.stdout }).on("line", (line) => {
    if (acknowledged.size === 0) setTimeout(() => child.kill("SIGKILL"), delayMs);
    const [serial, height] = line.split(" ").map(Number);
    acknowledged.set(serial!, height!);
  });
  const [, signal] = await once(child, "close");
  expect(signal, "how the node ended").toBe("SIGKILL");
  return acknowledged;
}

const headOf = (node: NetworkNode): string => {
  const { height, stateRoot } = node.store().head()!;
  return `${height} ${bytesToHex(stateRoot)}`;
};

test.skipIf(COMETBFT_MISSING)(
  `a validator comes back after ${KILLS} kills with the history of the others${WHY_NOT}`,
  async () => {
    console.info(`CITYROOT_SEED=${SEED}`);
    const random = seededRandom(SEED);
    const network = await makeTestNetwork(await findCometBft(), 4);
    const [falling, ...others] = network.nodes;
    const acknowledged = new Map<number, number>();
    try {
      await Promise.all(others.map(({ start }) => start()));
      for (let run = 0; run < KILLS; run++) {
        const heard = await killWriter(falling!, 1_000_000 * (run + 1), random.below(600));
        for (const [serial, height] of heard) acknowledged.set(serial, height);
      }
      await falling!.start();
      await expect
        .poll(() => new Set(network.nodes.map(headOf)).size, { timeout: 30_000, interval: 50 })
        .toBe(1);
    } finally {
      await Promise.all(network.nodes.map(({ stop }) => stop()));
    }
    try {
      for (const node of [falling!, others[0]!]) {
        const home = readHome(node.parts.path);
        const reader = openStoredReader(home);
        for (const serial of acknowledged.keys()) {
          const key = codeKey(`MA.156.1301.02/60.10000000.1/${serial}` as Code);
          expect(reader.source.get(key), `the acknowledged ${serial}`).toBeDefined();
        }
        await reader.close();
        const audit = await auditRegistry(home, undefined, 0);
        expect(audit.transactions).toBeGreaterThanOrEqual(acknowledged.size);
      }
      console.info(`${KILLS} kills, ${acknowledged.size} acknowledged`);
    } finally {
      await network.remove();
    }
  },
  60_000 + KILLS * 20_000,
);
