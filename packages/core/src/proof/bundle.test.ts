import type { Code } from "@cityroot/codes/ma/code";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CborValue, decodeCbor, encodeCbor } from "../cbor.ts";
import { STATE_KEY_BYTES_MAX } from "../limits.ts";
import { keyFromBytes } from "../state/key.ts";
import { type Bundle, decodeBundle, encodeBundle } from "./bundle.ts";
import { TEST_POLICY } from "./checkpoint.testing.ts";
import { verifyBytes } from "./registry.testing.ts";
import { verifyList } from "./verify-list.ts";

const bytes = fc.uint8Array({ maxLength: 40 });
const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });
const key = fc
  .uint8Array({ minLength: 1, maxLength: STATE_KEY_BYTES_MAX })
  .map((some) => keyFromBytes(some)!);
const bundles: fc.Arbitrary<Bundle> = fc.record({
  note: bytes,
  sealPath: fc.array(hash, { maxLength: 3 }),
  runs: fc.array(
    fc.record({ entries: fc.array(fc.record({ key, value: bytes }), { maxLength: 4 }), path: bytes }),
    { maxLength: 3 },
  ),
  items: fc.array(
    fc.record({ item: bytes, index: fc.maxSafeNat(), path: fc.array(hash, { maxLength: 3 }) }),
    { maxLength: 3 },
  ),
  versions: fc.array(fc.record({ key, bytes, path: fc.array(hash, { maxLength: 3 }) }), { maxLength: 3 }),
});

describe("the bytes of a bundle", () => {
  test("give the bundle back, and are the only bytes that do", () => {
    fc.assert(
      fc.property(bundles, (bundle) => {
        const encoded = encodeBundle(bundle);
        const decoded = decodeBundle(encoded);
        expect(decoded).toEqual(bundle);
        expect(encodeBundle(decoded!)).toEqual(encoded);
        expect(decodeBundle(new Uint8Array([...encoded, 0])), "a byte more").toBeUndefined();
        expect(decodeBundle(encoded.slice(0, -1)), "a byte less").toBeUndefined();
      }),
      { numRuns: 200 },
    );
  });

  test("are none when any part is not what it should be", () => {
    const bad = new Uint8Array(1);
    const good: CborValue[] = [1, bad, [], [], [], []];
    const with_ = (at: number, value: CborValue): CborValue => good.with(at, value);
    const short = new Uint8Array(31);
    for (const [name, value] of Object.entries<CborValue>({
      "not an array": 1,
      nothing: [],
      "a part less": good.slice(0, 5),
      "a part more": [...good, []],
      "form 0": with_(0, 0),
      "form 2": with_(0, 2),
      "a form of text": with_(0, "1"),
      "a note of text": with_(1, "note"),
      "no note": with_(1, null),
      "a seal's path that is none": with_(2, bad),
      "a seal's path with a short hash": with_(2, [short]),
      "runs that are none": with_(3, bad),
      "a run that is none": with_(3, [1]),
      "items that are none": with_(4, 1),
      "an item of two": with_(4, [[bad, 0]]),
      "an item of text": with_(4, [["x", 0, []]]),
      "a negative index": with_(4, [[bad, -1, []]]),
      "an index of text": with_(4, [[bad, "0", []]]),
      "a path that is none": with_(4, [[bad, 0, bad]]),
      "a short hash": with_(4, [[bad, 0, [short]]]),
      "versions that are none": with_(5, "x"),
      "a version of two": with_(5, [[bad, bad]]),
      "a version without a key": with_(5, [[new Uint8Array(0), bad, []]]),
      "a version with a key too long": with_(5, [[new Uint8Array(STATE_KEY_BYTES_MAX + 1), bad, []]]),
      "a version's key of text": with_(5, [["x", bad, []]]),
      "a version of text": with_(5, [[bad, "x", []]]),
      "a version with a short hash": with_(5, [[bad, bad, [short]]]),
    })) {
      expect(decodeBundle(encodeCbor(value)), name).toBeUndefined();
      const answer = verifyBytes(encodeCbor(value), "MA.156");
      expect(answer.ok ? "ok" : answer.failure.name, name).toBe("bundle-malformed");
    }
    expect(decodeBundle(encodeCbor(good))).toEqual({
      note: bad,
      sealPath: [],
      runs: [],
      items: [],
      versions: [],
    });
    expect(decodeCbor(encodeCbor(good))).toEqual(good);
  });

  test("are never mistaken: anything at all is answered without a throw", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (any) => {
        expect(verifyBytes(any, "MA.156").ok).toBe(false);
        expect(verifyList(any, "MA.156" as Code, undefined, { policy: TEST_POLICY }).ok).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });
});
