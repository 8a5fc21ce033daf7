import type { Code } from "@cityroot/codes/ma/code";
import { expect, test } from "vitest";
import { testHolder } from "../ledger.testing.ts";
import { attributesOf } from "../operation/operation.testing.ts";
import { firstVersion } from "../state/history.ts";
import { codeKey } from "../state/key.ts";
import { encodeRecord } from "../state/record.ts";
import type { StateEntry } from "../state/view.ts";
import { memoryProofSource } from "./memory-source.testing.ts";
import {
  delegateTo,
  issueOne,
  NATION,
  proveBytes,
  type Snapshot,
  sealAlone,
  testRegistry,
  verifyBytes,
} from "./registry.testing.ts";

// Goal: a proof is small enough for a phone with a poor connection: two kilobytes without delegations.
// Method: a city with a hundred thousand lamps, and the bundles of many of them and of codes between them.

const LAMPS = "MA.156.1301.02/60.10000000.1";
const COUNT = 100_000;
const lamp = (serial: number): string => `${LAMPS}/${String(serial).padStart(6, "0")}`;

function cityOfLamps(): Snapshot {
  const registry = testRegistry({ signs: false });
  const holders = [testHolder("City", 2), testHolder("Bureau", 3)] as const;
  registry.run(NATION, delegateTo("MA.156.1301", holders[0]));
  registry.run(holders[0], delegateTo("MA.156.1301.02", holders[1]));
  for (let at = 0; at < 20; at++) registry.run(holders[1], issueOne(`MA.156.1301.02/61.10000000.1/${at}`));
  const { source, checkpoint } = registry.at();
  const name = attributesOf([["name", [["zh", "路灯"]]]]);
  const records = Array.from({ length: COUNT }, (_, serial): StateEntry => {
    const since = { height: 1 + serial, timeMs: 1_767_225_600_000 + 1000 * serial };
    const plain = { links: [], commitments: [], within: null, holder: null, succession: null, reason: null };
    const record = {
      ...firstVersion(since),
      class: "street-lamp",
      status: "active",
      attributes: name,
      ...plain,
    } as const;
    return { key: codeKey(lamp(serial) as Code), value: encodeRecord(record) };
  });
  const entries = [...source.entries, ...records].sort((a, b) => (a.key < b.key ? -1 : 1));
  const large = memoryProofSource(entries, registry.versions, registry.items);
  return { ...sealAlone({ ...checkpoint, stateRoot: large.tree.root }), source: large };
}

const snapshot = cityOfLamps();
const seen = new Map();

/** The greatest and the mean size of the bundles of some codes, all of which have to hold. */
function sizesOf(
  codes: readonly string[],
  kind: string,
  delegations = false,
): { readonly max: number; readonly mean: number } {
  const sizes = codes.map((code) => {
    const bytes = proveBytes(snapshot, code, { delegations });
    const answer = verifyBytes(bytes, code, { seen });
    expect(answer.ok ? answer.value.standing.kind : answer.failure.detail, code).toBe(kind);
    return bytes.length;
  });
  const mean = Math.round(sizes.reduce((sum, size) => sum + size, 0) / sizes.length);
  return { max: Math.max(...sizes), mean };
}

const some = Array.from({ length: 1000 }, (_, at) => lamp((at * 7919) % COUNT));
const edges = [0, 9, 10, 99, 100, 999, 1000, 9999, 19999, 20000, 49999, 79999, 80000, COUNT - 1].map(lamp);
const LIMIT_BYTES = 2048;
const records = sizesOf([...some, ...edges], "record");
const gaps = sizesOf(
  [...some, ...edges].map((code) => `${code}.1`),
  "never-issued",
);
const withDelegations = sizesOf(some.slice(0, 100), "record", true);

test(`of ${COUNT} codes, the proof of a record takes ${records.max} bytes at most, ${records.mean} on average`, () => {
  expect(records.max).toBeLessThan(LIMIT_BYTES);
});

test(`and the proof that a code was never issued ${gaps.max} bytes at most, ${gaps.mean} on average`, () => {
  expect(gaps.max).toBeLessThan(LIMIT_BYTES);
});

test(`and with the prefixes above it and their holders ${withDelegations.max} bytes at most`, () => {
  expect(withDelegations.max).toBeLessThan(2 * LIMIT_BYTES);
});
