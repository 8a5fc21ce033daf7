import type { Code } from "@cityroot/codes/ma/code";
import { describe, expect, test } from "vitest";
import { type CborValue, encodeCbor } from "../cbor.ts";
import { encodeItem } from "../operation/batch-item.ts";
import { ENTRY_TYPES, encodeVersioned } from "../state/entry.ts";
import { firstVersion } from "../state/history.ts";
import { encodeInterval, type Interval } from "../state/interval.ts";
import { codeKey, NETWORK_KEY, prefixKey, replayKey, type StateKey } from "../state/key.ts";
import { encodeRecord, type Record } from "../state/record.ts";
import type { StateEntry } from "../state/view.ts";
import { type Bundle, encodeBundle } from "./bundle.ts";
import { itemBook } from "./memory-source.testing.ts";
import { sealAlone, verifyBytes } from "./registry.testing.ts";
import { buildStateTree } from "./state-tree.testing.ts";
import type { VerifyOptions } from "./verify.ts";

const STEM = "MA.156.1301/60.10000000.1";
const codeOf = (serial: string): Code => `${STEM}/${serial}` as Code;
const SINCE = { height: 1, timeMs: 1000 };
const DESCRIPTION = { class: "lamp", attributes: [], links: [], commitments: [] };

function recordOf(changes: Partial<Record> = {}): Uint8Array {
  const plain = { status: "active", within: null, holder: null, succession: null, reason: null } as const;
  return encodeRecord({ ...firstVersion(SINCE), ...DESCRIPTION, ...plain, ...changes });
}

function batchOf(
  first: string,
  last: string,
  changes: Partial<Interval & { type: "batch" }> = {},
): Uint8Array {
  return encodeInterval({
    type: "batch",
    first: codeOf(first),
    last: codeOf(last),
    count: 2,
    root: new Uint8Array(32),
    payload: { digest: new Uint8Array(32), sizeBytes: 1 },
    since: SINCE,
    ...DESCRIPTION,
    ...changes,
  });
}

function rangeBytes(digits: CborValue, count: CborValue): Uint8Array {
  const version = { ...firstVersion(SINCE) };
  return encodeVersioned(ENTRY_TYPES.range, version, [digits, count, "lamp", [], [], []]);
}

/** A bundle over a state of these entries and nothing else, whatever a ledger would say to them: all in one run. */
function bundleOver(
  values: { readonly [serial: string]: Uint8Array },
  more: Partial<Bundle> & { readonly others?: readonly StateEntry[] } = {},
): Uint8Array {
  const { others = [], ...changes } = more;
  const edge = new Uint8Array([0]);
  const entries = [
    ...Object.entries(values).map(([serial, value]) => ({ key: codeKey(codeOf(serial)), value })),
    { key: NETWORK_KEY, value: edge },
    { key: replayKey(0), value: edge },
    ...others,
  ].sort((a, b) => (a.key < b.key ? -1 : 1));
  const { root: stateRoot, runOf } = buildStateTree(entries);
  const { note, sealPath } = sealAlone({ height: 9, timeMs: 9000, stateRoot });
  const runs = [runOf(0, entries.length - 1)];
  return encodeBundle({ note, sealPath, runs, items: [], versions: [], ...changes });
}

/** What the verifier makes of a code, in one word. */
function verdict(bytes: Uint8Array, serial: string, options: Omit<VerifyOptions, "policy"> = {}): string {
  const answer = verifyBytes(bytes, codeOf(serial), options);
  return answer.ok ? answer.value.standing.kind : answer.failure.name;
}

