import type { Code } from "@cityroot/codes/ma/code";
import { claimOf, withdrawOf } from "@cityroot/core/operation/operation.testing";
import type { Day } from "@cityroot/core/state/day";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type City, openCity, type Running, startServer } from "./city.testing.ts";
import { type Ask, openContract } from "./contract.testing.ts";

/** Goal: one request tells what the legacy codes of a table's column are claimed to be, as one request for each would. */
const LAMP = "MA.156.1301.01/60.10000000.1/000123" as Code;
const OTHER = "MA.156.1301.01/60.10000000.1/000124" as Code;
const WORKS = { claimant: "MA.156.1301.01" as Code, target: LAMP };
const GTIN = { system: "gtin-13", value: "6901234567892" };

let city: City;
let server: Running;
let ask: Ask;
beforeAll(async () => {
  city = await openCity();
  const { registry, holders } = city;
  const { given } = registry;
  await given(
    holders.works,
    claimOf({ ...WORKS, ...GTIN }),
    claimOf({ ...WORKS, system: "mast", value: "M1", until: "1999-12-31" as Day }),
    claimOf({ ...WORKS, system: "mast", value: "M2" }),
  );
  await given(
    holders.traffic,
    claimOf({ system: "mast", value: "M2", claimant: "MA.156.1301.02" as Code, target: OTHER }),
  );
  await given(holders.works, withdrawOf({ ...WORKS, system: "mast", value: "M2" }));
  server = await startServer(registry);
  ask = await openContract(server);
});
afterAll(() => server.close());

const lookUp = (body: object | string, headers: Record<string, string> = {}): ReturnType<Ask> =>
  ask("/v1/aliases/lookup", {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });

test("each value is answered in its place, as it is alone", async () => {
  const values = ["M1", "M3", "M2", "M1"];
  for (const day of [undefined, "1995"]) {
    const { json } = await lookUp({ system: "mast", values, ...(day !== undefined && { day }) });
    expect(json.found.map(({ value }: { value: string }) => value)).toEqual(values);
    for (const { value, meaning, aliases } of json.found) {
      const alone = await ask(
        `/v1/aliases?system=mast&value=${value}${day === undefined ? "" : `&day=${day}`}`,
      );
      expect({ meaning, aliases }, value).toEqual({
        meaning: alone.json.meaning,
        aliases: alone.json.aliases,
      });
      expect(json.day).toBe(alone.json.day);
    }
  }
});

test("values may stand as people write them, or as they stand", async () => {
  const values = ["690-1234 567892"];
  expect((await lookUp({ system: "gtin-13", values })).json.found).toMatchObject([
    { value: GTIN.value, meaning: { kind: "one", target: LAMP } },
  ]);
  expect((await lookUp({ system: "gtin-13", values, exact: true })).json.found).toEqual([
    { value: values[0], meaning: { kind: "none" }, aliases: [] },
  ]);
});

test("of a value of which much is claimed a part is shown, and an answer with much ends early", async () => {
  const { registry, holders } = city;
  const value = "much";
  const claimsOf = (claimant: Code, count: number) =>
    Array.from({ length: count }, (_, at) =>
      claimOf({
        ...{ system: "mast", value, claimant, relation: "part-of" },
        target: `${WORKS.claimant}/60.10000000.2/0000${10 + at}` as Code,
      }),
    );
  await registry.given(holders.works, ...claimsOf(WORKS.claimant, 16));
  await registry.given(holders.city, ...claimsOf("MA.156.1301" as Code, 2));
  const { json } = await lookUp({ system: "mast", values: Array.from({ length: 1_000 }, () => value) });
  expect(json.found).toHaveLength(64);
  expect(json.found[63]).toMatchObject({ value, meaning: null });
  expect(json.found[63].aliases).toHaveLength(16);
});

test.each([
  ["no values", { system: "mast", values: [] }, 400, "BODY_MALFORMED"],
  ["too many", { system: "mast", values: Array.from({ length: 1_001 }, () => "1") }, 400, "BODY_MALFORMED"],
  ["no system", { values: ["1"] }, 400, "BODY_MALFORMED"],
  ["a bad system", { system: "City", values: ["1"] }, 400, "BODY_MALFORMED"],
  ["a value too long", { system: "mast", values: ["1".repeat(241)] }, 400, "BODY_MALFORMED"],
  ["an empty value", { system: "mast", values: [""] }, 400, "BODY_MALFORMED"],
  ["no day", { system: "mast", values: ["1"], day: "1995-02-30" }, 400, "PARAMETER_MALFORMED"],
  ["what it does not know", { system: "mast", values: ["1"], limit: 9 }, 400, "BODY_MALFORMED"],
  ["no JSON", "{", 400, "BODY_MALFORMED"],
  ["half a character", '{"system": "mast", "values": ["1", "\\ud800"]}', 400, "BODY_MALFORMED"],
  ["the number of a person", { system: "mast", values: ["1", "11010519491231002X"] }, 422, "PERSONAL_NUMBER"],
])("%s is refused", async (_, body, status, code) => {
  const answer = await lookUp(body);
  expect(answer).toMatchObject({ status, json: { code } });
  expect(answer.text).not.toContain("110105");
});

test("a body of another type, or one that is too long, is refused before it is read", async () => {
  expect(await lookUp("x", { "content-type": "text/plain" })).toMatchObject({ status: 415 });
  const values = Array.from({ length: 1_000 }, () => "城".repeat(100));
  const long = await lookUp({ system: "mast", values });
  expect(long).toMatchObject({ status: 413, json: { code: "BODY_TOO_LARGE" } });
});

test("a body of unknown length is refused, however it comes", async () => {
  const body = new ReadableStream({
    pull: (controller) => {
      controller.enqueue(new TextEncoder().encode('{"system": "mast", "values": ["1"]}'));
      controller.close();
    },
  });
  const init = { method: "POST", headers: { "content-type": "application/json" }, body, duplex: "half" };
  const refused = await ask("/v1/aliases/lookup", init as RequestInit);
  expect(refused).toMatchObject({ status: 400, json: { code: "BODY_MALFORMED", field: "content-length" } });
});

test("while many lookups wait, others are answered", async () => {
  const values = Array.from({ length: 1_000 }, (_, at) => `${at}`.padEnd(240, "ａ1 "));
  const body = JSON.stringify({ system: "gbt2260", values: values.slice(0, 400) });
  const order: string[] = [];
  const lookups = Array.from({ length: 24 }, async () => {
    expect((await lookUp(body)).status).toBe(200);
    order.push("lookup");
  });
  // All of them arrive before it, and most are answered after.
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect((await ask(`/v1/codes/${LAMP}`)).status).toBe(200);
  order.push("code");
  await Promise.all(lookups);
  expect(order.indexOf("code"), order.join(" ")).toBeLessThan(20);
});
