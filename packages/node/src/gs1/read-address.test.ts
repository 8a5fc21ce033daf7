import { compressDigitalLink } from "@cityroot/codes/gs1/compressed-link";
import { pathOf } from "@cityroot/codes/gs1/digital-link";
import { describe, expect, test } from "vitest";
import { looksCompressed, PRIMARY_KEYS, readAddress } from "./read-address.ts";

const YEAR = 2026;
/** A value of each key, from the General Specifications' own examples or with a check digit worked out. */
const EXAMPLES: { readonly [key: string]: string } = {
  "00": "095201234567891235",
  "01": "09521234543213",
  "253": "9521234567899ABC",
  "255": "9521234567899123456",
  "401": "9521234ABC",
  "402": "95212345678901235",
  "410": "9521321000018",
  "411": "9521321000018",
  "412": "9521321000018",
  "413": "9521321000018",
  "414": "9521321000018",
  "415": "9521321000018",
  "417": "9521321000018",
  "8003": "09521141111116",
  "8004": "95212345678AB",
  "8006": "095212345432130102",
  "8010": "9521234ABC-12",
  "8013": "1987654Ad4X4bL5ttr2310c2K",
  "8017": "952123456789012345",
};

describe("an address is read", () => {
  test.each(PRIMARY_KEYS)("with the key %s, plain, with a slash at its end, and compressed", (key) => {
    const path = `/${key}/${EXAMPLES[key]}${key === "415" ? "/8020/REF-1" : ""}`;
    const read = readAddress(path, "", YEAR);
    if (!read.ok) throw new Error(`${path}: ${JSON.stringify(read.fault)}`);
    expect([pathOf(read.value), read.isCompressed]).toEqual([path, false]);
    expect(readAddress(`${path}/`, "", YEAR)).toEqual(read);
    const { pathname } = new URL(compressDigitalLink(read.value));
    const again = readAddress(pathname, "", YEAR);
    if (!again.ok) return expect(["410", "411", "412", "413"], JSON.stringify(again.fault)).toContain(key);
    expect([pathOf(again.value), again.isCompressed]).toEqual([path, true]);
    if (!pathname.slice(1).includes("/")) expect(looksCompressed(pathname)).toBe(true);
  });

  test("with qualifiers and what the query says", () => {
    const read = readAddress("/01/09521234543213/10/A%2FB/21/7", "17=271231&utm=x", YEAR);
    expect(read).toMatchObject({
      ok: true,
      value: {
        key: { ai: "01" },
        qualifiers: [
          { ai: "10", value: "A/B" },
          { ai: "21", value: "7" },
        ],
        attributes: [{ ai: "17", value: "271231" }],
        parameters: [{ name: "utm", value: "x" }],
      },
    });
  });
});

describe("an address is refused, and where is said", () => {
  test.each([
    ["/01/09521234543210", "", "(01)", 17],
    ["/01", "", "path", undefined],
    ["/01/", "", "path", undefined],
    ["/01/0952123454321", "", "(01)", undefined],
    ["/01/09521234543213/99/A", "", "path", undefined],
    ["/01/09521234543213/10", "", "path", undefined],
    ["/some/folder/01/09521234543213", "", "path", undefined],
    ["/410/9521321000018/254/A", "", "path", undefined],
    ["/410/9521321000010", "", "(410)", undefined],
    ["/01/%ZZ", "", "(01)", undefined],
  ])("%s?%s: %s", (path, query, field, at) => {
    const read = readAddress(path, query, YEAR);
    expect(read).toMatchObject({ ok: false, fault: { field } });
    if (!read.ok && at !== undefined) expect(read.fault.at).toBe(at);
    if (!read.ok && read.fault.at !== undefined)
      expect(read.fault.at).toBeLessThanOrEqual(path.length + query.length + 1);
  });
});

test("only what may be compressed is taken for it", () => {
  for (const path of [
    "/",
    "/robots.txt",
    "/favicon.ico",
    "/short",
    "/MA.156.1301",
    "/a/b/c/d/e/f",
    `/${"A".repeat(513)}`,
  ])
    expect(looksCompressed(path), path).toBe(false);
});
