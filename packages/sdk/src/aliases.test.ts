import { decodeBundle, encodeBundle } from "@cityroot/core/proof/bundle";
import { NATION } from "@cityroot/core/proof/registry.testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fetchAliases, findAliases } from "./find-aliases.ts";
import { listAliases } from "./list-aliases.ts";
import { lookUpAliases } from "./look-up-aliases.ts";
import { claimAlias, disputeAlias, setCodingSystem, withdrawAlias } from "./operation.ts";
import { verifyAliasBundle } from "./verify-alias-bundle.ts";
import { CITY, CITY_ID, CITY_PREFIX, LAMP, RANGE, type TestWorld, testWorld } from "./world.testing.ts";

const GTIN = { system: "gtin-13", value: "6901234567892" };
const CLAIM = { ...GTIN, claimant: CITY_PREFIX, target: LAMP };
const EVIDENCE = "ab".repeat(32);
const bin = (at: number) => `MA.156.1301/60.10000000.bin/00${at}`;

let world: TestWorld;
beforeAll(async () => {
  world = await testWorld();
  const { registry } = world;
  registry.run(NATION, setCodingSystem({ system: "gtin-13", authority: "MA.156" }));
  registry.run(
    CITY,
    claimAlias({ ...CLAIM, evidence: EVIDENCE, from: "1980-01-01", until: "1999-12-31" }),
    ...[1, 2, 3, 4, 5, 6, 7].map((at) => claimAlias({ ...CLAIM, target: bin(at), relation: "part-of" })),
    claimAlias({ ...CLAIM, target: RANGE.within, from: "2000-01-01" }),
    // As no system writes it, which the ledger does not know.
    claimAlias({ ...CLAIM, value: "690 123" }),
  );
  registry.run(CITY, withdrawAlias({ ...CLAIM, target: bin(1), relation: "part-of" }));
  registry.run(NATION, disputeAlias({ ...CLAIM, target: bin(2), relation: "part-of", as: "system" }));
});
afterAll(() => world.server.close());

test("all that is claimed of a legacy code is found, part by part, with what it means on a day", async () => {
  const client = world.client();
  const found = await findAliases(client, { system: "gtin-13", value: " 690-1234567892", day: "1995-01-01" });
  expect(found).toMatchObject({ ...GTIN, authority: "MA.156", day: "1995-01-01" });
  expect(found.meaning).toEqual({ kind: "one", target: LAMP, isConfirmed: true });
  expect(found.aliases).toHaveLength(9);
  expect(found.aliases.find(({ relation, target }) => relation === "same-as" && target === LAMP)).toEqual({
    ...{ ...CLAIM, relation: "same-as", standing: "confirmed", version: 1 },
    ...{ from: "1980-01-01", until: "1999-12-31", evidence: EVIDENCE, bySystem: null },
    ...{ claimed: { height: 8, time: expect.any(String) }, since: { height: 8, time: expect.any(String) } },
    byTarget: { verdict: "confirmed", holder: CITY_ID, evidence: EVIDENCE, since: expect.any(Object) },
  });
  const standings = found.aliases.map(({ standing }) => standing).sort();
  expect(standings).toEqual([...Array(7).fill("confirmed"), "disputed", "withdrawn"]);
  expect(world.server.questions.filter(({ path }) => path === "v1/aliases")).toHaveLength(3);
  const today = await findAliases(client, GTIN);
  expect(today.meaning).toEqual({ kind: "one", target: RANGE.within, isConfirmed: true });
  expect(today.day).toBe("2026-01-01");
});

test("that nobody claims anything is proven, too", async () => {
  const found = await findAliases(world.client(), { system: "serial", value: "1" });
  expect(found).toMatchObject({
    aliases: [],
    authority: null,
    meaning: { kind: "none" },
    verified: { height: 10 },
  });
});

test("a code leads to all its aliases", async () => {
  const told: string[] = [];
  for await (const { system, value, standing } of listAliases(world.client(), LAMP))
    told.push(`${system} ${value} ${standing}`);
  expect(told.sort()).toEqual(["gtin-13 690 123 confirmed", `gtin-13 ${GTIN.value} confirmed`]);
  for await (const alias of listAliases(world.client(), "MA.156.9")) expect(alias).toBeUndefined();
});

test("a server that leaves claims out, or shows old ones, is not believed", async () => {
  const { server, client } = world;
  const asked = client();
  await findAliases(asked, GTIN);
  world.answerAt(7);
  await expect(findAliases(asked, GTIN)).rejects.toMatchObject({ failure: "checkpoint-old" });
  world.answerAt(undefined);
  server.lie(({ path, query }) => {
    if (path !== "v1/aliases" || query.get("value") === "1") return undefined;
    return { status: 307, headers: { location: `${server.url}v1/aliases?system=serial&value=1&limit=9` } };
  });
  await expect(findAliases(client(), GTIN)).rejects.toThrow();
  server.lie(undefined);
});

test("a proof that is kept shows without a server what is claimed, where it shows all of it", async () => {
  const client = world.client();
  const { policy } = client;
  const { found, proofs } = await fetchAliases(client, GTIN);
  expect(proofs.length).toBeGreaterThan(1);
  const [part] = proofs;
  const kept = { ...GTIN, policy, bytes: part! };
  expect(() => verifyAliasBundle(kept)).toThrow("only a part of what is claimed");
  const serial = { system: "serial", value: "7" };
  world.registry.run(CITY, claimAlias({ ...serial, claimant: CITY_PREFIX, target: LAMP }));
  const whole = await fetchAliases(client, serial);
  const [bytes] = whole.proofs;
  const shown = verifyAliasBundle({ ...serial, policy, bytes: bytes!, day: "1995-01-01" });
  expect(shown).toEqual({ ...whole.found, day: "1995-01-01" });
  expect(() => verifyAliasBundle({ ...GTIN, policy, bytes: bytes! })).toThrow("not-shown");
  expect(() => verifyAliasBundle({ ...serial, policy, bytes: bytes!, notBefore: { height: 1_000 } })).toThrow(
    "checkpoint-old",
  );
  expect(found.aliases).toHaveLength(9);
});

