import { describe, expect, test } from "vitest";
import { preferredLanguage, preferredType } from "./negotiate.ts";

describe("media types", () => {
  const offered = ["text/html", "application/json", "application/vnd.cityroot.proof"];

  test("are chosen by quality, then by the order of the offer", () => {
    const cases: readonly (readonly [string | undefined, string | undefined])[] = [
      [undefined, "text/html"],
      ["", "text/html"],
      ["*/*", "text/html"],
      ["application/json", "application/json"],
      ["application/*", "application/json"],
      ["application/*;q=0.5, application/vnd.cityroot.proof", "application/vnd.cityroot.proof"],
      ["text/html;q=0.1, */*;q=0.2", "application/json"],
      ["text/html, application/json", "text/html"],
      ["TEXT/HTML;Q=1", "text/html"],
      ["text/html;q=0, */*", "application/json"],
      ["text/html;level=1;q=0.3", "text/html"],
      ["image/png", undefined],
      ["text/html;q=7", undefined],
      ["text/html;q=x", undefined],
    ];
    for (const [accept, type] of cases) expect(preferredType(accept, offered), accept).toBe(type);
    expect(
      preferredType(`${"x/y,".repeat(100_000)}text/html`, offered),
      "only so much is read",
    ).toBeUndefined();
  });
});

describe("languages", () => {
  test("are chosen by quality, whatever their region, and the first is for all others", () => {
    const cases: readonly (readonly [string | undefined, string])[] = [
      [undefined, "zh"],
      ["en", "en"],
      ["en-GB,zh;q=0.9", "en"],
      ["zh-Hant-HK, en;q=0.9", "zh"],
      ["fr, de", "zh"],
      ["*", "zh"],
      ["enx", "zh"],
      ["en;q=0", "zh"],
    ];
    for (const [accept, language] of cases)
      expect(preferredLanguage(accept, ["zh", "en"]), accept).toBe(language);
  });
});
