import type { Code } from "@cityroot/codes/ma/code";
import { claimOf } from "@cityroot/core/operation/operation.testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type City, openCity, type Running, startServer } from "./city.testing.ts";

let city: City;
let server: Running;
beforeAll(async () => {
  city = await openCity();
  server = await startServer(city.registry);
});
afterAll(() => server.close());

type Whole = { readonly status: number; readonly headers: object; readonly body: string };

async function whole(path: string, init?: RequestInit): Promise<Whole> {
  const response = await fetch(server.base + path, init);
  const headers = Object.fromEntries([...response.headers].filter(([name]) => name !== "date"));
  return {
    status: response.status,
    headers,
    body: Buffer.from(await response.arrayBuffer()).toString("hex"),
  };
}

/**
 * Goal: what is answered before the router is what the router answers.
 * Method: the same questions in two spellings, of which only the first is answered before the router.
 */
test("an answer before the router is the router's own", async () => {
  const codes = [
    "MA.156.1301.01/60.10000000.1/000123",
    "MA.156.1301.01/60.10000000.1/000124",
    "MA.156.1301.01/60.10000000.1/000125",
    "MA.156.1301.01/60.10000000.2/000044",
    "MA.156.1301.02/60.10000000.1/900001151",
    "MA.156.1301",
    "MA.156.1301.01/60.10000000.1/9",
    "MA.999",
    "MA.15",
    "ma.156",
    "MA.156.13%30%31",
    "MA.156%2F1",
    "",
    "..",
    "MA.156/../MA.156",
  ];
  for (const code of codes) {
    const pairs: readonly (readonly [string, string])[] = [
      [`/v1/codes/${code}`, `/v1/codes/${code}?proof=false`],
      [`/v1/codes/${code}?proof=true`, `/v1/codes/${code}?proof=true&delegations=false`],
      [`/v1/proofs/${code}`, `/v1/proofs/${code}?delegations=false`],
      [`/v1/proofs/${code}?delegations=true`, `/v1/proofs/${code}?&delegations=true`],
    ];
    for (const [hot, routed] of pairs) expect(await whole(hot), hot).toEqual(await whole(routed));
  }
});

test("so is one about a legacy code", async () => {
  const { registry, holders } = city;
  const claim = { claimant: "MA.156.1301.01" as Code, target: "MA.156.1301.01/60.10000000.1/000123" as Code };
  await registry.given(holders.works, claimOf({ ...claim, system: "gtin-13", value: "6901234567892" }));
  const asked = [
    "gtin-13&value=6901234567892",
    "gtin-13&value=690-1234-567892",
    "gtin-13&value=6901234567893",
  ];
  const others = [
    "serial&value=A.1",
    "imei&value=351234491231007",
    "resident&value=11010519491231002X",
    "Serial&value=1",
  ];
  for (const question of [...asked, ...others]) {
    const path = `/v1/aliases?system=${question}`;
    const [system, value] = question.split("&value=");
    const routed = `/v1/aliases?value=${value}&system=${system}`;
    const proven = "&exact=true&authority=true&limit=1000";
    expect(await whole(path + proven), path).toEqual(await whole(routed + proven));
    expect(await whole(path), path).toEqual(await whole(routed));
    for (const accept of ["application/vnd.cityroot.proof", "*/*", "application/json", "text/html"]) {
      const init = { headers: { accept } };
      expect(await whole(path, init), `${path} as ${accept}`).toEqual(await whole(routed, init));
      const told = `${path}${proven} as ${accept}`;
      expect(await whole(path + proven, init), told).toEqual(await whole(routed + proven, init));
    }
  }
});

test("both say the same when the registry cannot be read", async () => {
  city.registry.failReads(new Error("the disk is gone"));
  const hot = await whole("/v1/codes/MA.156");
  expect(hot.status).toBe(503);
  expect(hot).toEqual(await whole("/v1/codes/MA.156?proof=false"));
  expect(await whole("/v1/proofs/MA.156")).toEqual(await whole("/v1/proofs/MA.156?delegations=false"));
  city.registry.failReads(null);
});

test("answers in one connection stay apart, however they come", async () => {
  const paths = Array.from({ length: 40 }, (_, at) =>
    at % 4 === 0
      ? "/v1/history/MA.156"
      : at % 4 === 1
        ? "/v1/codes/MA.156"
        : at % 4 === 2
          ? "/v1/codes/MA.999"
          : "/v1/proofs/MA.156",
  );
  const once = new Map<string, Whole>();
  for (const path of paths) once.set(path, await whole(path));
  const answers = await Promise.all(paths.map((path) => whole(path)));
  for (const [at, answer] of answers.entries()) expect(answer, paths[at]).toEqual(once.get(paths[at]!));
});
