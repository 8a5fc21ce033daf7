import type { Code } from "@cityroot/codes/ma/code";
import { testHolder } from "@cityroot/core/ledger.testing";
import type { Operation } from "@cityroot/core/operation/operation";
import {
  claimOf,
  confirmOf,
  disputeOf,
  setCodingSystemOf,
  withdrawOf,
} from "@cityroot/core/operation/operation.testing";
import { verifyAliased, verifyAliases } from "@cityroot/core/proof/aliases";
import { aliasStandingOf } from "@cityroot/core/state/alias";
import type { Day } from "@cityroot/core/state/day";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type City, openCity, type Running, startServer } from "./city.testing.ts";
import { type Ask, openContract } from "./contract.testing.ts";

/** Goal: a legacy code leads to what is claimed of it, with who says so, conflicts shown, and the proof that it is all. */
const LAMP = "MA.156.1301.01/60.10000000.1/000123" as Code;
const OTHER = "MA.156.1301.01/60.10000000.1/000124" as Code;
const BENCH = "MA.156.1301.01/60.10000000.2/000007" as Code;
const WORKS = { claimant: "MA.156.1301.01" as Code, target: LAMP };
const TRAFFIC = { claimant: "MA.156.1301.02" as Code, target: OTHER };
const GTIN = { system: "gtin-13", value: "6901234567892" };
const LOCAL = { system: "works-number", value: "LD 7" };
const EVIDENCE = new Uint8Array(32).fill(7);

let city: City;
let server: Running;
let ask: Ask;
beforeAll(async () => {
  city = await openCity();
  const { registry, holders } = city;
  const { given } = registry;
  await given(
    holders.nation,
    setCodingSystemOf("gtin-13", "MA.156.1301"),
    setCodingSystemOf("sjz-lamp", "MA.156.1301"),
  );
  await given(
    holders.works,
    claimOf({ ...WORKS, ...GTIN, evidence: EVIDENCE }),
    claimOf({ ...WORKS, ...LOCAL }),
  );
  await given(holders.traffic, claimOf({ ...TRAFFIC, ...GTIN }));
  const divided = { system: "gbt2260", value: "130101", claimant: "MA.156.1301.01" as Code };
  await given(
    holders.works,
    claimOf({ ...divided, target: BENCH, from: "1980-01-01" as Day, until: "1999-12-31" as Day }),
    claimOf({ ...divided, target: LAMP, from: "2000-01-01" as Day, until: "2010-12-31" as Day }),
  );
  server = await startServer(registry);
  ask = await openContract(server);
});
afterAll(() => server.close());

const pathOf = ({ system, value }: { system: string; value: string }, more = ""): string =>
  `/v1/aliases?system=${system}&value=${encodeURIComponent(value)}${more}`;

