import { afterAll, beforeAll, expect, test } from "vitest";
import { getNetworkStatus } from "./get-network-status.ts";
import { type TestWorld, testWorld } from "./world.testing.ts";

let world: TestWorld;
beforeAll(async () => {
  world = await testWorld();
});
afterAll(() => world.server.close());

const CONSENSUS = {
  ...{ answers: true, nodeId: "ab".repeat(20), height: 7, isCatchingUp: false, power: 10 },
  ...{ publicKey: "cd".repeat(32), peerCount: 3, peers: ["ef".repeat(20)] },
};
const STATUS = {
  ...{ network: "hebei-00000000", asOf: { height: 5, time: "2026-01-01T00:00:00.000Z" }, newest: 6 },
  ...{ block: { height: 5, stateRoot: "01".repeat(32) }, writes: null, validator: "water", totalPower: 40 },
  protocol: { decides: 1, knows: 1, next: { version: 2, fromHeight: 900 } },
  consensus: CONSENSUS,
};

async function read(body: object) {
  world.server.lie(() => ({ body: JSON.stringify(body) }));
  return getNetworkStatus({ url: world.server.url, height: 5 });
}

test("a status is read, of a node in a network and of one that decides alone", async () => {
  expect(await read(STATUS)).toEqual(STATUS);
  const alone = { ...STATUS, consensus: null, block: null, writes: "the disk is full", validator: null };
  expect(await read(alone)).toEqual(alone);
  expect((await read({ ...STATUS, consensus: { answers: false } })).consensus).toEqual({ answers: false });
});

test.each([
  [{ ...STATUS, newest: -1 }, "answer.newest: expected a whole number"],
  [
    { ...STATUS, protocol: { ...STATUS.protocol, next: {} } },
    "answer.protocol.next.version: expected a whole number",
  ],
  [{ ...STATUS, block: {} }, "answer.block.height: expected a whole number"],
  [{ ...STATUS, consensus: { ...CONSENSUS, peers: [1] } }, "answer.consensus.peers: expected hexadecimal"],
])("what is none is refused, and says where", async (body, message) => {
  await expect(read(body)).rejects.toThrow(message);
});
