import type { Code } from "@cityroot/codes/ma/code";
import { networkOf } from "@cityroot/core/genesis";
import { issueOf } from "@cityroot/core/ledger.testing";
import { expect, test } from "vitest";
import { readHome } from "../../home/home.ts";
import { NATION, signTransaction } from "../embedded/stored-node.testing.ts";
import { COMETBFT_MISSING, makeTestNetwork, WHY_NOT } from "./comet-network.testing.ts";
import { findCometBft } from "./find-cometbft.ts";

// Goal: what enters a network that was still for a while has the time at which it entered, and not that of the last votes.
const STILL_MS = 8_000;
/** Votes are cast before a block of something is proposed, which may take some rounds on a busy machine. */
const OLD_MS_MAX = 5_000;

test.skipIf(COMETBFT_MISSING)(
  `after a stillness a block has the time at which it is made${WHY_NOT}`,
  async () => {
    const network = await makeTestNetwork(await findCometBft(), 4);
    try {
      await Promise.all(network.nodes.map(({ start }) => start()));
      const [node] = network.nodes;
      const { id } = networkOf(readHome(node!.parts.path).genesis);
      for (const serial of [1, 2]) {
        if (serial > 1) await new Promise((resolve) => setTimeout(resolve, STILL_MS));
        const begunMs = Date.now();
        const operations = [issueOf(`MA.156.1301.02/60.10000000.1/${serial}` as Code)];
        const signed = signTransaction(NATION, operations, { lastHeight: 1_000, nonce: serial, network: id });
        const decided = async (): Promise<boolean> => {
          const [result] = await node!.engine().submit([signed]);
          return result!.outcome.ok;
        };
        await expect.poll(decided, { timeout: 30_000 }).toBe(true);
        const { timeMs } = node!.store().head()!;
        expect(begunMs - timeMs, "milliseconds before it was submitted").toBeLessThan(OLD_MS_MAX);
        expect(timeMs).toBeLessThanOrEqual(Date.now());
      }
    } finally {
      await Promise.all(network.nodes.map(({ stop }) => stop()));
      await network.remove();
    }
  },
  90_000,
);
