import { afterAll, beforeAll, expect, test } from "vitest";
import { getItem } from "./get-item.ts";
import { history } from "./history.ts";
import { type ListParameters, type ListPart, list } from "./list.ts";
import { retire, supersede, update } from "./operation.ts";
import { resolve } from "./resolve.ts";
import { send } from "./send.ts";
import {
  BATCH,
  CITY_ID,
  CITY_PREFIX,
  CITY_SIGNER,
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

async function partsOf(prefix: string, parameters?: ListParameters): Promise<ListPart[]> {
  const parts: ListPart[] = [];
  for await (const part of list(world.client(), prefix, parameters)) parts.push(part);
  return parts;
}

test("a list holds records, ranges and batches in order of the tree, and shows its end", async () => {
  const [part, ...others] = await partsOf(CITY_PREFIX);
  expect(others).toEqual([]);
  expect(part).toMatchObject({ isLast: true, verified: { height: 6 } });
  expect(part!.entries).toEqual([
    {
      type: "record",
      code: CITY_PREFIX,
      record: expect.objectContaining({ class: "division" }),
      interval: null,
    },
    {
      type: "range",
      code: RANGE.first,
      record: null,
      interval: {
        type: "range",
        first: RANGE.first,
        last: "MA.156.1301/60.10000000.bin/100",
        count: 100,
        since: { height: 4, time: "2026-01-01T00:00:04.000Z" },
        description: { class: "lamp", attributes: {}, links: [], commitments: [] },
      },
    },
    { type: "record", code: LAMP, record: expect.objectContaining({ version: 3 }), interval: null },
    { type: "batch", code: BATCH.codes[0], record: null, interval: expect.objectContaining({ count: 4 }) },
  ]);
});

test("parts of any size hold the same list", async () => {
  const whole = (await partsOf("MA.156")).flatMap(({ entries }) => entries);
  expect(whole).toHaveLength(5);
  for (const limit of [1, 2, 3, 4, 5, 6]) {
    const parts = await partsOf("MA.156", { limit });
    expect(
      parts.flatMap(({ entries }) => entries),
      `limit ${limit}`,
    ).toEqual(whole);
    expect(parts.filter(({ isLast }) => isLast)).toEqual([parts.at(-1)]);
  }
  const after = await partsOf("MA.156", { after: LAMP });
  expect(after.flatMap(({ entries }) => entries)).toEqual(whole.slice(-1));
});

test("a list of nothing is proven to be empty", async () => {
  for (const prefix of ["MA.157", "MA.156.14", NEVER]) {
    expect(await partsOf(prefix), prefix).toMatchObject([{ entries: [], isLast: true }]);
  }
});

test("limits out of range and texts that are no codes are refused at once", async () => {
  for (const limit of [0, -1, 1.5, 10_001]) {
    await expect(partsOf("MA.156", { limit }), `limit ${limit}`).rejects.toThrow(RangeError);
  }
  await expect(partsOf("Shijiazhuang")).rejects.toMatchObject({ rejection: "CODE_MALFORMED" });
  await expect(partsOf("MA.156", { after: "?" })).rejects.toMatchObject({ rejection: "CODE_MALFORMED" });
});

test("history gives every version, newest first, each proven", async () => {
  const versions: unknown[] = [];
  for await (const { record, verified } of history(world.client(), LAMP)) {
    versions.push([record.version, record.isCurrent, record.attributes.material, record.since.height]);
    expect(verified.height).toBe(6);
  }
  expect(versions).toEqual([
    [3, true, "wood", 6],
    [2, false, "steel", 3],
    [1, false, undefined, 2],
  ]);
});

test("history of codes without a record of their own, and of none", async () => {
  const count = async (code: string): Promise<number> => {
    let versions = 0;
    for await (const _ of history(world.client(), code)) versions += 1;
    return versions;
  };
  expect(await count(RANGE.within)).toBe(1);
  expect(await count(BATCH.codes[2]!)).toBe(1);
  expect(await count(NEVER)).toBe(0);
});

/** It changes the world: the last one of this file. */
test("the item of a batch and the codes of a range get a life of their own", async () => {
  const client = world.client();
  const act = { holder: CITY_ID, signers: CITY_SIGNER };
  const code = BATCH.codes[0]!;
  const item = await getItem(client, code);
  expect(item).toMatchObject({ index: 0, item: expect.stringMatching(/^[0-9a-f]+$/) });
  await send(client, { ...act, operations: [update({ code, item, attributes: { material: "oak" } })] });
  expect(await getItem(client, code), "it has a record now").toBeNull();
  expect(await getItem(client, RANGE.within), "of a range").toBeNull();
  expect(await getItem(client, NEVER), "never issued").toBeNull();
  await send(client, { ...act, operations: [retire({ code: RANGE.first, reason: "lost" })] });
  const versions: unknown[] = [];
  for await (const { record } of history(client, code)) versions.push(record.attributes);
  expect(versions).toEqual([{ material: "oak", name: { en: "item 0" } }, { name: { en: "item 0" } }]);
  expect(await resolve(client, BATCH.codes[1]!)).toMatchObject({ standing: "in-batch" });
  const entries = (await partsOf(CITY_PREFIX)).flatMap((part) => part.entries);
  expect(entries).toMatchObject([
    { code: CITY_PREFIX },
    {
      code: RANGE.first,
      type: "record",
      record: { status: "retired" },
      interval: { type: "range", count: 100 },
    },
    { code: LAMP },
    { code, type: "record", record: { version: 2 }, interval: { type: "batch", count: 4 } },
  ]);
  const rename = { codes: [LAMP], kind: "rename", successors: [BATCH.codes[1]!] } as const;
  await expect(send(client, { ...act, operations: [supersede(rename)] })).rejects.toMatchObject({
    rejection: "ITEM_PROOF_MISSING",
    field: "successorItem",
  });
  const successorItem = await getItem(client, BATCH.codes[1]!);
  await send(client, { ...act, operations: [supersede({ ...rename, successorItem })] });
  expect((await resolve(client, LAMP)).record).toMatchObject({
    status: "retired",
    succession: { kind: "rename", codes: [BATCH.codes[1]] },
  });
});
