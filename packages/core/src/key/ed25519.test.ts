import { utf8ToBytes } from "@noble/hashes/utils.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bytesToHex, hexToBytes } from "../hex.ts";
import { ED25519_EDGE_CASES } from "./ed25519.testing.ts";
import { isPublicKey, PUBLIC_KEY_BYTES, publicKeyOf, SIGNATURE_BYTES, sign, verify } from "./ed25519.ts";

const unhex = (text: string): Uint8Array => hexToBytes(text)!;

// RFC 8032 §7.1, tests 1, 2 and 3.
const RFC_8032 = [
  {
    seed: "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
    publicKey: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
    message: "",
    signature:
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
  },
  {
    seed: "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
    publicKey: "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
    message: "72",
    signature:
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
  },
  {
    seed: "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
    publicKey: "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
    message: "af82",
    signature:
      "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
  },
];

describe("Ed25519", () => {
  test.each(RFC_8032)("matches RFC 8032 §7.1 for the seed $seed", (vector) => {
    const seed = unhex(vector.seed);
    const message = unhex(vector.message);
    expect(bytesToHex(publicKeyOf(seed))).toBe(vector.publicKey);
    expect(bytesToHex(sign(seed, message))).toBe(vector.signature);
    expect(verify(unhex(vector.publicKey), message, unhex(vector.signature))).toBe(true);
  });

  test.each(ED25519_EDGE_CASES)("$name: accepted is $accepted", (edge) => {
    const accepted = verify(unhex(edge.publicKey), utf8ToBytes(edge.message), unhex(edge.signature));
    expect(accepted).toBe(edge.accepted);
  });

  test("has edge cases of both verdicts", () => {
    expect(new Set(ED25519_EDGE_CASES.map((edge) => edge.accepted)).size).toBe(2);
  });

  test("refuses a signature with any single bit turned", () => {
    const { publicKey, message, signature } = RFC_8032[2]!;
    for (let bit = 0; bit < 8 * SIGNATURE_BYTES; bit++) {
      const turned = unhex(signature);
      turned[bit >> 3]! ^= 1 << (bit & 7);
      expect(verify(unhex(publicKey), unhex(message), turned), `bit ${bit}`).toBe(false);
    }
  });

  test("signs and verifies any message, and no other message", () => {
    const seed = fc.uint8Array({ minLength: 32, maxLength: 32 });
    const message = fc.uint8Array({ maxLength: 200 });
    fc.assert(
      fc.property(seed, message, (someSeed, text) => {
        const publicKey = publicKeyOf(someSeed);
        const signature = sign(someSeed, text);
        expect(verify(publicKey, text, signature)).toBe(true);
        expect(verify(publicKey, new Uint8Array([...text, 0]), signature)).toBe(false);
      }),
      { numRuns: 30 },
    );
  });

  test("never throws for bytes of any length", () => {
    const bytes = fc.uint8Array({ maxLength: 80 });
    fc.assert(
      fc.property(bytes, bytes, bytes, (publicKey, message, signature) => {
        expect(verify(publicKey, message, signature)).toBe(false);
      }),
    );
  });
});

describe("isPublicKey", () => {
  test("accepts an honest key only", () => {
    const honest = unhex(RFC_8032[0]!.publicKey);
    expect(isPublicKey(honest)).toBe(true);
    expect(isPublicKey(honest.subarray(1)), "too short").toBe(false);
    expect(isPublicKey(new Uint8Array(PUBLIC_KEY_BYTES)), "small order").toBe(false);
    expect(isPublicKey(new Uint8Array(PUBLIC_KEY_BYTES).fill(0xff)), "not canonical").toBe(false);
  });
});
