import type { Code } from "@cityroot/codes/ma/code";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mutationsOf } from "../attribute/attribute.testing.ts";
import { cborArb, cborOf, expectStrictCodec, FUZZ_RUNS, mutationArb } from "../cbor.testing.ts";
import { type CborValue, encodeCbor } from "../cbor.ts";
import { bytesToHex, equalBytes } from "../hex.ts";
import { leafHash, nodeHash } from "../log/tree.ts";
import { aliasNameArb } from "../operation/operation-arb.testing.ts";
import { decodeAlias, decodeAliased, encodeAlias, encodeAliased } from "./alias.ts";
import { decodeCodingSystem, encodeCodingSystem } from "./coding-system.ts";
import {
  aliasArb,
  batchArb,
  codingSystemArb,
  holderArb,
  networkArb,
  parametersArb,
  prefixArb,
  prefixRulesArb,
  rangeArb,
  recordArb,
  recordedMisbehaviourArb,
  replayArb,
  validatorsArb,
} from "./entry.testing.ts";
import {
  countBits,
  decodeVersioned,
  ENTRY_TYPES,
  elementOf,
  encodeVersioned,
  isCount,
  momentOf,
} from "./entry.ts";
import { firstVersion, nextVersion } from "./history.ts";
import { decodeHolder, encodeHolder } from "./holder.ts";
import { decodeInterval, encodeInterval, type Interval } from "./interval.ts";
import { decodeMisbehaviour, encodeMisbehaviour } from "./misbehaviour.ts";
import { decodeNetwork, encodeNetwork } from "./network.ts";
import { decodeParameters, encodeParameters } from "./parameters.ts";
import {
  decodePrefix,
  decodePrefixRules,
  decodeTally,
  encodePrefix,
  encodePrefixRules,
  encodeTally,
} from "./prefix.ts";
import { decodeRecord, encodeRecord, entryTypeOf, isRecord, withinOf } from "./record.ts";
import { decodeReplay, encodeReplay } from "./replay.ts";
import { decodeValidators, encodeValidators } from "./validators.ts";

test("types of entries are consensus", () => {
  expect(ENTRY_TYPES).toEqual({
    network: 1,
    holder: 2,
    prefix: 3,
    rules: 4,
    tally: 5,
    record: 6,
    range: 7,
    batch: 8,
    replay: 9,
    validators: 10,
    parameters: 11,
    misbehaviour: 12,
    system: 13,
    alias: 14,
    aliased: 15,
  });
});

/** An entry codec with values for it. The values differ in type, which the tests do not care for. */
type Codec = {
  readonly name: string;
  readonly type: number;
  readonly arb: fc.Arbitrary<unknown>;
  readonly encode: (value: never) => Uint8Array;
  readonly decode: (bytes: Uint8Array, value: never) => unknown;
};

const CODECS: readonly Codec[] = [
  { name: "network", type: 1, arb: networkArb, encode: encodeNetwork, decode: decodeNetwork },
  { name: "holder", type: 2, arb: holderArb, encode: encodeHolder, decode: decodeHolder },
  { name: "prefix", type: 3, arb: prefixArb, encode: encodePrefix, decode: decodePrefix },
  { name: "rules", type: 4, arb: prefixRulesArb, encode: encodePrefixRules, decode: decodePrefixRules },
  {
    ...{ name: "coding system", type: 13, arb: codingSystemArb },
    ...{ encode: encodeCodingSystem, decode: decodeCodingSystem },
  },
  { name: "alias", type: 14, arb: aliasArb, encode: encodeAlias, decode: decodeAlias },
  { name: "aliased", type: 15, arb: aliasNameArb, encode: encodeAliased, decode: decodeAliased },
  { name: "record", type: 6, arb: recordArb, encode: encodeRecord, decode: decodeRecord },
  {
    name: "range",
    type: 7,
    arb: rangeArb,
    encode: encodeInterval,
    decode: (bytes, value: Interval) => decodeInterval(value.first, bytes),
  },
  {
    name: "batch",
    type: 8,
    arb: batchArb,
    encode: encodeInterval,
    decode: (bytes, value: Interval) => decodeInterval(value.first, bytes),
  },
  { name: "replay", type: 9, arb: replayArb, encode: encodeReplay, decode: decodeReplay },
  { name: "validators", type: 10, arb: validatorsArb, encode: encodeValidators, decode: decodeValidators },
  { name: "parameters", type: 11, arb: parametersArb, encode: encodeParameters, decode: decodeParameters },
  {
    name: "misbehaviour",
    type: 12,
    arb: recordedMisbehaviourArb,
    encode: encodeMisbehaviour,
    decode: decodeMisbehaviour,
  },
];

