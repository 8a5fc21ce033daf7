import { type Code, isCode } from "@cityroot/codes/ma/code";
import { codes } from "@cityroot/codes/ma/code.testing";
import { attributesArb, linksArb } from "@cityroot/core/attribute/attribute.testing";
import { linksToCbor } from "@cityroot/core/attribute/link";
import { findPersonalNumber, PERSONAL_NUMBER_KINDS } from "@cityroot/core/attribute/personal-number";
import { type CborValue, encodeCbor } from "@cityroot/core/cbor";
import { type BatchItem, decodeItem, encodeItem } from "@cityroot/core/operation/batch-item";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { scanItem } from "./item-scanner.ts";
import { startOfText, UNSURE } from "./text-scanner.ts";

const CODE = "MA.156.1301.02/60.10000000.1/000123" as Code;
const AROUND = 7;

/** Scans an item that lies among other bytes. */
function scan(item: Uint8Array): number {
  const bytes = new Uint8Array(item.length + 2 * AROUND).fill(0xa5);
  bytes.set(item, AROUND);
  const end = scanItem(bytes, AROUND, AROUND + item.length);
  return end === UNSURE ? UNSURE : end - AROUND;
}

/** What the scanner accepts must be what `decodeItem` accepts, with the code where the scanner says that it is. */
function expectSound(item: Uint8Array): boolean {
  const end = scan(item);
  if (end === UNSURE) return false;
  const codeText = Buffer.from(item.subarray(startOfText(item, 1), end)).toString("latin1");
  // The scanner leaves the code itself to the order of codes.
  if (!isCode(codeText)) return false;
  const decoded = decodeItem(item);
  if (!decoded.ok)
    throw new Error(`accepted ${Buffer.from(item).toString("hex")}: ${decoded.rejection.detail}`);
  expect(decoded.value.code).toBe(codeText);
  expect(encodeItem(decoded.value)).toEqual(item);
  return true;
}

/** The scanner's verdict on attributes, which must agree with `decodeItem`'s. */
function isFast(attributes: CborValue): boolean {
  const item = encodeCbor([CODE, attributes, []]);
  const fast = expectSound(item);
  if (!decodeItem(item).ok) expect(fast).toBe(false);
  return fast;
}

const itemArb: fc.Arbitrary<BatchItem> = fc
  .tuple(codes, attributesArb, fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, linksArb))
  .map(([code, attributes, links]) => ({ code, attributes, links: linksToCbor(links) }));

/** Bytes that change what CBOR and its texts mean. */
const byteArb = fc.oneof(
  fc.integer({ min: 0, max: 255 }),
  fc.constantFrom(
    0x00,
    0x17,
    0x18,
    0x19,
    0x1a,
    0x20,
    0x39,
    0x3a,
    0x58,
    0x60,
    0x77,
    0x78,
    0x79,
    0x7f,
    0x80,
    0x81,
  ),
  fc.constantFrom(0x82, 0x83, 0xc2, 0xa0, 0xe0, 0xe3, 0xed, 0xef, 0xf0, 0xf4, 0xf6, 0xbf, 0xbb, 0x30, 0x61),
);

const editArb = fc.record({
  kind: fc.constantFrom("set", "add", "remove", "bit", "copy"),
  place: fc.nat(),
  byte: byteArb,
});

function edit(
  item: Uint8Array,
  { kind, place, byte }: { kind: string; place: number; byte: number },
): Uint8Array {
  const bytes = [...item];
  const at = place % bytes.length;
  if (kind === "set") bytes[at] = byte;
  else if (kind === "add") bytes.splice(at, 0, byte);
  else if (kind === "remove") bytes.splice(at, 1);
  else if (kind === "bit") bytes[at]! ^= 1 << (byte & 7);
  else bytes.splice(at, 0, ...bytes.slice(at, at + 1 + (byte % 40)));
  return Uint8Array.from(bytes);
}

