import { readFileSync } from "node:fs";
import { compressDigitalLink } from "@cityroot/codes/gs1/compressed-link";
import { parseDigitalLink } from "@cityroot/codes/gs1/digital-link";
import type { Code } from "@cityroot/codes/ma/code";
import { issueOf } from "@cityroot/core/ledger.testing";
import { claimOf, confirmOf, retireOf, setCodingSystemOf } from "@cityroot/core/operation/operation.testing";
import type { Day } from "@cityroot/core/state/day";
import { Check, Errors } from "typebox/schema";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type City, openCity, type Running, startServer } from "./city.testing.ts";
import { type Ask, openContract } from "./contract.testing.ts";

/** Goal: an address of GS1 leads where the record of what it is claimed to be says, and nowhere else. */
const BASE = "https://id.example.cn";
const VOC = "https://ref.gs1.org/voc/";
const WORKS = "MA.156.1301.01" as Code;
const ITEM = `${WORKS}/60.10000000.1/000200` as Code;
const SINGLE = `${WORKS}/60.10000000.1/000201` as Code;
const OTHER = `${WORKS}/60.10000000.1/000202` as Code;
const GONE = `${WORKS}/60.10000000.1/000203` as Code;
const PLACE = `${WORKS}/60.10000000.1/000204` as Code;
const GTIN = "/01/09521234543213";

const link = (rel: string, href: string, type: string | null = null, lang: string | null = null) => ({
  ...{ rel, href: `https://example.cn/${href}`, type, lang, title: null },
});

let city: City;
let server: Running;
let ask: Ask;
beforeAll(async () => {
  city = await openCity();
  const { given } = city.registry;
  const { works, nation, city: mayor } = city.holders;
  await given(
    works,
    issueOf(ITEM, {
      links: [
        link("alternate", "feed", "application/atom+xml"),
        link(`${VOC}certificationInfo`, "certificate/1"),
        link(`${VOC}certificationInfo`, "certificate/2"),
        { ...link(`${VOC}defaultLink`, "lamp?from=label#top"), title: [["en", "Lamp"]] as const },
        link(`${VOC}defaultLinkMulti`, "lamp/en", "text/html", "en"),
        link(`${VOC}defaultLinkMulti`, "lamp/zh", "text/html", "zh"),
        link(`${VOC}instructions`, "guide/ch", "text/html", "de-CH"),
        link(`${VOC}instructions`, "guide/de", "text/html", "de"),
        link(`${VOC}pip`, "pip", "text/html", "zh"),
      ],
    }),
    issueOf(SINGLE, { links: [link(`${VOC}dpp`, "passport")] }),
    issueOf(OTHER),
    issueOf(GONE),
    issueOf(PLACE, { links: [link(`${VOC}defaultLink`, "place/home"), link(`${VOC}locationInfo`, "place")] }),
  );
  const claim = (system: string, value: string, target: Code) =>
    claimOf({ system, value, claimant: WORKS, target });
  await given(
    works,
    claim("gtin-13", "9521234543213", ITEM),
    claim("sgtin", "(01)09521234543213(21)12345", SINGLE),
    claim("gs1-digital-link", "https://id.gs1.org/01/09521234543213/10/LOT%2F7", OTHER),
    claim("sscc", "095201234567891235", OTHER),
    claim("giai", "95212345678AB", GONE),
    claimOf({
      system: "grai",
      value: "09521141111116",
      claimant: WORKS,
      target: OTHER,
      until: "1999-12-31" as Day,
    }),
    claim("gln", "9521321000018", PLACE),
    claim("gtin-8", "95200002", OTHER),
  );
  await given(works, retireOf(GONE));
  await given(
    mayor,
    claimOf({ system: "sscc", value: "095201234567891235", claimant: "MA.156.1301" as Code, target: ITEM }),
  );
  const authorities = ["gln", "gtin-13", "sgtin"].map((system) => setCodingSystemOf(system, "MA.156.1301"));
  await given(nation, ...authorities);
  await given(
    mayor,
    confirmOf({ system: "gtin-13", value: "9521234543213", claimant: WORKS, target: ITEM, as: "system" }),
    confirmOf({
      ...{ system: "sgtin", value: "(01)09521234543213(21)12345", claimant: WORKS, target: SINGLE },
      as: "system",
    }),
  );
  server = await startServer(city.registry, { publicUrl: BASE });
  ask = await openContract(server);
});
afterAll(() => server.close());

const to = async (path: string, headers: Record<string, string> = {}) => {
  const { status, headers: answered } = await ask(path, { headers });
  return [status, answered.get("location")];
};
const schemaOf = (name: string) =>
  JSON.parse(readFileSync(new URL(`../linkset/schemas/${name}`, import.meta.url), "utf8")) as object;
