import { readFileSync } from "node:fs";
import { Check, Errors } from "typebox/schema";
import { describe, expect, test } from "vitest";
import { linkValue } from "./link-header.ts";
import { printGs1Linkset, printLinkset, printLinksetText } from "./print-linkset.ts";
import { GS1_VOCABULARY } from "./relation.ts";
import type { LinkContext, SetLink } from "./set-link.ts";

const schemaOf = (name: string) =>
  JSON.parse(readFileSync(new URL(`./schemas/${name}`, import.meta.url), "utf8")) as object;
const link = (rel: string, said: Partial<SetLink> = {}): SetLink => ({
  ...{
    rel,
    href: `https://example.cn/${encodeURIComponent(rel)}`,
    type: null,
    languages: [],
    regions: [],
    title: null,
  },
  ...said,
});
const context = (...links: SetLink[]): LinkContext => ({
  anchor: "https://id.example.cn/01/09521234543213",
  called: [
    ["en", "Lamp"],
    ["zh", "路灯"],
  ],
  links,
});
// biome-ignore lint/suspicious/noExplicitAny: what is printed is looked into.
const first = (set: unknown): any => (set as { linkset: unknown[] }).linkset[0];

describe("in JSON", () => {
  test("a set is valid by the published schema, as far as that has room for what RFC 9264 has", () => {
    const set = printLinkset([
      context(
        link("about", { type: "text/html", languages: ["en", "zh-CN"] }),
        link("about"),
        link("https://example.org/rel/map"),
      ),
    ]);
    expect(Errors(schemaOf("linkset-schema.json"), set)[1]).toEqual([]);
    expect(first(set).about).toHaveLength(2);
  });

  test("no relation stands where the thing is named, or falls on what every object has", () => {
    const set = printLinkset([
      context(link("anchor"), link("constructor"), link("tostring"), link("__proto__")),
    ]);
    expect(first(set)).toMatchObject({ anchor: "https://id.example.cn/01/09521234543213" });
    expect(Object.keys(first(set)).sort()).toEqual(["__proto__", "anchor", "constructor", "tostring"]);
  });
});

describe("in the form of GS1", () => {
  const schema = schemaOf("gs1-linkset-schema.json");

  test("a set is valid by the published schema, whatever records hold", () => {
    const hostile = [
      link("version-history"),
      link("anchor"),
      link("x.y"),
      link("https://example.org/a-b?c"),
      link(`${GS1_VOCABULARY}pip`, { type: "text/html", languages: ["zh-Hans-CN", "zh-CN", "yue", "en"] }),
      link(`${GS1_VOCABULARY}pip`, { languages: ["de-CH"], regions: ["CH"], title: [["de", "Lampe"]] }),
    ];
    const set = printGs1Linkset([context(...hostile)], "en");
    expect(Errors(schema, set)[1]).toEqual([]);
    expect(Check(schema, { linkset: [{ itemDescription: "no anchor" }] })).toBe(false);
    expect(Object.keys(first(set))).toEqual([
      "anchor",
      "itemDescription",
      "version-history",
      `${GS1_VOCABULARY}pip`,
    ]);
    expect(first(set)[`${GS1_VOCABULARY}pip`][0].hreflang).toEqual(["zh-CN", "en"]);
  });

  test("titles are in the language of their targets, or of who asks, or else what the relation is called", () => {
    const title = [
      ["en", "Lamp page"],
      ["zh", "路灯页面"],
    ] as const;
    const links = [
      link("about", { title, languages: ["zh"] }),
      link("help", { title }),
      link(`${GS1_VOCABULARY}pip`),
      link("item", { title: [["de", "Lampe"]], languages: ["en"] }),
    ];
    const titlesIn = (language: "zh" | "en") => {
      const one = first(printGs1Linkset([context(...links)], language));
      return [one.itemDescription, ...links.map(({ rel }) => one[rel][0].title)];
    };
    expect(titlesIn("en")).toEqual(["Lamp", "路灯页面", "Lamp page", "Product information page", "Lampe"]);
    expect(titlesIn("zh")).toEqual(["路灯", "路灯页面", "路灯页面", "产品信息页", "Lampe"]);
  });
});

describe("in the form of headers", () => {
  test("each link is a line that says all of it", () => {
    expect(
      printLinksetText([
        context(
          link("about", {
            type: "text/html",
            languages: ["en", "zh"],
            title: [["en", `It's "100%" (a*b), 灯`]],
          }),
          link("help"),
        ),
      ]),
    ).toBe(
      `<https://example.cn/about>; rel="about"; anchor="https://id.example.cn/01/09521234543213"; type="text/html"; hreflang="en"; hreflang="zh"; title*=UTF-8'en'It%27s%20%22100%25%22%20%28a%2Ab%29%2C%20%E7%81%AF,
<https://example.cn/help>; rel="help"; anchor="https://id.example.cn/01/09521234543213"
`,
    );
  });

  test("no title ends its link, whatever is in it", () => {
    for (const title of [
      `"; rel="stylesheet`,
      ">, <https://evil.example>",
      "\r\nset-cookie: a=b",
      "\ud83d\ude80",
    ]) {
      const value = linkValue(link("about", { title: [["und", title]] }));
      expect(value).toMatch(
        /^<https:\/\/example\.cn\/about>; rel="about"; title\*=UTF-8'und'[A-Za-z0-9%!._~-]*$/,
      );
    }
  });
});
