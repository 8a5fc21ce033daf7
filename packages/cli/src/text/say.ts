import { printable } from "../terminal/printable.ts";
import { EN } from "./en.ts";
import type { Language } from "./language.ts";
import { ZH } from "./zh.ts";

/** Name of a text in the catalogues. */
export type TextKey = keyof typeof EN;

/** What stands in place of the `{name}`s of a text. */
export type TextValues = { readonly [name: string]: string | number };

/** Gives a text of the catalogue in the user's language. */
export type Say = (key: TextKey, values?: TextValues) => string;

/** The texts of each language: the compiler sees to it that none lacks one. */
export const CATALOGUES: { readonly [language in Language]: { readonly [key in TextKey]: string } } = {
  en: EN,
  zh: ZH,
};

/**
 * A voice in a language. A text whose value is missing shows the name, so that tests see it. Values may come from strangers:
 * what a terminal would act on is taken out of them, wherever the text goes.
 */
export function sayIn(language: Language): Say {
  const catalogue = CATALOGUES[language];
  return (key, values = {}) =>
    catalogue[key].replace(/\{([a-zA-Z]+)\}/g, (whole, name: string) =>
      printable(String(values[name] ?? whole)),
    );
}
