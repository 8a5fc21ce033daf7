import { decode as decodeByLibrary, encode as encodeByLibrary } from "cborg";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cborArb, expectStrictCodec, FUZZ_RUNS, mutateBytes, mutationArb } from "./cbor.testing.ts";
import { type CborValue, decodeCbor, decodeListStart, encodeCbor } from "./cbor.ts";
import { bytesToHex, equalBytes, hexToBytes } from "./hex.ts";
import { CBOR_DEPTH_MAX, TRANSACTION_BYTES_MAX } from "./limits.ts";

function decodeHex(hex: string): CborValue | undefined {
  return decodeCbor(hexToBytes(hex)!);
}

/** RFC 8949, appendix A: every example that the protocol's CBOR has. */
const EXAMPLES: readonly (readonly [string, CborValue])[] = [
  ["00", 0],
  ["01", 1],
  ["0a", 10],
  ["17", 23],
  ["1818", 24],
  ["1819", 25],
  ["1864", 100],
  ["1903e8", 1000],
  ["1a000f4240", 1_000_000],
  ["1b000000e8d4a51000", 1_000_000_000_000],
  ["20", -1],
  ["29", -10],
  ["3863", -100],
  ["3903e7", -1000],
  ["f4", false],
  ["f5", true],
  ["f6", null],
  ["40", new Uint8Array(0)],
  ["4401020304", Uint8Array.of(1, 2, 3, 4)],
  ["60", ""],
  ["6161", "a"],
  ["6449455446", "IETF"],
  ["62225c", '"\\'],
  ["62c3bc", "\u00fc"],
  ["63e6b0b4", "\u6c34"],
  ["64f0908591", "\u{10151}"],
  ["80", []],
  ["83010203", [1, 2, 3]],
  ["8301820203820405", [1, [2, 3], [4, 5]]],
  [
    "98190102030405060708090a0b0c0d0e0f101112131415161718181819",
    Array.from({ length: 25 }, (_, index) => index + 1),
  ],
  ["1b001fffffffffffff", 2 ** 53 - 1],
  ["3b001ffffffffffffe", 1 - 2 ** 53],
  ["63efbbbf", "\ufeff"],
  ["64efbbbf61", "\ufeffa"],
];

test.each(EXAMPLES)("%s is one value, and the only encoding of it", (hex, value) => {
  expect(decodeHex(hex)).toEqual(value);
  expect(bytesToHex(encodeCbor(value))).toBe(hex);
});

describe("what is no value of the protocol is refused:", () => {
  test.each([
    ["nothing", ""],
    ["a longer form of 0", "1800"],
    ["a longer form of 23", "1817"],
    ["a longer form of 255", "1900ff"],
    ["a longer form of 65535", "1a0000ffff"],
    ["a longer form of 2^32-1", "1b00000000ffffffff"],
    ["a longer form of -1", "3800"],
    ["a longer length of bytes", "580100"],
    ["a longer length of text", "780161"],
    ["a longer length of a list", "980100"],
    ["2^53", "1b0020000000000000"],
    ["2^64-1", "1bffffffffffffffff"],
    ["-2^53", "3b001fffffffffffff"],
    ["a number cut short", "1903"],
    ["bytes cut short", "4401020"],
    ["text cut short", "6461"],
    ["a list cut short", "830102"],
    ["more bytes than there are", "5b0000000000000001ff"],
    ["a byte after the value", "0000"],
    ["a map", "a0"],
    ["a map of one", "a10102"],
    ["a tag", "c000"],
    ["half a float", "f93c00"],
    ["a float", "fa47c35000"],
    ["a double", "fb3ff199999999999a"],
    ["undefined", "f7"],
    ["a simple value", "f0"],
    ["a simple value of a byte", "f8ff"],
    ["a reserved head", "1c"],
    ["bytes without a length", "5f4101ff"],
    ["text without a length", "7f6161ff"],
    ["a list without a length", "9f01ff"],
    ["a break", "ff"],
  ])("%s", (_, hex) => {
    expect(decodeHex(hex.length % 2 === 0 ? hex : `${hex}3`)).toBeUndefined();
  });

  test.each([
    ["a lone continuation", "6180"],
    ["a lone start", "61c3"],
    ["a byte that never occurs", "61ff"],
    ["an overlong slash", "62c0af"],
    ["an overlong zero", "62c080"],
    ["an overlong form of three bytes", "63e08080"],
    ["an overlong form of four bytes", "64f0808080"],
    ["a high surrogate", "63eda080"],
    ["a pair of surrogates", "66eda080edb080"],
    ["a point above U+10FFFF", "64f4908080"],
    ["a sequence cut by the end", "62e6b0"],
    ["a sequence cut by a letter", "64e6b06161"],
    ["after much good text", `7828${"61".repeat(39)}ff`],
  ])("text that is not UTF-8: %s", (_, hex) => {
    expect(decodeHex(hex)).toBeUndefined();
  });
});

describe("what is no value is a mistake of ours:", () => {
  test.each([
    ["a fraction", 1.5],
    ["2^53", 2 ** 53],
    ["not a number", Number.NaN],
    ["half a surrogate pair", "\ud800"],
    ["the other half", "a\udc00"],
    ["the halves in the wrong order", "\udc00\ud800"],
    ["undefined", undefined as unknown as CborValue],
    ["an object", {} as unknown as CborValue],
  ])("%s", (_, value) => {
    expect(() => encodeCbor(value)).toThrow("invariant broken");
  });

  test("but a negative zero is a zero", () => {
    expect(bytesToHex(encodeCbor(-0))).toBe("00");
  });
});

