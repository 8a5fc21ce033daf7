import { expect, test } from "vitest";
import { ConfigError } from "./config-field.ts";
import { defaultConsensus, parseConsensus } from "./consensus-config.ts";

// Goal: what an operator sets for the consensus is checked before anything is started, and the message names the key.

const sync = {
  servers: ["https://a.example", "https://b.example"],
  trustHeight: 7,
  trustHash: "a".repeat(64),
};

test("what is left out is as by default, and what is set is taken", () => {
  expect(parseConsensus({})).toEqual(defaultConsensus());
  const set = parseConsensus({ stateSync: sync, snapshots: { everyBlocks: 10 }, retainBlocks: null });
  expect(set.stateSync).toEqual({ ...sync, trustHash: "A".repeat(64), trustDays: 365 });
  expect(set.snapshots).toEqual({ everyBlocks: 10, keep: 2 });
  expect(set.retainBlocks).toBeNull();
});

const cases: readonly (readonly [object, string])[] = [
  [{ stateSync: true }, "config.consensus.stateSync: expected an object, got true"],
  [
    { stateSync: { ...sync, servers: ["https://a.example"] } },
    "config.consensus.stateSync.servers: expected addresses of 2 to 16 nodes, such as https://registry.example.cn, got",
  ],
  [
    { stateSync: { ...sync, servers: ["https://a.example", "https://a.example"] } },
    "servers: expected addresses",
  ],
  [{ stateSync: { ...sync, servers: ["https://a.example", "b"] } }, "servers: expected addresses of 2 to 16"],
  [
    { stateSync: { ...sync, trustHeight: 0 } },
    "config.consensus.stateSync.trustHeight: expected a whole number from 1 to 9007199254740991, got 0",
  ],
  [
    { stateSync: { ...sync, trustHash: "ab" } },
    'config.consensus.stateSync.trustHash: expected 64 hexadecimal digits, got "ab"',
  ],
  [{ stateSync: { ...sync, trustDays: 0 } }, "trustDays: expected a whole number from 1 to 3650, got 0"],
  [
    { stateSync: { ...sync, trust: 1 } },
    "config.consensus.stateSync.trust: expected one of servers, trustHeight",
  ],
  [{ snapshots: null }, "config.consensus.snapshots: expected an object, got null"],
  [
    { snapshots: { keep: 1 } },
    "config.consensus.snapshots.keep: expected a whole number from 2 to 10, got 1",
  ],
  [
    { snapshots: { everyBlocks: -1 } },
    "config.consensus.snapshots.everyBlocks: expected a whole number from 0",
  ],
  [{ retainBlocks: 0 }, "config.consensus.retainBlocks: expected a whole number from 1"],
];

test.each(cases)("%j is refused", (value, message) => {
  expect(() => parseConsensus(value)).toThrow(ConfigError);
  expect(() => parseConsensus(value)).toThrow(message);
});
