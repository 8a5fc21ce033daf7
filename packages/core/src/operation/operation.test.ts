import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mutationsOf } from "../attribute/attribute.testing.ts";
import { FUZZ_RUNS } from "../cbor.testing.ts";
import { type CborValue, decodeCbor, encodeCbor } from "../cbor.ts";
import { equalBytes } from "../hex.ts";
import type { Json } from "../json.ts";
import { keySetOfSeeds, nameOf, seedOf } from "../ledger.testing.ts";
import { LAMP, updateOf } from "./operation.testing.ts";
import {
  OPERATIONS,
  type OperationType,
  operationFromCbor,
  operationFromJson,
  operationToCbor,
  operationToJson,
} from "./operation.ts";
import { operationArb } from "./operation-arb.testing.ts";

const RUNS = { numRuns: Math.ceil(FUZZ_RUNS / 50) };

test("numbers of operations are consensus", () => {
  const numbers = Object.entries(OPERATIONS).map(([type, { number }]) => `${number} ${type}`);
  expect(numbers).toEqual([
    "1 delegate",
    "2 set-rule",
    "3 rotate-keys",
    "4 recover-keys",
    "5 issue",
    "6 issue-range",
    "7 issue-batch",
    "8 update",
    "9 suspend",
    "10 reinstate",
    "11 retire",
    "12 supersede",
    "13 transfer",
    "14 set-validators",
    "15 set-parameters",
    "16 federate",
    "17 claim-alias",
    "18 confirm-alias",
    "19 dispute-alias",
    "20 withdraw-alias",
    "21 set-coding-system",
  ]);
});

test("every operation comes back from its CBOR and its JSON form", () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(operationArb, (operation) => {
      seen.add(operation.type);
      const value = operationToCbor(operation);
      expect(operationFromCbor(decodeCbor(encodeCbor(value)))).toEqual({ ok: true, value: operation });
      const text = JSON.stringify(operationToJson(operation));
      expect(operationFromJson(JSON.parse(text) as Json)).toEqual({ ok: true, value: operation });
    }),
    RUNS,
  );
  expect([...seen].sort()).toEqual(Object.keys(OPERATIONS).sort());
});

test("a damaged form is refused, or read as the one value that is written so", () => {
  fc.assert(
    fc.property(
      operationArb.chain((operation) => mutationsOf(operationToCbor(operation))),
      (value: CborValue) => {
        const operation = operationFromCbor(value);
        if (operation.ok) {
          expect(equalBytes(encodeCbor(operationToCbor(operation.value)), encodeCbor(value))).toBe(true);
        } else {
          expect(operation.rejection.fault?.field).toBeTruthy();
        }
      },
    ),
    { numRuns: Math.ceil(FUZZ_RUNS / 10) },
  );
});

test("whatever JSON comes, there is a verdict", () => {
  fc.assert(
    fc.property(operationArb, fc.string(), fc.jsonValue(), (operation, name, junk) => {
      const json = operationToJson(operation);
      const field = Object.keys(json)[name.length % Object.keys(json).length]!;
      const verdict = operationFromJson({ ...json, [field]: junk as Json });
      if (!verdict.ok) expect(verdict.rejection.fault?.expected).toBeTruthy();
      expect(operationFromJson(junk as Json).ok).toBe(false);
    }),
    RUNS,
  );
});