/** Goal: one value, one encoding. Method: random values, damaged anywhere, against our own encoder. */
test("damaged bytes are no value or another one", () => {
  fc.assert(
    fc.property(cborArb, fc.array(mutationArb, { maxLength: 20 }), (value, mutations) => {
      expectStrictCodec(value, encodeCbor, decodeCbor, mutations);
      expect(decodeCbor(encodeCbor(value))).toEqual(value);
    }),
    { numRuns: Math.ceil(FUZZ_RUNS / 20) },
  );
});

test("every single byte of a message, changed to every other, makes another value or none", () => {
  const message = [6, 300, [1234, 1_767_225_600_000], Uint8Array.of(1, 2), "灯-7", null, true, -1, "\ufeffx"];
  const bytes = encodeCbor(message);
  for (let at = 0; at < bytes.length; at++) {
    for (let byte = 0; byte < 256; byte++) {
      if (byte === bytes[at]) continue;
      const damaged = bytes.slice();
      damaged[at] = byte;
      const value = decodeCbor(damaged);
      if (value === undefined) continue;
      expect(equalBytes(encodeCbor(value), damaged), `byte ${at} as ${byte}`).toBe(true);
    }
  }
});

/** Goal: both directions agree with a library that others may use. Method: the same values and bytes through both. */
test("a common library writes the same bytes and reads the same values", () => {
  const strict = { strict: true, allowIndefinite: false, allowUndefined: false, allowBigInt: false } as const;
  fc.assert(
    fc.property(cborArb, mutationArb, (value, mutation) => {
      const bytes = encodeCbor(value);
      expect(bytesToHex(encodeByLibrary(value))).toBe(bytesToHex(bytes));
      const damaged = mutateBytes(bytes, mutation);
      const read = decodeCbor(damaged);
      // The library drops a byte order mark, which would give one text two encodings.
      if (read === undefined || bytesToHex(damaged).includes("efbbbf")) return;
      expect(decodeByLibrary(damaged, strict)).toEqual(read);
    }),
    { numRuns: Math.ceil(FUZZ_RUNS / 20) },
  );
});

test("noise never makes it throw", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      const value = decodeCbor(bytes);
      return value === undefined || equalBytes(encodeCbor(value), bytes);
    }),
    { numRuns: Math.ceil(FUZZ_RUNS / 10) },
  );
});

describe("a small message cannot ask for much:", () => {
  test("lists nest to the limit and no deeper", () => {
    const nested = (depth: number) => `${"81".repeat(depth - 1)}80`;
    expect(decodeHex(nested(CBOR_DEPTH_MAX))).toBeDefined();
    expect(decodeHex(nested(CBOR_DEPTH_MAX + 1))).toBeUndefined();
    expect(decodeCbor(new Uint8Array(TRANSACTION_BYTES_MAX).fill(0x81))).toBeUndefined();
  });

  test.each(["9a7fffffff", "9b001fffffffffffff", "5a7fffffff", "7b001fffffffffffff", "9bffffffffffffffff"])(
    "%s promises more than a message holds",
    (hex) => {
      expect(decodeHex(hex)).toBeUndefined();
      expect(decodeHex(`${hex}00`)).toBeUndefined();
      expect(decodeHex(`82${hex}00`)).toBeUndefined();
    },
  );

  test("a list as long as a message is read, and refused where an element misses", () => {
    const bytes = new Uint8Array(TRANSACTION_BYTES_MAX).fill(0x80);
    bytes.set([0x9a, 0, 0x0f, 0xff, 0xfb]);
    expect(decodeCbor(bytes)).toHaveLength(TRANSACTION_BYTES_MAX - 5);
    expect(decodeCbor(bytes.subarray(0, -1))).toBeUndefined();
  });
});

test("the first elements of a list are read without those after them", () => {
  const bytes = encodeCbor(["a", [1, 2], 3]);
  expect(decodeListStart(bytes, 3, 2)).toEqual(["a", [1, 2]]);
  expect(decodeListStart(bytes.with(bytes.length - 1, 0xff), 3, 2)).toEqual(["a", [1, 2]]);
  expect(decodeListStart(bytes.with(bytes.length - 1, 0xff), 3, 3)).toBeUndefined();
  expect(decodeListStart(bytes, 2, 2), "a list of another length").toBeUndefined();
  for (const hex of ["", "a3", "05", "9803616101", "9b0000000000000003616101"])
    expect(decodeListStart(hexToBytes(hex)!, 3, 1), hex).toBeUndefined();
});

test("byte strings are copies, so that a buffer may be used again", () => {
  const bytes = hexToBytes("814401020304")!;
  const value = decodeCbor(bytes);
  bytes.fill(0);
  expect(value).toEqual([Uint8Array.of(1, 2, 3, 4)]);
});

test("a value larger than any before it comes out whole", () => {
  for (const size of [60_000, 70_000, 200_000, 1_000_000]) {
    const value = [new Uint8Array(size).fill(7), "x".repeat(size), [size]];
    expect(decodeCbor(encodeCbor(value)), `${size} bytes`).toEqual(value);
  }
});
