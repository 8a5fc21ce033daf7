import type { Text } from "@cityroot/core/attribute/text";
import { CLASS_NAMES, TOKEN_NAMES } from "./catalogue/names.ts";
import { type Translate, translatorOf } from "./catalogue/translate.ts";
import type { Language } from "./language.ts";

/** How values look in a language. */
export type Formats = {
  readonly language: Language;
  readonly text: Translate;
  /** A time to the second, in UTC and saying so. */
  readonly time: (timeMs: number) => string;
  /** A day, in UTC. */
  readonly day: (timeMs: number) => string;
  readonly number: (value: number) => string;
  /** The text that fits the language best, with the language that it is in. */
  readonly pick: (text: Text) => { readonly language: string; readonly text: string };
  readonly className: (name: string) => string;
  readonly token: (token: string) => string;
  /** Degrees, to seven places as the ledger keeps them. */
  readonly degrees: (valueE7: number, axis: "latitude" | "longitude") => string;
};

const LOCALES = { zh: "zh-CN", en: "en-GB" } as const;
const FALLBACKS = ["zh", "en"];
const E7 = 10_000_000;

/** How values look in each language. */
export const FORMATS: { readonly [language in Language]: Formats } = {
  zh: formatsOf("zh"),
  en: formatsOf("en"),
};

function formatsOf(language: Language): Formats {
  const locale = LOCALES[language];
  const time = new Intl.DateTimeFormat(locale, {
    dateStyle: "long",
    timeStyle: "medium",
    timeZone: "UTC",
  });
  const day = new Intl.DateTimeFormat(locale, { dateStyle: "long", timeZone: "UTC" });
  const number = new Intl.NumberFormat(locale);
  return {
    language,
    text: translatorOf(language),
    time: (timeMs) => `${time.format(timeMs)} UTC`,
    day: (timeMs) => day.format(timeMs),
    number: (value) => number.format(value),
    pick: (text) => pickText(text, language),
    className: (name) => CLASS_NAMES[name]?.[language] ?? wordsOf(name, language),
    token: (token) => TOKEN_NAMES[token]?.[language] ?? token.replaceAll("-", " "),
    degrees: (valueE7, axis) =>
      language === "zh"
        ? `${hemisphereOf(valueE7, axis, language)}${degreesText(valueE7)}°`
        : `${degreesText(valueE7)}° ${hemisphereOf(valueE7, axis, language)}`,
  };
}

/** A class that has no name in the catalogue: its own word, which is for programs, made a little easier to read. */
function wordsOf(name: string, language: Language): string {
  const words = name.replaceAll("-", " ");
  return language === "en" ? words.charAt(0).toUpperCase() + words.slice(1) : words;
}

function pickText(text: Text, language: Language): { readonly language: string; readonly text: string } {
  const wanted = [language, ...FALLBACKS];
  for (const tag of wanted) {
    const found = text.find(([own]) => own === tag || own.startsWith(`${tag}-`));
    if (found !== undefined) return { language: found[0], text: found[1] };
  }
  const [first, value] = text[0] ?? ["en", ""];
  return { language: first, text: value };
}

/** Decimal degrees without a sign, exact. */
export function degreesText(valueE7: number): string {
  const whole = Math.abs(valueE7);
  return `${Math.floor(whole / E7)}.${String(whole % E7).padStart(7, "0")}`;
}

function hemisphereOf(valueE7: number, axis: "latitude" | "longitude", language: Language): string {
  const negative = valueE7 < 0;
  if (language === "zh")
    return axis === "latitude" ? (negative ? "南纬" : "北纬") : negative ? "西经" : "东经";
  return axis === "latitude" ? (negative ? "S" : "N") : negative ? "W" : "E";
}
