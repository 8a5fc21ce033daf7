import { utf8ToBytes } from "@noble/hashes/utils.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hexToBytes } from "../hex.ts";
import { decodeUtf8 } from "./utf8.ts";

describe("decodeUtf8", () => {
  test("leads back to every well-formed text, a byte order mark included", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 20 }), (text) => {
        expect(decodeUtf8(utf8ToBytes(text))).toBe(text);
      }),
    );
    expect(decodeUtf8(utf8ToBytes("\ufeff石家庄 — \u{10ffff}"))).toBe("\ufeff石家庄 — \u{10ffff}");
  });

  // RFC 3629 §3 and §10.
  test.each([
    ["80", "a lone continuation"],
    ["c080", "an overlong zero"],
    ["c1bf", "an overlong letter"],
    ["e09f bf", "an overlong three bytes"],
    ["f08f bfbf", "an overlong four bytes"],
    ["eda080", "the first surrogate"],
    ["edbfbf", "the last surrogate"],
    ["f4908080", "a point above U+10FFFF"],
    ["f5808080", "a lead above F4"],
    ["ff", "no lead at all"],
    ["c3", "a cut sequence"],
    ["e4b8", "a cut sequence of three"],
    ["c328", "a wrong continuation"],
    ["e4b8ff", "a wrong last byte"],
  ])("%s is refused: %s", (hex) => {
    expect(decodeUtf8(hexToBytes(hex.replace(" ", ""))!)).toBeUndefined();
  });

  test("accepts what the platform's strict decoder accepts, and nothing else", () => {
    const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    const byte = fc.constantFrom(
      0x20,
      0x7f,
      0x80,
      0x8f,
      0x90,
      0x9f,
      0xa0,
      0xbf,
      0xc2,
      0xdf,
      0xe0,
      0xed,
      0xef,
      0xf0,
      0xf4,
    );
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 6 }), (some) => {
        const bytes = new Uint8Array(some);
        let expected: string | undefined;
        try {
          expected = strict.decode(bytes);
        } catch {
          expected = undefined;
        }
        expect(decodeUtf8(bytes)).toBe(expected);
      }),
      { numRuns: 3_000 },
    );
  });
});
