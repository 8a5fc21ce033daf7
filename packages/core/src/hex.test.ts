import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bytesToHex, equalBytes, hexToBytes } from "./hex.ts";

test("bytes come back from their hexadecimal, in either case", () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const hex = bytesToHex(bytes);
      expect(hex).toBe([...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(""));
      expect(hexToBytes(hex)).toEqual(bytes);
      expect(hexToBytes(hex.toUpperCase())).toEqual(bytes);
    }),
  );
});

describe("what is no hexadecimal has no bytes:", () => {
  test.each(["0", "abc", "0g", "g0", "0x00", " 00", "00 ", "-1", "０0", "00\n0"])("%j", (text) => {
    expect(hexToBytes(text)).toBeUndefined();
  });
});

test("bytes are equal exactly when all of them are", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 4 }), fc.uint8Array({ maxLength: 4 }), (a, b) => {
      expect(equalBytes(a, b)).toBe(bytesToHex(a) === bytesToHex(b));
      expect(equalBytes(a, a.slice())).toBe(true);
    }),
  );
});
