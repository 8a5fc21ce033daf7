import { networkOf } from "@cityroot/core/genesis";
import { bytesToHex } from "@cityroot/core/hex";
import { appendLeaves, EMPTY_FRONTIER, encodeFrontier, leafHash } from "@cityroot/core/log/tree";
import { expect, test } from "vitest";
import type { StoredHead } from "../../store/registry-store.ts";
import { STORED_GENESIS } from "../embedded/stored-node.testing.ts";
import { ledgerHeadOf, whyOtherRegistry } from "./genesis-state.ts";

const network = networkOf(STORED_GENESIS);
const genesis = bytesToHex(network.genesis);
const headAt = (height: number): StoredHead => ({
  ...{ height, timeMs: 5, stateRoot: new Uint8Array(32).fill(height), note: new Uint8Array(0) },
  logFrontier: encodeFrontier(appendLeaves(EMPTY_FRONTIER, [leafHash(new Uint8Array([height]))])),
  ...{ sealPath: [], nextVersion: 1 },
});
const stated = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));

test("a consensus begins with this registry, or it is said what differs", () => {
  const head = ledgerHeadOf(headAt(3));
  expect(whyOtherRegistry(stated({ genesis }), network, headAt(0))).toBeUndefined();
  expect(whyOtherRegistry(stated({ genesis, head }), network, headAt(3))).toBeUndefined();
  const cases: readonly (readonly [Uint8Array, StoredHead, RegExp])[] = [
    [Buffer.from("{"), headAt(0), /does not say which registry/],
    [stated({}), headAt(0), /does not say which registry/],
    [stated({ genesis, head: { height: 3 } }), headAt(3), /does not say which registry/],
    [stated({ genesis: "0".repeat(64) }), headAt(0), /of the genesis 0{64}, this one has/],
    [stated({ genesis }), headAt(3), /a new registry, this one stands at height 3: import it/],
    [stated({ genesis, head }), headAt(0), /whose height is 3, this one has 0: take the export/],
    [stated({ genesis, head }), { ...headAt(3), timeMs: 6 }, /whose timeMs is 5, this one has 6/],
    [stated({ genesis, head }), { ...headAt(3), stateRoot: new Uint8Array(32) }, /whose stateRoot is 0303/],
    [
      stated({ genesis, head }),
      { ...headAt(3), logFrontier: headAt(4).logFrontier },
      /whose logRoot is [0-9a-f]{64}, this one has [0-9a-f]{64}/,
    ],
  ];
  for (const [state, own, why] of cases) expect(whyOtherRegistry(state, network, own)).toMatch(why);
});
