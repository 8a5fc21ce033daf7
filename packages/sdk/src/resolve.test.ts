import { bytesToHex } from "@cityroot/core/hex";
import { NATION } from "@cityroot/core/proof/registry.testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { transfer } from "./operation.ts";
import { resolve } from "./resolve.ts";
import {
  BATCH,
  CITY,
  CITY_ID,
  CITY_PREFIX,
  LAMP,
  NEVER,
  RANGE,
  type TestWorld,
  testWorld,
} from "./world.testing.ts";

let world: TestWorld;
beforeAll(async () => {
  world = await testWorld();
});
afterAll(() => world.server.close());

test("a record comes with its chain of delegations and what proves it", async () => {
  expect(await resolve(world.client(), LAMP)).toEqual({
    code: LAMP,
    standing: "record",
    record: {
      version: 3,
      isCurrent: true,
      status: "active",
      class: "lamp",
      attributes: { material: "wood" },
      links: [],
      commitments: [],
      within: null,
      holder: null,
      succession: null,
      reason: null,
      federation: null,
      since: { height: 6, time: "2026-01-01T00:00:06.000Z" },
    },
    interval: null,
    prefix: {
      prefix: CITY_PREFIX,
      status: "active",
      holder: { id: CITY_ID, name: { en: "Shijiazhuang" } },
      since: { height: 1, time: "2026-01-01T00:00:01.000Z" },
    },
    chain: [
      {
        prefix: "MA.156",
        status: "active",
        holder: { id: bytesToHex(NATION.id), name: { en: "Nation" } },
        since: { height: 0, time: "2026-01-01T00:00:00.000Z" },
      },
      expect.objectContaining({ prefix: CITY_PREFIX }),
    ],
    asOf: { height: 6, time: "2026-01-01T00:00:06.000Z" },
    verified: {
      height: 6,
      time: "2026-01-01T00:00:06.000Z",
      cosigners: [
        { name: "witness.example/1", time: "2026-01-01T00:00:07.000Z" },
        { name: "witness.example/2", time: "2026-01-01T00:00:07.000Z" },
      ],
    },
    referrals: [],
  });
});

test("codes of a range and of a batch have the record that issuing them implied", async () => {
  const ranged = await resolve(world.client(), RANGE.within);
  expect(ranged).toMatchObject({
    standing: "in-range",
    record: { version: 1, isCurrent: true, class: "lamp", within: RANGE.first, since: { height: 4 } },
    interval: { type: "range", first: RANGE.first, last: "MA.156.1301/60.10000000.bin/100", count: 100 },
  });
  const item = await resolve(world.client(), BATCH.codes[1]!);
  expect(item).toMatchObject({
    standing: "in-batch",
    record: { version: 1, attributes: { name: { en: "item 1" } }, within: BATCH.codes[0] },
    interval: { type: "batch", first: BATCH.codes[0], last: BATCH.codes[3], count: 4, since: { height: 5 } },
  });
});

test("what was never issued is proven as well, and nothing is thrown", async () => {
  for (const code of [NEVER, BATCH.between, "MA.156.1301/60.10000000.bin/101", "MA.157"]) {
    const { standing, record, verified } = await resolve(world.client(), code);
    expect({ standing, record, height: verified.height }, code).toEqual({
      standing: "never-issued",
      record: null,
      height: 6,
    });
  }
});

test("an earlier moment shows what held then", async () => {
  const client = world.client();
  const early = await resolve(client, LAMP, { asOf: { height: 2 } });
  expect(early.record).toMatchObject({ version: 1, isCurrent: false, attributes: {} });
  const second = await resolve(client, LAMP, { asOf: { timeMs: Date.parse("2026-01-01T00:00:05Z") } });
  expect(second.record).toMatchObject({ version: 2, attributes: { material: "steel" } });
  expect((await resolve(client, LAMP, { asOf: { version: 2 } })).record?.version).toBe(2);
  expect(await resolve(client, LAMP, { asOf: { height: 1 } })).toMatchObject({
    standing: "not-yet-issued",
    since: { height: 2 },
  });
  expect(await resolve(client, RANGE.within, { asOf: { height: 3 } })).toMatchObject({
    standing: "not-yet-issued",
    since: { height: 4 },
  });
});

test("delegations are left out where they are not wanted", async () => {
  const { prefix, chain } = await resolve(world.client(), LAMP, { delegations: false });
  expect({ prefix, chain }).toEqual({ prefix: null, chain: null });
  expect(world.server.questions.at(-1)!.query.get("delegations")).toBeNull();
});

test("any accepted form of a code is asked for in its canonical one", async () => {
  const { code } = await resolve(world.client(), "MA.156.1301/60.10000000.lamp/1");
  expect(code).toBe(LAMP);
  expect(world.server.questions.at(-1)!.path).toBe(`v1/proofs/${LAMP}`);
});

test("a text that is no code is refused before anything is asked", async () => {
  const asked = world.server.questions.length;
  await expect(resolve(world.client(), "MA.156.1301 02")).rejects.toMatchObject({
    name: "RegistryError",
    rejection: "CODE_MALFORMED",
    number: 60,
    field: expect.stringContaining("code"),
  });
  expect(world.server.questions.length).toBe(asked);
});

test("without proof it is what the server says, and says so", async () => {
  const client = world.client();
  for (const code of [LAMP, RANGE.within, BATCH.codes[2]!]) {
    const proven = await resolve(client, code);
    const said = await resolve(client, code, { verify: false });
    expect(said, code).toEqual({
      ...proven,
      chain: null,
      prefix: { prefix: proven.prefix!.prefix, holder: proven.prefix!.holder },
      verified: null,
    });
  }
  expect(await resolve(client, NEVER, { verify: false })).toMatchObject({
    standing: "never-issued",
    asOf: { height: 6 },
    verified: null,
  });
  expect(await resolve(client, LAMP, { verify: false, asOf: { height: 1 } })).toMatchObject({
    standing: "not-yet-issued",
    since: null,
  });
});

test("whom a code alone was transferred to is told with proof and without", async () => {
  const { registry, server, client } = await testWorld();
  const code = RANGE.within;
  registry.run(CITY, transfer({ code, to: bytesToHex(NATION.id) }));
  const proven = await resolve(client(), code);
  const said = await resolve(client(), code, { verify: false });
  await server.close();
  expect(proven.record).toMatchObject({ holder: bytesToHex(NATION.id), version: 2 });
  expect(said.record).toEqual(proven.record);
  expect(said.prefix?.holder.id).toBe(CITY_ID);
});
