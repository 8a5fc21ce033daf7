import {
  COMETBFT_MISSING,
  makeTestNetwork,
  WHY_NOT,
} from "@cityroot/node/engine/cometbft/comet-network.testing";
import { findCometBft } from "@cityroot/node/engine/cometbft/find-cometbft";
import { afterEach, expect, test } from "vitest";
import { seededRandom, seedFromEnvironment } from "../seeded-random.testing.ts";
import { checkHistories, headOf, untilSame } from "./network-history.testing.ts";
import { isRunning } from "./processes.testing.ts";
import {
  type Fall,
  killValidators,
  type StartOptions,
  startValidator,
  type Validator,
} from "./validators.testing.ts";

// Goal: a validator comes back by itself, whatever of it is killed at whatever moment: its application, its CometBFT, or
// both. What it acknowledged is there, its history is that of the others, and its store is what its blocks make.
// Method: one of four validators runs in a process of its own and issues codes, while the others go on. It is killed after a
// random time, over and over; and it falls by itself exactly where a block was worked out and told, and is not written yet,
// or is written and not told. CITYROOT_SEED repeats the choices, CITYROOT_NETWORK_KILLS is how often to kill.

const KILLS = Number(process.env["CITYROOT_NETWORK_KILLS"] ?? 3);
const SEED = seedFromEnvironment("CITYROOT_SEED");

/** What is killed. Of an application that is killed alone, CometBFT has to end by itself. */
const TARGETS = [["node"], ["consensus"], ["node", "consensus"]] as const;

/** Every moment between the answer to FinalizeBlock and the answer to Commit that a store can tell apart. */
const FALLS: readonly Omit<Fall, "write">[] = [
  { moment: "before", withConsensus: false },
  { moment: "before", withConsensus: true },
  { moment: "after", withConsensus: false },
  { moment: "after", withConsensus: true },
];

afterEach(killValidators);

test.skipIf(COMETBFT_MISSING)(
  `a validator comes back after ${KILLS} kills and ${FALLS.length} falls between FinalizeBlock and Commit${WHY_NOT}`,
  async () => {
    console.info(`CITYROOT_SEED=${SEED}`);
    const random = seededRandom(SEED);
    const network = await makeTestNetwork(await findCometBft(), 4);
    const [falling, ...others] = network.nodes;
    const acknowledged = new Map<number, number>();
    let from = 0;
    const startWriting = async (options: StartOptions = {}): Promise<Validator> => {
      const validator = await startValidator(falling!, options);
      from += 1_000_000;
      validator.write(from);
      return validator;
    };
    const count = { node: 0, consensus: 0, both: 0 };

    /** Lets the validator write until it falls or is killed; gives whether the killed block was told to the store. */
    const fall = async (own: Fall): Promise<void> => {
      const before = await headOf(falling!);
      const validator = await startWriting({ fall: own });
      const consensus = validator.consensusPid()!;
      expect(await validator.ended, "how it ended").toBe("SIGKILL");
      const after = await headOf(falling!);
      for (const [serial, height] of validator.acknowledged) acknowledged.set(serial, height);
      await expect.poll(() => isRunning(consensus), { timeout: 10_000 }).toBe(false);
      const written = own.write - (own.moment === "before" ? 1 : 0);
      expect(after.height, "blocks in the store").toBe(before.height + written);
    };
    const kill = async (which: (typeof TARGETS)[number]): Promise<void> => {
      const validator = await startWriting();
      const consensus = validator.consensusPid()!;
      await expect
        .poll(() => validator.acknowledged.size, { timeout: 30_000, interval: 5 })
        .toBeGreaterThan(0);
      await new Promise((resolve) => setTimeout(resolve, random.below(500)));
      validator.signal("SIGKILL", ...which);
      if (which[0] === "consensus") {
        // The node goes on without being started again.
        count.consensus += 1;
        const heard = validator.acknowledged.size;
        await expect.poll(() => validator.acknowledged.size, { timeout: 30_000 }).toBeGreaterThan(heard + 20);
        expect(validator.consensusPid(), "another CometBFT").not.toBe(consensus);
        expect(await validator.reason()).toBeNull();
        await validator.close();
      } else {
        count[which.length === 1 ? "node" : "both"] += 1;
        expect(await validator.ended).toBe("SIGKILL");
      }
      for (const [serial, height] of validator.acknowledged) acknowledged.set(serial, height);
      await expect.poll(() => isRunning(consensus), { timeout: 10_000 }).toBe(false);
    };

    try {
      await Promise.all(network.nodes.map(({ start }) => start()));
      await falling!.stop();
      for (const own of FALLS) await fall({ ...own, write: 1 + random.below(6) });
      for (let run = 0; run < KILLS; run++) await kill(run < 3 ? TARGETS[run]! : random.pick(TARGETS));
      await falling!.start();
      await untilSame(network.nodes);
      expect(network.nodes.map(({ stopped }) => stopped())).toEqual([null, null, null, null]);
    } finally {
      await Promise.all(network.nodes.map(({ stop }) => stop()));
    }
    try {
      const { height } = await checkHistories([falling!, others[0]!], acknowledged);
      console.info(
        `killed ${count.node} times the application, ${count.consensus} CometBFT, ${count.both} both; ${acknowledged.size} acknowledged in ${height} blocks`,
      );
    } finally {
      await network.remove();
    }
  },
  90_000 + KILLS * 20_000,
);
