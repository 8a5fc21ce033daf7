import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CborValue, decodeCbor, encodeCbor } from "../cbor.ts";
import type { Json } from "../json.ts";
import { LINK_CHARACTERS_MAX, LINKS_MAX } from "../limits.ts";
import type { Outcome } from "../outcome.ts";
import { linksArb, mutationsOf } from "./attribute.testing.ts";
import { findUriFault } from "./https-uri.ts";
import { linksFromCbor, linksFromJson, linksToCbor, linksToJson } from "./link.ts";
import { isMediaType } from "./media-type.ts";

function refusalOf(outcome: Outcome<unknown>): string {
  return outcome.ok ? "accepted" : `${outcome.rejection.name} ${outcome.rejection.fault?.field}`;
}

const HREF = "https://example.org/lamp/7";
const LINK: readonly CborValue[] = [
  "describedby",
  HREF,
  "text/html",
  "zh",
  [
    ["en", "Lamp"],
    ["zh", "路灯"],
  ],
];

describe("addresses", () => {
  test.each([
    "https://example.org",
    "https://example.org/",
    "https://a.b-c.example:8443/p/a.t;h,1?q=%E7%81%AF&r=[".slice(0, -1),
    "https://127.0.0.1:1/#top",
    "https://xn--fiqs8s.example?x@y/z",
    "https://example.org/%2F%ff%Aa%af%09",
  ])("%s is one", (text) => {
    expect(findUriFault(text)).toBeUndefined();
  });

  test.each([
    ["http://example.org", 0],
    ["HTTPS://example.org", 0],
    ["//example.org", 0],
    ["https://", 8],
    ["https:///path", 8],
    ["https://Example.org", 8],
    ["https://-a.org", 8],
    ["https://a-.org", 10],
    ["https://a..org", 10],
    ["https://a.org.", 14],
    ["https://[::1]/", 8],
    ["https://user@example.org", 12],
    ["https://user:password@example.org", 13],
    ["https://user:80@example.org", 15],
    ["https://a.org:0", 14],
    ["https://a.org:08", 14],
    ["https://a.org:65536", 14],
    ["https://a.org:/", 14],
    ["https://a.org\\b", 13],
    ["https://a.org/b c", 15],
    ["https://a.org/灯", 14],
    ["https://a.org/%2", 14],
    ["https://a.org/%zz", 14],
    ["https://a.org/%0g", 14],
    ["https://a.org/%G0", 14],
    ["https://a.org/%@0", 14],
    ["https://a.org/<b>", 14],
    ["https://a.org/[1]", 14],
    ["https://a.org/#b#c", 16],
    ["https://a.org/\n", 14],
  ])("%j is none, from %i on", (text, at) => {
    expect(findUriFault(text)?.at).toBe(at);
  });

  test("which ASCII characters stand in a host and in a path", () => {
    for (let unit = 0; unit < 0x100; unit++) {
      const one = String.fromCharCode(unit);
      const inHost = findUriFault(`https://a${one}b.org/`) === undefined;
      expect(inHost, `host ${unit}`).toBe(/^[a-z0-9.?#/-]$/.test(one));
      const inPath = findUriFault(`https://a.org/${one}`) === undefined;
      expect(inPath, `path ${unit}`).toBe(/^[A-Za-z0-9._~!$&'()*+,;=:@/?#-]$/.test(one));
    }
    for (const port of ["1", "443", "65535"])
      expect(findUriFault(`https://a.org:${port}`), port).toBeUndefined();
  });

  test("are bounded", () => {
    const longest = `https://a.org/${"x".repeat(LINK_CHARACTERS_MAX - 14)}`;
    expect(findUriFault(longest)).toBeUndefined();
    expect(findUriFault(`${longest}x`)?.at).toBe(LINK_CHARACTERS_MAX);
  });

  /** Goal: what is accepted means the same to every client. Method: the address parser of the platform as witness. */
  test("are read by others as they are written", () => {
    const unit = fc.constantFrom(..."ab0.-:/?#@%2F[]\\ A_~", "\t");
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 14 }), (rest) => {
        const text = `https://${rest}`;
        if (findUriFault(text) !== undefined) return;
        const host = text.slice(8).split(/[/?#]/)[0]!;
        let url: URL;
        try {
          url = new URL(text);
        } catch {
          // Labels such as "xn--" or a number that is no IPv4 address: no client resolves them elsewhere either.
          return;
        }
        expect(url.username + url.password, text).toBe("");
        expect(url.protocol, text).toBe("https:");
        if (!/^[0-9a-fx.]*$/.test(url.hostname)) expect(url.hostname, text).toBe(host.split(":")[0]);
      }),
      { numRuns: 2_000 },
    );
  });
});

test.each([
  ["text/html", true],
  ["application/linkset+json", true],
  ["application/vnd.a.b-c_1!#$&^", true],
  ["text", false],
  ["/html", false],
  ["text/", false],
  ["text/html/x", false],
  ["Text/html", false],
  ["text/+x", false],
  ["text/html; charset=utf-8", false],
  [`text/${"x".repeat(122)}`, true],
  [`text/${"x".repeat(123)}`, false],
])("whether %j is a media type: %s", (text, is) => {
  expect(isMediaType(text)).toBe(is);
});

test("links in canonical form are read, and printed the same", () => {
  const value: CborValue = [
    ["describedby", HREF, null, null, null],
    LINK,
    ["https://example.org/rel", HREF, null, null, null],
  ];
  const links = linksFromCbor(value);
  expect(links).toMatchObject({
    ok: true,
    value: [{ rel: "describedby", lang: null }, { lang: "zh" }, { title: null }],
  });
  if (links.ok) expect(linksToCbor(links.value)).toEqual(value);
});

test("a serial in an address is no number of a person", () => {
  const href = "https://example.org/MA.156.1301.02/60.10000000.1/13812345678";
  expect(refusalOf(linksFromCbor([["self", href, null, null, null]]))).toBe("accepted");
});

test("the JSON form leaves out what is null", () => {
  const json = [
    { rel: "describedby", href: HREF },
    { rel: "describedby", href: HREF, type: "text/html", lang: "zh", title: { en: "Lamp", zh: "路灯" } },
  ];
  const links = linksFromJson([...json].reverse());
  expect(links).toMatchObject({ ok: true });
  if (links.ok) expect(linksToJson(links.value)).toEqual(json);
});

function changed(index: number, value: CborValue): CborValue {
  return [LINK.map((part, at) => (at === index ? value : part))];
}

test.each<[CborValue, string]>([
  [null, "LINK_MALFORMED links"],
  [[null], "LINK_MALFORMED links[0]"],
  [[LINK.slice(1)], "LINK_MALFORMED links[0]"],
  [Array.from({ length: LINKS_MAX + 1 }, () => LINK), "LINK_MALFORMED links"],
  [[LINK, LINK], "LINK_MALFORMED links"],
  [[["self", HREF, null, null, null], LINK], "LINK_MALFORMED links"],
  [changed(0, ""), "LINK_MALFORMED links[0].rel"],
  [changed(0, "Describedby"), "LINK_MALFORMED links[0].rel"],
  [changed(0, "gs1:pip"), "LINK_MALFORMED links[0].rel"],
  [changed(0, "http://example.org/rel"), "LINK_MALFORMED links[0].rel"],
  [changed(0, "https://user@example.org"), "LINK_MALFORMED links[0].rel"],
  [changed(0, "a".repeat(257)), "LINK_MALFORMED links[0].rel"],
  [changed(1, "http://example.org"), "LINK_MALFORMED links[0].href"],
  [changed(1, 7), "LINK_MALFORMED links[0].href"],
  [changed(1, "https://example.org/?id=11010519491231002X"), "PERSONAL_NUMBER links[0].href"],
  [changed(2, "html"), "LINK_MALFORMED links[0].type"],
  [changed(3, "ZH"), "LINK_MALFORMED links[0].lang"],
  [changed(3, "zh-hant"), "LINK_MALFORMED links[0].lang"],
  [changed(4, "Lamp"), "LINK_MALFORMED links[0].title"],
  [changed(4, [["en", "a\u202eb"]]), "LINK_MALFORMED links[0].title.en"],
  [changed(4, [["en", "call 138 1234 5678"]]), "PERSONAL_NUMBER links[0].title.en"],
])("%j is refused", (value, refusal) => {
  expect(refusalOf(linksFromCbor(value))).toBe(refusal);
});

test.each<[Json, string]>([
  [{}, "LINK_MALFORMED links"],
  [["x"], "LINK_MALFORMED links[0]"],
  [[{ rel: "self" }], "LINK_MALFORMED links[0].href"],
  [[{ rel: "self", href: HREF, hreflang: "zh" }], "LINK_MALFORMED links[0]"],
  [[{ rel: "self", href: HREF, title: "Lamp" }], "LINK_MALFORMED links[0].title"],
  [
    [
      { rel: "self", href: HREF },
      { rel: "self", href: HREF },
    ],
    "LINK_MALFORMED links",
  ],
])("JSON %j is refused", (value, refusal) => {
  expect(refusalOf(linksFromJson(value))).toBe(refusal);
});

test("every form of links gives the same links back", () => {
  fc.assert(
    fc.property(linksArb, (links) => {
      expect(linksFromCbor(decodeCbor(encodeCbor(linksToCbor(links))))).toEqual({ ok: true, value: links });
      expect(linksFromJson(JSON.parse(JSON.stringify(linksToJson(links))))).toEqual({
        ok: true,
        value: links,
      });
    }),
  );
});

test("changed links are refused, or are other links in canonical form", () => {
  fc.assert(
    fc.property(
      linksArb.chain((links) => mutationsOf(linksToCbor(links))),
      (value) => {
        const links = linksFromCbor(value);
        if (links.ok) expect(linksToCbor(links.value)).toEqual(value);
      },
    ),
    { numRuns: 1000 },
  );
});

test("nothing in a value breaks the reader", () => {
  fc.assert(
    fc.property(fc.anything(), (value) => {
      linksFromCbor([value] as CborValue);
      linksFromCbor([[value, value, value, value, value]] as CborValue);
      linksFromJson([value] as Json);
    }),
  );
});