describe("JSON names that an operation does not have are refused, also further in:", () => {
  const keys = { keys: [], root: {}, registrar: {}, records: {}, recovery: null };
  const proof = { item: "00", index: 0, path: [] };
  const seat = { type: "rotate-keys" };
  const whole = operationToJson({ type: "rotate-keys", keys: keySetOfSeeds([seedOf(1)]) })["keys"] as {
    readonly [name: string]: Json;
  };
  test.each<[string, Json, string]>([
    ["of an operation", { ...operationToJson(updateOf(LAMP)), note: "x" }, "OPERATION_MALFORMED"],
    ["of a prototype", { ...operationToJson(updateOf(LAMP)), constructor: 1 }, "OPERATION_MALFORMED"],
    ["that is not ASCII", { ...operationToJson(updateOf(LAMP)), 说: 1 }, "OPERATION_MALFORMED"],
    ["of a key set", { ...seat, keys: { ...whole, recover: null } }, "KEYS_MALFORMED"],
    [
      "of a role",
      { ...seat, keys: { ...whole, root: { needed: 1, keys: [0], delayMs: 1 } } },
      "KEYS_MALFORMED",
    ],
    [
      "of a recovery",
      { ...seat, keys: { ...whole, recovery: { needed: 1, keys: [0], delayMs: 3_600_000, delay: 1 } } },
      "KEYS_MALFORMED",
    ],
    [
      "of an item's proof",
      { type: "reinstate", code: LAMP, item: { ...proof, size: 1 } },
      "OPERATION_MALFORMED",
    ],
    [
      "of a holder",
      { type: "delegate", prefix: LAMP, holder: { name: {}, keys, id: 1 }, class: "a" },
      "OPERATION_MALFORMED",
    ],
  ])("%s", (_, json, name) => {
    const verdict = operationFromJson(json);
    expect(nameOf(verdict)).toBe(name);
    const fault = verdict.ok ? undefined : verdict.rejection.fault;
    expect(`${fault?.field} ${fault?.expected} ${fault?.got}`).toMatch(/^[ -~]+$/);
  });
});

describe("JSON leaves out what it need not say:", () => {
  const plain: readonly (readonly [Json, Partial<Record<string, unknown>>])[] = [
    [
      { type: "issue", code: "MA.156.1301.02.60.10000000.1.000123", class: "lamp" },
      { code: LAMP, attributes: [], links: [], commitments: [] },
    ],
    [
      { type: "update", code: LAMP },
      { links: null, commitments: null, version: null, item: null, attributes: [] },
    ],
    [{ type: "retire", code: LAMP, reason: "gone" }, { item: null }],
  ];
  test.each(plain)("%j", (json, expected) => {
    expect(operationFromJson(json)).toMatchObject({ ok: true, value: expected });
  });
});

describe("what is no operation:", () => {
  test.each<[string, CborValue | undefined]>([
    ["nothing", undefined],
    ["no list", 5],
    ["an empty list", []],
    ["no number", ["issue"]],
    ["an unknown number", [0]],
    ["one more", [16]],
    ["a negative one", [-1]],
    ["a number alone", [5]],
    ["one field too many", [10, LAMP, null, null]],
  ])("%s", (_, value) => {
    expect(nameOf(operationFromCbor(value))).toBe("OPERATION_MALFORMED");
  });

  test.each<[string, Json]>([
    ["null", null],
    ["a list", []],
    ["no type", {}],
    ["another type", { type: "erase" }],
    ["a name of every object", { type: "toString" }],
    ["a number", { type: 5 }],
  ])("%s", (_, json) => {
    expect(nameOf(operationFromJson(json))).toBe("OPERATION_MALFORMED");
  });
});

