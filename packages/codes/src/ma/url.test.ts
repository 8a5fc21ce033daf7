import fc from "fast-check";
import { expect, test } from "vitest";
import { codes } from "./code.testing.ts";
import { parseCode } from "./code.ts";
import { codeFromPath, codeFromUrl, codeToPath, URL_CHARACTERS_MAX } from "./url.ts";

const CODE = "MA.156.1301.02/60.10000000.1/000123";

test("every code is a path and comes back from it, plain or escaped", () => {
  fc.assert(
    fc.property(codes, fc.boolean(), (code, upper) => {
      expect(codeFromPath(codeToPath(code)), code).toEqual({ ok: true, value: code });
      expect(encodeURI(codeToPath(code)), code).toBe(codeToPath(code));
      const escaped = code.replace(/[^/]/g, (character) => {
        const hex = character.charCodeAt(0).toString(16);
        return `%${upper ? hex.toUpperCase() : hex}`;
      });
      expect(codeFromPath(`/${escaped}`), escaped).toEqual({ ok: true, value: code });
    }),
  );
});

test.each([
  `https://id.example.cn/${CODE}`,
  `HTTPS://ID.EXAMPLE.CN/${CODE}`,
  `http://localhost:8080/${CODE}?lang=zh#top`,
  `http://[2001:db8::1]:80/${CODE}/`,
  `https://id.example.cn/${CODE}#?`,
  `https://id.example.cn/${CODE}?\u57ce=1 2`,
  `https://id.example.cn/MA.156.1301.02.60.10000000.1.000123`,
  `https://id.example.cn/MA%2E156.1301.02/60.10000000.1/00012%33`,
])("%s names the code", (url) => {
  expect(codeFromUrl(url)).toEqual({ ok: true, value: CODE });
});

test.each([
  ["MA.156.1301", "scheme", 0],
  ["ftp://x.cn/MA.156", "scheme", 0],
  ["https:/x.cn/MA.156", "scheme", 0],
  [" https://x.cn/MA.156", "scheme", 0],
  ["http\u017f://x.cn/MA.156", "scheme", 0],
  ["https:///MA.156", "host", 8],
  ["https://a@x.cn/MA.156", "host", 9],
  ["https://x.cn\\y/MA.156", "host", 12],
  ["https://\u77f3.cn/MA.156", "host", 8],
  ["https://x.cn", "path", 12],
  ["https://x.cn?MA.156", "path", 12],
  ["https://x.cn/", "agency", 13],
  ["https://x.cn/r/MA.156", "agency", 13],
  ["https://x.cn//MA.156", "agency", 13],
  ["https://x.cn/MA.156.13%2F60", "path", 22],
  ["https://x.cn/MA.156.1301 ", "root[2]", 24],
  ["https://x.cn/%4DA.156.13%30%31%7E", "root[2]", 30],
  ["https://x.cn/MA.156.1%", "path", 21],
  ["https://x.cn/MA.156.1%3", "path", 21],
  ["https://x.cn/MA.156.1%G0", "path", 21],
  ["https://x.cn/MA.156.1%0G", "path", 21],
  ["https://x.cn/MA.156.1%5G", "path", 21],
  ["https://x.cn/MA.156.1%-1", "path", 21],
])("%s is refused at %s", (url, field, at) => {
  expect(codeFromUrl(url)).toMatchObject({ ok: false, fault: { field, at } });
});

test("a path begins with one slash", () => {
  expect(codeFromPath("MA.156")).toMatchObject({ ok: false, fault: { field: "path", at: 0 } });
  expect(codeFromPath("")).toMatchObject({ ok: false, fault: { field: "path", at: 0 } });
  expect(codeFromPath("/MA.156//")).toMatchObject({ ok: false, fault: { field: "object.use", at: 8 } });
});

test("the length is bounded", () => {
  const url = `https://x.cn/${CODE}?`;
  expect(codeFromUrl(url.padEnd(URL_CHARACTERS_MAX, "q")).ok).toBe(true);
  expect(codeFromUrl(url.padEnd(URL_CHARACTERS_MAX + 1, "q"))).toMatchObject({
    ok: false,
    fault: { field: "url" },
  });
  expect(codeFromPath("/".padEnd(URL_CHARACTERS_MAX + 1, "%"))).toMatchObject({
    ok: false,
    fault: { field: "path" },
  });
});

/** Goal: no address throws or is read in two ways. Method: any path, against decoding by the platform. */
test("a path is the code that it decodes to", () => {
  const piece = fc.oneof(
    codes,
    fc.constantFrom("/", ".", "%2E", "%2e", "%61", "%2F", "%", "MA", "%4D%41"),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
      const path = `/${pieces.join("")}`;
      const read = codeFromPath(path);
      if (!read.ok) {
        expect(read.fault.at, path).toBeLessThanOrEqual(path.length);
        return;
      }
      expect(parseCode(decodeURIComponent(path.slice(1))), path).toEqual(read);
    }),
    { numRuns: 1000 },
  );
});
