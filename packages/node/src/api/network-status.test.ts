import { bytesToHex } from "@cityroot/core/hex";
import { setValidatorsOf, testValidator } from "@cityroot/core/operation/operation.testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ConsensusStanding } from "../engine/engine-standing.ts";
import { type City, openCity, type Running, startServer } from "./city.testing.ts";
import { type Ask, openContract } from "./contract.testing.ts";

// Goal: a node says how it stands so that nodes can be compared, and what it says is what its document promises.

const PATH = "/v1/network/status";
const one = testValidator(1);
const CONSENSUS: ConsensusStanding = {
  ...{ answers: true, nodeId: "ab".repeat(20), height: 9, isCatchingUp: false, power: 10 },
  ...{ publicKey: bytesToHex(one.publicKey), peerCount: 2, peers: ["cd".repeat(20), "ef".repeat(20)] },
};

let city: City;
const servers: Running[] = [];
beforeAll(async () => {
  city = await openCity();
});
afterAll(() => Promise.all(servers.map((server) => server.close())));

async function askWith(consensus: ConsensusStanding | null, writes: string | null): Promise<Ask> {
  const engine = { ...city.registry.engine, standing: async () => ({ writes, consensus }) };
  const server = await startServer(city.registry, { engine });
  servers.push(server);
  return openContract(server);
}

test("a node that decides alone has no consensus, and its newest block is shown", async () => {
  const server = await startServer(city.registry);
  servers.push(server);
  const ask = await openContract(server);
  const { json } = await ask(PATH);
  const { height, stateRoot } = city.registry.reader.head().checkpoint;
  expect(json).toMatchObject({
    ...{ network: city.registry.reader.network.id, newest: height, asOf: { height } },
    ...{ writes: null, validator: null, totalPower: 0, consensus: null },
    protocol: { decides: 1, knows: 1, next: null },
    block: { height, stateRoot: bytesToHex(stateRoot) },
  });
  const earlier = await ask(`${PATH}?height=3`);
  expect(earlier.json.block.height).toBe(3);
  expect(earlier.json.block.stateRoot).not.toBe(json.block.stateRoot);
  expect((await ask(`${PATH}?height=${height + 1}`)).json.block).toBeNull();
  for (const query of ["height=-1", "height=x", "block=3"])
    expect((await ask(`${PATH}?${query}`)).json.code, query).toBe("PARAMETER_MALFORMED");
});

test("a validator is named by the state, and a node that takes nothing says why", async () => {
  await city.registry.given(city.holders.nation, setValidatorsOf(one, testValidator(2, 7)));
  const { json } = await (await askWith(CONSENSUS, null))(PATH);
  expect(json).toMatchObject({ validator: "validator-1", totalPower: 17, consensus: CONSENSUS });
  const stranger = { ...CONSENSUS, publicKey: bytesToHex(testValidator(9).publicKey), power: 0 };
  expect((await (await askWith(stranger, null))(PATH)).json).toMatchObject({
    validator: null,
    consensus: { power: 0 },
  });
  const silent = await (await askWith({ answers: false }, "the disk is full"))(PATH);
  expect(silent.json).toMatchObject({
    ...{ writes: "the disk is full", validator: null, consensus: { answers: false } },
  });
});

test("a node of a network that takes nothing is not ready, since the others go on, and says why", async () => {
  const ready = async (consensus: ConsensusStanding | null, writes: string | null) =>
    (await askWith(consensus, writes))("/readyz");
  expect((await ready(CONSENSUS, null)).json).toMatchObject({ status: "ready", writes: null });
  const stopped = await ready({ answers: false }, "from height 9 on the network needs version 2");
  expect(stopped.json).toMatchObject({ code: "READ_ONLY", status: 503 });
  expect(stopped.json.detail).toContain("version 2");
  expect((await ready(null, "the disk is full")).json).toMatchObject({
    status: "ready",
    writes: "the disk is full",
  });
});
