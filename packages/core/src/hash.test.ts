import { utf8ToBytes } from "@noble/hashes/utils.js";
import { afterEach, describe, expect, test } from "vitest";
import { HASH_BYTES, hashPair, PURE_SHA256, sha256, useSha256 } from "./hash.ts";
import { bytesToHex } from "./hex.ts";

afterEach(() => useSha256(PURE_SHA256));

describe("sha256", () => {
  // FIPS 180-4 example values, as published with the standard (SHA256.pdf, "abc") and the empty message.
  test("gives the published digests", () => {
    expect(bytesToHex(sha256(utf8ToBytes("abc")))).toBe(
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    );
    expect(bytesToHex(sha256(new Uint8Array(0)))).toBe(
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    );
  });
});

describe("hashPair", () => {
  test("is the digest of the concatenation, in order", () => {
    const left = new Uint8Array(HASH_BYTES).fill(1);
    const right = new Uint8Array(HASH_BYTES).fill(2);
    expect(hashPair(left, right)).toEqual(sha256(new Uint8Array([...left, ...right])));
    expect(hashPair(left, right)).not.toEqual(hashPair(right, left));
  });

  test("gives arrays that a later call leaves alone", () => {
    const left = new Uint8Array(HASH_BYTES).fill(1);
    const first = hashPair(left, left);
    const copy = first.slice();
    hashPair(first, left);
    expect(first).toEqual(copy);
  });
});

describe("useSha256", () => {
  test("routes both functions to the installed implementation", () => {
    const calls: string[] = [];
    const digest = (data: Uint8Array) => PURE_SHA256.sha256(data);
    useSha256({
      sha256: (data) => {
        calls.push("sha256");
        return digest(data);
      },
      hashPair: (left, right) => {
        calls.push("hashPair");
        return digest(new Uint8Array([...left, ...right]));
      },
    });
    calls.length = 0;
    sha256(new Uint8Array(1));
    hashPair(new Uint8Array(HASH_BYTES), new Uint8Array(HASH_BYTES));
    expect(calls).toEqual(["sha256", "hashPair"]);
  });

  test("refuses an implementation that differs, and keeps the one before", () => {
    const wrong = () => new Uint8Array(HASH_BYTES);
    expect(() => useSha256({ sha256: wrong })).toThrow("invariant broken");
    expect(() => useSha256({ ...PURE_SHA256, hashPair: wrong })).toThrow("invariant broken");
    expect(bytesToHex(sha256(new Uint8Array(0))).slice(0, 8)).toBe("e3b0c442");
  });
});
