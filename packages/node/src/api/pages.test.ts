import type { Code } from "@cityroot/codes/ma/code";
import type { Attributes } from "@cityroot/core/attribute/attribute";
import type { Link } from "@cityroot/core/attribute/link";
import { issueOf } from "@cityroot/core/ledger.testing";
import { claimOf } from "@cityroot/core/operation/operation.testing";
import type { Day } from "@cityroot/core/state/day";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type City, openCity, type Running, startServer } from "./city.testing.ts";

const LAMP = "MA.156.1301.01/60.10000000.1/000123";
const SUSPENDED = "MA.156.1301.01/60.10000000.1/000124";
const RETIRED = "MA.156.1301.01/60.10000000.1/000125";
const HOSTILE = "MA.156.1301.01/60.10000000.4/1";
const PAGE_BYTES_MAX = 15_000;

let city: City;
let server: Running;
beforeAll(async () => {
  city = await openCity();
  const { registry, holders } = city;
  await registry.given(
    holders.works,
    issueOf(HOSTILE, { class: "asset", attributes: HOSTILE_ATTRIBUTES, links: HOSTILE_LINKS }),
    ...Array.from({ length: 120 }, (_, at) =>
      issueOf(`MA.156.1301.01/60.10000000.5/${String(at).padStart(6, "0")}`, { class: "bench" }),
    ),
  );
  server = await startServer(registry, { publicUrl: "https://id.example.cn/" });
});
afterAll(() => server.close());

const HOSTILE_TEXT = `"><img src=x onerror=alert(1)>'</script><!--`;
const HOSTILE_ATTRIBUTES: Attributes = [
  ["description", [["en", `{{7*7}} \${x} ${HOSTILE_TEXT}`]]],
  ["manufacturer", [["en", HOSTILE_TEXT]]],
  [
    "name",
    [
      ["en", HOSTILE_TEXT],
      ["zh", "&lt;b&gt;"],
    ],
  ],
];
const HOSTILE_LINKS: readonly Link[] = [
  {
    rel: "about",
    href: "https://example.cn/'onclick='alert(1)?a=1&b=2",
    type: null,
    lang: null,
    title: [["en", HOSTILE_TEXT]],
  },
  { rel: "alternate", href: "https://example.cn/alternate", type: null, lang: null, title: null },
  { rel: "constructor", href: "https://example.cn/constructor", type: null, lang: null, title: null },
];

type Page = { readonly status: number; readonly text: string; readonly headers: Headers };

async function open(path: string, language = "en"): Promise<Page> {
  const response = await server.get(path, { accept: "text/html", "accept-language": language });
  return { status: response.status, text: await response.text(), headers: response.headers };
}

const PAGES: readonly (readonly [string, number])[] = [
  ["/", 200],
  ["/?q=hello", 400],
  ["/MA.156", 200],
  ["/MA.156.1301.01", 200],
  [`/${LAMP}`, 200],
  [`/${LAMP}?version=1`, 200],
  [`/${SUSPENDED}`, 200],
  [`/${RETIRED}`, 410],
  [`/${HOSTILE}`, 200],
  ["/MA.156.1301.01/60.10000000.2/000044", 200],
  ["/MA.156.1301.02/60.10000000.1/900001151", 200],
  ["/MA.156.1301.01/60.10000000.9/1", 404],
  ["/MA.999", 404],
  ["/MA.15", 400],
  ["/ma.156", 400],
  ["/wp-login.php", 404],
];

