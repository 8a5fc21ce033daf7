import { isJsonObject, type Json } from "../json.ts";
import { LANGUAGES_MAX, TEXT_BYTES_MAX } from "../limits.ts";
import { accept, type Outcome } from "../outcome.ts";
import { canonicalLanguage } from "./language.ts";
import { checkNoPersonalNumber } from "./personal-number.ts";
import { type Place, refuse, within } from "./refuse.ts";

/**
 * A text in one or more languages: pairs of language tag and text, sorted by tag, one for each tag. In JSON an object
 * from tag to text. Spec §6.2.
 */
export type Text = readonly (readonly [language: string, text: string])[];

const EXPECTED = `texts by language, 1 to ${LANGUAGES_MAX} of them, sorted by language`;

/** Reads a text in its canonical CBOR form. */
export function checkText(value: unknown, place: Place): Outcome<Text> {
  if (!Array.isArray(value) || value.length === 0 || value.length > LANGUAGES_MAX) {
    return refuse(place, { expected: EXPECTED, got: value });
  }
  let before = "";
  for (let index = 0; index < value.length; index++) {
    const pair: unknown = value[index];
    if (!Array.isArray(pair) || pair.length !== 2) {
      return refuse(within(place, `[${index}]`), { expected: "a pair of language and text", got: pair });
    }
    const [language, text] = pair as unknown[];
    const checked = checkTranslation(language, text, place);
    if (!checked.ok) return checked;
    if ((language as string) <= before) {
      return refuse(place, { expected: "languages in order, each once", got: language });
    }
    before = language as string;
  }
  return accept(value as unknown as Text);
}

/** Reads the JSON form of a text. */
export function textFromJson(value: Json | undefined, place: Place): Outcome<Text> {
  if (!isJsonObject(value)) {
    return refuse(place, {
      expected: "an object from language to text",
      got: value,
      fix: '{"zh": "...", "en": "..."}',
    });
  }
  const pairs = Object.entries(value);
  for (const [language, text] of pairs) {
    const checked = checkTranslation(language, text, place);
    if (!checked.ok) return checked;
  }
  pairs.sort(([a], [b]) => (a < b ? -1 : 1));
  return checkText(pairs, place);
}

/** JSON form of a text. */
export function textToJson(text: Text): Json {
  return Object.fromEntries(text);
}

function checkTranslation(language: unknown, text: unknown, place: Place): Outcome<void> {
  const canonical = typeof language === "string" ? canonicalLanguage(language) : undefined;
  if (canonical === undefined) {
    const expected = "a language tag of 2 or 3 lower case letters, then subtags after hyphens";
    return refuse(place, { expected, got: language, fix: "use a tag such as zh, en or zh-Hant" });
  }
  if (canonical !== language) {
    return refuse(place, {
      expected: `the language tag ${canonical}`,
      got: language,
      fix: `write ${canonical}`,
    });
  }
  return checkLine(text, within(place, `.${canonical}`));
}

/**
 * Reads one line of text for people: 1 to {@link TEXT_BYTES_MAX} bytes of UTF-8, no space at either end, none of the
 * code points that {@link isForbidden} names, and no number of a person.
 */
export function checkLine(value: unknown, place: Place): Outcome<void> {
  const form = checkLineForm(value, place);
  return form.ok ? checkNoPersonalNumber(place.field, value as string) : form;
}

/** The same, whatever numbers stand in it. */
export function checkLineForm(value: unknown, place: Place): Outcome<void> {
  if (typeof value !== "string" || value.length === 0) {
    return refuse(place, { expected: "a text that is not empty", got: value });
  }
  // A code unit takes at least a byte, so nothing longer than the limit is looked at.
  if (value.length > TEXT_BYTES_MAX) return refuseLength(place, `${value.length} characters`);
  let bytes = 0;
  for (let at = 0; at < value.length; ) {
    const point = value.codePointAt(at)!;
    if (isForbidden(point)) {
      const got = `U+${point.toString(16).toUpperCase().padStart(4, "0")}`;
      const expected = "no control, invisible, direction or replacement characters";
      return refuse(place, { expected, got, at, fix: "remove that character" });
    }
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    at += point < 0x10000 ? 1 : 2;
  }
  if (bytes > TEXT_BYTES_MAX) return refuseLength(place, `${bytes} bytes`);
  if (isSpace(value.charCodeAt(0)) || isSpace(value.charCodeAt(value.length - 1))) {
    return refuse(place, { expected: "no space at either end", got: value, fix: "remove the space" });
  }
  return accept(undefined);
}

function refuseLength(place: Place, got: string): Outcome<never> {
  return refuse(place, { expected: `at most ${TEXT_BYTES_MAX} bytes of UTF-8`, got });
}

/** Ranges of code points that are never text, first and last, in order. */
const FORBIDDEN: readonly (readonly [number, number])[] = [
  [0x00, 0x1f], // Control characters, with line breaks and tabs.
  [0x7f, 0x9f],
  [0xad, 0xad], // Soft hyphen.
  [0x61c, 0x61c], // Arabic letter mark: a direction.
  [0x200b, 0x200f], // Zero-width characters and directional marks.
  [0x2028, 0x202e], // Line and paragraph separators, embeddings and overrides of direction.
  [0x2060, 0x206f], // Word joiner, invisible operators, isolates of direction, deprecated format characters.
  [0xd800, 0xdfff], // Lone surrogates.
  [0xfeff, 0xfeff], // Zero-width no-break space.
  [0xfff9, 0xffff], // Interlinear annotation, object replacement, U+FFFD for bytes that were no UTF-8, noncharacters.
  [0xe0000, 0xe007f], // Tags.
];

/**
 * Whether a code point has no place in a text: it would not show, would show other text out of its place, or stands
 * for bytes that were no text. By code point alone, so that no version of Unicode has a say in consensus.
 */
export function isForbidden(point: number): boolean {
  if (point >= 0x20 && point < 0x7f) return false;
  for (const [first, last] of FORBIDDEN) {
    if (point < first) return false;
    if (point <= last) return true;
  }
  return false;
}

function isSpace(unit: number): boolean {
  return unit === 0x20 || unit === 0xa0 || unit === 0x3000;
}
