import type { CborValue } from "../cbor.ts";
import { isJsonObject, type Json } from "../json.ts";
import { LINKS_MAX, RELATION_CHARACTERS_MAX } from "../limits.ts";
import { accept, type Outcome } from "../outcome.ts";
import { findUriFault } from "./https-uri.ts";
import { canonicalLanguage } from "./language.ts";
import { checkMediaType } from "./media-type.ts";
import { checkNoPersonalNumber, PERSONAL_NUMBER_KINDS_IN_CODES } from "./personal-number.ts";
import { type Place, refuse, within } from "./refuse.ts";
import { checkText, type Text, textFromJson, textToJson } from "./text.ts";

/** A link of a record to something about the coded thing, as in a link set (RFC 9264). Spec §6.3. */
export type Link = {
  /**
   * What the target is to the thing: a registered relation, `[a-z][a-z0-9.-]*` (RFC 8288 §2.1.1), such as `describedby`,
   * or an https address that names a relation (§2.1.2).
   */
  readonly rel: string;
  /** The target: an https address, see {@link findUriFault}. */
  readonly href: string;
  /** Media type of the target, or null. */
  readonly type: string | null;
  /** Language tag of the target, or null. */
  readonly lang: string | null;
  /** What to call the target, or null. */
  readonly title: Text | null;
};

const NAMES = ["rel", "href", "type", "lang", "title"] as const;
const EXPECTED_LIST = `a list of at most ${LINKS_MAX} links`;

/** Reads links in their canonical CBOR form `[[rel, href, type, lang, title], ...]`, sorted by rel, href and lang. */
export function linksFromCbor(value: CborValue | undefined, field = "links"): Outcome<readonly Link[]> {
  const place: Place = { rejection: "LINK_MALFORMED", field };
  if (!Array.isArray(value) || value.length > LINKS_MAX)
    return refuse(place, { expected: EXPECTED_LIST, got: value });
  const links: Link[] = [];
  for (const [index, element] of (value as readonly CborValue[]).entries()) {
    const at = within(place, `[${index}]`);
    if (!Array.isArray(element) || element.length !== NAMES.length) {
      return refuse(at, { expected: `a list of ${NAMES.join(", ")}`, got: element });
    }
    const [rel, href, type, lang, title] = element as CborValue[];
    const link = checkLink({ rel, href, type, lang, title }, at, checkText);
    if (!link.ok) return link;
    links.push(link.value);
  }
  return checkOrder(links, place);
}

/** CBOR form of links. */
export function linksToCbor(links: readonly Link[]): CborValue {
  return links.map(({ rel, href, type, lang, title }) => [rel, href, type, lang, title]);
}

/** Reads links in their JSON form, objects in any order; type, lang and title may be left out. */
export function linksFromJson(value: Json | undefined, field = "links"): Outcome<readonly Link[]> {
  const place: Place = { rejection: "LINK_MALFORMED", field };
  if (!Array.isArray(value) || value.length > LINKS_MAX)
    return refuse(place, { expected: EXPECTED_LIST, got: value });
  const links: Link[] = [];
  for (const [index, element] of (value as readonly Json[]).entries()) {
    const at = within(place, `[${index}]`);
    if (!isJsonObject(element)) {
      return refuse(at, { expected: `an object of ${NAMES.join(", ")}`, got: element });
    }
    const { rel, href, type = null, lang = null, title = null, ...others } = element;
    const [unknown] = Object.keys(others);
    if (unknown !== undefined) return refuse(at, { expected: `only ${NAMES.join(", ")}`, got: unknown });
    const link = checkLink({ rel, href, type, lang, title }, at, textFromJson);
    if (!link.ok) return link;
    links.push(link.value);
  }
  return checkOrder(links.sort(compareLinks), place);
}

/** JSON form of links; what is null is left out. */
export function linksToJson(links: readonly Link[]): Json {
  return links.map(({ rel, href, type, lang, title }) => ({
    rel,
    href,
    ...(type !== null && { type }),
    ...(lang !== null && { lang }),
    ...(title !== null && { title: textToJson(title) }),
  }));
}