test("who is the authority of a system is not hidden by leaving it out", async () => {
  const client = world.client();
  const asked = { system: "gtin-13", value: "9521234543213" };
  world.registry.run(CITY, claimAlias({ ...asked, claimant: CITY_PREFIX, target: LAMP }));
  const whole = await fetchAliases(client, asked);
  expect(whole.found.authority).toBe("MA.156");
  const bundle = decodeBundle(whole.proofs[0]!)!;
  const bytes = encodeBundle({ ...bundle, runs: bundle.runs.slice(0, 1) });
  const kept = verifyAliasBundle({ ...asked, policy: client.policy, bytes });
  expect(kept).toMatchObject({ aliases: [{ target: LAMP }], authority: undefined });
  world.server.lie(({ path }) =>
    path === "v1/aliases" ? { type: "application/vnd.cityroot.proof", body: bytes } : undefined,
  );
  await expect(findAliases(client, asked)).rejects.toMatchObject({ failure: "not-shown" });
  world.server.lie(undefined);
});

describe("a column of legacy codes", () => {
  const MOMENT = { height: 7, time: "2026-01-01T00:00:00.000Z" };
  const STATEMENT = {
    verdict: "confirmed",
    holder: { id: CITY_ID, name: { en: "City" } },
    evidence: null,
    since: MOMENT,
  };
  const REPORTED = {
    ...{
      system: "serial",
      value: "v",
      relation: "same-as",
      target: LAMP,
      claimant: CITY_PREFIX,
      holder: null,
    },
    ...{ standing: "confirmed", from: null, until: "1999-12-31", evidence: EVIDENCE, claimed: MOMENT },
    ...{ byTarget: STATEMENT, bySystem: null, version: 2, since: MOMENT },
  };
  const lookUp = async (answer: (values: readonly string[]) => object, count = 3) => {
    world.server.lie(({ path, body }) => {
      if (path !== "v1/aliases/lookup") return undefined;
      const { values } = JSON.parse(new TextDecoder().decode(body)) as { values: readonly string[] };
      return { body: JSON.stringify({ found: answer(values) }) };
    });
    const values = Array.from({ length: count }, (_, at) => `v${at}`);
    try {
      return await lookUpAliases(world.client(), {
        system: "serial",
        values,
        exact: true,
        day: "1995-01-01",
      });
    } finally {
      world.server.lie(undefined);
    }
  };
  const none = (value: string) => ({ value, meaning: { kind: "none" }, aliases: [] });

  test("is looked up part by part, also where answers end early", async () => {
    const before = world.server.questions.length;
    const found = await lookUp((values) => values.slice(0, 600).map(none), 2_500);
    expect(found.map(({ value }) => value)).toEqual(Array.from({ length: 2_500 }, (_, at) => `v${at}`));
    const [first] = world.server.questions.slice(before);
    expect(first).toMatchObject({ method: "POST", path: "v1/aliases/lookup" });
    expect(JSON.parse(new TextDecoder().decode(first!.body))).toMatchObject({
      ...{ system: "serial", exact: true, day: "1995-01-01" },
      values: expect.objectContaining({ length: 1_000 }),
    });
    expect(world.server.questions.length - before).toBe(5);
  });

  test("is told with each claim, as the server reports it", async () => {
    const [one] = await lookUp(
      (values) =>
        values.map((value) => ({
          value,
          meaning: { kind: "one", target: LAMP, isConfirmed: true },
          aliases: [REPORTED],
        })),
      1,
    );
    const { holder: _, ...rest } = REPORTED;
    expect(one).toEqual({
      ...{ value: "v0", meaning: { kind: "one", target: LAMP, isConfirmed: true } },
      aliases: [{ ...rest, value: "v0", byTarget: { ...STATEMENT, holder: CITY_ID } }],
    });
  });

  test.each([
    ["nothing", () => []],
    ["more than was asked for", (values: readonly string[]) => [...values, "v9"].map(none)],
    ["no list", () => ({})],
    ["of another", (values: readonly string[]) => values.map((value) => none(`${value}0`))],
    [
      "a day that is none",
      (values: readonly string[]) =>
        values.map((value) => ({ ...none(value), aliases: [{ ...REPORTED, until: "1999-02-30" }] })),
    ],
    [
      "an unknown meaning",
      (values: readonly string[]) => values.map((value) => ({ ...none(value), meaning: { kind: "some" } })),
    ],
    [
      "a claim of an unknown kind",
      (values: readonly string[]) =>
        values.map((value) => ({ ...none(value), aliases: [{ ...REPORTED, relation: "like" }] })),
    ],
    [
      "a target that is no code",
      (values: readonly string[]) =>
        values.map((value) => ({ ...none(value), meaning: { kind: "conflict", targets: ["x"] } })),
    ],
  ])("of which a server tells %s is not told at all", async (_, answer) => {
    await expect(lookUp(answer)).rejects.toMatchObject({ failure: "malformed" });
  });
});

test("a day that is none is refused before anything is asked", async () => {
  await expect(findAliases(world.client(), { ...GTIN, day: "1995-02-30" })).rejects.toThrow(
    "day: expected YYYY-MM-DD",
  );
});
