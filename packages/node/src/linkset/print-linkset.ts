import type { Text } from "@cityroot/core/attribute/text";
import type { Json } from "@cityroot/core/json";
import { FORMATS } from "../page/format.ts";
import type { Language } from "../page/language.ts";
import { linkValue } from "./link-header.ts";
import { relationName } from "./relation.ts";
import type { LinkContext, SetLink } from "./set-link.ts";

/** A link set in JSON. RFC 9264 §4.2: nothing but what it names. */
export function printLinkset(contexts: readonly LinkContext[]): Json {
  return { linkset: contexts.map(({ anchor, links }) => ({ anchor, ...byRelation(links, targetOf) })) };
}

/** A link set as lines of a header, one link each. RFC 9264 §4.1. */
export function printLinksetText(contexts: readonly LinkContext[]): string {
  const lines = contexts.flatMap(({ anchor, links }) => links.map((link) => linkValue(link, anchor)));
  return `${lines.join(",\n")}\n`;
}

/**
 * A link set in the form of the published schema of GS1-Conformant Resolver Standard 1.2, 2.10, which is narrower than RFC 9264:
 * each link has one title, each thing a description, languages are of two letters and perhaps a region, and relations that the
 * schema cannot hold are left out.
 */
export function printGs1Linkset(contexts: readonly LinkContext[], language: Language): Json {
  return {
    linkset: contexts.map(({ anchor, called, links }) => ({
      anchor,
      itemDescription: pick(called, language),
      ...byRelation(
        links.filter(({ rel }) => GS1_RELATION.test(rel)),
        (link) => gs1TargetOf(link, language),
      ),
    })),
  };
}

const GS1_RELATION = /^([a-z-]+|https?:\/\/[a-zA-Z0-9./]+)$/;
const GS1_LANGUAGE = /^[a-z]{2}(-[A-Z]{2})?$/;

function byRelation(
  links: readonly SetLink[],
  print: (link: SetLink) => { readonly [name: string]: Json },
): { readonly [relation: string]: Json } {
  // A relation may have any name, also one that every object has, such as `constructor`.
  const relations = new Map<string, Json[]>();
  for (const link of links) {
    // A set in JSON has no room for a relation of this name (RFC 9264 §4.2.2): it would stand where the thing is named.
    if (link.rel === "anchor") continue;
    const same = relations.get(link.rel);
    if (same === undefined) relations.set(link.rel, [print(link)]);
    else same.push(print(link));
  }
  return Object.fromEntries(relations);
}

function targetOf({ href, type, languages, title }: SetLink): { readonly [name: string]: Json } {
  return {
    href,
    ...(type !== null && { type }),
    ...(languages.length > 0 && { hreflang: languages }),
    ...(title !== null && { "title*": title.map(([language, value]) => ({ value, language })) }),
  };
}

function gs1TargetOf(link: SetLink, language: Language): { readonly [name: string]: Json } {
  const { rel, href, type, regions, title } = link;
  const languages = [...new Set(link.languages.map(gs1Language).filter((tag) => tag !== undefined))];
  return {
    href,
    title: title === null ? relationName(rel, language) : pick(title, titleLanguage(link, language)),
    ...(type !== null && { type }),
    ...(languages.length > 0 && { hreflang: languages }),
    ...(regions.length > 0 && { context: regions }),
  };
}

/** A title is in the language of its target, where that is one language. The standard, 2.5.3. */
function titleLanguage({ languages: [only, other] }: SetLink, language: string): string {
  return only === undefined || other !== undefined ? language : only;
}

function gs1Language(tag: string): string | undefined {
  const [language = "", ...others] = tag.split("-");
  const region = others.find((part) => /^[A-Z]{2}$/.test(part));
  const short = region === undefined ? language : `${language}-${region}`;
  return GS1_LANGUAGE.test(short) ? short : undefined;
}

function pick(text: Text, language: string): string {
  const own = text.find(([tag]) => tag === language);
  return own?.[1] ?? FORMATS[language.startsWith("en") ? "en" : "zh"].pick(text).text;
}