/** By rel, href and lang; no language comes first. Zero means that both are the same link. */
function compareLinks(a: Link, b: Link): number {
  if (a.rel !== b.rel) return a.rel < b.rel ? -1 : 1;
  if (a.href !== b.href) return a.href < b.href ? -1 : 1;
  const langA = a.lang ?? "";
  const langB = b.lang ?? "";
  return langA === langB ? 0 : langA < langB ? -1 : 1;
}

function checkOrder(links: readonly Link[], place: Place): Outcome<readonly Link[]> {
  for (let index = 1; index < links.length; index++) {
    const link = links[index]!;
    if (compareLinks(links[index - 1]!, link) >= 0) {
      return refuse(place, {
        expected: "links sorted by rel, href and lang, each once",
        got: `${link.rel} ${link.href}`,
      });
    }
  }
  return accept(links);
}

type Raw<V> = { readonly [name in (typeof NAMES)[number]]: V | undefined };

function checkLink<V>(
  raw: Raw<V>,
  at: Place,
  readText: (value: V, place: Place) => Outcome<Text>,
): Outcome<Link> {
  const rel = checkRelation(raw.rel, within(at, ".rel"));
  if (!rel.ok) return rel;
  const href = checkAddress(raw.href, within(at, ".href"));
  if (!href.ok) return href;
  const type = raw.type === null ? accept(null) : checkMediaType(raw.type, within(at, ".type"));
  if (!type.ok) return type;
  const lang = raw.lang === null ? accept(null) : checkLanguage(raw.lang, within(at, ".lang"));
  if (!lang.ok) return lang;
  const title = raw.title === null ? accept(null) : readText(raw.title as V, within(at, ".title"));
  if (!title.ok) return title;
  return accept({ rel: rel.value, href: href.value, type: type.value, lang: lang.value, title: title.value });
}

function checkRelation(value: unknown, place: Place): Outcome<string> {
  if (typeof value !== "string" || value.length > RELATION_CHARACTERS_MAX) {
    return refuse(place, {
      expected: `a relation of at most ${RELATION_CHARACTERS_MAX} characters`,
      got: value,
    });
  }
  if (value.startsWith("https:")) return checkAddress(value, place);
  if (!isRegisteredRelation(value)) {
    const expected =
      "a lower case letter, then lower case letters, digits, dots or hyphens; or an https address";
    return refuse(place, { expected, got: value, fix: "use a registered relation such as describedby" });
  }
  const firewall = checkNoPersonalNumber(place.field, value);
  return firewall.ok ? accept(value) : firewall;
}

function isRegisteredRelation(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit >= 0x61 && unit <= 0x7a) continue;
    const isInner = (unit >= 0x30 && unit <= 0x39) || unit === 0x2d || unit === 0x2e;
    if (at === 0 || !isInner) return false;
  }
  return text.length > 0;
}

function checkAddress(value: unknown, place: Place): Outcome<string> {
  if (typeof value !== "string") return refuse(place, { expected: "an https address", got: value });
  const wrong = findUriFault(value);
  if (wrong !== undefined) return refuse(place, { ...wrong, got: value });
  const firewall = checkNoPersonalNumber(place.field, value, PERSONAL_NUMBER_KINDS_IN_CODES);
  return firewall.ok ? accept(value) : firewall;
}

function checkLanguage(value: unknown, place: Place): Outcome<string> {
  const canonical = typeof value === "string" ? canonicalLanguage(value) : undefined;
  if (canonical === undefined) {
    return refuse(place, {
      expected: "a language tag",
      got: value,
      fix: "use a tag such as zh, en or zh-Hant",
    });
  }
  if (canonical === value) return accept(canonical);
  return refuse(place, { expected: `the language tag ${canonical}`, got: value, fix: `write ${canonical}` });
}
