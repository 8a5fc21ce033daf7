import { ancestorsOf } from "@cityroot/codes/ma/prefix";
import fc from "fast-check";
import { expect, test } from "vitest";
import { codeKey, codeOfKey, isKeyAtOrBelow, KEY_KINDS, prefixKey } from "../state/key.ts";
import { decodePrefix } from "../state/prefix.ts";
import type { AsOf } from "./answer.ts";
import { encodeBundle } from "./bundle.ts";
import { TEST_POLICY } from "./checkpoint.testing.ts";
import { proveList } from "./prove.ts";
import { histories, playHistory, standingAt, standingIn, UNIVERSE } from "./random-history.testing.ts";
import { resolve } from "./registry.testing.ts";
import type { CheckpointMemory } from "./verify.ts";
import { verifyList } from "./verify-list.ts";

const RUNS = 25;

/**
 * Goal: what a client makes of an honest bundle is what the state says, for every code and every moment.
 * Method: random histories over few codes, so that ranges, batches, records and prefixes get in each other's way.
 */
test("after any history, the proof of every code shows how it stands", () => {
  const kinds = new Map<string, number>();
  fc.assert(
    fc.property(histories, (history) => {
      const registry = playHistory(history);
      const head = registry.at();
      const seen: CheckpointMemory = new Map();
      for (const code of UNIVERSE) {
        const answer = resolve(head, code, { delegations: true, seen });
        if (!answer.ok) throw new Error(`${code}: ${answer.failure.name}: ${answer.failure.detail}`);
        expect(answer.value.standing, code).toEqual(standingIn(registry, head, code));
        const { kind } = answer.value.standing;
        kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
        const above = [...ancestorsOf(code)]
          .reverse()
          .concat(code)
          .filter((prefix) => head.source.get(prefixKey(prefix)));
        expect(
          answer.value.delegations?.map(({ prefix }) => prefix),
          code,
        ).toEqual(above);
        for (const { prefix, entry, holderId } of answer.value.delegations ?? []) {
          expect(entry, prefix).toEqual(decodePrefix(head.source.get(prefixKey(prefix))!));
          expect(holderId, prefix).toEqual(entry.holder);
        }
      }
    }),
    { numRuns: RUNS },
  );
  for (const kind of ["record", "in-range", "in-batch", "never-issued"]) {
    expect(kinds.get(kind) ?? 0, `histories with ${kind}`).toBeGreaterThan(0);
  }
});

test("after any history, the proof of every code shows how it stood at every moment", () => {
  const kinds = new Map<string, number>();
  fc.assert(
    fc.property(histories, fc.integer({ min: 1, max: 5 }), (history, stride) => {
      const registry = playHistory(history);
      const head = registry.at();
      const seen: CheckpointMemory = new Map();
      const moments: AsOf[] = [];
      for (let height = 0; height <= head.checkpoint.height; height++) {
        const { timeMs } = registry.at(height).checkpoint;
        moments.push({ height }, { timeMs }, { timeMs: timeMs - 1 });
      }
      for (let at = 0; at < UNIVERSE.length; at += stride) {
        const code = UNIVERSE[at]!;
        for (const asOf of moments) {
          const answer = resolve(head, code, { asOf, seen });
          const name = `${code} as of ${JSON.stringify(asOf)}`;
          if (!answer.ok) throw new Error(`${name}: ${answer.failure.name}: ${answer.failure.detail}`);
          expect(answer.value.standing, name).toEqual(standingAt(registry, head, code, asOf));
          const { kind } = answer.value.standing;
          kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
        }
      }
    }),
    { numRuns: RUNS },
  );
  for (const kind of ["record", "in-range", "in-batch", "never-issued", "not-yet-issued"]) {
    expect(kinds.get(kind) ?? 0, `histories with ${kind}`).toBeGreaterThan(0);
  }
});

test("after any history, the list below every prefix is complete, in parts of any size", () => {
  fc.assert(
    fc.property(histories, fc.integer({ min: 1, max: 9 }), (history, limit) => {
      const head = playHistory(history).at();
      const { source } = head;
      const options = { policy: TEST_POLICY, seen: new Map() };
      for (const prefix of UNIVERSE) {
        const keys = source.entries.map(({ key }) => key);
        const whole = keys.filter(
          (key) => key.charCodeAt(0) === KEY_KINDS.code && isKeyAtOrBelow(key, codeKey(prefix)),
        );
        const collected: string[] = [];
        for (let isLast = false; !isLast; ) {
          const last = collected[collected.length - 1];
          const after = last === undefined ? undefined : codeOfKey(last as never);
          const part = after === undefined ? { limit } : { limit, after };
          const { bundle } = proveList(source, prefix, head, part);
          const verified = verifyList(encodeBundle(bundle), prefix, after, options);
          if (!verified.ok)
            throw new Error(`${prefix}: ${verified.failure.name}: ${verified.failure.detail}`);
          collected.push(...verified.value.entries.map(({ code }) => codeKey(code)));
          isLast = verified.value.isLast;
        }
        expect(collected, prefix).toEqual(whole);
      }
    }),
    { numRuns: RUNS },
  );
});