/** States that no ledger makes: a client must say so of them, and must not trip over them. */
describe("a state that breaks the rules", () => {
  test("may name an interval that is no code, or too long for one", () => {
    for (const within of ["", "x", "MA.156.", `MA.156.${"1".repeat(500)}`, "ma.156", "MA.156.1301/60/"]) {
      const bytes = bundleOver({ "1": recordOf({ within: within as Code }) });
      expect(verdict(bytes, "2"), JSON.stringify(within)).toBe("entry-unknown");
      expect(verdict(bytes, "1"), JSON.stringify(within)).toBe("record");
    }
  });

  test("may name an interval that is not there, or is a record", () => {
    expect(verdict(bundleOver({ "1": recordOf({ within: codeOf("0") }) }), "2")).toBe("not-shown");
    const records = { "0": recordOf(), "1": recordOf({ within: codeOf("0") }) };
    expect(verdict(bundleOver(records), "2")).toBe("entry-unknown");
    expect(verdict(bundleOver({ "1": recordOf({ within: codeOf("1") }) }), "2")).toBe("entry-unknown");
  });

  test("may name an interval in which the record does not lie", () => {
    const around = { "100": rangeBytes(3, 50), "200": recordOf({ within: codeOf("100") }) };
    expect(verdict(bundleOver(around), "201")).toBe("entry-unknown");
    const later = { "100": recordOf({ within: codeOf("300") }), "300": rangeBytes(3, 50) };
    expect(verdict(bundleOver(later), "101")).toBe("entry-unknown");
  });

  test("may hold an interval that ends before it begins", () => {
    expect(verdict(bundleOver({ "5": batchOf("5", "3") }), "6")).toBe("entry-unknown");
    expect(verdict(bundleOver({ "5": batchOf("5", "3") }), "5")).toBe("entry-unknown");
  });

  test("may hold ranges whose numbers cannot be", () => {
    for (const [name, digits, count] of [
      ["no codes", 2, 0],
      ["no digits", 0, 1],
      ["digits beyond the last node", 4, 1],
      ["too many digits", 16, 1],
      ["more codes than digits hold", 2, 101],
      ["one code more than there may be", 3, 1_000_000_000_000_001],
      ["as many codes as can be counted", 3, Number.MAX_SAFE_INTEGER],
      ["fewer than none", 2, -1],
      ["digits of text", "2", 5],
      ["a count of bytes", 2, new Uint8Array([1])],
    ] as const) {
      for (const serial of ["100", "101"]) {
        expect(verdict(bundleOver({ "100": rangeBytes(digits, count) }), serial), name).toBe("entry-unknown");
      }
    }
  });

  test("may hold batches whose numbers cannot be", () => {
    for (const count of [0, 16_777_217, Number.MAX_SAFE_INTEGER]) {
      expect(verdict(bundleOver({ b1: batchOf("b1", "b9", { count }) }), "b2"), `${count}`).toBe(
        "entry-unknown",
      );
    }
    expect(verdict(bundleOver({ b1: batchOf("b1", "b9", { last: "nonsense" as Code }) }), "b2")).toBe(
      "entry-unknown",
    );
  });

  test("may hold entries of forms to come, at the code, before it and around it", () => {
    const known = encodeVersioned(ENTRY_TYPES.record, firstVersion(SINCE), []);
    for (const [name, value] of Object.entries({
      "a new type": encodeVersioned(10, firstVersion(SINCE), [1, 2]),
      "a record with other fields": known,
      "an interval with a second version": encodeVersioned(
        ENTRY_TYPES.range,
        { version: 2, since: SINCE, peaks: new Uint8Array(32) },
        [2, 5, "lamp", [], [], []],
      ),
      "a map": new Uint8Array([0xa0]),
      "no bytes": new Uint8Array(0),
      "bytes that are no CBOR": new Uint8Array([0xff, 0xff]),
    })) {
      expect(verdict(bundleOver({ "100": value }), "100"), name).toBe("entry-unknown");
      expect(verdict(bundleOver({ "100": value }), "101"), name).toBe("entry-unknown");
      const around = { "100": value, "101": recordOf({ within: codeOf("100") }) };
      expect(verdict(bundleOver(around), "102"), name).toBe("entry-unknown");
    }
  });

  test("may hold a prefix of an unknown form: then the delegations are not shown", () => {
    const others = ["MA.156", "MA.156.1301"].map((prefix) => ({
      key: prefixKey(prefix as Code),
      value: encodeCbor([3, 1, [0, 0], new Uint8Array(0), "holder", 0]),
    }));
    const answer = verifyBytes(bundleOver({ "1": recordOf() }, { others }), codeOf("1"));
    expect(answer.ok && answer.value.delegations).toBeUndefined();
    const none = verifyBytes(bundleOver({ "1": recordOf() }), codeOf("1"));
    expect(none.ok && none.value.delegations, "no prefix at all").toEqual([]);
  });
});

describe("a bundle that is large", () => {
  test("is checked to its end, whatever it repeats", () => {
    const items = itemBook();
    const [one, two] = ["b1", "b9"].map((serial) => ({ code: codeOf(serial), attributes: [], links: [] }));
    const { root } = items.add([one!, two!]);
    const proof = items.proofAt(root, 0);
    expect(proof.item).toEqual(encodeItem(one!));
    const state = { b1: batchOf("b1", "b9", { root }) };
    const often = Array.from({ length: 150_000 }, () => proof);
    expect(verdict(bundleOver(state, { items: often }), "b5")).toBe("item-invalid");
    expect(verdict(bundleOver(state, { items: [...often, items.proofAt(root, 1)] }), "b5")).toBe(
      "never-issued",
    );
  });
});

describe("a batch whose issuer put its items out of order", () => {
  const items = itemBook();
  const codes = ["b1", "b7", "b3", "b9"];
  const { root } = items.add(codes.map((serial) => ({ code: codeOf(serial), attributes: [], links: [] })));
  const state = { b1: batchOf("b1", "b9", { root, count: 4 }) };
  const shown = (serial: string, ...places: number[]): string =>
    verdict(bundleOver(state, { items: places.map((place) => items.proofAt(root, place)) }), serial);

  test("is refused where what is shown of it says so", () => {
    expect(shown("b5", 0, 1, 2, 3)).toBe("item-invalid");
    expect(shown("b5", 1, 2)).toBe("item-invalid");
    expect(shown("b8", 1, 2, 3)).toBe("never-issued");
  });

  test("can have an item denied: only all of its items show that they are out of order", () => {
    expect(shown("b3", 2)).toBe("in-batch");
    expect(shown("b3", 0, 1)).toBe("never-issued");
  });
});

describe("a moment that is none", () => {
  test("is not answered", () => {
    const bytes = bundleOver({ "1": recordOf(), "100": rangeBytes(2, 5) });
    for (const serial of ["1", "101"]) {
      for (const version of [-1, 0.5, Number.NaN]) {
        expect(verdict(bytes, serial, { asOf: { version } }), `${serial} ${version}`).toBe("not-shown");
      }
      for (const asOf of [{ height: Number.NaN }, { timeMs: Number.NaN }]) {
        expect(verdict(bytes, serial, { asOf }), serial).toBe("as-of-later");
        expect(verdict(bytes, serial, { notBefore: asOf }), serial).toBe("checkpoint-old");
      }
    }
  });
});

test("a state key of another kind never passes for a code's", () => {
  const key = `\u0003${codeKey(codeOf("1")).slice(1)}` as StateKey;
  expect(verdict(bundleOver({}, { others: [{ key, value: recordOf() }] }), "1")).toBe("never-issued");
});
