import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chooseLinks, type Wish } from "./choose-link.ts";
import type { SetLink } from "./set-link.ts";

const ANY: Wish = { accept: undefined, acceptLanguage: undefined, region: undefined };
const link = (href: string, said: Partial<SetLink> = {}): SetLink => ({
  ...{ rel: "about", href, type: null, languages: [], regions: [], title: null },
  ...said,
});
const chosen = (links: readonly SetLink[], wish: Partial<Wish>): string =>
  chooseLinks(links, { ...ANY, ...wish })
    .map(({ href }) => href)
    .join(" ");

describe("of several links", () => {
  const languages = [
    link("plain"),
    link("en", { languages: ["en"] }),
    link("en-GB", { languages: ["en-GB"] }),
    link("zh", { languages: ["zh-Hans", "zh-Hant"] }),
  ];
  test.each([
    [undefined, "plain"],
    ["*", "plain"],
    ["fr", "plain"],
    ["en", "en"],
    ["en-AU", "en"],
    ["en-GB", "en-GB"],
    ["fr, en;q=0.5", "en"],
    ["en;q=0.1, zh;q=0.9", "zh"],
    ["zh-hant", "zh"],
    ["en;q=0", "plain"],
    [";;;,=,q", "plain"],
  ])("the language %s takes %s", (acceptLanguage, expected) => {
    expect(chosen(languages, { acceptLanguage })).toBe(expected);
  });

  const types = [
    link("plain"),
    link("html", { type: "text/html" }),
    link("json", { type: "application/json" }),
  ];
  test.each([
    [undefined, "plain"],
    ["*/*", "plain"],
    ["text/html", "html"],
    ["text/*", "html"],
    ["application/json, text/html;q=0.9", "json"],
    ["text/html, application/json", "html json"],
    ["image/png", "plain"],
  ])("the media type %s takes %s", (accept, expected) => {
    expect(chosen(types, { accept })).toBe(expected);
  });

  test("the region comes first, then the media type, then the language", () => {
    const links = [
      link("ch-html-de", { regions: ["CH"], type: "text/html", languages: ["de"] }),
      link("ch-pdf-fr", { regions: ["CH"], type: "application/pdf", languages: ["fr"] }),
      link("de-html-fr", { regions: ["DE"], type: "text/html", languages: ["fr"] }),
    ];
    expect(chosen(links, { region: "CH", accept: "text/html", acceptLanguage: "fr" })).toBe("ch-html-de");
    expect(chosen(links, { region: "CH", acceptLanguage: "fr" })).toBe("ch-pdf-fr");
    expect(chosen(links, { region: "AT", accept: "text/html", acceptLanguage: "fr" })).toBe("de-html-fr");
  });

  test("those stay that nothing tells apart", () => {
    expect(chosen([link("1"), link("2"), link("3", { languages: ["de"] })], {})).toBe("1 2");
    expect(chosen([], { region: "CH", accept: "text/html", acceptLanguage: "de" })).toBe("");
  });
});

test("a wish takes some of the links that there are, and never all away", () => {
  const links = fc.array(
    fc.record({
      rel: fc.constant("about"),
      href: fc.string(),
      type: fc.constantFrom(null, "text/html", "application/json"),
      languages: fc.subarray(["de", "de-CH", "en", "zh"]),
      regions: fc.subarray(["CH", "DE"]),
      title: fc.constant(null),
    }),
    { minLength: 1, maxLength: 6 },
  );
  const header = fc.option(
    fc.oneof(fc.string(), fc.constantFrom("de", "en;q=0.5,*", "text/html", "*/*;q=0.1")),
    {
      nil: undefined,
    },
  );
  fc.assert(
    fc.property(
      links,
      header,
      header,
      fc.constantFrom(undefined, "CH", "XX"),
      (all, accept, language, region) => {
        const found = chooseLinks(all, { accept, acceptLanguage: language, region });
        expect(found.length).toBeGreaterThan(0);
        for (const one of found) expect(all).toContain(one);
        expect(chooseLinks(found, { accept, acceptLanguage: language, region })).toEqual(found);
      },
    ),
  );
});
