import { request } from "node:http";
import type { Code } from "@cityroot/codes/ma/code";
import { issueOf } from "@cityroot/core/ledger.testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openCity, type Running, startServer } from "./city.testing.ts";
import { type Ask, openContract } from "./contract.testing.ts";

/** Goal: all that a code is linked to is found by programs of others, in each form of RFC 9264, and by one relation at a time. */
const BASE = "https://id.example.cn";
const CODE = "MA.156.1301.01/60.10000000.1/000300" as Code;
const HOSTILE = "MA.156.1301.01/60.10000000.1/000301" as Code;
const link = (rel: string, href: string, type: string | null = null, lang: string | null = null) => ({
  ...{ rel, href: `https://example.cn/${href}`, type, lang },
  title: [
    ["en", `It's "${rel}"`],
    ["zh", "链接"],
  ] as const,
});

let server: Running;
let ask: Ask;
beforeAll(async () => {
  const { registry, holders } = await openCity();
  const links = [
    link("describedby", "data.pdf", "application/pdf", "zh"),
    link("https://example.org/rel/map", "map/1"),
    link("https://example.org/rel/map", "map/2"),
    link("https://ref.gs1.org/voc/pip", "en", "text/html", "en"),
    link("https://ref.gs1.org/voc/pip", "zh", "text/html", "zh"),
  ];
  await registry.given(holders.works, issueOf(CODE, { links }));
  const name = [["en", "</script><script>alert(1)</script><!-- &amp;"]] as const;
  await registry.given(holders.works, issueOf(HOSTILE, { attributes: [["name", name]] }));
  server = await startServer(registry, { publicUrl: BASE });
  ask = await openContract(server);
});
afterAll(() => server.close());

test.each(["GET", "HEAD"])("every answer about a code names its link set: %s", async (method) => {
  const expected = `<${BASE}/${CODE}?linkType=linkset>; rel="linkset"; type="application/linkset+json"`;
  for (const accept of ["text/html", "application/json", "application/ld+json", "application/linkset+json"]) {
    const { status, headers } = await ask(`/${CODE}`, { method, headers: { accept } });
    expect([status, headers.get("content-type")?.split(";")[0]]).toEqual([200, accept]);
    expect(headers.get("link"), accept).toContain(expected);
    expect(headers.get("vary"), accept).toContain("accept");
  }
});

test("the set comes in JSON and in the form of headers, titles in all their languages", async () => {
  for (const query of ["linkType=linkset", "linkType=all", "linktype=linkset"]) {
    const { json, headers } = await ask(`/${CODE}?${query}`);
    expect(headers.get("content-type")).toBe("application/linkset+json");
    expect(json.linkset[0]).toMatchObject({
      anchor: `${BASE}/${CODE}`,
      describedby: [{ href: "https://example.cn/data.pdf", hreflang: ["zh"], type: "application/pdf" }],
    });
    expect(json.linkset[0].describedby[0]["title*"]).toEqual([
      { value: 'It\'s "describedby"', language: "en" },
      { value: "链接", language: "zh" },
    ]);
  }
  const { text, headers } = await ask(`/${CODE}`, { headers: { accept: "application/linkset" } });
  expect(headers.get("content-type")).toBe("application/linkset");
  expect(text).toContain(
    `<https://example.cn/data.pdf>; rel="describedby"; anchor="${BASE}/${CODE}"; type="application/pdf"; hreflang="zh"; title*=UTF-8'en'It%27s%20%22describedby%22`,
  );
});

test("one relation leads to its link, by language where there are several", async () => {
  const locationOf = async (query: string, headers: Record<string, string> = {}) => {
    const answer = await ask(`/${CODE}?${query}`, { headers });
    return [answer.status, answer.headers.get("location")];
  };
  expect(await locationOf("linkType=describedby")).toEqual([307, "https://example.cn/data.pdf"]);
  expect(await locationOf("linkType=gs1:pip", { "accept-language": "en" })).toEqual([
    307,
    "https://example.cn/en",
  ]);
  expect(await locationOf("linkType=gs1:pip", { "accept-language": "zh-CN" })).toEqual([
    307,
    "https://example.cn/zh",
  ]);
  expect(await locationOf(`linkType=${encodeURIComponent("https://example.org/rel/map")}`)).toEqual([
    300,
    null,
  ]);
  expect(await locationOf("linkType=constructor")).toEqual([404, null]);
  expect((await ask(`/${CODE}?linkType=constructor`)).json).toMatchObject({
    code: "LINK_NOT_FOUND",
    field: "linkType",
  });
});

test("asked for as JSON, the set is JSON", async () => {
  const { json, headers } = await ask(`/${CODE}?linkType=linkset`, {
    headers: { accept: "application/json" },
  });
  expect(headers.get("content-type")).toContain("application/json");
  expect(json.linkset[0].anchor).toBe(`${BASE}/${CODE}`);
});

test("OPTIONS names the set too, and nothing where the path is no code", async () => {
  const { status, headers } = await ask(`/${CODE}`, { method: "OPTIONS" });
  expect([status, headers.get("link")]).toEqual([
    204,
    `<${BASE}/${CODE}?linkType=linkset>; rel="linkset"; type="application/linkset+json"`,
  ]);
  expect((await ask("/nothing-here", { method: "OPTIONS" })).headers.get("link")).toBeNull();
});

test("a target that names a host is answered as its path, whatever the host", async () => {
  const { port } = new URL(server.base);
  for (const path of [
    `http://other.example/${CODE}?linkType=describedby`,
    `HTTPS://x/${CODE}?linkType=describedby`,
  ]) {
    const location = await new Promise<unknown>((resolve, reject) => {
      const outgoing = request({ port, path }, (answer) => {
        answer.resume();
        resolve([answer.statusCode, answer.headers.location]);
      });
      outgoing.on("error", reject);
      outgoing.end();
    });
    expect(location, path).toEqual([307, "https://example.cn/data.pdf"]);
  }
});

test("no name of a thing becomes markup of its page", async () => {
  const hostile = "</script><script>alert(1)</script><!-- &amp;";
  const { text } = await ask(`/${HOSTILE}`, { headers: { accept: "text/html", "accept-language": "en" } });
  expect(text).not.toContain("<script>");
  expect(text).not.toContain("<!--");
  const { json } = await ask(`/${HOSTILE}`, { headers: { accept: "application/ld+json" } });
  expect(json.name).toEqual([{ "@value": hostile, "@language": "en" }]);
  const [, data = ""] = /<script type="application\/ld\+json">([^<]*)<\/script>/.exec(text) ?? [];
  expect(JSON.parse(data)).toEqual(json);
});

test("JSON-LD says in terms of schema.org what the code is, also in the page", async () => {
  const { json } = await ask(`/${CODE}`, { headers: { accept: "application/ld+json" } });
  expect(json).toMatchObject({
    "@context": "https://schema.org",
    "@id": `${BASE}/${CODE}`,
    identifier: expect.anything(),
  });
  const { text } = await ask(`/${CODE}`, { headers: { accept: "text/html" } });
  const [, data = ""] = /<script type="application\/ld\+json">([^<]*)<\/script>/.exec(text) ?? [];
  expect(JSON.parse(data)).toEqual(json);
});
