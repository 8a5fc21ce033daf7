import type { Code } from "@cityroot/codes/ma/code";
import { claimOf } from "@cityroot/core/operation/operation.testing";
import { verifyList } from "@cityroot/core/proof/verify-list";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type City, openCity, type Running, startServer } from "./city.testing.ts";
import { type Ask, openContract } from "./contract.testing.ts";

// Goal: however large records are, no answer grows beyond what the server grants, and parts still make up the whole.
// Method: a server that grants a few hundred bytes a part, so that one or two records fill it.

const PREFIX = "MA.156.1301" as Code;
let city: City;
let whole: Running;
let scant: Running;
let askWhole: Ask;
let askScant: Ask;
beforeAll(async () => {
  city = await openCity();
  whole = await startServer(city.registry);
  scant = await startServer(city.registry, { limits: { partBytesMax: 300 } });
  askWhole = await openContract(whole);
  askScant = await openContract(scant);
}, 60_000);
afterAll(async () => {
  await whole.close();
  await scant.close();
});

test("parts of a list end early where their records are large, and together are the list", async () => {
  const all = (await askWhole(`/v1/lists/${PREFIX}?limit=1000`)).json.entries;
  const gathered: unknown[] = [];
  let after = "";
  let parts = 0;
  do {
    const { json } = await askScant(`/v1/lists/${PREFIX}?limit=1000&proof=true${after}`);
    const from = after === "" ? undefined : (after.slice("&after=".length) as Code);
    const proven = verifyList(Buffer.from(json.proof, "base64"), PREFIX, from, {
      policy: city.registry.policy,
    });
    if (!proven.ok) throw new Error(proven.failure.detail);
    expect(proven.value.entries.length).toBe(json.entries.length);
    expect(proven.value.isLast).toBe(json.next === null);
    gathered.push(...json.entries);
    parts += 1;
    after = json.next === null ? "" : `&after=${json.next}`;
  } while (after !== "");
  expect(parts).toBeGreaterThan(2);
  expect(gathered).toEqual(all);
});

test("so do parts of what lies nearest below a code", async () => {
  const all = (await askWhole(`/v1/lists/${PREFIX}?limit=1000&nearest=true`)).json.entries;
  const gathered: unknown[] = [];
  for (let after = ""; ; ) {
    const { json } = await askScant(`/v1/lists/${PREFIX}?limit=1000&nearest=true${after}`);
    gathered.push(...json.entries);
    if (json.next === null) break;
    after = `&after=${json.next}`;
  }
  expect(gathered).toEqual(all);
});

test("so do parts of a history", async () => {
  const versioned = (await askWhole(`/v1/lists/MA.156?limit=1000`)).json.entries as { code: string }[];
  let longest = 0;
  for (const { code } of versioned) {
    const all = (await askWhole(`/v1/history/${code}?limit=1000`)).json.versions as unknown[];
    longest = Math.max(longest, all.length);
    const gathered: unknown[] = [];
    for (let before = ""; ; ) {
      const { json } = await askScant(`/v1/history/${code}?limit=1000${before}`);
      gathered.push(...json.versions);
      if (json.next === null) break;
      before = `&before=${json.next}`;
    }
    expect(gathered, code).toEqual(all);
  }
  expect(longest).toBeGreaterThan(1);
});

test("so do parts of what is claimed of a legacy code, and of a code's claims", async () => {
  const system = "works-number";
  const target = "MA.156.1301.01/60.10000000.1/000123" as Code;
  const claimant = "MA.156.1301.01" as Code;
  const relations = ["same-as", "part-of", "located-at", "replaced-by"] as const;
  await city.registry.given(
    city.holders.works,
    ...["LD 7", "LD 8"].flatMap((value) =>
      relations.map((relation) => claimOf({ system, value, claimant, target, relation })),
    ),
  );
  const paths = [
    [4, "/v1/aliases?system=works-number&value=LD%207&exact=true"],
    [8, `/v1/aliases/${target}?`],
  ] as const;
  for (const [count, path] of paths) {
    const all = (await askWhole(`${path}&limit=1000`)).json.aliases as unknown[];
    expect(all).toHaveLength(count);
    const gathered: unknown[] = [];
    let parts = 0;
    for (let after = ""; ; parts++) {
      const { json } = await askScant(`${path}&limit=1000${after}`);
      gathered.push(...json.aliases);
      if (json.next === null) break;
      after = `&after=${json.next}`;
    }
    expect(parts).toBeGreaterThan(0);
    expect(gathered).toEqual(all);
  }
});
