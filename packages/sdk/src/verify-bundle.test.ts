import { TEST_POLICY } from "@cityroot/core/proof/checkpoint.testing";
import { afterAll, beforeAll, expect, test } from "vitest";
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