describe("fields:", () => {
  const refusals: readonly (readonly [string, Json, string])[] = [
    ["a malformed code", { type: "reinstate", code: "MA.15" }, "CODE_MALFORMED"],
    ["a code in lower case", { type: "reinstate", code: "ma.156" }, "CODE_MALFORMED"],
    ["no code", { type: "reinstate" }, "CODE_MALFORMED"],
    ["a reason with spaces", { type: "retire", code: LAMP, reason: "by car" }, "OPERATION_MALFORMED"],
    ["a reason in upper case", { type: "retire", code: LAMP, reason: "Gone" }, "OPERATION_MALFORMED"],
    ["no reason", { type: "retire", code: LAMP }, "OPERATION_MALFORMED"],
    [
      "a reason that is too long",
      { type: "retire", code: LAMP, reason: "a".repeat(33) },
      "OPERATION_MALFORMED",
    ],
    [
      "a person as a reason",
      { type: "retire", code: LAMP, reason: "id-11010519491231002x" },
      "PERSONAL_NUMBER",
    ],
    ["a phone as a reason", { type: "suspend", code: LAMP, reason: "call-13800138000" }, "PERSONAL_NUMBER"],
    ["a class in upper case", { type: "issue", code: LAMP, class: "Lamp" }, "CLASS_MALFORMED"],
    [
      "a seat that is none",
      { type: "set-rule", prefix: LAMP, seat: "mine", rule: null },
      "OPERATION_MALFORMED",
    ],
    ["a rule that is none", { type: "set-rule", prefix: LAMP, seat: "own", rule: null }, "RULE_MALFORMED"],
    ["an id that is too short", { type: "transfer", code: LAMP, to: "00" }, "OPERATION_MALFORMED"],
    [
      "an id that is no hexadecimal",
      { type: "transfer", code: LAMP, to: "zz".repeat(20) },
      "OPERATION_MALFORMED",
    ],
    ["a count below zero", { type: "issue-range", first: LAMP, digits: -1 }, "OPERATION_MALFORMED"],
    [
      "a count that is no whole number",
      { type: "issue-range", first: LAMP, digits: 1.5 },
      "OPERATION_MALFORMED",
    ],
    ["a count beyond 2^53-1", { type: "issue-range", first: LAMP, digits: 2 ** 53 }, "OPERATION_MALFORMED"],
    ["no list of codes", { type: "supersede", codes: LAMP }, "OPERATION_MALFORMED"],
    ["an empty list of codes", { type: "supersede", codes: [] }, "OPERATION_MALFORMED"],
    ["too many codes", { type: "supersede", codes: Array(257).fill(LAMP) }, "OPERATION_MALFORMED"],
    [
      "an item that is too long",
      { type: "reinstate", code: LAMP, item: { item: "00".repeat(4097) } },
      "OPERATION_MALFORMED",
    ],
    [
      "a path that is too long",
      {
        type: "reinstate",
        code: LAMP,
        item: { item: "00", index: 0, path: Array(33).fill("00".repeat(32)) },
      },
      "OPERATION_MALFORMED",
    ],
    ["a holder that is none", { type: "delegate", prefix: LAMP, holder: 5 }, "OPERATION_MALFORMED"],
    ["a holder without a name", { type: "delegate", prefix: LAMP, holder: {} }, "OPERATION_MALFORMED"],
    [
      "a person as a holder",
      { type: "delegate", prefix: LAMP, holder: { name: { en: "Mr 11010519491231002X" } } },
      "PERSONAL_NUMBER",
    ],
    [
      "an attribute that nobody knows",
      { type: "update", code: LAMP, attributes: { owner: "x" } },
      "ATTRIBUTE_UNKNOWN",
    ],
  ];
  test.each(refusals)("%s", (_, json, name) => {
    expect(nameOf(operationFromJson(json))).toBe(name);
  });

  test("a negative zero is a zero", () => {
    const json = { type: "update", code: LAMP, version: -0 };
    expect(operationFromJson(json)).toEqual({ ok: true, value: updateOf(LAMP, { version: 0 }) });
  });

  test("in CBOR a code is canonical as it stands", () => {
    const read = (code: string) => nameOf(operationFromCbor([10, code, null]));
    expect(read(LAMP)).toBe("ok");
    expect(read(`${LAMP}/`)).toBe("CODE_MALFORMED");
    expect(read(LAMP.replaceAll("/", "."))).toBe("CODE_MALFORMED");
  });
});

test("a list of operations is checked for completeness by its types", () => {
  const types: readonly OperationType[] = Object.keys(OPERATIONS) as OperationType[];
  for (const type of types) expect(Object.keys(OPERATIONS[type].fields).length, type).toBeGreaterThan(0);
});
