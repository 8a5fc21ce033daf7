import { utf8ToBytes } from "@noble/hashes/utils.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeBase64, encodeBase64 } from "./base64.ts";

describe("base64", () => {
  // RFC 4648 §10.
  test.each([
    ["", ""],
    ["f", "Zg=="],
    ["fo", "Zm8="],
    ["foo", "Zm9v"],
    ["foob", "Zm9vYg=="],
    ["fooba", "Zm9vYmE="],
    ["foobar", "Zm9vYmFy"],
  ])("of %j is %j", (text, base64) => {
    expect(encodeBase64(utf8ToBytes(text))).toBe(base64);
    expect(decodeBase64(base64)).toEqual(utf8ToBytes(text));
  });

  test("leads back to the bytes, as the platform's own does", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const text = encodeBase64(bytes);
        expect(text).toBe(Buffer.from(bytes).toString("base64"));
        expect(decodeBase64(text)).toEqual(bytes);
      }),
    );
  });

  test.each([
    "Zg",
    "Zg=",
    "Zg===",
    "=",
    "==",
    "====",
    "A===",
    "Zh==",
    "Zm9=",
    "Zm 9v",
    "Zm9v\n",
    "Zm9v-_==",
    "Zg==Zg==",
    "Zm9é",
  ])("%j is refused", (text) => {
    expect(decodeBase64(text)).toBeUndefined();
  });

  test("has one text for each byte string", () => {
    const characters = fc.array(fc.constantFrom(..."ABQgw/+9=-_ \n"), { maxLength: 12 });
    fc.assert(
      fc.property(characters, (some) => {
        const bytes = decodeBase64(some.join(""));
        if (bytes !== undefined) expect(encodeBase64(bytes)).toBe(some.join(""));
      }),
      { numRuns: 3_000 },
    );
  });
});
