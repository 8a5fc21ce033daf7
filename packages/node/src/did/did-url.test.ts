import type { Code } from "@cityroot/codes/ma/code";
import { hexToBytes } from "@cityroot/core/hex";
import { publicKeyOf } from "@cityroot/core/key/ed25519";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { didOfCode, didOfHolder, networkPartOf, parseDidUrl, parseSpecific } from "./did-url.ts";
import { multikeyOf } from "./multikey.ts";

const NETWORK = { id: "test-01010101", genesis: new Uint8Array(32).fill(1), protocol: 1 };
const HOLDER = "00112233445566778899aabbccddeeff00112233";
const PART = "01".repeat(20);

describe("a DID URL", () => {
  test("is taken apart", () => {
    const url = parseDidUrl(`did:cityroot:${PART}:${HOLDER}/a/b?service=link-1&x=%20#key`);
    expect(url).toMatchObject({
      did: `did:cityroot:${PART}:${HOLDER}`,
      ...{ method: "cityroot", specific: `${PART}:${HOLDER}`, path: "/a/b", fragment: "key" },
    });
    expect([...url!.query]).toEqual([
      ["service", "link-1"],
      ["x", " "],
    ]);
  });

  test.each([
    "",
    "did",
    "did:",
    "did:example",
    "did:example:",
    "did:Example:1",
    "did:ex-ample:1",
    "DID:example:1",
    " did:example:1",
    "did:example:1 ",
    "did:example:é",
    "did:example:%zz",
    "did:example:1:",
    "did:example:a?b?#c#d",
    "did:example:a/b\\c",
    "not-a-did",
  ])("%j is none", (text) => {
    expect(parseDidUrl(text)).toBeUndefined();
  });

  test("of any text is one, or none, and never longer than it", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: "binary" }),
          fc.webPath().map((path) => `did:x:1${path}`),
        ),
        (text) => {
          const url = parseDidUrl(text);
          if (url !== undefined) expect(text.startsWith(url.did)).toBe(true);
        },
      ),
    );
  });
});

describe("a DID of the method", () => {
  test("names the network by the beginning of its genesis's digest", () => {
    expect(networkPartOf(NETWORK)).toBe(PART);
  });

  test("names a holder, and comes back", () => {
    const did = didOfHolder(NETWORK, HOLDER);
    expect(did).toBe(`did:cityroot:${PART}:${HOLDER}`);
    const parsed = parseSpecific(parseDidUrl(did)!.specific);
    expect(parsed).toEqual({ network: PART, subject: { kind: "holder", id: hexToBytes(HOLDER) } });
  });

  test.each(["MA.156", "MA.156.1301.02/60.10000000.1/000123", "MA.156.M0.100350.A-1_b", "MA.156.1301/60/"])(
    "names %s, and comes back, where it is a code",
    (code) => {
      const did = didOfCode(NETWORK, code as Code);
      const parsed = parseSpecific(parseDidUrl(did)?.specific ?? "");
      expect(parsed).toEqual(
        code.endsWith("/") ? undefined : { network: PART, subject: { kind: "code", code } },
      );
    },
  );

  test.each([
    PART,
    `${PART}:`,
    `${PART}:${HOLDER.toUpperCase()}`,
    `${PART}:${HOLDER}0`,
    `${PART}:${HOLDER}:${HOLDER}`,
    `${PART.slice(1)}:${HOLDER}`,
    `${PART}:MA`,
    `${PART}:ma.156`,
    `${PART}:MA.156.1301.02.60.10000000.1`,
    `${PART}:MA%2E156`,
    `test-01010101:${HOLDER}`,
  ])("%s is of none", (specific) => {
    expect(parseSpecific(specific)).toBeUndefined();
  });
});

test("Multikeys are those of the method did:key, whose vectors begin with z6Mk", () => {
  // The first vector of did:key (W3C CCG, did-method-key): seed of zeros.
  const bytes = publicKeyOf(new Uint8Array(32));
  expect(multikeyOf({ algorithm: "ed25519", bytes })).toBe(
    "z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp",
  );
});
