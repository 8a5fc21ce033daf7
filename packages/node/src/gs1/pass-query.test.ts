import { parseDigitalLink } from "@cityroot/codes/gs1/digital-link";
import { describe, expect, test } from "vitest";
import { passQuery } from "./pass-query.ts";

const passed = (href: string, query: string): string => {
  const read = parseDigitalLink(`https://id.example.cn/01/09521234543213${query}`);
  if (!read.ok) throw new Error(JSON.stringify(read.fault));
  return passQuery(href, read.value);
};

describe("the address of a link gets what the request says", () => {
  test.each([
    ["https://example.cn/a", "", "https://example.cn/a"],
    ["https://example.cn/a", "?x=1", "https://example.cn/a?x=1"],
    ["https://example.cn/a?", "?x=1", "https://example.cn/a?x=1"],
    ["https://example.cn/a?y=2", "?x=1", "https://example.cn/a?y=2&x=1"],
    ["https://example.cn/a?y=2&", "?x=1", "https://example.cn/a?y=2&x=1"],
    ["https://example.cn/a#part", "?x=1", "https://example.cn/a?x=1#part"],
    ["https://example.cn/a#part?z", "?x=1", "https://example.cn/a?x=1#part?z"],
    // Attributes first, parameters without a value as they came.
    ["https://example.cn/a", "?x&17=271231&y=", "https://example.cn/a?17=271231&x&y="],
    // What the link itself says stands alone, also where it is escaped another way.
    ["https://example.cn/a?x=own", "?x=1&y=2", "https://example.cn/a?x=own&y=2"],
    ["https://example.cn/a?%78=own", "?x=1", "https://example.cn/a?%78=own"],
    ["https://example.cn/a?x=own", "?%78=1", "https://example.cn/a?x=own"],
    ["https://example.cn/a?a+b=own", "?a%20b=1", "https://example.cn/a?a+b=own"],
  ])("%s with %s is %s", (href, query, expected) => {
    expect(passed(href, query)).toBe(expected);
  });

  test("but nothing that tells of a person", () => {
    // (7250) is a day of birth.
    expect(passed("https://example.cn/a", "?7250=19991231&x=1")).toBe("https://example.cn/a?x=1");
  });

  test("and never another host, path or fragment", () => {
    for (const query of [
      "?//evil.example/",
      "?x=%0d%0alocation:evil",
      "?@evil.example",
      "?x=%23a",
      "?%00=1",
      "?x=y=z?w",
    ]) {
      const { origin, pathname, hash } = new URL(passed("https://example.cn/a/b?own#part", query));
      expect([origin, pathname, hash], query).toEqual(["https://example.cn", "/a/b", "#part"]);
    }
  });
});