describe("every page", () => {
  test("is small, in its language, and made as a page should be", async () => {
    for (const [path, status] of PAGES) {
      for (const language of ["en", "zh"]) {
        const { text, headers, ...page } = await open(path, language);
        const name = `${path} ${language}`;
        expect(page.status, name).toBe(status);
        expect(Buffer.byteLength(text), name).toBeLessThan(PAGE_BYTES_MAX);
        expect(headers.get("content-type"), name).toBe("text/html; charset=utf-8");
        expect(headers.get("content-language"), name).toBe(language);
        expect(headers.get("vary"), name).toBe("accept, accept-language");
        expect(headers.get("cache-control"), name).toBe(status === 200 ? "no-cache" : "no-store");
        expect(text, name).toMatch(new RegExp(`^<!doctype html><html lang="${language}">`));
        expect(text.match(/<h1/g), name).toHaveLength(1);
        expect(text.match(/<main id="main"/g), name).toHaveLength(1);
        expect(text, name).toMatch(/<title>[^<]+<\/title>/);
        expect(text, name).toContain('<meta name="viewport"');
        const shown = text.replace(/<template.*?<\/template>/g, "");
        expect(shown, name).not.toMatch(/undefined|NaN|\[object|(?<![{$])\{\w+\}/);
      }
    }
  });

  test("holds no inline script or style, and nothing of another host but links", async () => {
    for (const [path] of PAGES) {
      const { text } = await open(path);
      expect(text, path).not.toMatch(/<[^>]+\s(style|on\w+)=/);
      expect(text, path).not.toMatch(/<style|<iframe|<object|<embed|<base/);
      const data = /<script type="application\/ld\+json">([^<>&]*)<\/script>/;
      const others = text.replace(data, "");
      for (const [script = ""] of others.matchAll(/<script[^>]*>/g)) {
        expect(script, path).toMatch(/^<script type="module" src="\/assets\/verify-[0-9a-f]{16}\.js">$/);
      }
      const [, json] = data.exec(text) ?? [];
      if (json !== undefined) expect(JSON.parse(json), path).toHaveProperty("@context");
      for (const [, address = ""] of text.matchAll(/\s(?:src|action|data-proof)="([^"]*)"/g)) {
        expect(address.startsWith("/"), `${path}: ${address}`).toBe(true);
      }
      for (const [, href = ""] of text.matchAll(/\shref="([^"]*)"/g)) {
        expect(href, path).toMatch(/^(\/(?!\/)|#|https:\/\/|geo:|$)/);
      }
    }
  });

  test("has ids once, labels for its fields, and headings for what they name", async () => {
    for (const [path] of PAGES) {
      const { text } = await open(path);
      const ids = [...text.matchAll(/\sid="([^"]+)"/g)].map((match) => match[1]);
      expect(new Set(ids).size, path).toBe(ids.length);
      for (const [, target] of text.matchAll(/\s(?:aria-labelledby|aria-describedby|for)="([^"]+)"/g)) {
        expect(ids, `${path} ${target}`).toContain(target);
      }
      for (const [input = ""] of text.matchAll(/<input[^>]*>/g)) {
        expect(input.includes('type="hidden"') || input.includes('id="q"'), path).toBe(true);
      }
    }
  });
});

describe("the page of a code", () => {
  test("says what it is, its number, its holder and its status", async () => {
    const { text, headers } = await open(`/${LAMP}`);
    expect(text).toContain('<h1 id="title" lang="en" data-title>Lamp 1, North Street</h1>');
    expect(text).toContain('<span lang="zh">北街1号路灯</span>');
    expect(text).toContain('<p class="kicker">Street lamp</p>');
    expect(text).toContain('<span class="status active">In use</span>');
    expect(text).toContain("Sample urban management bureau");
    expect(plainNumber(text)).toBe(LAMP);
    expect(text).toContain(`data-copy="${LAMP}"`);
    expect(text).toContain('href="geo:38.0428000,114.5149000"');
    expect(text).toContain('href="https://example.cn/report?lamp=000123"');
    expect(text).toContain("Height: 8.5 m → 9 m");
    expect(headers.get("etag")).toMatch(/^"12-en-/);
  });

  test("points the browser to its proof, and says how to check it elsewhere", async () => {
    const { text } = await open(`/${LAMP}`);
    expect(text).toContain(`data-proof="/v1/proofs/${LAMP}?delegations=true"`);
    expect(text).toContain('data-kind="record" data-version="2" data-status="active"');
    const file = `${LAMP.replaceAll("/", "_")}.proof`;
    expect(text).toContain(`download="${file}"`);
    expect(text).toContain(`npx cityroot proof verify ${file} --code ${LAMP}`);
    const earlier = (await open(`/${LAMP}?version=1`)).text;
    expect(earlier).toContain("This is an earlier version");
    expect(earlier).toContain(`data-proof="/v1/proofs/${LAMP}?delegations=true&amp;version=1"`);
    expect(earlier).toContain('data-version="1"');
  });

  test("tells suspended, retired with its successor, and one of many apart", async () => {
    const suspended = (await open(`/${SUSPENDED}`)).text;
    expect(suspended).toContain("This code is suspended.");
    expect(suspended).toContain("Reason: under repair");
    const retired = await open(`/${RETIRED}`, "zh");
    expect(retired.status).toBe(410);
    expect(retired.text).toContain("该编码已注销");
    expect(retired.text).toContain(`<a href="/${LAMP}">`);
    const range = (await open("/MA.156.1301.01/60.10000000.2/000044")).text;
    expect(range).toContain("One of 500 codes that were issued together, 000001 to 000500.");
  });

  test("shows its aliases, with who claims them, and conflicts plainly", async () => {
    const claims = await openCity();
    const { holders, registry } = claims;
    const target = "MA.156.1301.01/60.10000000.1/000124" as Code;
    const works = { claimant: "MA.156.1301.01" as Code, target };
    await registry.given(
      holders.works,
      claimOf({ ...works, system: "gtin-13", value: "6901234567892", from: "2019-01-01" as Day }),
      claimOf({ ...works, system: "own", value: "<b>7</b>", relation: "part-of" }),
    );
    const other = "MA.156.1301.01/60.10000000.1/000125" as Code;
    const traffic = { claimant: "MA.156.1301.02" as Code, target: other };
    await registry.given(holders.traffic, claimOf({ ...traffic, system: "gtin-13", value: "6901234567892" }));
    const shown = await startServer(registry);
    const page = await (await shown.get(`/${target}?lang=en`, { accept: "text/html" })).text();
    const section = page.slice(
      page.indexOf('id="aliases"'),
      page.indexOf("</section>", page.indexOf('id="aliases"')),
    );
    expect(section).toContain("6901234567892");
    expect(section).toContain("in conflict");
    expect(section).toContain("Sample urban management bureau");
    expect(section).toContain("2019-01-01 to …");
    expect(section).toContain("&lt;b&gt;7&lt;/b&gt;");
    expect(section).toContain("a part of this");
    const none = await (await shown.get("/MA.156.1301", { accept: "text/html" })).text();
    expect(none).not.toContain('id="aliases"');
    await shown.close();
  });

  test("lists what lies below in parts, and its versions", async () => {
    const first = (await open("/MA.156.1301.01")).text;
    expect(first.match(/<li><a href="\/MA\.156\.1301\.01\/60/g)).toHaveLength(50);
    const next = /rel="next" href="([^"]+)#below"/.exec(first)?.[1]?.replaceAll("&amp;", "&");
    const second = (await open(next!)).text;
    expect(second.match(/<li><a href="\/MA\.156\.1301\.01\/60/g)).toHaveLength(50);
    expect(second).toContain("From the beginning");
  });

  test("shows hostile names and links as text", async () => {
    const { text } = await open(`/${HOSTILE}`);
    expect(text).not.toContain("<img src=x");
    expect(text).not.toContain("alert(1)>");
    expect(text).toContain("&quot;&gt;&lt;img src=x onerror=alert(1)&gt;");
    expect(text).toContain("&amp;lt;b&amp;gt;");
    expect(text).toContain('href="https://example.cn/&#39;onclick=&#39;alert(1)?a=1&amp;b=2"');
    expect(text).not.toMatch(/<title>[^<]*<(?!\/title)/);
  });

  test("is 304 to whoever has the one of this block in this language", async () => {
    const { headers } = await open(`/${LAMP}`);
    const ask = (language: string): Promise<Response> =>
      server.get(`/${LAMP}`, {
        accept: "text/html",
        "accept-language": language,
        "if-none-match": headers.get("etag")!,
      });
    expect((await ask("en")).status).toBe(304);
    expect((await ask("zh")).status).toBe(200);
  });
});

/** The large number of a page as it would be copied. */
function plainNumber(text: string): string {
  const number = /<p class="number"[^>]*>(.*?)<\/p>/.exec(text)?.[1] ?? "";
  return number.replace(/<[^>]+>/g, "");
}

describe("pages of what is no code in use", () => {
  test("never issued: proven, with the nearest above and what to do", async () => {
    const { text } = await open("/MA.156.1301.01/60.10000000.9/1");
    expect(text).toContain("This code was never issued");
    expect(text).toContain('data-kind="never-issued"');
    expect(text).toContain('<a href="/MA.156.1301.01">');
    expect(text).toContain("Compare the code with the label");
  });

  test("malformed: which character, what belongs there, and what was meant", async () => {
    const { text } = await open("/MA.156.13%EF%BC%9201.02");
    expect(text).toContain("<mark>２</mark>");
    expect(text).toContain("character 10: ２ (U+FF12)");
    expect(text).toContain('<a href="/MA.156.13201.02">');
    expect((await open("/MA.156.%3Cb%3E")).text).toContain("MA.156.<mark>&lt;</mark>b&gt;");
    expect((await open("/MA.")).text).toContain("the end");
    for (const path of [
      "/MA.156/6",
      "/MA.156/60.1",
      "/MA.156/60.10000000.1/a%20b",
      `/MA.156.${"1".repeat(130)}`,
    ]) {
      expect((await open(path)).status, path).toBe(400);
    }
  });

  test("a program that asks for an address that nothing has gets a problem", async () => {
    for (const accept of ["*/*", "application/json"]) {
      const response = await server.get("/nope", { accept });
      expect([response.status, (await response.json()).code], accept).toEqual([404, "NOT_FOUND"]);
    }
    const malformed = await server.get("/MA.15", { accept: "application/json" });
    expect([malformed.status, (await malformed.json()).code]).toEqual([400, "CODE_MALFORMED"]);
  });
});

describe("what is looked for", () => {
  test("leads to the page of the code that was meant", async () => {
    const cases: readonly (readonly [string, string])[] = [
      ["MA.156.1301", "/MA.156.1301"],
      ["  MA.156.1301/ ", "/MA.156.1301"],
      ["https://id.example.cn/MA.156.1301.01/60.10000000.1/000123?from=scan#x", `/${LAMP}`],
      ["HTTPS://ID.EXAMPLE.CN/MA.156.1301", "/MA.156.1301"],
      ["ma.156.1301", "/MA.156.1301?typed=ma.156.1301"],
      [
        "ＭＡ．１５６．１３０１",
        "/MA.156.1301?typed=%EF%BC%AD%EF%BC%A1%EF%BC%8E%EF%BC%91%EF%BC%95%EF%BC%96%EF%BC%8E%EF%BC%91%EF%BC%93%EF%BC%90%EF%BC%91",
      ],
      ["MA. 156 . 1301", "/MA.156.1301?typed=MA.+156+.+1301"],
    ];
    for (const [typed, location] of cases) {
      const { status, headers } = await open(`/?q=${encodeURIComponent(typed)}`);
      expect([status, headers.get("location")], typed).toEqual([303, location]);
    }
    const { headers } = await open("/?q=MA.156&lang=zh");
    expect(headers.get("location")).toBe("/MA.156?lang=zh");
  });

  test("says so on that page, and only where it is true", async () => {
    const typed = encodeURIComponent("ＭＡ．１５６．１３０１");
    expect((await open(`/MA.156.1301?typed=${typed}`)).text).toContain(
      "You entered “ＭＡ．１５６．１３０１”",
    );
    for (const words of ["Call 110 now", "MA.156.1301", "ma.156.1302", "x".repeat(300)]) {
      const { text } = await open(`/MA.156.1301?typed=${encodeURIComponent(words)}`);
      expect(text, words).not.toContain("You entered");
    }
  });

  test("is refused with the character at fault, or as what cannot be read", async () => {
    expect((await open("/?q=MA.15X")).text).toContain("MA.15<mark>X</mark>");
    const hello = (await open(`/?q=${encodeURIComponent("<b>hello</b>")}`)).text;
    expect(hello).toContain("“&lt;b&gt;hello&lt;/b&gt;” cannot be read as a code");
    expect((await open("/?q=")).status).toBe(200);
  });
});

describe("languages", () => {
  test("follow the address, then the browser, then Chinese", async () => {
    const asked: readonly (readonly [string, string, string])[] = [
      ["/?lang=en", "zh", "en"],
      ["/?lang=zh", "en", "zh"],
      ["/?lang=fr", "en-US,en;q=0.9", "en"],
      ["/", "fr,de;q=0.9", "zh"],
      ["/", "zh-TW,zh;q=0.9,en;q=0.8", "zh"],
      ["/", "fr, en;q=0.5, zh;q=0.4", "en"],
    ];
    for (const [path, accept, language] of asked) {
      expect((await open(path, accept)).headers.get("content-language"), `${path} ${accept}`).toBe(language);
    }
  });

  test("that were chosen are kept by links, and the other one is one step away", async () => {
    const { text } = await open("/MA.156.1301.01?lang=en&after=MA.156.1301.01%2F60.10000000.1%2F000123");
    expect(text).toContain('<a class="to" href="/MA.156?lang=en">');
    expect(text).toMatch(
      /<a lang="zh" hreflang="zh" href="\/MA\.156\.1301\.01\?after=MA\.156\.1301\.01%2F60\.10000000\.1%2F000123&amp;lang=zh">中文<\/a>/,
    );
    expect((await open("/MA.156.1301")).text).toContain('<a class="to" href="/MA.156">');
  });
});

describe("a code for programs", () => {
  test("is what they ask for", async () => {
    const json = await server.get(`/${RETIRED}`, { accept: "application/json" });
    expect([json.status, (await json.json()).record.status]).toEqual([410, "retired"]);
    const never = await server.get("/MA.999", { accept: "application/json" });
    expect([never.status, (await never.json()).code]).toEqual([404, "CODE_NEVER_ISSUED"]);
    const proof = await server.get(`/${LAMP}`, { accept: "application/vnd.cityroot.proof" });
    expect(proof.headers.get("content-type")).toBe("application/vnd.cityroot.proof");
    const page = await server.get(`/${LAMP}`, { accept: "*/*" });
    expect(page.headers.get("content-type")).toContain("text/html");
    const preferred = await server.get(`/${LAMP}`, { accept: "text/html;q=0.4, application/json;q=0.9" });
    expect(preferred.headers.get("content-type")).toContain("application/json");
  });

  test("has its links as a link set", async () => {
    const response = await server.get(`/${LAMP}`, { accept: "application/linkset+json" });
    expect(response.headers.get("content-type")).toBe("application/linkset+json");
    const { linkset } = await response.json();
    expect(linkset[0]).toMatchObject({
      anchor: `https://id.example.cn/${LAMP}`,
      describedby: [
        {
          href: "https://example.cn/lamps/000123.pdf",
          type: "application/pdf",
          hreflang: ["zh"],
          "title*": [
            { value: "Data sheet", language: "en" },
            { value: "技术资料", language: "zh" },
          ],
        },
      ],
      alternate: [
        { href: `https://id.example.cn/${LAMP}`, type: "text/html", hreflang: ["zh", "en"] },
        { href: `https://id.example.cn/${LAMP}`, type: "application/ld+json" },
        { href: `https://id.example.cn/v1/codes/${LAMP}`, type: "application/json" },
        { href: `https://id.example.cn/v1/proofs/${LAMP}`, type: "application/vnd.cityroot.proof" },
      ],
    });
    const retired = await server.get(`/${RETIRED}`, { accept: "application/linkset+json" });
    expect((await retired.json()).linkset[0]["successor-version"]).toMatchObject([
      { href: `https://id.example.cn/${LAMP}` },
    ]);
    expect((await server.get("/MA.999", { accept: "application/linkset+json" })).status).toBe(404);
  });

  test("has links of every relation in it, also of one that every object has", async () => {
    const response = await server.get(`/${HOSTILE}`, { accept: "application/linkset+json" });
    const { linkset } = await response.json();
    expect(linkset[0].constructor).toEqual([{ href: "https://example.cn/constructor" }]);
    expect(linkset[0].alternate).toHaveLength(5);
  });
});

describe("files of the pages", () => {
  test("are packed as the browser can unpack them, and kept for ever", async () => {
    const { text } = await open("/MA.156");
    const [, script = ""] = /src="([^"]+)"/.exec(text) ?? [];
    const [, style = ""] = /href="(\/assets\/style[^"]+)"/.exec(text) ?? [];
    for (const path of [script, style]) {
      const bodies = new Set<string>();
      for (const coding of ["br", "gzip", "identity", "br;q=0, gzip"]) {
        const response = await server.get(path, { "accept-encoding": coding });
        expect(response.status).toBe(200);
        expect(response.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
        expect(response.headers.get("vary")).toBe("accept-encoding");
        bodies.add(await response.text());
      }
      expect(bodies.size, path).toBe(1);
    }
    expect((await server.get("/assets/icon.svg")).headers.get("content-type")).toBe("image/svg+xml");
  });
});
