import {
  COMETBFT_MISSING,
  makeTestNetwork,
  WHY_NOT,
} from "@cityroot/node/engine/cometbft/comet-network.testing";
import { findCometBft } from "@cityroot/node/engine/cometbft/find-cometbft";
import { afterEach, expect, test } from "vitest";
import { checkHistories, headOf, untilSame } from "./network-history.testing.ts";
import { killValidators, startValidator, type Validator } from "./validators.testing.ts";

// Goal: a validator that stands still for a while, as a machine does that is moved or short of memory, catches up by itself;
// the others go on without it, and wait where too many stand still.
// Method: signals that stop the processes of a validator, and let them go on. CITYROOT_PAUSE_MS is for how long.

const PAUSE_MS = Number(process.env["CITYROOT_PAUSE_MS"] ?? 1_500);
const BOTH = ["node", "consensus"] as const;

const removals: (() => unknown)[] = [];
afterEach(async () => {
  await killValidators();
  for (const remove of removals.splice(0).reverse()) await remove();
});

test.skipIf(COMETBFT_MISSING)(
  `a validator that is paused for ${PAUSE_MS} ms catches up, whatever of it was paused${WHY_NOT}`,
  async () => {
    const network = await makeTestNetwork(await findCometBft(), 4);
    removals.push(network.remove);
    const { nodes } = network;
    const validators = await Promise.all(nodes.map((node) => startValidator(node)));
    const [first, second, third, fourth] = validators as [Validator, Validator, Validator, Validator];
    const acknowledged = new Map<number, number>();
    let serial = 0;
    /** Issues a code at a validator, as soon as it takes anything. */
    const issue = async (validator: Validator): Promise<void> => {
      serial += 1;
      const own = serial;
      for (let height: number | string | undefined = ""; typeof height !== "number"; ) {
        [height] = await validator.issue(own);
        if (typeof height === "number") acknowledged.set(own, height);
        else expect(height).toBe("NODE_UNAVAILABLE");
      }
    };
    const pass = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, PAUSE_MS));

    await issue(first);
    for (const which of [BOTH, ["node"], ["consensus"]] as const) {
      await untilSame(nodes);
      const before = await headOf(fourth.node);
      fourth.signal("SIGSTOP", ...which);
      for (let block = 0; block < 3; block++) await issue([first, second, third][block]!);
      await pass();
      const { height } = await headOf(fourth.node);
      // An application that runs on finishes what it was asked before.
      expect(height, `the node whose ${which} stood still`).toBeLessThanOrEqual(before.height + 1);
      fourth.signal("SIGCONT", ...which);
      await untilSame(nodes);
      await issue(fourth);
    }

    await untilSame(nodes);
    for (const one of [third, fourth]) one.signal("SIGSTOP", ...BOTH);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const before = await headOf(first.node);
    const undecided = issue(first);
    await pass();
    expect(await headOf(first.node), "two of four stand still").toEqual(before);
    third.signal("SIGCONT", ...BOTH);
    await undecided;
    fourth.signal("SIGCONT", ...BOTH);
    await untilSame(nodes);

    for (const validator of validators) expect(await validator.reason()).toBeNull();
    await Promise.all(validators.map(({ close }) => close()));
    const { transactions } = await checkHistories(nodes, acknowledged);
    expect(transactions).toBe(acknowledged.size);
  },
  120_000 + 8 * PAUSE_MS,
);
