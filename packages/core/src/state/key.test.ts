import { type Code, isCode, parseCode } from "@cityroot/codes/ma/code";
import { CODE_CHARACTERS_MAX } from "@cityroot/codes/ma/limits";
import { isSameOrBelow } from "@cityroot/codes/ma/prefix";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bytesToHex } from "../hex.ts";
import { STATE_KEY_BYTES_MAX } from "../limits.ts";
import { codeArb } from "../operation/operation-arb.testing.ts";
import {
  aliasedKey,
  aliasKey,
  codeKey,
  codeOfKey,
  codingSystemKey,
  firstDifferingBit,
  holderKey,
  isKeyAtOrBelow,
  KEY_KINDS,
  keyFromBytes,
  keyToBytes,
  kindOfKey,
  misbehaviourKey,
  NETWORK_KEY,
  PARAMETERS_KEY,
  prefixKey,
  replayKey,
  ruleKey,
  STATE_KEY_BITS_MAX,
  type StateKey,
  tallyKey,
  VALIDATORS_KEY,
} from "./key.ts";

const code = (text: string) => text as Code;

test("kinds are consensus", () => {
  expect(KEY_KINDS).toEqual({
    ...{ network: 1, holder: 2, prefix: 3, rule: 4, tally: 5, code: 6, replay: 7 },
    ...{ validators: 8, parameters: 9, misbehaviour: 10, system: 11, alias: 12, aliased: 13 },
  });
});

test("bytes of keys are consensus", () => {
  const hex = (key: StateKey) => bytesToHex(keyToBytes(key));
  expect(hex(NETWORK_KEY)).toBe("0100");
  expect(hex(holderKey(new Uint8Array(20).fill(0xff)))).toBe(`02${"ff".repeat(20)}`);
  expect(hex(prefixKey(code("MA.156")))).toBe("034d410231353600");
  expect(hex(ruleKey(code("MA.156")))).toBe("044d410231353600");
  expect(hex(tallyKey(code("MA.156")))).toBe("054d410231353600");
  expect(hex(codeKey(code("MA.156/60.1")))).toBe("064d41023135360136300231".concat("00"));
  expect(hex(replayKey(0))).toBe("070000");
  expect(hex(replayKey(16_383))).toBe("073fff");
  expect(hex(VALIDATORS_KEY)).toBe("0800");
  expect(hex(PARAMETERS_KEY)).toBe("0900");
  expect(hex(codingSystemKey("oid"))).toBe("0b6f696400");
  const half = (byte: number) => new Uint8Array(16).fill(byte);
  const digests = { legacy: half(0xab), claimant: half(0xcd), claim: half(0xef) };
  const rest = "ab".repeat(16) + "cd".repeat(16) + "ef".repeat(16);
  const alias = aliasKey({ system: "oid", value: Uint8Array.of(0x31, 0x32), ...digests });
  expect(hex(alias)).toBe(`0c6f6964003132${"00".repeat(14)}${rest}`);
  const long = aliasKey({ system: "oid", value: new Uint8Array(17).fill(0x31), ...digests });
  expect(hex(long)).toBe(`0c6f696400${"31".repeat(16)}${rest}`);
  expect(hex(aliasedKey(code("MA.156"), alias))).toBe(`0d4d410231353600${rest}`);
  expect(hex(misbehaviourKey(0, 0))).toBe(`0a${"00".repeat(9)}`);
  expect(hex(misbehaviourKey(258, 259))).toBe("0a000000000001020103");
  expect(hex(misbehaviourKey(2 ** 53 - 1, 65_535))).toBe("0a1fffffffffffffffff");
});

test("misbehaviours stand in the order in which they were recorded", () => {
  const placeArb = fc.tuple(fc.oneof(fc.nat(300), fc.maxSafeNat()), fc.nat(255));
  fc.assert(
    fc.property(placeArb, placeArb, ([height, index], [laterBy, other]) => {
      const later = Math.min(Number.MAX_SAFE_INTEGER, height + laterBy);
      fc.pre(later > height || other > index);
      expect(misbehaviourKey(height, index) < misbehaviourKey(later, other)).toBe(true);
      expect(kindOfKey(misbehaviourKey(height, index))).toBe("misbehaviour");
      expect(codeOfKey(misbehaviourKey(height, index))).toBeUndefined();
    }),
  );
});

test("a code comes back from its key", () => {
  fc.assert(
    fc.property(codeArb, (text) => {
      for (const key of [codeKey(text), prefixKey(text), ruleKey(text), tallyKey(text)]) {
        expect(codeOfKey(key)).toBe(text);
        expect(keyFromBytes(keyToBytes(key))).toBe(key);
      }
      expect(kindOfKey(codeKey(text))).toBe("code");
    }),
  );
});

