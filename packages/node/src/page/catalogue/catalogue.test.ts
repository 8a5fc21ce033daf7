import { ATTRIBUTES } from "@cityroot/core/attribute/attribute";
import { describe, expect, test } from "vitest";
import { FORMATS } from "../format.ts";
import { LANGUAGES } from "../language.ts";
import { EN } from "./en.ts";
import { ATTRIBUTE_NAMES, CLASS_NAMES, RELATION_NAMES, SCHEME_NAMES, TOKEN_NAMES } from "./names.ts";
import { translatorOf } from "./translate.ts";
import { ZH } from "./zh.ts";

const placesOf = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();

describe("the catalogues", () => {
  test("have the same texts, none of them empty, with the same places", () => {
    expect(Object.keys(ZH).sort()).toEqual(Object.keys(EN).sort());
    for (const [name, text] of Object.entries(EN)) {
      const other = ZH[name as keyof typeof EN];
      expect(text.trim(), name).not.toBe("");
      expect(other.trim(), name).not.toBe("");
      expect(placesOf(other), name).toEqual(placesOf(text));
    }
  });

  test("are of their own language", () => {
    for (const [name, text] of Object.entries(ZH)) {
      const isSame = text === EN[name as keyof typeof EN];
      // Names, signs and examples are the same everywhere.
      const isShared = ["site.name", "search.placeholder", "history.changed"].includes(name);
      expect(isSame, name).toBe(isSame && isShared);
    }
    for (const [name, text] of Object.entries(EN)) expect(/\p{Script=Han}/u.test(text), name).toBe(false);
  });

  test("name every attribute, and every name in every language", () => {
    expect(Object.keys(ATTRIBUTE_NAMES).sort()).toEqual(Object.keys(ATTRIBUTES).sort());
    for (const names of [ATTRIBUTE_NAMES, CLASS_NAMES, RELATION_NAMES, SCHEME_NAMES, TOKEN_NAMES]) {
      for (const [name, texts] of Object.entries(names)) {
        for (const language of LANGUAGES) expect(texts[language], `${name} ${language}`).toBeTruthy();
      }
    }
  });

  test("fill their places, also with what looks like one", () => {
    const text = translatorOf("en");
    expect(text("footer.asOf", { height: 5, time: "{height}" })).toBe("As of block 5, {height}");
  });
});

describe("formats", () => {
  test("show times, numbers and degrees in each language", () => {
    const timeMs = Date.UTC(2026, 10, 22, 8, 5, 9);
    expect(FORMATS.en.time(timeMs)).toBe("22 November 2026 at 08:05:09 UTC");
    expect(FORMATS.zh.time(timeMs)).toBe("2026年11月22日 08:05:09 UTC");
    expect(FORMATS.en.number(1_234_567.5)).toBe("1,234,567.5");
    expect(FORMATS.en.degrees(-338_567_000, "latitude")).toBe("33.8567000° S");
    expect(FORMATS.zh.degrees(-5, "longitude")).toBe("西经0.0000005°");
  });

  test("pick the text that fits best, and say which language it is in", () => {
    const { pick } = FORMATS.en;
    expect(
      pick([
        ["en-GB", "Lift"],
        ["zh", "电梯"],
      ]),
    ).toEqual({ language: "en-GB", text: "Lift" });
    expect(
      pick([
        ["de", "Aufzug"],
        ["zh", "电梯"],
      ]),
    ).toEqual({ language: "zh", text: "电梯" });
    expect(
      pick([
        ["de", "Aufzug"],
        ["fr", "ascenseur"],
      ]),
    ).toEqual({ language: "de", text: "Aufzug" });
    expect(
      FORMATS.zh.pick([
        ["zh-Hant", "電梯"],
        ["en", "Lift"],
      ]).language,
    ).toBe("zh-Hant");
  });

  test("name classes and tokens that no catalogue knows by their own words", () => {
    expect(FORMATS.en.className("weather-mast")).toBe("Weather mast");
    expect(FORMATS.zh.className("weather-mast")).toBe("weather mast");
    expect(FORMATS.en.token("hit-by-van")).toBe("hit by van");
  });
});