describe("a legacy code", () => {
  test("that two claim for two things is in conflict, until one is disputed", async () => {
    const before = await ask(pathOf(GTIN));
    expect(before.status).toBe(200);
    expect(before.json).toMatchObject({
      ...{ system: "gtin-13", value: GTIN.value, authority: "MA.156.1301", next: null },
      meaning: { kind: "conflict", targets: [LAMP, OTHER] },
    });
    const claims = new Map(before.json.aliases.map((alias: { claimant: string }) => [alias.claimant, alias]));
    expect(claims.get(WORKS.claimant)).toMatchObject({
      ...{ relation: "same-as", target: LAMP, standing: "confirmed", evidence: "07".repeat(32) },
      ...{
        holder: { name: { en: "Sample urban management bureau" } },
        from: null,
        version: 1,
        bySystem: null,
      },
      byTarget: { verdict: "confirmed", holder: { name: { en: "Sample urban management bureau" } } },
    });
    expect(claims.get(TRAFFIC.claimant)).toMatchObject({
      target: OTHER,
      standing: "claimed",
      byTarget: null,
    });
    const { registry, holders } = city;
    await registry.given(holders.works, disputeOf({ ...TRAFFIC, ...GTIN }));
    const after = await ask(pathOf(GTIN));
    expect(after.json.meaning).toEqual({ kind: "one", target: LAMP, isConfirmed: true });
    await registry.given(holders.city, confirmOf({ ...TRAFFIC, ...GTIN, as: "system" }));
    const both = (await ask(pathOf(GTIN))).json.aliases.find(
      (alias: { standing: string }) => alias.standing === "disputed",
    );
    expect(both).toMatchObject({
      byTarget: { verdict: "disputed" },
      bySystem: { verdict: "confirmed" },
      version: 3,
    });
  });

  test("is found as it is written by people, in systems that are known here", async () => {
    expect((await ask(pathOf({ ...GTIN, value: " 690 1234-567892" }))).json).toMatchObject({
      value: GTIN.value,
    });
    expect((await ask(pathOf({ ...LOCAL, value: " LD 7" }))).json.meaning).toMatchObject({
      kind: "one",
      target: LAMP,
    });
    expect((await ask(pathOf({ ...LOCAL, value: "ld 7" }))).json.meaning).toEqual({ kind: "none" });
  });

  test("means what it meant on the day asked about", async () => {
    const on = async (day: string) =>
      (await ask(pathOf({ system: "gbt2260", value: "130101" }, `&day=${day}`))).json.meaning;
    expect(await on("1995")).toEqual({ kind: "one", target: BENCH, isConfirmed: true });
    expect(await on("1999")).toMatchObject({ target: BENCH });
    expect(await on("2000-01-01")).toMatchObject({ target: LAMP });
    const today = await ask(pathOf({ system: "gbt2260", value: "130101" }));
    expect(today.json.meaning).toEqual({ kind: "ended", targets: [LAMP, BENCH] });
    expect(today.json.day).toMatch(/^20\d\d-\d\d-\d\d$/);
  });

  test("is proven: what is claimed, that it is all, and that nobody claims another", async () => {
    const { policy } = city.registry;
    const bundle = await server.get(pathOf(GTIN, "&authority=true"), {
      accept: "application/vnd.cityroot.proof",
    });
    const shown = verifyAliases(new Uint8Array(await bundle.arrayBuffer()), GTIN, undefined, { policy });
    expect(shown).toMatchObject({ ok: true, value: { isLast: true, authority: "MA.156.1301" } });
    expect(shown.ok && shown.value.aliases.map(aliasStandingOf).sort()).toEqual(["confirmed", "disputed"]);
    const none = { system: "gtin-13", value: "4006381333931" };
    const { json } = await ask(pathOf(none, "&proof=true"));
    const absent = verifyAliases(Buffer.from(json.proof, "base64"), none, undefined, { policy });
    expect(json).toMatchObject({ meaning: { kind: "none" }, aliases: [] });
    expect(absent).toMatchObject({ ok: true, value: { isLast: true, aliases: [] } });
  });

  test("comes in parts", async () => {
    const first = (await ask(pathOf(GTIN, "&limit=1"))).json;
    const second = (await ask(pathOf(GTIN, `&limit=1&after=${first.next}`))).json;
    expect([first.aliases.length, second.aliases.length, second.next]).toEqual([1, 1, null]);
    expect(first.meaning).toEqual(second.meaning);
    expect(first.aliases[0].claimant).not.toBe(second.aliases[0].claimant);
  });

  test.each([
    [pathOf({ system: "resident", value: "11010519491231002X" }), 422, "PERSONAL_NUMBER", "value"],
    [pathOf({ system: "GTIN", value: "1" }), 400, "PARAMETER_MALFORMED", "system"],
    [pathOf({ system: "gtin-13", value: "" }), 400, "PARAMETER_MALFORMED", "value"],
    [pathOf({ system: "gtin-13", value: "1".repeat(513) }), 400, "PARAMETER_MALFORMED", "value"],
    [pathOf(GTIN, "&day=2026-02-30"), 400, "PARAMETER_MALFORMED", "day"],
    [pathOf(GTIN, "&day=next"), 400, "PARAMETER_MALFORMED", "day"],
    [pathOf(GTIN, "&after=00"), 400, "PARAMETER_MALFORMED", "after"],
    ["/v1/aliases/MA.15", 400, "CODE_MALFORMED", "country"],
  ])("%s is refused", async (path, status, name, field) => {
    const answer = await ask(path);
    expect(answer).toMatchObject({ status, json: { code: name } });
    expect(answer.json.field).toContain(field);
    expect(JSON.stringify(answer.json)).not.toContain("110105");
  });
});

test("an authority is proven however often it is asked for, whatever is proven in between", async () => {
  const { policy } = city.registry;
  const legacies = [
    GTIN,
    { ...GTIN, value: "4006381333931" },
    LOCAL,
    { system: "sjz-lamp", value: "1" },
    { system: "gbt2260", value: "130101" },
  ];
  const expected = ["MA.156.1301", "MA.156.1301", null, "MA.156.1301", null];
  for (let round = 0; round < 4; round++) {
    for (const [at, legacy] of legacies.entries()) {
      const answer = await ask(pathOf(legacy, "&exact=true&authority=true&limit=1000"), {
        headers: { accept: "application/vnd.cityroot.proof" },
      });
      const shown = verifyAliases(answer.bytes, legacy, undefined, { policy });
      expect(shown, `${legacy.system} in round ${round}`).toMatchObject({
        ok: true,
        value: { isLast: true, authority: expected[at] },
      });
      await ask(`/v1/proofs/${[LAMP, OTHER, BENCH, "MA.156.9"][round]!}?delegations=true`);
    }
  }
});

