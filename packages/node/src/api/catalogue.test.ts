import type { Code } from "@cityroot/codes/ma/code";
import { issueOf } from "@cityroot/core/ledger.testing";
import { retireOf } from "@cityroot/core/operation/operation.testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openCity, type Running, startServer } from "./city.testing.ts";
import { type Ask, openContract } from "./contract.testing.ts";

/** Goal: harvesters of catalogues find every data set that has a code, with who publishes it and where its files are. */
const BASE = "https://id.example.cn";
const TRAFFIC = "MA.156.1301.02" as Code;
const SET = `${TRAFFIC}/60.10000000.9/000001` as Code;
const GONE = `${TRAFFIC}/60.10000000.9/000002` as Code;

let server: Running;
let ask: Ask;
beforeAll(async () => {
  const { registry, holders } = await openCity();
  const link = (rel: string, href: string, type: string | null = null, lang: string | null = null) => ({
    ...{ rel, href: `https://data.example.cn/${href}`, type, lang, title: null },
  });
  const name = [
    ["en", "Stops"],
    ["zh", "公交站点"],
  ] as const;
  await registry.given(
    holders.traffic,
    issueOf(SET, {
      class: "dataset",
      attributes: [["name", name]],
      links: [
        link("describedby", "stops.html"),
        link("enclosure", "stops.csv", "text/csv", "zh-CN"),
        link("license", "cc-by"),
      ],
    }),
    issueOf(GONE, { class: "data-set" }),
  );
  await registry.given(holders.traffic, retireOf(GONE));
  server = await startServer(registry, { publicUrl: BASE });
  ask = await openContract(server);
});
afterAll(() => server.close());

test("the registry tells what it has, and where the data sets of its roots are listed", async () => {
  const { json, headers } = await ask("/v1/catalogue");
  expect(headers.get("content-type")).toBe("application/ld+json");
  expect(json).toMatchObject({
    "@type": "dcat:Catalog",
    "dcat:catalog": [{ "@id": `${BASE}/v1/catalogue/MA.156` }],
    "dcat:service": [{ "dcat:endpointDescription": { "@id": `${BASE}/openapi.json` } }],
  });
  // What it says that it has is there, in the form that it says.
  let count = 0;
  for (const { "dcat:distribution": places } of json["dcat:dataset"]) {
    for (const { "dcat:accessURL": place, "dcat:mediaType": media } of places) {
      const path = place["@id"].slice(BASE.length);
      const accept = media["@id"].slice("https://www.iana.org/assignments/media-types/".length);
      const { status, headers: given } = await ask(path, { headers: { accept } });
      expect([status, given.get("content-type")?.split(";")[0]], path).toEqual([200, accept]);
      count += 1;
    }
  }
  expect(count).toBe(3);
});

test("the data sets below a prefix, with their publisher and files, and none that was retired", async () => {
  for (const prefix of ["MA.156", TRAFFIC, SET]) {
    const { json } = await ask(`/v1/catalogue/${prefix}`);
    expect(json["dcat:dataset"], prefix).toHaveLength(1);
    expect(json["dcat:dataset"][0]).toMatchObject({
      "@id": `${BASE}/${SET}`,
      "dct:identifier": SET,
      "dct:title": [
        { "@value": "Stops", "@language": "en" },
        { "@value": "公交站点", "@language": "zh" },
      ],
      "dct:publisher": {
        "foaf:name": expect.arrayContaining([{ "@value": "Sample traffic department", "@language": "en" }]),
      },
      "dct:license": [{ "@id": "https://data.example.cn/cc-by" }],
      "foaf:page": [{ "@id": "https://data.example.cn/stops.html" }],
      "dcat:distribution": [
        {
          "dcat:downloadURL": { "@id": "https://data.example.cn/stops.csv" },
          "dcat:mediaType": { "@id": "https://www.iana.org/assignments/media-types/text/csv" },
          "dct:language": [{ "@id": "http://id.loc.gov/vocabulary/iso639-1/zh" }],
        },
      ],
    });
  }
  expect((await ask("/v1/catalogue/MA.156.1301.01")).json["dcat:dataset"]).toEqual([]);
  expect((await ask(`/v1/catalogue/MA.156?after=${encodeURIComponent(SET)}`)).json["dcat:dataset"]).toEqual(
    [],
  );
});

test("every page leads there", async () => {
  for (const path of ["/", `/${SET}`]) {
    expect((await ask(path, { headers: { accept: "text/html" } })).text).toContain('href="/v1/catalogue"');
  }
});

test("a part ends where much was looked at, and leads to the next", async () => {
  const small = await startServer((await openCity()).registry, {
    publicUrl: BASE,
    limits: { partBytesMax: 1 },
  });
  const { headers } = await small.get("/v1/catalogue/MA.156");
  expect(headers.get("link")).toBe(
    `<${BASE}/v1/catalogue/MA.156?after=MA.156>; rel="next"; type="application/ld+json"`,
  );
  await small.close();
});

test.each([
  ["/v1/catalogue/MA.15", "CODE_MALFORMED"],
  ["/v1/catalogue/MA.156?after=x", "PARAMETER_MALFORMED"],
  ["/v1/catalogue/MA.156?limit=3", "PARAMETER_MALFORMED"],
])("%s is refused: %s", async (path, code) => {
  expect(await ask(path)).toMatchObject({ status: 400, json: { code } });
});
