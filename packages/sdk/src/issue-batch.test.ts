import { sha256 } from "@cityroot/core/hash";
import { bytesToHex } from "@cityroot/core/hex";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { issueBatch } from "./issue-batch.ts";
import { type BatchItemJson, prepareBatch } from "./prepare-batch.ts";
import { problem } from "./registry-server.testing.ts";
import { resolve } from "./resolve.ts";
import { uploadPayload } from "./upload-payload.ts";
import { CITY_ID, CITY_SIGNER, type TestWorld, testWorld } from "./world.testing.ts";

let world: TestWorld;
beforeAll(async () => {
  world = await testWorld();
});
afterEach(() => world.server.lie(undefined));
afterAll(() => world.server.close());

const PARENT = "MA.156.1301/60.10000000";
const ACT = { holder: CITY_ID, signers: CITY_SIGNER };

function itemsOf(parent: string, count: number): BatchItemJson[] {
  return Array.from({ length: count }, (_, at) => ({
    code: `${parent}/${count - at}`,
    attributes: { name: { zh: `路灯 ${at}` } },
  }));
}

async function* slowly<T>(items: readonly T[]): AsyncGenerator<T> {
  for (const item of items) yield item;
}

test("items of any order and any source become one batch, whose every code resolves", async () => {
  const client = world.client();
  const parent = `${PARENT}.post`;
  const items = itemsOf(parent, 20);
  const issued = await issueBatch(client, {
    ...ACT,
    items: slowly(items),
    class: "lamp-post",
    attributes: { material: "steel" },
  });
  expect(issued).toMatchObject({ first: `${parent}/1`, last: `${parent}/9`, count: 20 });
  expect(issued.height).toBe(world.registry.ledger.height());
  for (const { code, attributes } of items) {
    const { standing, record } = await resolve(client, code);
    expect({ standing, class: record?.class, attributes: record?.attributes }, code).toEqual({
      standing: "in-batch",
      class: "lamp-post",
      attributes: { material: "steel", ...attributes },
    });
  }
  const { operation } = await prepareBatch({ class: "lamp-post", items: [...items].reverse() });
  expect(bytesToHex(operation.root)).toBe(issued.root);
});

test("an item's fault says which item and which field", async () => {
  const good = { code: `${PARENT}.x/1` };
  const cases: [BatchItemJson[], object][] = [
    [
      [good, { code: "MA.156 1" }],
      { rejection: "CODE_MALFORMED", field: expect.stringMatching(/^items\[1\]\.code/) },
    ],
    [
      [{ ...good, attributes: { owner: "x" } as never }],
      { rejection: "ATTRIBUTE_UNKNOWN", field: expect.stringMatching(/^items\[0\]\.attributes/) },
    ],
    [
      [{ ...good, links: [{ rel: "describedby", href: "http://insecure.example" }] }],
      { rejection: "LINK_MALFORMED", field: expect.stringMatching(/^items\[0\]\.links/) },
    ],
    [[{ code: `${PARENT}.x/11010519491231002X` }], { rejection: "PERSONAL_NUMBER", field: "items[0].code" }],
    [[good, good], { rejection: "INTERVAL_MALFORMED" }],
    [[good, { code: `${PARENT}.y/1` }], { rejection: "INTERVAL_MALFORMED" }],
    [[], { rejection: "INTERVAL_MALFORMED", field: "items" }],
  ];
  for (const [items, expected] of cases) {
    const refused = prepareBatch({ class: "lamp", items });
    await expect(refused, JSON.stringify(items)).rejects.toMatchObject({
      name: "RegistryError",
      ...expected,
    });
  }
});

test("an upload is tried again and checked by its digest", async () => {
  const { payload, operation } = await prepareBatch({ class: "lamp", items: itemsOf(`${PARENT}.up`, 3) });
  let tries = 0;
  world.server.lie((_, response) => {
    tries += 1;
    if (tries === 1) {
      response.destroy();
      return "written";
    }
    return tries === 2 ? problem({ status: 503, code: "OVERLOADED", detail: "busy" }) : undefined;
  });
  const stored = await uploadPayload(world.client(), payload, { waitMs: 1 });
  expect(tries).toBe(3);
  expect(stored).toEqual({
    digest: bytesToHex(sha256(payload)),
    sizeBytes: payload.length,
    root: bytesToHex(operation.root),
    count: 3,
    first: operation.first,
    last: operation.last,
  });
  const other = JSON.stringify({ ...stored, digest: "00".repeat(32) });
  world.server.lie(() => ({ status: 201, body: other }));
  await expect(uploadPayload(world.client(), payload)).rejects.toMatchObject({ failure: "malformed" });
  world.server.lie(() => problem({ status: 400, code: "INTERVAL_MALFORMED", detail: "a code twice" }));
  await expect(uploadPayload(world.client(), payload)).rejects.toMatchObject({ name: "RegistryError" });
});

test("nothing is issued when the items could not be stored, and calling again finishes", async () => {
  const client = world.client();
  const items = itemsOf(`${PARENT}.again`, 3);
  const height = world.registry.ledger.height();
  world.server.lie(({ method }) =>
    method === "PUT" ? problem({ status: 413, code: "BODY_TOO_LARGE", detail: "too large" }) : undefined,
  );
  const issue = (): Promise<unknown> => issueBatch(client, { ...ACT, items, class: "lamp" });
  await expect(issue()).rejects.toMatchObject({ code: "BODY_TOO_LARGE" });
  expect(world.registry.ledger.height()).toBe(height);
  world.server.lie(undefined);
  await issue();
  await expect(issue(), "issued already").rejects.toMatchObject({ rejection: "INTERVAL_OVERLAPS" });
});
