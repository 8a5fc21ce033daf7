import { randomBytes } from "node:crypto";
import { readdirSync } from "node:fs";
import {
  COMETBFT_MISSING,
  makeTestNetwork,
  WHY_NOT,
} from "@cityroot/node/engine/cometbft/comet-network.testing";
import { consensusRpc } from "@cityroot/node/engine/cometbft/consensus-rpc";
import { findCometBft } from "@cityroot/node/engine/cometbft/find-cometbft";
import { encodeParcel } from "@cityroot/node/engine/cometbft/parcel";
import { afterEach, expect, test } from "vitest";
import { checkHistories, untilSame } from "./network-history.testing.ts";
import { childrenOf, memoryMibOf } from "./processes.testing.ts";
import { killValidators, startValidator, type Validator } from "./validators.testing.ts";

// Goal: a validator that takes what it should refuse, floods the others with it and proposes blocks of it holds nobody up for
// long: what it proposes is voted down, what it sends is refused, and the others' memory stays bounded.
// Method: one of four runs a program that checks nothing, and its CometBFT is given garbage, which it passes on. CITYROOT_FLOOD
// is how much of it.

const GARBAGE = 20 * Number(process.env["CITYROOT_FLOOD"] ?? 60);
const LONGEST_BYTES = 200_000;
/** What the processes of three nodes may hold more than before, together: more garbage takes no more. */
const MORE_MIB = 900;

const removals: (() => unknown)[] = [];
afterEach(async () => {
  await killValidators();
  for (const remove of removals.splice(0).reverse()) await remove();
});

test.skipIf(COMETBFT_MISSING || process.platform !== "linux")(
  `three validators decide whatever the fourth floods them with and proposes${WHY_NOT}`,
  async () => {
    const network = await makeTestNetwork(await findCometBft(), 4);
    removals.push(network.remove);
    const { nodes } = network;
    const preload = new URL("./careless-program.ts", import.meta.url);
    const validators = await Promise.all(
      nodes.map((node, at) => startValidator(node, at === 3 ? { preload } : {})),
    );
    const honest = validators.slice(0, 3);
    const acknowledged = new Map<number, number>();
    let serial = 0;
    const issue = async (validator: Validator): Promise<void> => {
      serial += 1;
      const own = serial;
      const isDecided = async (): Promise<boolean> => {
        const [height] = await validator.issue(own);
        if (typeof height === "number") acknowledged.set(own, height);
        return acknowledged.has(own);
      };
      await expect.poll(isDecided, { timeout: 60_000, interval: 50 }).toBe(true);
    };
    for (const validator of validators) await issue(validator);
    await untilSame(nodes);

    const pids = honest.flatMap(({ pid }) => [pid, ...childrenOf(pid)]);
    const before = memoryMibOf(pids);
    const temporary = `${nodes[3]!.parts.path}/tmp`;
    const rpc = consensusRpc(`${temporary}/${readdirSync(temporary)[0]}/rpc`);
    removals.push(rpc.close);
    let taken = 0;
    const flood = Promise.all(
      Array.from({ length: 8 }, async () => {
        for (let at = 0; at < GARBAGE / 8; at++) {
          // Some of it looks like what it is not.
          const bytes = randomBytes(1 + (at % 10 === 0 ? LONGEST_BYTES : 2_000));
          const { kind } = await rpc.broadcast(at % 2 === 0 ? bytes : encodeParcel([bytes]));
          if (kind === "taken") taken += 1;
        }
      }),
    );
    for (const validator of honest) await issue(validator);
    await flood;
    expect(taken, "what the hostile one took").toBeGreaterThan(GARBAGE / 2);
    await issue(honest[0]!);
    const more = memoryMibOf(pids) - before;
    console.info(
      `${taken} pieces of garbage, ${acknowledged.size} transactions decided, ${more.toFixed(0)} MiB more in three nodes`,
    );
    expect(more, "MiB more in three nodes").toBeLessThan(MORE_MIB);
    for (const validator of honest) expect(await validator.reason()).toBeNull();
    await untilSame(nodes.slice(0, 3));
    await Promise.all(validators.map(({ close }) => close()));
    const { transactions } = await checkHistories(nodes.slice(0, 3), acknowledged);
    expect(transactions).toBe(acknowledged.size);
  },
  240_000,
);
