import type { CborValue } from "@cityroot/core/cbor";
import { encodeBundle } from "@cityroot/core/proof/bundle";
import { TEST_POLICY } from "@cityroot/core/proof/checkpoint.testing";
import { sealAlone } from "@cityroot/core/proof/registry.testing";
import { rootOfRun } from "@cityroot/core/proof/run";
import { encodeVersioned } from "@cityroot/core/state/entry";
import { codeKey } from "@cityroot/core/state/key";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isProofError } from "./error.ts";
import { proof } from "./registry-server.testing.ts";
import { resolve } from "./resolve.ts";
import { verifyBundle } from "./verify-bundle.ts";
import { LAMP, NEVER, RANGE, type TestWorld, testWorld } from "./world.testing.ts";

let world: TestWorld;
beforeAll(async () => {
  world = await testWorld();
});
afterAll(() => world.server.close());

function bytesOf(code: string, query: string, height?: number): Uint8Array {
  return proof(world.registry.at(height), code, new URLSearchParams(query)).body as Uint8Array;
}

test("a bundle shows offline what resolving shows online", async () => {
  for (const code of [LAMP, RANGE.within, NEVER]) {
    const bytes = bytesOf(code, "delegations=true");
    const offline = verifyBundle({ bytes, code, policy: TEST_POLICY, delegations: true });
    expect(offline, code).toEqual(await resolve(world.client(), code));
  }
});

test("it shows an earlier moment where it was made for one", () => {
  const bytes = bytesOf(LAMP, "as-of-height=3");
  const given = { bytes, code: LAMP, policy: TEST_POLICY };
  expect(verifyBundle({ ...given, asOf: { height: 3 } }).record).toMatchObject({
    version: 2,
    isCurrent: false,
  });
  expect(() => verifyBundle({ ...given, asOf: { height: 2 } })).toThrow("not-shown");
  expect(() => verifyBundle({ ...given, asOf: { height: 7 } })).toThrow("as-of-later");
});

test("how old it may be is for the caller to say", () => {
  const given = { bytes: bytesOf(LAMP, "", 5), code: LAMP, policy: TEST_POLICY };
  expect(verifyBundle(given).verified.height).toBe(5);
  expect(verifyBundle({ ...given, notBefore: { height: 5 } }).verified.height).toBe(5);
  expect(() => verifyBundle({ ...given, notBefore: { height: 6 } })).toThrow("checkpoint-old");
  const timeMs = Date.parse("2026-01-01T00:00:06Z");
  expect(() => verifyBundle({ ...given, notBefore: { timeMs } })).toThrow("checkpoint-old");
});

test("delegations that it does not hold, bytes that are none, a text that is no code", () => {
  const given = { bytes: bytesOf(LAMP, ""), code: LAMP, policy: TEST_POLICY };
  expect(verifyBundle(given).chain).toBeNull();
  expect(() => verifyBundle({ ...given, delegations: true })).toThrow("not-shown");
  expect(() => verifyBundle({ ...given, bytes: new Uint8Array(9) })).toThrow("bundle-malformed");
  expect(() => verifyBundle({ ...given, code: "no code" })).toThrow("CODE_MALFORMED");
});

/**
 * Goal: no change of a bundle's bytes makes a client believe another answer, or fail in a way that it does not announce.
 * Method: single bits flipped anywhere; what is still believed has to be what was true.
 */
test("a bundle with a flipped bit shows the truth or nothing", () => {
  for (const [code, query] of [
    [LAMP, "delegations=true&version=2"],
    [NEVER, "delegations=true"],
    [RANGE.within, ""],
  ] as const) {
    const bytes = bytesOf(code, query);
    const asOf = query.includes("version") ? { asOf: { version: 2 } } : {};
    const given = { code, policy: TEST_POLICY, delegations: query !== "", ...asOf };
    const truth = verifyBundle({ ...given, bytes });
    const flips = fc.tuple(fc.nat(bytes.length - 1), fc.nat(7));
    fc.assert(
      fc.property(flips, ([at, bit]) => {
        const changed = bytes.slice();
        changed[at]! ^= 1 << bit;
        try {
          expect(verifyBundle({ ...given, bytes: changed })).toEqual(truth);
        } catch (error) {
          if (!isProofError(error)) throw error;
        }
      }),
      { numRuns: 60 },
    );
  }
});

/** A bundle of one entry that makes up the whole state: what a registry of a later version may sign. */
function bundleOfOne(value: Uint8Array, timeMs = 0): Uint8Array {
  const run = { entries: [{ key: codeKey(LAMP as never), value }], path: new Uint8Array(0) };
  const { root: stateRoot } = rootOfRun(run)!;
  const { note, sealPath } = sealAlone({ height: 1, timeMs, stateRoot });
  return encodeBundle({ note, sealPath, runs: [run], items: [], versions: [] });
}

test("entries of forms that this version does not know are said to be that", () => {
  const since = { height: 1, timeMs: Number.MAX_SAFE_INTEGER };
  const version = { version: 1, since, peaks: new Uint8Array(0) };
  const entry = (attributes: CborValue, links: CborValue = [], status = 0): Uint8Array =>
    encodeVersioned(6, version, [status, "lamp", attributes, links, [], null, null, null, null]);
  const given = { code: LAMP, policy: TEST_POLICY };
  const known = verifyBundle({ ...given, bytes: bundleOfOne(entry([["material", "steel"]])) });
  expect(known.record).toMatchObject({
    attributes: { material: "steel" },
    since: { time: "+275760-09-13T00:00:00.000Z" },
  });
  const unknown = [
    entry([["colour", "red"]]),
    entry([["material", 7]]),
    entry(["material"]),
    entry([], [["describedby"]]),
    entry([], [], 9),
    encodeVersioned(6, version, []),
    encodeVersioned(60, version, []),
    new Uint8Array([0x82, 6, 1]),
  ];
  for (const [at, value] of unknown.entries()) {
    expect(() => verifyBundle({ ...given, bytes: bundleOfOne(value) }), `entry ${at}`).toThrow(
      "entry-unknown",
    );
  }
});