describe("what is no key of a code has none:", () => {
  test.each([
    "",
    "\u0006",
    "\u0006MA",
    "\u0006MA\u0000x",
    "\u0006MA\u0000",
    "\u0006MA\u0002156\u0002\u00e9\u0000",
    "\u0006MA\u0000\u0000",
    NETWORK_KEY,
    replayKey(7),
  ])("%j", (key) => {
    expect(codeOfKey(key as StateKey)).toBeUndefined();
  });

  test("kinds that nobody knows", () => {
    expect(kindOfKey("\u0000x" as StateKey)).toBeUndefined();
    expect(kindOfKey("\u00ffx" as StateKey)).toBeUndefined();
    expect(kindOfKey("" as StateKey)).toBeUndefined();
  });

  test("bytes that are too many or none", () => {
    expect(keyFromBytes(new Uint8Array(0))).toBeUndefined();
    expect(keyFromBytes(new Uint8Array(STATE_KEY_BYTES_MAX))).toHaveLength(STATE_KEY_BYTES_MAX);
    expect(keyFromBytes(new Uint8Array(STATE_KEY_BYTES_MAX + 1))).toBeUndefined();
  });
});

test("the longest code has a key", () => {
  const longest = `MA.156.1301.02/60.10000000.1/${"a".repeat(50)}.${"b".repeat(48)}`;
  expect(longest).toHaveLength(CODE_CHARACTERS_MAX);
  expect(parseCode(longest).ok).toBe(true);
  expect(codeOfKey(codeKey(code(longest)))).toBe(longest);
  expect(8 * codeKey(code(longest)).length).toBeLessThan(STATE_KEY_BITS_MAX);
});

/** Goal: everything below a prefix lies together, right after it. Method: any codes, sorted by their keys. */
test("below a prefix is one stretch of keys, whatever else there is", () => {
  const nodeArb = fc.stringMatching(/^[0-9A-Za-z_-]{1,3}$/);
  const deepArb = fc
    .tuple(codeArb, fc.array(fc.tuple(fc.constantFrom(".", "/"), nodeArb), { maxLength: 3 }))
    .map(([text, nodes]) => code(text + nodes.map(([separator, node]) => separator + node).join("")))
    .filter(isCode);
  fc.assert(
    fc.property(fc.array(deepArb, { minLength: 1, maxLength: 30 }), codeArb, (codes, prefix) => {
      const keys = [...new Set([...codes, prefix].map(codeKey))].sort();
      const inside = keys.map((key) => isKeyAtOrBelow(key, codeKey(prefix)));
      for (const [at, key] of keys.entries()) {
        expect(inside[at], key).toBe(isSameOrBelow(codeOfKey(key)!, prefix));
      }
      expect(keys[inside.indexOf(true)]).toBe(codeKey(prefix));
      expect(inside.lastIndexOf(true) - inside.indexOf(true) + 1).toBe(inside.filter(Boolean).length);
    }),
  );
});

test("separators sort before digits and letters, and the end before them", () => {
  const codes = [
    "MA.156",
    "MA.156/60",
    "MA.156.1",
    "MA.156.1/60",
    "MA.156.1.2",
    "MA.156.10",
    "MA.156.A",
    "MA.156.a",
  ];
  expect(codes.map((text) => codeKey(code(text))).sort()).toEqual(codes.map((text) => codeKey(code(text))));
  expect(codeKey(code("MA.1560")) > codeKey(code("MA.156.zzzz"))).toBe(true);
});

test("the first differing bit is where two keys part, counted from the highest", () => {
  const naive = (a: string, b: string): number => {
    const bits = (text: string) =>
      [...text].map((letter) => letter.charCodeAt(0).toString(2).padStart(8, "0")).join("");
    const [left, right] = [bits(a), bits(b)];
    let at = 0;
    while (left[at] === right[at]) at++;
    return at;
  };
  const byteTextArb = fc
    .uint8Array({ minLength: 1, maxLength: 6 })
    .map((bytes) => String.fromCharCode(...bytes));
  fc.assert(
    fc.property(byteTextArb, byteTextArb, (a, b) => {
      fc.pre(a !== b);
      expect(firstDifferingBit(a, b)).toBe(naive(a, b));
      expect(firstDifferingBit(b, a)).toBe(naive(a, b));
    }),
  );
  expect(() => firstDifferingBit("a", "a")).toThrow("invariant broken");
});
