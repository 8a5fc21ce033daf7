import type { Language } from "../language.ts";
import { EN, type MessageName } from "./en.ts";
import { ZH } from "./zh.ts";

/** Values for the places in a text. */
export type MessageValues = { readonly [place: string]: string | number };

/** Gives a text of the pages, with its places filled. */
export type Translate = (name: MessageName, values?: MessageValues) => string;

const CATALOGUES: { readonly [language in Language]: { readonly [name in MessageName]: string } } = {
  en: EN,
  zh: ZH,
};

/** Texts in a language. */
export function translatorOf(language: Language): Translate {
  const catalogue = CATALOGUES[language];
  return (name, values) => {
    const text = catalogue[name];
    if (values === undefined) return text;
    return text.replace(/\{(\w+)\}/g, (place, key: string) => String(values[key] ?? place));
  };
}
