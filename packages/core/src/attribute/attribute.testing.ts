import type { Code } from "@cityroot/codes/ma/code";
import * as fc from "fast-check";
import type { CborValue } from "../cbor.ts";
import { ATTRIBUTES, type AttributeName, type Attributes } from "./attribute.ts";
import type { AttributeType, AttributeValue } from "./attribute-type.ts";
import type { Commitment } from "./commitment.ts";
import type { Legacy } from "./legacy.ts";
import type { Link } from "./link.ts";
import { findPersonalNumber } from "./personal-number.ts";
import type { Text } from "./text.ts";

// Values of records, always canonical. None holds a number of a person, which a chain of random digits could.

function harmless(text: string): boolean {
  return findPersonalNumber(text) === undefined;
}

function byKey<T>(key: (value: T) => string): (a: T, b: T) => number {
  return (a, b) => (key(a) < key(b) ? -1 : 1);
}

export const tokenArb: fc.Arbitrary<string> = fc.stringMatching(/^[A-Za-z0-9._:+-]{1,20}$/).filter(harmless);

export const digestArb: fc.Arbitrary<Uint8Array> = fc.uint8Array({ minLength: 32, maxLength: 32 });

export const mediaTypeArb: fc.Arbitrary<string> = fc.constantFrom("text/html", "application/linkset+json");

const languageArb = fc.constantFrom("zh", "en", "de", "zh-Hant", "de-CH", "yue", "sl-rozaj-1994");

const lineArb = fc.stringMatching(
  /^[a-z0-9\u00e4\u4e00-\u4e30\u{1f332}][a-z \u4e00-\u4e30]{0,8}[a-z\u4e00-\u4e30]$/u,
);

export const textArb: fc.Arbitrary<Text> = fc
  .uniqueArray(fc.tuple(languageArb, lineArb), {
    selector: ([language]) => language,
    minLength: 1,
    maxLength: 4,
  })
  .map((pairs) => pairs.sort(byKey(([language]) => language)));

export const legacyArb: fc.Arbitrary<Legacy> = fc
  .uniqueArray(fc.tuple(tokenArb, fc.stringMatching(/^[!-~]([ -~]{0,12}[!-~])?$/).filter(harmless)), {
    selector: (pair) => pair.join(" "),
    minLength: 1,
    maxLength: 4,
  })
  .map((pairs) => pairs.sort((a, b) => (a[0] < b[0] || (a[0] === b[0] && a[1] < b[1]) ? -1 : 1)));

const codeArb = fc
  .constantFrom("MA.156", "MA.156.1301", "MA.156.1301.02/60.10000000.1/000123")
  .map((text) => text as Code);

function valueArb(type: AttributeType): fc.Arbitrary<AttributeValue> {
  switch (type.kind) {
    case "text":
      return textArb;
    case "token":
      return tokenArb;
    case "media-type":
      return mediaTypeArb;
    case "integer":
      return fc.integer({ min: type.min, max: type.max });
    case "year":
      return fc.integer({ min: 1, max: 9_999 });
    case "place":
      return fc.tuple(
        fc.integer({ min: -900_000_000, max: 900_000_000 }),
        fc.integer({ min: -1_799_999_999, max: 1_800_000_000 }),
      );
    case "digest":
      return digestArb;
    case "code":
      return codeArb;
    case "legacy":
      return legacyArb;
  }
}

const attributeArb = fc
  .constantFrom(...(Object.keys(ATTRIBUTES) as AttributeName[]))
  .chain((name) => fc.tuple(fc.constant(name), valueArb(ATTRIBUTES[name])));

export const attributesArb: fc.Arbitrary<Attributes> = fc
  .uniqueArray(attributeArb, { selector: ([name]) => name, maxLength: 8 })
  .map((pairs) => pairs.sort(byKey(([name]) => name)));

const hrefArb = fc
  .tuple(
    fc.stringMatching(/^[a-z][a-z0-9]{0,5}(\.[a-z0-9]{1,5}){0,2}$/),
    fc.stringMatching(
      /^(:[1-9][0-9]{0,3})?(\/[a-z0-9~]{0,5}(%[0-9A-F]{2})?){0,2}(\?[a-z=&]{0,5})?(#[a-z]{0,4})?$/,
    ),
  )
  .map(([host, path]) => `https://${host}${path}`)
  .filter(harmless);

const linkArb: fc.Arbitrary<Link> = fc.record({
  rel: fc.oneof(fc.stringMatching(/^[a-z][a-z0-9.-]{0,8}$/), hrefArb),
  href: hrefArb,
  type: fc.option(mediaTypeArb),
  lang: fc.option(languageArb),
  title: fc.option(textArb),
});

function keyOfLink(link: Link): string {
  return [link.rel, link.href, link.lang ?? ""].join(" ");
}

export const linksArb: fc.Arbitrary<readonly Link[]> = fc
  .uniqueArray(linkArb, { selector: keyOfLink, maxLength: 5 })
  .map((links) => links.sort(byKey(keyOfLink)));

export const commitmentsArb: fc.Arbitrary<readonly Commitment[]> = fc
  .uniqueArray(fc.record({ name: tokenArb, digest: digestArb }), {
    selector: ({ name }) => name,
    maxLength: 5,
  })
  .map((commitments) => commitments.sort(byKey(({ name }) => name)));

/** Values that differ from a canonical one somewhere: elements dropped, doubled, swapped or replaced, at any depth. */
export function mutationsOf(value: CborValue): fc.Arbitrary<CborValue> {
  const replacement = fc.constantFrom<CborValue>(
    null,
    0,
    -1,
    2 ** 53 - 1,
    "",
    "zz",
    "a ",
    true,
    [],
    [[]],
    new Uint8Array(1),
  );
  if (!Array.isArray(value) || value.length === 0) return replacement;
  const list = value as readonly CborValue[];
  const index = fc.nat({ max: list.length - 1 });
  return fc.oneof(
    replacement,
    index.map((at) => list.filter((_, other) => other !== at)),
    index.map((at) => [...list, list[at]!]),
    fc
      .tuple(index, index)
      .map(([a, b]) => list.map((one, at) => (at === a ? list[b]! : at === b ? list[a]! : one))),
    index.chain((at) =>
      mutationsOf(list[at]!).map((changed) => list.map((one, other) => (other === at ? changed : one))),
    ),
  );
}
