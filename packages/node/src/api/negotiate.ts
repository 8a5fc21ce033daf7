/**
 * The media type of `offered` that an `accept` header likes best (RFC 9110 §12.5.1): the first of equals, and the first
 * of all where there is no header. Undefined where none is acceptable. Parameters other than `q` are left out.
 */
export function preferredType(accept: string | undefined, offered: readonly string[]): string | undefined {
  if (accept === undefined || accept.trim() === "") return offered[0];
  const ranges = readRanges(accept);
  let best: string | undefined;
  let bestQuality = 0;
  for (const type of offered) {
    const quality = qualityOf(ranges, type);
    if (quality <= bestQuality) continue;
    best = type;
    bestQuality = quality;
  }
  return best;
}

/** The language of `offered` that an `accept-language` header likes best; the first of all where it likes none. */
export function preferredLanguage<T extends string>(accept: string | undefined, offered: readonly T[]): T {
  let best = offered[0]!;
  let bestQuality = 0;
  for (const { name, quality } of readRanges(accept ?? "")) {
    const language = offered.find((one) => name === one || name.startsWith(`${one}-`));
    if (language === undefined || quality <= bestQuality) continue;
    best = language;
    bestQuality = quality;
  }
  return best;
}

/** A member of a header that says what is liked: its name in lower case, and how much it is liked, 0 to 1. */
export type Range = { readonly name: string; readonly quality: number };

/** Most ranges of a header that are read. */
const RANGES_MAX = 32;

/** The members of such a header, as far as it is read. */
export function readRanges(header: string): readonly Range[] {
  return header
    .slice(0, 1_024)
    .split(",", RANGES_MAX)
    .map((range) => {
      const [name = "", ...parameters] = range.split(";").map((part) => part.trim().toLowerCase());
      const q = parameters.find((parameter) => parameter.startsWith("q="));
      const quality = q === undefined ? 1 : Number(q.slice(2));
      return { name, quality: quality >= 0 && quality <= 1 ? quality : 0 };
    });
}

/** How much a media type is liked: the most specific range that it falls under decides. */
export function qualityOf(ranges: readonly Range[], type: string): number {
  const [plain = ""] = type.split(";");
  const [kind = ""] = plain.split("/");
  for (const name of [plain, `${kind}/*`, "*/*"]) {
    const range = ranges.find((one) => one.name === name);
    if (range !== undefined) return range.quality;
  }
  return 0;
}
