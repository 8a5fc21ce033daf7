import { qualityOf, type Range, readRanges } from "../api/negotiate.ts";
import type { SetLink } from "./set-link.ts";

/** What a request says of the target that it would like. */
export type Wish = {
  readonly accept: string | undefined;
  readonly acceptLanguage: string | undefined;
  /** A region in two letters, in upper case; undefined where none is asked for. */
  readonly region: string | undefined;
};

/**
 * The links of those that a request likes best: by region, then by media type, then by language. Where a request says nothing of
 * one of these, links that say nothing of it either come first. What nobody fits is not left out: a wish chooses among links, it
 * takes none away. More than one where nothing tells them apart, none of none.
 */
export function chooseLinks(links: readonly SetLink[], wish: Wish): readonly SetLink[] {
  return byLanguage(byType(byRegion(links, wish.region), wish.accept), wish.acceptLanguage);
}

function byRegion(links: readonly SetLink[], region: string | undefined): readonly SetLink[] {
  const fitting = region === undefined ? [] : links.filter(({ regions }) => regions.includes(region));
  return fitting.length > 0 ? fitting : preferred(links, ({ regions }) => regions.length === 0);
}

function byType(links: readonly SetLink[], accept: string | undefined): readonly SetLink[] {
  const ranges = readRanges(accept ?? "");
  const qualities = links.map(({ type }) => (type === null ? 0 : qualityOf(ranges, type)));
  const best = Math.max(0, ...qualities);
  const isChoice = ranges.some(({ name }) => name !== "" && name !== "*/*");
  if (isChoice && best > 0) return links.filter((_, at) => qualities[at] === best);
  return preferred(links, ({ type }) => type === null);
}

/** The language of the greatest quality that some link has, by lookup (RFC 4647 §3.4): the tag itself, then shorter ones. */
function byLanguage(links: readonly SetLink[], acceptLanguage: string | undefined): readonly SetLink[] {
  const ranges = readRanges(acceptLanguage ?? "").filter(isLanguageRange);
  for (const { name } of ranges.toSorted((a, b) => b.quality - a.quality)) {
    const tags = shorterTags(name);
    for (const tag of tags) {
      const exact = links.filter(({ languages }) => languages.some((own) => own.toLowerCase() === tag));
      if (exact.length > 0) return exact;
    }
    const wider = links.filter(({ languages }) =>
      languages.some((own) => own.toLowerCase().startsWith(`${name}-`)),
    );
    if (wider.length > 0) return wider;
  }
  return preferred(links, ({ languages }) => languages.length === 0);
}

function isLanguageRange({ name, quality }: Range): boolean {
  return quality > 0 && name !== "" && name !== "*";
}

function shorterTags(tag: string): readonly string[] {
  const parts = tag.split("-");
  return parts.map((_, at) => parts.slice(0, parts.length - at).join("-"));
}

function preferred(links: readonly SetLink[], is: (link: SetLink) => boolean): readonly SetLink[] {
  const found = links.filter(is);
  return found.length > 0 ? found : links;
}