const SCHEMA = schemaOf("gs1-linkset-schema.json");

describe("an address leads", () => {
  test("to the default link of what it names, with its own query", async () => {
    expect(await to(GTIN)).toEqual([307, "https://example.cn/lamp?from=label#top"]);
    expect(await to(`${GTIN}/`)).toEqual([307, "https://example.cn/lamp?from=label#top"]);
    expect(await to(`${GTIN}?17=271231&utm=a%20b&from=elsewhere&x`)).toEqual([
      307,
      "https://example.cn/lamp?from=label&17=271231&utm=a%20b&x#top",
    ]);
    // A shorter number with zeros before it.
    expect(await to("/01/00000095200002")).toEqual([307, `${BASE}/${OTHER}`]);
  });

  test("to the default in the language that is liked, where there are several", async () => {
    const html = { accept: "text/html" };
    expect(await to(GTIN, { ...html, "accept-language": "zh-CN,zh;q=0.9" })).toEqual([
      307,
      "https://example.cn/lamp/zh",
    ]);
    expect(await to(GTIN, { ...html, "accept-language": "en" })).toEqual([307, "https://example.cn/lamp/en"]);
  });

  test("to the link that is asked for, under each of its names", async () => {
    for (const name of ["gs1:pip", `${VOC}pip`, "https://gs1.org/voc/pip", "pip"])
      expect(await to(`${GTIN}?linkType=${encodeURIComponent(name)}`), name).toEqual([
        307,
        expect.stringContaining("https://example.cn/pip"),
      ]);
    expect(await to(`${GTIN}?linkType=gs1:instructions&context=CH`)).toEqual([
      307,
      expect.stringContaining("guide/ch"),
    ]);
    expect(await to(`${GTIN}?linkType=gs1:instructions`, { "accept-language": "de" })).toEqual([
      307,
      expect.stringContaining("guide/de"),
    ]);
    expect(await to(`${GTIN}?linkType=alternate`, { accept: "application/atom+xml" })).toEqual([
      307,
      expect.stringContaining("https://example.cn/feed"),
    ]);
  });

  test("to a single thing by its serial, whatever lot it is said to be of, and to its kind by an unknown one", async () => {
    const page = `${BASE}/${SINGLE}`;
    expect(await to(`${GTIN}/21/12345`)).toEqual([307, page]);
    expect(await to(`${GTIN}/10/ANY/21/12345`)).toEqual([307, page]);
    expect(await to(`${GTIN}/21/99`)).toEqual([307, "https://example.cn/lamp?from=label#top"]);
    expect(await to(`${GTIN}/10/LOT%2F7`)).toEqual([307, `${BASE}/${OTHER}`]);
    // What the single thing has no link of, its kind may have.
    expect(await to(`${GTIN}/21/12345?linkType=gs1:pip`)).toEqual([
      307,
      expect.stringContaining("https://example.cn/pip"),
    ]);
  });

  test("to the same from its compressed form, which says what it is", async () => {
    for (const path of [GTIN, `${GTIN}/21/12345`]) {
      const read = parseDigitalLink(`${BASE}${path}`);
      if (!read.ok) throw new Error("no link");
      const { pathname } = new URL(compressDigitalLink(read.value));
      const { status, headers } = await ask(pathname);
      expect([status, headers.get("location")]).toEqual(await to(path));
      const same = `<${BASE}${path}>; rel="owl:sameAs"`;
      expect(headers.get("link")).toContain(same);
      expect((await ask(pathname, { method: "OPTIONS" })).headers.get("link")).toContain(same);
    }
  });

  test("nowhere but to this server, where the authority of the system does not stand for the claim", async () => {
    const [before] = [await to("/414/9521321000018")];
    expect(before).toEqual([307, `${BASE}/${PLACE}`]);
    expect((await ask("/414/9521321000018?linkType=gs1:locationInfo")).status).toBe(404);
    const name = { system: "gln", value: "9521321000018", claimant: WORKS, target: PLACE };
    await city.registry.given(city.holders.city, confirmOf({ ...name, as: "system" }));
    expect(await to("/414/9521321000018")).toEqual([307, "https://example.cn/place/home"]);
    expect(await to("/414/9521321000018?linkType=gs1:locationInfo")).toEqual([
      307,
      expect.stringContaining("https://example.cn/place?"),
    ]);
  });
});

