import type { Code } from "@cityroot/codes/ma/code";
import { isSameOrBelow } from "@cityroot/codes/ma/prefix";
import { describe, expect, test } from "vitest";
import { codeKey, codeOfKey, isKeyAtOrBelow, KEY_KINDS } from "../state/key.ts";
import { encodeBundle } from "./bundle.ts";
import { TEST_POLICY } from "./checkpoint.testing.ts";
import type { Proven } from "./failure.ts";
import { proveList } from "./prove.ts";
import {
  CHINA,
  issueItems,
  issueMany,
  issueOne,
  NATION,
  type Snapshot,
  sealAlone,
  testRegistry,
} from "./registry.testing.ts";
import { buildStateTree } from "./state-tree.testing.ts";
import type { CheckpointMemory } from "./verify.ts";
import { type VerifiedPart, verifyList } from "./verify-list.ts";

const STOPS = "MA.156.1301.02/61.10000000.1";
const LAMPS = "MA.156.1301.02/60.10000000.1";

const registry = testRegistry();
registry.run(
  NATION,
  ...["MA.156.1301", "MA.156.1301.02", "MA.156.1302", "MA.156.130", LAMPS].map(issueOne),
  ...["1", "1.1", "1.2", "10", "2", "A", "A.7", "a"].map((serial) => issueOne(`${LAMPS}/${serial}`)),
  issueMany(`${LAMPS}/500`, 3, 100),
  issueOne(`${LAMPS}/505.1`),
  issueItems(
    registry.items,
    ["x1", "x2", "x3"].map((serial) => `${STOPS}/${serial}`),
  ),
);
const head = registry.at();
const seen: CheckpointMemory = new Map();

/** Codes of the state's entries at or below a prefix, in order of the tree. */
function listed({ source }: Snapshot, prefix: string): string[] {
  const keys = source.entries.map(({ key }) => key).filter((key) => key.charCodeAt(0) === KEY_KINDS.code);
  return keys.flatMap((key) =>
    isKeyAtOrBelow(key, codeKey(prefix as Code)) ? [codeOfKey(key) as string] : [],
  );
}

function part(
  prefix: string,
  limit: number,
  after?: string,
): { readonly keys: readonly string[]; readonly verified: Proven<VerifiedPart> } {
  const from = after as Code | undefined;
  const { bundle, keys } = proveList(head.source, prefix as Code, head, {
    limit,
    ...(from !== undefined && { after: from }),
  });
  const verified = verifyList(encodeBundle(bundle), prefix as Code, from, { policy: TEST_POLICY, seen });
  return { keys: keys.map((key) => codeOfKey(key) as string), verified };
}

function codesOf(verified: Proven<VerifiedPart>): string[] {
  if (!verified.ok) throw new Error(`${verified.failure.name}: ${verified.failure.detail}`);
  return verified.value.entries.map(({ code }) => code);
}

/** Prefixes with entries and without, before, between and after them. */
const PREFIXES = [
  ...[CHINA, "MA.156.1301", "MA.156.1301.02", LAMPS, STOPS, "MA.156.130", "MA.156.1302", `${LAMPS}/1`],
  ...[`${LAMPS}/505`, `${LAMPS}/A`, `${LAMPS}/500`, `${STOPS}/x1`],
  ...[
    "MA.001",
    "MA.155",
    "MA.157",
    "MA.999",
    "MA.156.13",
    "MA.156.1301.01",
    "MA.156.1301.02/60",
    "MA.156.M0",
  ],
  ...[`${LAMPS}/0`, `${LAMPS}/2.1`, `${LAMPS}/b`, `${STOPS}/x2`, `${STOPS}/x3`, `${STOPS}/x9`],
];

describe("a list", () => {
  test("is complete in one part, and holds every entry at or below its prefix", () => {
    for (const prefix of PREFIXES) {
      const { keys, verified } = part(prefix, 1000);
      expect(codesOf(verified), prefix).toEqual(listed(head, prefix));
      expect(keys, prefix).toEqual(listed(head, prefix));
      expect(verified.ok && verified.value.isLast, prefix).toBe(true);
    }
    expect(listed(head, CHINA).length, "so that the test is about something").toBeGreaterThan(15);
    expect(listed(head, LAMPS).every((code) => isSameOrBelow(code as Code, LAMPS as Code))).toBe(true);
  });

  test("is complete in parts of every size", () => {
    for (const prefix of PREFIXES) {
      const whole = listed(head, prefix);
      for (let limit = 1; limit <= 7; limit++) {
        const name = `${prefix} by ${limit}`;
        const collected: string[] = [];
        let isLast = false;
        while (!isLast) {
          const { keys, verified } = part(prefix, limit, collected[collected.length - 1]);
          const codes = codesOf(verified);
          expect(codes, `${name}: what was proved is what was promised`).toEqual(keys);
          expect(codes.length, name).toBeLessThanOrEqual(limit);
          expect(codes.length, `${name}: it moves on`).toBeGreaterThan(
            verified.ok && verified.value.isLast ? -1 : 0,
          );
          collected.push(...codes);
          isLast = verified.ok && verified.value.isLast;
        }
        expect(collected, name).toEqual(whole);
      }
    }
  });

  test("goes on after any code, issued or not", () => {
    const others = [`${LAMPS}/1.15`, `${LAMPS}/0`, `${LAMPS}/zz`, `${LAMPS}/555`, "MA.001", "MA.999"];
    for (const after of [...listed(head, CHINA), ...others]) {
      const rest = listed(head, LAMPS).filter((code) => codeKey(code as Code) > codeKey(after as Code));
      const { verified } = part(LAMPS, 1000, after);
      expect(codesOf(verified), after).toEqual(rest);
      expect(verified.ok && verified.value.isLast, after).toBe(true);
    }
  });

  test("is empty where the tree ends before its prefix, or begins after it", () => {
    const entries = ["MA.156", "MA.200"].map((code) => ({
      key: codeKey(code as Code),
      value: new Uint8Array(1),
    }));
    const { root: stateRoot, runOf } = buildStateTree(entries);
    const { note, sealPath } = sealAlone({ ...head.checkpoint, stateRoot });
    const bytes = encodeBundle({ note, sealPath, runs: [runOf(0, 1)], items: [], versions: [] });
    const options = { policy: TEST_POLICY };
    const after = verifyList(bytes, "MA.300" as Code, undefined, options);
    expect(after.ok && [after.value.entries, after.value.isLast]).toEqual([[], true]);
    const before = verifyList(bytes, "MA.001" as Code, undefined, options);
    expect(before.ok && [before.value.entries, before.value.isLast]).toEqual([[], true]);
  });

  test("shows the entries themselves", () => {
    const { verified } = part(LAMPS, 1000);
    if (!verified.ok) throw new Error(verified.failure.detail);
    for (const { code, value } of verified.value.entries) {
      expect(value, code).toEqual(head.source.get(codeKey(code)));
    }
    expect(verified.value.checkpoint).toEqual(head.checkpoint);
  });
});
