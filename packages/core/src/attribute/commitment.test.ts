import * as fc from "fast-check";
import { expect, test } from "vitest";
import { type CborValue, decodeCbor, encodeCbor } from "../cbor.ts";
import type { Json } from "../json.ts";
import { COMMITMENTS_MAX } from "../limits.ts";
import type { Outcome } from "../outcome.ts";
import { commitmentsArb, mutationsOf } from "./attribute.testing.ts";
import {
  commitmentsFromCbor,
  commitmentsFromJson,
  commitmentsToCbor,
  commitmentsToJson,
} from "./commitment.ts";

function refusalOf(outcome: Outcome<unknown>): string {
  return outcome.ok ? "accepted" : `${outcome.rejection.name} ${outcome.rejection.fault?.field}`;
}

const DIGEST = new Uint8Array(32).fill(1);
const HEX = "01".repeat(32);

test("commitments are read, and printed the same", () => {
  const commitments = commitmentsFromCbor([
    ["lease", DIGEST],
    ["owner", DIGEST],
  ]);
  expect(commitments).toEqual({
    ok: true,
    value: [
      { name: "lease", digest: DIGEST },
      { name: "owner", digest: DIGEST },
    ],
  });
  const json = [
    { name: "owner", digest: HEX },
    { name: "lease", digest: HEX },
  ];
  expect(commitmentsFromJson(json)).toEqual(commitments);
});

test("as many as there may be", () => {
  const value: CborValue = Array.from({ length: COMMITMENTS_MAX }, (_, at) => [`c${at + 10}`, DIGEST]);
  expect(refusalOf(commitmentsFromCbor(value))).toBe("accepted");
});

test.each<[CborValue, string]>([
  [7, "COMMITMENT_MALFORMED commitments"],
  [[[]], "COMMITMENT_MALFORMED commitments[0]"],
  [[["a b", DIGEST]], "COMMITMENT_MALFORMED commitments[0].name"],
  [[["13812345678", DIGEST]], "PERSONAL_NUMBER commitments[0].name"],
  [[["a", new Uint8Array(33)]], "COMMITMENT_MALFORMED commitments[0].digest"],
  [[["a", HEX]], "COMMITMENT_MALFORMED commitments[0].digest"],
  [
    [
      ["b", DIGEST],
      ["a", DIGEST],
    ],
    "COMMITMENT_MALFORMED commitments",
  ],
  [
    [
      ["a", DIGEST],
      ["a", DIGEST],
    ],
    "COMMITMENT_MALFORMED commitments",
  ],
  [Array.from({ length: COMMITMENTS_MAX + 1 }, () => ["a", DIGEST]), "COMMITMENT_MALFORMED commitments"],
])("%j is refused", (value, refusal) => {
  expect(refusalOf(commitmentsFromCbor(value))).toBe(refusal);
});

test.each<[Json, string]>([
  [{}, "COMMITMENT_MALFORMED commitments"],
  [[7], "COMMITMENT_MALFORMED commitments[0]"],
  [[{ name: "a", digest: HEX, salt: "00" }], "COMMITMENT_MALFORMED commitments[0]"],
  [[{ name: "a" }], "COMMITMENT_MALFORMED commitments[0].digest"],
  [[{ digest: HEX }], "COMMITMENT_MALFORMED commitments[0].name"],
  [
    [
      { name: "a", digest: HEX },
      { name: "a", digest: HEX },
    ],
    "COMMITMENT_MALFORMED commitments",
  ],
])("JSON %j is refused", (value, refusal) => {
  expect(refusalOf(commitmentsFromJson(value))).toBe(refusal);
});

test("every form of commitments gives the same commitments back", () => {
  fc.assert(
    fc.property(commitmentsArb, (commitments) => {
      const bytes = encodeCbor(commitmentsToCbor(commitments));
      expect(commitmentsFromCbor(decodeCbor(bytes))).toEqual({ ok: true, value: commitments });
      const json = JSON.parse(JSON.stringify(commitmentsToJson(commitments)));
      expect(commitmentsFromJson(json)).toEqual({ ok: true, value: commitments });
    }),
  );
});

test("changed commitments are refused, or are others in canonical form", () => {
  fc.assert(
    fc.property(
      commitmentsArb.chain((commitments) => mutationsOf(commitmentsToCbor(commitments))),
      (value) => {
        const commitments = commitmentsFromCbor(value);
        if (commitments.ok) expect(commitmentsToCbor(commitments.value)).toEqual(value);
      },
    ),
    { numRuns: 500 },
  );
});
