import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CborValue, decodeCbor, encodeCbor } from "../cbor.ts";
import { bytesToHex, hexToBytes } from "../hex.ts";
import { keySetOfSeeds, nameOf, seedOf } from "../ledger.testing.ts";
import { HOLDER_KEYS_MAX, RECOVERY_DELAY_MS_MAX, RECOVERY_DELAY_MS_MIN } from "../limits.ts";
import { keySetField } from "../operation/key-set-field.ts";
import { keySetArb } from "../operation/operation-arb.testing.ts";
import { type KeySet, keySetOf, keySetToCbor } from "../state/holder.ts";
import { publicKeyOf } from "./ed25519.ts";
import { checkKeySet } from "./key-set.ts";

const SEEDS = [seedOf(1), seedOf(2), seedOf(3)];
const SET = keySetOfSeeds(SEEDS, 2);
const RECOVERY = { keys: [2], needed: 1, delayMs: RECOVERY_DELAY_MS_MIN };

function withKey(bytes: Uint8Array): KeySet {
  return { ...SET, keys: [...SET.keys.slice(0, 2), { algorithm: "ed25519", bytes }] };
}

function withRoot(keys: readonly number[], needed: number): KeySet {
  return { ...SET, roles: { ...SET.roles, root: { keys, needed } } };
}

test("a sound key set is one", () => {
  expect(nameOf(checkKeySet(SET))).toBe("ok");
  expect(nameOf(checkKeySet({ ...SET, recovery: RECOVERY }))).toBe("ok");
  expect(nameOf(checkKeySet(withRoot([1], 1)))).toBe("ok");
});

test("up to as many keys as there may be", () => {
  const seeds = Array.from({ length: HOLDER_KEYS_MAX + 1 }, (_, number) => seedOf(number));
  expect(nameOf(checkKeySet(keySetOfSeeds(seeds.slice(1), HOLDER_KEYS_MAX)))).toBe("ok");
  expect(nameOf(checkKeySet(keySetOfSeeds(seeds, 1)))).toBe("KEYS_MALFORMED");
});

describe("KEYS_MALFORMED:", () => {
  test.each<[string, KeySet]>([
    ["no keys", { ...SET, keys: [] }],
    ["a key twice", withKey(publicKeyOf(seedOf(1)))],
    ["a role without keys", withRoot([], 0)],
    ["a role that needs none", withRoot([0, 1], 0)],
    ["a role that needs more than it has", withRoot([0, 1], 3)],
    ["a role of a key that is not there", withRoot([0, 3], 1)],
    ["a role of a key twice", withRoot([1, 1], 2)],
    ["a role whose keys are not in order", withRoot([1, 0], 1)],
    ["a recovery without keys", { ...SET, recovery: { ...RECOVERY, keys: [] } }],
    ["a recovery that needs more than it has", { ...SET, recovery: { ...RECOVERY, needed: 2 } }],
    ["a recovery of a key that is not there", { ...SET, recovery: { ...RECOVERY, keys: [3] } }],
    ["a delay that is too short", { ...SET, recovery: { ...RECOVERY, delayMs: RECOVERY_DELAY_MS_MIN - 1 } }],
    ["a delay that is too long", { ...SET, recovery: { ...RECOVERY, delayMs: RECOVERY_DELAY_MS_MAX + 1 } }],
  ])("%s", (_, set) => {
    expect(nameOf(checkKeySet(set))).toBe("KEYS_MALFORMED");
    expect(nameOf(keySetField.fromCbor(keySetToCbor(set), "keys"))).toBe("KEYS_MALFORMED");
  });

  test("an algorithm that nobody knows", () => {
    const [keys, ...rest] = keySetToCbor(SET) as readonly CborValue[];
    const others = (keys as readonly (readonly CborValue[])[]).map(([, bytes]) => [2, bytes!]);
    expect(nameOf(keySetField.fromCbor([keys!, ...rest], "keys"))).toBe("ok");
    expect(nameOf(keySetField.fromCbor([others, ...rest], "keys"))).toBe("KEYS_MALFORMED");
  });

  test("the longest delay is one", () => {
    expect(nameOf(checkKeySet({ ...SET, recovery: { ...RECOVERY, delayMs: RECOVERY_DELAY_MS_MAX } }))).toBe(
      "ok",
    );
  });
});

describe("KEY_WEAK:", () => {
  test.each([
    ["the neutral element", `01${"00".repeat(31)}`],
    ["a point of order two", `ec${"ff".repeat(30)}7f`],
    ["a point of order four", "00".repeat(32)],
    ["a point of order eight", "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"],
    ["an encoding that is not canonical", `ee${"ff".repeat(30)}7f`],
    ["no point of the curve", `02${"00".repeat(31)}`],
    ["too few bytes", "01".repeat(31)],
    ["too many bytes", "01".repeat(33)],
    ["no bytes", ""],
  ])("%s", (_, hex) => {
    const set = withKey(hexToBytes(hex)!);
    expect(nameOf(checkKeySet(set))).toBe("KEY_WEAK");
    expect(nameOf(keySetField.fromCbor(keySetToCbor(set), "keys"))).toBe("KEY_WEAK");
  });
});

test("the first fault is the one that is named: keys, then roles in their order, then recovery", () => {
  const faultOf = (set: KeySet) => {
    const checked = checkKeySet(set);
    return checked.ok ? "" : checked.rejection.fault?.field;
  };
  const empty = { keys: [], needed: 1 };
  const set: KeySet = {
    ...withKey(new Uint8Array(32)),
    roles: { root: empty, registrar: empty, records: empty },
    recovery: { ...empty, delayMs: 0 },
  };
  expect(faultOf({ ...set, keys: [] })).toBe("keys.keys");
  expect(faultOf(set)).toBe("keys.keys[2]");
  const { keys, roles } = SET;
  expect(faultOf({ ...set, keys })).toBe("keys.root.needed");
  expect(faultOf({ ...set, keys, roles: { ...set.roles, root: roles.root } })).toBe("keys.registrar.needed");
  expect(faultOf({ ...set, keys, roles: { ...roles, records: empty } })).toBe("keys.records.needed");
  expect(faultOf({ ...set, keys, roles })).toBe("keys.recovery.delayMs");
  expect(faultOf({ ...SET, recovery: { ...empty, delayMs: RECOVERY_DELAY_MS_MIN } })).toBe(
    "keys.recovery.needed",
  );
});

test("a key set comes back from its CBOR and its JSON form", () => {
  fc.assert(
    fc.property(keySetArb, (set) => {
      expect(keySetOf(decodeCbor(encodeCbor(keySetToCbor(set))))).toEqual(set);
      expect(keySetField.fromJson(keySetField.toJson(set), "keys")).toEqual({ ok: true, value: set });
    }),
  );
});

test("JSON names keys in hexadecimal and roles by name", () => {
  expect(keySetField.toJson({ ...SET, recovery: RECOVERY })).toEqual({
    keys: SEEDS.map((seed) => bytesToHex(publicKeyOf(seed))),
    root: { needed: 2, keys: [0, 1, 2] },
    registrar: { needed: 2, keys: [0, 1, 2] },
    records: { needed: 2, keys: [0, 1, 2] },
    recovery: { needed: 1, keys: [2], delayMs: RECOVERY_DELAY_MS_MIN },
  });
});