describe("a code", () => {
  test("leads to its aliases, however they stand", async () => {
    const { registry, holders } = city;
    await registry.given(holders.works, withdrawOf({ ...WORKS, ...LOCAL }));
    const { json } = await ask(`/v1/aliases/${LAMP}`);
    const told = json.aliases.map(
      ({ system, value, standing }: Record<string, string>) => `${system} ${value} ${standing}`,
    );
    expect(told.sort()).toEqual([
      "gbt2260 130101 confirmed",
      `gtin-13 ${GTIN.value} confirmed`,
      "works-number LD 7 withdrawn",
    ]);
    const { policy } = registry;
    const proof = (await ask(`/v1/aliases/${LAMP}?proof=true`)).json.proof;
    const shown = verifyAliased(Buffer.from(proof, "base64"), LAMP, undefined, { policy });
    expect(shown).toMatchObject({ ok: true, value: { isLast: true } });
    expect(shown.ok && shown.value.names.length).toBe(3);
    const first = (await ask(`/v1/aliases/${LAMP}?limit=2`)).json;
    const rest = (await ask(`/v1/aliases/${LAMP}?after=${first.next}`)).json;
    expect([first.aliases.length, rest.aliases.length, rest.next]).toEqual([2, 1, null]);
  });

  test("that was never issued has none", async () => {
    expect((await ask("/v1/aliases/MA.156.9")).json).toMatchObject({
      code: "MA.156.9",
      aliases: [],
      next: null,
    });
  });
});

test("coding systems are listed, with their authorities, also those that only the ledger knows", async () => {
  const { json } = await ask("/v1/coding-systems");
  const systems = new Map(json.systems.map((one: { system: string }) => [one.system, one]));
  expect(systems.get("gtin-13")).toMatchObject({
    title: { zh: expect.any(String) },
    authority: "MA.156.1301",
  });
  expect(systems.get("lei")).toMatchObject({
    authority: null,
    standards: [expect.stringContaining("17442")],
  });
  expect(systems.get("sjz-lamp")).toEqual({
    system: "sjz-lamp",
    title: null,
    standards: [],
    authority: "MA.156.1301",
  });
  expect(json.known).toBe(json.systems.length - 1);
});

test("a code that very many claim is weighed up to a bound, and a conflict among them is told", async () => {
  const { registry, holders } = await openCity();
  const firm = testHolder("Firm", 9);
  const prefixes = Array.from({ length: 1_030 }, (_, at) => `MA.156.1301.01/90.10000000.1/${at}` as Code);
  const delegated = (prefix: Code, holder: typeof firm.declaration | Uint8Array): Operation => {
    return { type: "delegate", prefix, holder, rule: null, class: "asset", attributes: [] };
  };
  await registry.given(holders.works, delegated(prefixes[0]!, firm.declaration));
  await registry.given(holders.works, ...prefixes.slice(1).map((prefix) => delegated(prefix, firm.id)));
  const crowded = await startServer(registry);
  const meaning = async (): Promise<unknown> => {
    const { aliases, meaning, next } = (await (await crowded.get(pathOf(GTIN))).json()) as {
      aliases: unknown[];
      meaning: unknown;
      next: string;
    };
    expect([aliases.length, next.length]).toEqual([100, 64]);
    return meaning;
  };
  const claimed = (claim: Partial<Parameters<typeof claimOf>[0]>, claimants = prefixes) =>
    registry.given(
      firm,
      ...claimants.map((claimant) => claimOf({ ...GTIN, claimant, target: LAMP, ...claim })),
    );
  await claimed({});
  expect(await meaning()).toEqual({ kind: "one", target: LAMP, isConfirmed: false });
  await claimed({ target: prefixes[0]! }, prefixes.slice(0, 1));
  expect(await meaning()).toEqual({ kind: "conflict", targets: [prefixes[0], LAMP].sort() });
  const [claimant] = prefixes as [Code];
  await registry.given(firm, withdrawOf({ ...GTIN, claimant, target: claimant }));
  expect(await meaning()).toEqual({ kind: "one", target: LAMP, isConfirmed: false });
  for (const relation of ["part-of", "located-at", "replaced-by"] as const) await claimed({ relation });
  expect(await meaning()).toBe(null);
  await crowded.close();
}, 60_000);