describe.each(CODECS)("an entry: $name", ({ type, arb, encode, decode }) => {
  test("comes back as it was, and no damage gives it a second encoding", () => {
    fc.assert(
      fc.property(
        arb as fc.Arbitrary<never>,
        fc.array(mutationArb, { maxLength: 10 }),
        (value, mutations) => {
          expect(decode(encode(value), value)).toEqual(value);
          expect(entryTypeOf(encode(value))).toBe(type);
          const read = (bytes: Uint8Array) => decode(bytes, value) as never;
          expectStrictCodec(
            value,
            encode,
            (bytes) => {
              // What other type of entry the damage makes of it is read by another codec.
              return entryTypeOf(bytes) === type ? read(bytes) : undefined;
            },
            mutations,
          );
        },
      ),
      { numRuns: Math.ceil(FUZZ_RUNS / 200) },
    );
  });

  test("whose parts are damaged is refused, or is another one", () => {
    fc.assert(
      fc.property(
        (arb as fc.Arbitrary<never>).chain((value) =>
          fc.tuple(fc.constant(value), mutationsOf(cborOf(encode(value)))),
        ),
        ([value, parts]) => {
          const bytes = encodeCbor(parts as CborValue);
          const read = decode(bytes, value) as never;
          if (read !== undefined && entryTypeOf(bytes) === type) {
            expect(bytesToHex(encode(read))).toBe(bytesToHex(bytes));
          }
        },
      ),
      { numRuns: Math.ceil(FUZZ_RUNS / 100) },
    );
  });

  test("noise is none", () => {
    fc.assert(
      fc.property(arb as fc.Arbitrary<never>, cborArb, fc.uint8Array(), (value, junk, bytes) => {
        expect(decode(encodeCbor(junk), value)).toBeUndefined();
        expect(decode(bytes, value)).toBeUndefined();
      }),
      { numRuns: Math.ceil(FUZZ_RUNS / 200) },
    );
  });

  test("of another type is none", () => {
    fc.assert(
      fc.property(arb as fc.Arbitrary<never>, (value) => {
        const [own, ...rest] = cborOf(encode(value)) as readonly CborValue[];
        for (const other of Object.values(ENTRY_TYPES)) {
          const read = decode(encodeCbor([other, ...rest]), value);
          if (other !== own) expect(read, `type ${other}`).toBeUndefined();
        }
      }),
      { numRuns: 20 },
    );
  });
});

test("a tally is a count, and none is none", () => {
  for (const count of [0, 1, 23, 24, 2 ** 53 - 1])
    expect(decodeTally(encodeTally(count)), `${count}`).toBe(count);
  expect(decodeTally(undefined)).toBe(0);
  expect(bytesToHex(encodeTally(7))).toBe("820507");
  expect(() => decodeTally(Uint8Array.of(0x82, 0x05, 0xf6))).toThrow("invariant broken");
});

describe("a range is none", () => {
  const first = "MA.156.1301.02/60.10000000.1/0098" as Code;
  const read = (digits: number, count: number, version = 1) => {
    const peaks = new Uint8Array(32 * countBits(version - 1));
    const bytes = encodeVersioned(7, { version, since: { height: 1, timeMs: 1 }, peaks }, [
      digits,
      count,
      "lamp",
      [],
      [],
      [],
    ]);
    return decodeInterval(first, bytes);
  };
  test.each([
    ["without digits", 0, 1],
    ["with digits that are none", 5, 1],
    ["without codes", 2, 0],
    ["with more codes than digits", 2, 3],
  ])("%s", (_, digits, count) => {
    expect(read(digits, count)).toBeUndefined();
  });
  test("of a later version", () => {
    expect(read(2, 2, 2)).toBeUndefined();
    expect(read(2, 2)?.last).toBe("MA.156.1301.02/60.10000000.1/0099");
  });
});

test("a prefix's holder has an id of 20 bytes, a record's too", () => {
  const version = { ...firstVersion({ height: 1, timeMs: 1 }) };
  for (const length of [0, 19, 20, 21, 32]) {
    const holder = new Uint8Array(length);
    const isId = length === 20;
    expect(
      decodePrefix(encodePrefix({ ...version, holder, status: "active" })) !== undefined,
      `${length}`,
    ).toBe(isId);
    const said = { class: "lamp", attributes: [], links: [], commitments: [] };
    const rest = { status: "active", within: null, succession: null, reason: null } as const;
    expect(
      decodeRecord(encodeRecord({ ...version, ...said, ...rest, holder })) !== undefined,
      `${length}`,
    ).toBe(isId);
  }
});

