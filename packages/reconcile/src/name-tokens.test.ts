import { expect, test } from "vitest";
import { chineseNumberToDigits } from "./chinese-number.ts";
import { foldName, tokensOf } from "./name-tokens.ts";
import { berlinStops } from "./noisy-list.testing.ts";

const texts = (name: string): string[] =>
  tokensOf(name).map(({ text, isCut }) => (isCut ? `${text}.` : text));

test("ways of writing that mean the same are one", () => {
  for (const [one, other] of [
    ["Ｗｉｅｂｅｓｔｒ．", "wiebestr."],
    ["Große Straße", "GROSSE STRASSE"],
    ["Köhlerstr.", "Koehlerstraße"],
    ["Händelpl.", "Händelplatz"],
    ["U Bhf Nord", "U Bahnhof Nord"],
    ["第十三中学", "第13中学"],
    ["裕华路００７号", "裕华路7号"],
    ["槐底社区居民委员会", "槐底社区居委会"],
    ["Place de l’Étoile", "place de l'etoile"],
  ] as const) {
    expect(texts(one).sort(), `${one} and ${other}`).toEqual(texts(other).sort());
  }
});

test("other names stay other names", () => {
  for (const [one, other] of [
    ["三里屯", "五里屯"],
    ["加格達奇區", "加格达奇区"],
    ["Wiebestr. 7", "Wiebestr. 7a"],
    ["Schlossplatz", "Schlossstr."],
  ] as const) {
    expect(texts(one), `${one} and ${other}`).not.toEqual(texts(other));
  }
});

test("German compounds are taken apart, Chinese names into characters and pairs", () => {
  expect(texts("Wiebestr./Huttenstr. (Berlin)")).toEqual(["wiebe", "strasse", "hutten", "berlin"]);
  expect(texts("Dr. Külz")).toEqual(["dr.", "kuelz"]);
  expect(texts("东城区")).toEqual(["东", "东城", "城", "城区", "区"]);
  expect(texts("路灯 12a 号")).toEqual(["路", "路灯", "灯", "12a", "号"]);
  expect(texts("  –—/ ")).toEqual([]);
});

test.each([
  ["十", "10"],
  ["十三", "13"],
  ["二十", "20"],
  ["一百零五", "105"],
  ["二〇六", "206"],
  ["二七", "27"],
  ["三千", "3000"],
  ["百百", "100100"],
  ["零", "0"],
])("the number %s is %s", (text, digits) => {
  expect(chineseNumberToDigits(text)).toBe(digits);
});

test("a folded name is folded", () => {
  for (const { names } of berlinStops("stop")) {
    const folded = foldName(names[0]!.text);
    expect(foldName(folded), folded).toBe(folded);
  }
});