test("what another claims of a lot, in a system without an authority, leads nobody off this server", async () => {
  const { given } = city.registry;
  const { traffic, nation } = city.holders;
  const own = "MA.156.1301.02/60.10000000.1/000900" as Code;
  await given(traffic, issueOf(own, { links: [link(`${VOC}defaultLink`, "elsewhere")] }));
  const lot = { system: "gs1-digital-link", value: "https://id.gs1.org/01/09521234543213/10/LOT1" };
  const claimant = "MA.156.1301.02" as Code;
  await given(traffic, claimOf({ ...lot, claimant, target: own }));
  expect(await to(`${GTIN}/10/LOT1`)).toEqual([307, `${BASE}/${own}`]);
  // An authority that was replaced stands for nothing any more.
  await given(nation, setCodingSystemOf(lot.system, "MA.156.1301.02"));
  await given(traffic, confirmOf({ ...lot, claimant, target: own, as: "system" }));
  expect(await to(`${GTIN}/10/LOT1`)).toEqual([307, "https://example.cn/elsewhere"]);
  await given(nation, setCodingSystemOf(lot.system, "MA.156.1301"));
  expect(await to(`${GTIN}/10/LOT1`)).toEqual([307, `${BASE}/${own}`]);
});

test("two names of one single thing that are claimed to be different codes are a conflict", async () => {
  const { given } = city.registry;
  const value = "https://id.gs1.org/01/09521234543213/10/LOT2/21/12345";
  await given(
    city.holders.works,
    claimOf({ system: "gs1-digital-link", value, claimant: WORKS, target: OTHER }),
  );
  expect(await to(`${GTIN}/10/LOT2/21/12345`)).toEqual([300, null]);
  expect(await to(`${GTIN}/21/12345`)).toEqual([307, `${BASE}/${SINGLE}`]);
});

test("a wish for no relation in particular is none", async () => {
  expect(await to(`${GTIN}?linkType=`)).toEqual([307, expect.stringContaining("https://example.cn/lamp?")]);
});

describe("an address that leads nowhere", () => {
  test.each([
    ["/01/09521234543210", 400, "DIGITAL_LINK_MALFORMED", "(01)"],
    ["/01/09521234543213/foo", 400, "DIGITAL_LINK_MALFORMED", "path"],
    ["/01/09521234543213/21", 400, "DIGITAL_LINK_MALFORMED", "path"],
    ["/01/09521234543213?10=A", 400, "DIGITAL_LINK_MALFORMED", "query"],
    ["/00/095201234567891242", 404, "DIGITAL_LINK_UNKNOWN", undefined],
    ["/01/09521234543213?linkType=gs1:epcis", 404, "LINK_NOT_FOUND", "linkType"],
    ["/8003/09521141111116", 410, "DIGITAL_LINK_ENDED", undefined],
    ["/8018/952123450000000005", 422, "PERSONAL_NUMBER", undefined],
    ["/8004/110101199003070003", 422, "PERSONAL_NUMBER", undefined],
    ["/01/09521234543213/21/%3110101199003070003", 422, "PERSONAL_NUMBER", undefined],
  ])("%s says why: %i %s", async (path, status, code, field) => {
    const { json, ...answer } = await ask(path, { headers: { accept: "application/json" } });
    expect(answer.status).toBe(status);
    expect(json).toMatchObject({ status, code, ...(field !== undefined && { field }) });
  });

  test.each([
    ["/01/09521234543210", 400],
    ["/00/095201234567891242", 404],
    ["/8003/09521141111116", 410],
    ["/00/095201234567891235", 300],
  ])("%s has a page: %i", async (path, expected) => {
    for (const language of ["zh", "en"]) {
      const { status, text } = await ask(path, {
        headers: { accept: "text/html", "accept-language": language },
      });
      expect(status).toBe(expected);
      expect(text).toContain(`<html lang="${language}">`);
      expect(text).toContain(path);
    }
  });

  test("since two claim it to be different codes chooses none of them", async () => {
    const { status, json, headers } = await ask("/00/095201234567891235");
    expect([status, headers.get("location")]).toEqual([300, null]);
    const hrefs = json.linkset[0].related.map(({ href }: { href: string }) => href);
    expect(hrefs.sort()).toEqual([ITEM, OTHER].map((code) => `${BASE}/${code}`).sort());
  });

  test("since its code was retired is 410 with what there is of it", async () => {
    const { status, json } = await ask("/8004/95212345678AB");
    expect(status).toBe(410);
    expect(Check(SCHEMA, json)).toBe(true);
    expect((await ask("/8004/95212345678AB", { headers: { accept: "text/html" } })).text).toContain(GONE);
  });
});