describe("scanning an item", () => {
  test("knows every item of common attributes without links", () => {
    const known = attributesArb.filter((attributes) => isPlain(attributes as unknown as CborValue));
    fc.assert(
      fc.property(codes, known, (code, attributes) => {
        expect(expectSound(encodeItem({ code, attributes, links: [] }))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test("accepts nothing that decoding refuses, of items as they should be", () => {
    fc.assert(
      fc.property(itemArb, (item) => void expectSound(encodeItem(item))),
      { numRuns: 500 },
    );
  });

  test("accepts nothing that decoding refuses, of items that were changed", () => {
    fc.assert(
      fc.property(itemArb, fc.array(editArb, { minLength: 1, maxLength: 3 }), (item, edits) => {
        expectSound(edits.reduce(edit, encodeItem(item)));
      }),
      { numRuns: 5_000 },
    );
  });

  test("accepts nothing that decoding refuses, whatever one byte of an item becomes", () => {
    const attributes: CborValue = [
      ["category", "lamp-3"],
      ["height-mm", 70_000],
      [
        "legacy",
        [
          ["gtin", "09521234543213"],
          ["oid", "2.16.156"],
        ],
      ],
      [
        "name",
        [
          ["de-CH", "Lampe"],
          ["zh-Hant", "\u8def\u71c8\u{20bb7} 7"],
        ],
      ],
      ["part-of", "MA.156.1301.02/60"],
      ["place", [-380_423_000, 24]],
      ["schema", new Uint8Array(32)],
      ["valid-from-year", 300],
    ];
    const item = encodeCbor([CODE, attributes, []]);
    expect(expectSound(item)).toBe(true);
    let fast = 0;
    for (let at = 0; at < item.length; at++) {
      for (let byte = 0; byte < 256; byte++) if (expectSound(item.with(at, byte))) fast++;
    }
    expect(fast).toBeGreaterThan(item.length);
  });

  test("accepts nothing that decoding refuses, of random values", () => {
    const leaf = fc.oneof(
      fc.integer({ min: -2_000_000_000, max: 2_000_000_000 }),
      fc.constantFrom("name", "place", "zh", "en", "model", "legacy", "installed-year", null, true),
      fc.string({ unit: "grapheme", maxLength: 30 }),
      fc.uint8Array({ maxLength: 40 }),
    );
    const { value } = fc.letrec<{ value: CborValue }>((tie) => ({
      value: fc.oneof({ maxDepth: 5 }, leaf, fc.array(tie("value"), { maxLength: 4 })),
    }));
    fc.assert(
      fc.property(value, fc.boolean(), (any, isItem) => {
        expectSound(encodeCbor(isItem ? [CODE, [["name", any]], []] : any));
      }),
      { numRuns: 1_500 },
    );
  });
});

function isPlain(attributes: CborValue): boolean {
  return !JSON.stringify(attributes).includes("sl-rozaj");
}

describe("scanning texts", () => {
  const line = (text: string) => [["name", [["zh", text]]]] as CborValue;

  test("knows every code point as decoding does, wherever it stands", () => {
    for (let point = 0; point < 0x11_0000; point += point < 0x1_0200 ? 1 : 251) {
      if (point >= 0xd800 && point < 0xe000) continue;
      const mark = String.fromCodePoint(point);
      const item = encodeCbor([CODE, line(`a${mark}b`), []]);
      expect(scan(item) !== UNSURE, `U+${point.toString(16)}`).toBe(decodeItem(item).ok);
    }
    for (const point of [0x20, 0xa0, 0x3000, 0x61, 0x4e00]) {
      const mark = String.fromCodePoint(point);
      for (const text of [mark, `${mark}a`, `a${mark}`]) {
        const item = encodeCbor([CODE, line(text), []]);
        expect(scan(item) !== UNSURE, `${point} in "${text}"`).toBe(decodeItem(item).ok);
      }
    }
  });

  test("accepts no bytes that are no UTF-8", () => {
    const item = encodeCbor([CODE, line("abcdef"), []]);
    const at = item.length - 7;
    const bytes = fc.array(
      fc.oneof(
        fc.integer({ min: 0x80, max: 0xff }),
        fc.constantFrom(0x41, 0xc0, 0xe0, 0xed, 0xf0, 0xf4, 0x80, 0x9f, 0xa0, 0xbf),
      ),
      { minLength: 6, maxLength: 6 },
    );
    fc.assert(
      fc.property(bytes, (units) => {
        const changed = item.slice();
        changed.set(units, at);
        expectSound(changed);
      }),
      { numRuns: 5_000 },
    );
  });

  test("knows lengths up to the limit and no more", () => {
    for (const length of [1, 22, 23, 24, 25, 79, 80, 81, 239, 240, 241, 255, 256, 300]) {
      expect(isFast(line("a".repeat(length))), `${length} letters`).toBe(length <= 240);
      const wide = "\u8def".repeat(length);
      expect(isFast(line(wide)), `${length} wide characters`).toBe(length <= 80);
    }
  });

  test("accepts no number of a person", () => {
    // An eleventh digit is where `findPersonalNumber` begins to look: a new kind could be shorter.
    expect(PERSONAL_NUMBER_KINDS).toEqual(["citizen-number", "citizen-number-15", "mobile-number"]);
    const short = fc.stringMatching(/^([0-9\uff10-\uff19][ -]{0,2}[x]?){0,10}$/);
    fc.assert(fc.property(short, (text) => findPersonalNumber(text) === undefined));
    for (const text of ["call 13812345678", "\uff11\uff13\uff18 1234 5678", "13010219900307301X"]) {
      expect(isFast(line(text)), text).toBe(false);
    }
    expect(isFast(line("serial 0000000000001"))).toBe(true);
    expect(isFast([["model", "13812345678"]])).toBe(false);
    expect(isFast([["model", "0000000000001"]])).toBe(true);
    expect(isFast([["legacy", [["id", "138 1234 5678"]]]])).toBe(false);
  });

  test("accepts languages and legacy codes in order alone", () => {
    const texts = (...languages: string[]) => [["name", languages.map((tag) => [tag, "a"])]] as CborValue;
    expect(isFast(texts("en", "zh", "zh-Hant"))).toBe(true);
    for (const tags of [
      ["zh", "en"],
      ["zh", "zh"],
      ["zh-Hant", "zh"],
      [],
      ["ZH"],
      ["zh-hant"],
      ["zh-cn"],
      ["z"],
    ]) {
      expect(isFast(texts(...tags)), tags.join()).toBe(false);
    }
    const legacy = (...pairs: [string, string][]) => [["legacy", pairs]] as CborValue;
    expect(isFast(legacy(["a", "2"], ["a", "20"], ["b", "1"]))).toBe(true);
    for (const pairs of [
      [
        ["a", "2"],
        ["a", "2"],
      ],
      [
        ["b", "1"],
        ["a", "2"],
      ],
      [
        ["a", "20"],
        ["a", "2"],
      ],
      [],
    ] as [string, string][][]) {
      expect(isFast(legacy(...pairs)), JSON.stringify(pairs)).toBe(false);
    }
  });
});

test("scanning knows whole numbers and points up to their limits", () => {
  for (const value of [
    0,
    1,
    23,
    24,
    255,
    256,
    65_535,
    65_536,
    100_000_000,
    100_000_001,
    -1,
    4_294_967_295,
    2 ** 32,
  ]) {
    expect(isFast([["height-mm", value]]), `height ${value}`).toBe(value >= 0 && value <= 100_000_000);
    expect(isFast([["installed-year", value]]), `year ${value}`).toBe(value >= 1 && value <= 9_999);
  }
  for (const latitude of [-900_000_001, -900_000_000, 0, 900_000_000, 900_000_001]) {
    for (const longitude of [-1_800_000_000, -1_799_999_999, 1_800_000_000, 1_800_000_001]) {
      const isOnEarth =
        Math.abs(latitude) <= 900_000_000 && longitude > -1_800_000_000 && longitude <= 1_800_000_000;
      expect(isFast([["place", [latitude, longitude]]]), `${latitude} ${longitude}`).toBe(isOnEarth);
    }
  }
});
