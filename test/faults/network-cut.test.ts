import {
  COMETBFT_MISSING,
  makeTestNetwork,
  type NetworkNode,
  WHY_NOT,
} from "@cityroot/node/engine/cometbft/comet-network.testing";
import { findCometBft } from "@cityroot/node/engine/cometbft/find-cometbft";
import { afterEach, expect, test } from "vitest";
import { seededRandom, seedFromEnvironment } from "../seeded-random.testing.ts";
import { makeSwitch, NAMESPACES_REFUSAL } from "./namespaces.testing.ts";
import { checkHistories, headOf, untilSame } from "./network-history.testing.ts";
import { killValidators, startValidator, type Validator } from "./validators.testing.ts";

// Goal: a network that is cut in two has one history all the same: the side that has more than two thirds of the votes goes
// on, no other side decides on anything, and once the cut is healed all stand where the one side stood.
// Method: four validators in network namespaces of their own, at a bridge that lets nothing through between some and the
// others for a while. CITYROOT_SEED repeats the choices; CITYROOT_CUTS is how often to cut.

const CUTS = Number(process.env["CITYROOT_CUTS"] ?? 2);
const SEED = seedFromEnvironment("CITYROOT_SEED");
const NOT_HERE = NAMESPACES_REFUSAL === null ? "" : ` (not tried: ${NAMESPACES_REFUSAL})`;

const removals: (() => unknown)[] = [];
afterEach(async () => {
  await killValidators();
  for (const remove of removals.splice(0).reverse()) await remove();
});

test.skipIf(COMETBFT_MISSING || NAMESPACES_REFUSAL !== null)(
  `a network that is cut ${CUTS} times has one history${WHY_NOT}${NOT_HERE}`,
  async () => {
    console.info(`CITYROOT_SEED=${SEED}`);
    const random = seededRandom(SEED);
    const bridge = makeSwitch(4);
    removals.push(bridge.remove);
    const hosts = bridge.machines.map(({ address }) => address);
    const network = await makeTestNetwork(await findCometBft(), 4, hosts);
    removals.push(network.remove);
    const { nodes } = network;
    const validators = await Promise.all(
      nodes.map((node, at) => startValidator(node, { namespace: bridge.machines[at]!.namespace })),
    );
    const acknowledged = new Map<number, number>();
    let serials = 0;
    /** Issues codes at a validator until they entered: what was not decided in time is submitted again. */
    const issue = async (validator: Validator, count = 1): Promise<void> => {
      serials += count;
      let open = Array.from({ length: count }, (_, at) => serials - at);
      while (open.length > 0) {
        const outcomes = await validator.issue(...open);
        for (const [at, height] of outcomes.entries())
          if (typeof height === "number") acknowledged.set(open[at]!, height);
        const unknown = outcomes.filter((outcome) => typeof outcome === "string");
        expect(new Set([...unknown, "NODE_UNAVAILABLE"]).size, unknown.join()).toBe(1);
        open = open.filter((serial) => !acknowledged.has(serial));
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    };
    const heightsOf = async (some: readonly NetworkNode[]): Promise<readonly number[]> =>
      (await Promise.all(some.map(headOf))).map(({ height }) => height);

    await Promise.all(validators.map((validator) => issue(validator)));
    await untilSame(nodes);
    for (let cut = 0; cut < CUTS; cut++) {
      const size = cut < 2 ? 2 - cut : 1 + random.below(2);
      const away = pickSome(random.below, size);
      const rest = [0, 1, 2, 3].filter((at) => !away.includes(at));
      bridge.cut(away);
      // Votes that were under way may still have been enough for one block.
      await new Promise((resolve) => setTimeout(resolve, 500));
      const before = await heightsOf(nodes);
      const undecided = away.map((at) => issue(validators[at]!));
      if (size === 1) for (const at of rest) await issue(validators[at]!, 5);
      else undecided.push(...rest.map((at) => issue(validators[at]!)));
      await new Promise((resolve) => setTimeout(resolve, 1_500 + random.below(CUTS > 2 ? 8_000 : 1_000)));
      const after = await heightsOf(nodes);
      for (const at of size === 1 ? away : [0, 1, 2, 3])
        expect(after[at], `node ${at} of the cut ${away} | ${rest}`).toBe(before[at]);
      if (size === 1) for (const at of rest) expect(after[at], `node ${at}`).toBeGreaterThan(before[at]!);
      bridge.heal();
      await Promise.all(undecided);
      await untilSame(nodes);
    }
    for (const validator of validators) expect(await validator.reason()).toBeNull();
    await Promise.all(validators.map(({ close }) => close()));
    const { height, transactions } = await checkHistories(nodes, acknowledged);
    expect(transactions).toBe(acknowledged.size);
    console.info(`${CUTS} cuts, ${acknowledged.size} acknowledged in ${height} blocks`);
  },
  90_000 + CUTS * 60_000,
);

/** So many of the four, at random. */
function pickSome(below: (limit: number) => number, size: number): number[] {
  const left = [0, 1, 2, 3];
  return Array.from({ length: size }, () => left.splice(below(left.length), 1)[0]!).sort();
}