describe("the link set of an address", () => {
  const forms: readonly (readonly [path: string, accept: string | undefined, type: string])[] = [
    [`${GTIN}?linkType=linkset`, undefined, "application/linkset+json"],
    [`${GTIN}?linkType=all`, undefined, "application/linkset+json"],
    [GTIN, "application/linkset+json", "application/linkset+json"],
    [`${GTIN}?linkType=linkset`, "application/json", "application/json"],
    [`${GTIN}?linkType=linkset`, "application/ld+json", "application/ld+json"],
    [`${GTIN}/10/LOT%2F7/21/12345?linkType=linkset`, undefined, "application/linkset+json"],
  ];

  test.each(forms)("%s as %s is valid by the published schema", async (path, accept, type) => {
    const { status, headers, json } = await ask(path, { headers: accept === undefined ? {} : { accept } });
    expect([status, headers.get("content-type")?.split(";")[0]]).toEqual([200, type]);
    const { "@context": context, ...set } = json;
    expect(context).toBe(
      type === "application/ld+json" ? "https://ref.gs1.org/standards/resolver/linkset-context" : undefined,
    );
    expect(Errors(SCHEMA, set)[1]).toEqual([]);
    for (const one of set.linkset) {
      expect(one[`${VOC}defaultLink`]).toHaveLength(1);
      const { type: none, hreflang, context: region } = one[`${VOC}defaultLink`][0];
      expect([none, hreflang, region]).toEqual([undefined, undefined, undefined]);
    }
    expect(headers.get("link")).toContain('rel="http://www.w3.org/ns/json-ld#context"');
  });

  test("names all things of the address, the finest first", async () => {
    const { json } = await ask(`${GTIN}/10/LOT%2F7/21/12345?linkType=linkset`);
    expect(json.linkset.map(({ anchor }: { anchor: string }) => anchor)).toEqual([
      `${BASE}${GTIN}/10/LOT%2F7/21/12345`,
      `${BASE}${GTIN}/10/LOT%2F7`,
      `${BASE}${GTIN}`,
    ]);
    expect(json.linkset[0][`${VOC}dpp`]).toMatchObject([{ href: "https://example.cn/passport" }]);
  });

  test("also comes as headers, one link a line", async () => {
    const { text, headers } = await ask(`${GTIN}?linkType=linkset`, {
      headers: { accept: "application/linkset" },
    });
    expect(headers.get("content-type")).toBe("application/linkset");
    expect(text).toContain(
      `<https://example.cn/pip>; rel="${VOC}pip"; anchor="${BASE}${GTIN}"; type="text/html"; hreflang="zh"`,
    );
  });

  test("is named by every answer, also to HEAD and OPTIONS", async () => {
    const expected = `<${BASE}${GTIN}?linkType=linkset>; rel="linkset"; type="application/linkset+json"`;
    for (const method of ["GET", "HEAD", "OPTIONS"]) {
      const { headers } = await ask(GTIN, { method });
      expect(headers.get("link"), method).toContain(expected);
      expect(headers.get("access-control-allow-origin"), method).toBe("*");
    }
    const { headers } = await ask(GTIN, { method: "OPTIONS" });
    expect(headers.get("access-control-allow-methods")).toBe("GET, HEAD, OPTIONS");
  });

  test("holds several links that nothing tells apart, which is 300", async () => {
    const { status, json } = await ask(`${GTIN}?linkType=gs1:certificationInfo`);
    expect(status).toBe(300);
    expect(json.linkset[0][`${VOC}certificationInfo`]).toHaveLength(2);
  });
});

test("the number of a person stands in no answer, also where it is mistyped", async () => {
  for (const number of ["952123450000000005", "952123450000000006", "9521234500000000XX"]) {
    for (const accept of ["application/json", "text/html"]) {
      for (const method of ["GET", "OPTIONS"]) {
        const { text, headers } = await ask(`/8018/${number}`, { method, headers: { accept } });
        expect(text + [...headers].join("\n"), method).not.toContain(number.slice(0, 8));
      }
    }
  }
});

test("the server says of itself what kind of resolver it is", async () => {
  const { json, status } = await ask("/.well-known/gs1resolver");
  expect(status).toBe(200);
  expect(json).toMatchObject({ resolverRoot: BASE, linkTypeDefaultCanBeLinkset: false });
  // The keys that https://ref.gs1.org/standards/resolver/1.2.0/description-file-schema allows.
  const published = "01 8006 8013 8010 410 411 412 413 414 415 417 8017 8018 255 00 253 401 402 8003 8004";
  const all = published.split(" ").filter((key) => key !== "8018");
  expect([...json.supportedPrimaryKeys].sort()).toEqual(all.sort());
});

test("without a public address, a host header with anything else in it names none", async () => {
  const plain = await startServer((await openCity()).registry);
  const { request } = await import("node:http");
  const { port } = new URL(plain.base);
  const root = await new Promise<unknown>((resolve) => {
    const outgoing = request(
      { port, path: "/.well-known/gs1resolver", headers: { host: 'x"><script>' } },
      (answer) => {
        let text = "";
        answer.on("data", (chunk) => {
          text += chunk;
        });
        answer.on("end", () => resolve((JSON.parse(text) as { resolverRoot?: unknown }).resolverRoot));
      },
    );
    outgoing.end();
  });
  expect(root).toBe("");
  await plain.close();
});