test("a batch's last code is canonical", () => {
  fc.assert(
    fc.property(batchArb, (batch) => {
      const parts = cborOf(encodeInterval(batch)) as CborValue[];
      const changed = (last: string) => encodeCbor(parts.map((part, at) => (at === 4 ? last : part)));
      expect(decodeInterval(batch.first, changed(batch.last))).toBeDefined();
      expect(decodeInterval(batch.first, changed(`${batch.last}/`))).toBeUndefined();
      expect(decodeInterval(batch.first, changed("MA"))).toBeUndefined();
    }),
    { numRuns: 20 },
  );
});

test("parts of an entry are read alone as they are read with the rest", () => {
  fc.assert(
    fc.property(recordArb, (record) => {
      const bytes = encodeRecord(record);
      expect(withinOf(bytes)).toBe(record.within);
      const parts = cborOf(bytes) as readonly CborValue[];
      for (const [place, part] of parts.entries()) expect(elementOf(bytes, place), `${place}`).toEqual(part);
      expect(elementOf(bytes, parts.length)).toBeUndefined();
    }),
    { numRuns: 50 },
  );
});

describe("the record of an interval's first code", () => {
  test("carries the interval, and no other record does", () => {
    fc.assert(
      fc.property(recordArb, rangeArb, (record, range) => {
        const { interval: _, ...plain } = record;
        const carrying = encodeRecord({ ...plain, within: range.first, interval: encodeInterval(range) });
        expect(isRecord(carrying)).toBe(true);
        expect(decodeInterval(range.first, carrying)).toEqual(range);
        expect(decodeInterval(range.first, encodeRecord(plain))).toBeUndefined();
        // A record within a record is none.
        const nested = encodeRecord({ ...plain, within: range.first, interval: carrying });
        expect(decodeInterval(range.first, nested)).toBeUndefined();
      }),
      { numRuns: 50 },
    );
  });
});

describe("versions", () => {
  test("count up, and their peaks are those of the RFC 6962 tree over the entries before", () => {
    const since = (height: number) => ({ height, timeMs: 1000 * height });
    const leaves: Uint8Array[] = [];
    let version = firstVersion(since(1));
    for (let height = 2; height <= 70; height++) {
      const bytes = encodeVersioned(6, version, ["x"]);
      expect(decodeVersioned(bytes)?.version, `version ${version.version}`).toEqual(version);
      leaves.push(leafHash(bytes));
      version = nextVersion(version, bytes, since(height));
      expect(version.version).toBe(height);
      expect(version.since).toEqual(since(height));
      expect(bytesToHex(version.peaks), `peaks of version ${height}`).toBe(bytesToHex(naivePeaks(leaves)));
    }
  });

  test("are none with too few peaks or too many", () => {
    const since = { height: 1, timeMs: 1 };
    for (const [version, peaks] of [
      [0, 0],
      [1, 1],
      [2, 0],
      [2, 2],
      [4, 1],
      [4, 3],
    ] as const) {
      const bytes = encodeVersioned(6, { version, since, peaks: new Uint8Array(32 * peaks) }, []);
      expect(decodeVersioned(bytes), `version ${version}, ${peaks} peaks`).toBeUndefined();
    }
  });
});

/** The peaks over leaves by the definition: the roots of the complete trees that the count falls into. RFC 6962 §2.1. */
function naivePeaks(leaves: readonly Uint8Array[]): Uint8Array {
  const root = (part: readonly Uint8Array[]): Uint8Array =>
    part.length === 1
      ? part[0]!
      : nodeHash(root(part.slice(0, part.length / 2)), root(part.slice(part.length / 2)));
  const peaks: Uint8Array[] = [];
  let at = 0;
  for (let width = 2 ** 20; width >= 1; width /= 2) {
    if (leaves.length - at < width) continue;
    peaks.push(root(leaves.slice(at, at + width)));
    at += width;
  }
  return Uint8Array.from(peaks.flatMap((peak) => [...peak]));
}

test("small parts", () => {
  expect(momentOf([1, 2])).toEqual({ height: 1, timeMs: 2 });
  for (const value of [undefined, null, [], [1], [1, 2, 3], [-1, 2], [1, "2"], "12"]) {
    expect(momentOf(value as CborValue), `${value}`).toBeUndefined();
  }
  expect([0, 1, 2 ** 53 - 1].every(isCount)).toBe(true);
  expect(
    [-1, 1.5, 2 ** 53, "1", null, undefined, Number.NaN].some((value) => isCount(value as CborValue)),
  ).toBe(false);
  expect([0, 1, 2, 3, 255, 2 ** 32, 2 ** 53 - 1].map(countBits)).toEqual([0, 1, 1, 2, 8, 1, 53]);
  expect(equalBytes(firstVersion({ height: 0, timeMs: 0 }).peaks, new Uint8Array(0))).toBe(true);
});
