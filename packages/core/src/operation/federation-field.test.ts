import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mutationsOf } from "../attribute/attribute.testing.ts";
import { FUZZ_RUNS } from "../cbor.testing.ts";
import { type CborValue, encodeCbor } from "../cbor.ts";
import { bytesToHex } from "../hex.ts";
import type { Json } from "../json.ts";
import { publicKeyOfSeed, seedOf } from "../ledger.testing.ts";
import { ENDPOINTS_MAX, FEDERATION_BYTES_MAX } from "../limits.ts";
import { makeVerifierKey } from "../log/note.ts";
import { findEndpointFault } from "../state/endpoint.ts";
import { type Federation, federationFromCbor, federationToCbor } from "../state/federation.ts";
import { federationField } from "./federation-field.ts";
import { testFederation } from "./operation.testing.ts";
import { federationArb } from "./operation-arb.testing.ts";

const GOOD = testFederation(1);

function nameOfCbor(federation: Federation): string {
  const read = federationField.fromCbor(federationToCbor(federation), "federation");
  return read.ok ? "ok" : read.rejection.name;
}

test("both forms give back what they took", () => {
  fc.assert(
    fc.property(federationArb, (federation) => {
      const cbor = federationField.toCbor(federation);
      expect(federationField.fromCbor(cbor, "federation")).toEqual({ ok: true, value: federation });
      const json = JSON.parse(JSON.stringify(federationField.toJson(federation))) as Json;
      expect(federationField.fromJson(json, "federation")).toEqual({ ok: true, value: federation });
    }),
    { numRuns: Math.ceil(FUZZ_RUNS / 400) },
  );
});

test("damaged parts are refused, or are another federation with one form", () => {
  fc.assert(
    fc.property(
      federationArb.chain((federation) => mutationsOf(federationToCbor(federation) as never)),
      (parts) => {
        const read = federationFromCbor(parts as CborValue);
        if (read === undefined) return;
        expect(bytesToHex(encodeCbor(federationToCbor(read)))).toBe(
          bytesToHex(encodeCbor(parts as CborValue)),
        );
      },
    ),
    { numRuns: Math.ceil(FUZZ_RUNS / 200) },
  );
});

describe("endpoints", () => {
  test.each([
    "https://registry.example",
    "https://registry.example:8443/city/",
    "https://10.1.2.3",
    "http://localhost:8080",
    "http://127.0.0.1:1/x",
    "http://localhost",
  ])("may be %s", (endpoint) => {
    expect(findEndpointFault(endpoint)).toBeUndefined();
  });
  test.each([
    "http://registry.example",
    "http://127.0.0.1.example",
    "http://localhost.example",
    "http://127.0.0.2",
    "http://localhost@evil.example",
    "https://user@registry.example",
    "https://registry.example?x=1",
    "https://registry.example#a",
    "https://Registry.example",
    "https://[::1]",
    "ftp://registry.example",
    "//registry.example",
    "",
    `https://registry.example/${"x".repeat(240)}`,
  ])("may not be %s", (endpoint) => {
    expect(findEndpointFault(endpoint)).toBeDefined();
    expect(nameOfCbor({ ...GOOD, endpoints: [endpoint] })).toBe("FEDERATION_MALFORMED");
  });
});

test("what is malformed is refused by its name, in both forms", () => {
  const { policy } = GOOD;
  const logKey = policy.logKeys[0]!;
  const witness = policy.witnesses[0]!;
  const keys = (count: number, type: 1 | 4, length: number) =>
    Array.from({ length: count }, (_, at) =>
      makeVerifierKey(`k${at}${"x".repeat(length)}`, type, publicKeyOfSeed(seedOf(at))),
    );
  const weak = makeVerifierKey("weak", 1, new Uint8Array(32));
  const cases: { readonly [name: string]: Partial<Federation> } = {
    "another network's id": { network: "net-00000000" },
    "no id": { network: "net" },
    "a short digest": { genesis: GOOD.genesis.subarray(1) },
    "no endpoint": { endpoints: [] },
    "too many endpoints": {
      endpoints: Array.from({ length: ENDPOINTS_MAX + 1 }, (_, at) => `https://r${at}.example`),
    },
    "an endpoint twice": { endpoints: ["https://a.example", "https://a.example"] },
    "no log key": { policy: { ...policy, logKeys: [] } },
    "a key twice": { policy: { ...policy, logKeys: [logKey, logKey] } },
    "a witness twice": { policy: { ...policy, witnesses: [witness, witness], quorum: 2 } },
    "a weak key": { policy: { ...policy, logKeys: [weak] } },
    "a quorum above the witnesses": { policy: { ...policy, quorum: 4 } },
    "an origin with a space": { policy: { ...policy, origin: "a b" } },
    "an origin beyond ASCII": { policy: { ...policy, origin: "石家庄" } },
    "an origin that is too long": { policy: { ...policy, origin: "x".repeat(129) } },
    "too many bytes": { policy: { ...policy, logKeys: keys(64, 1, 110), witnesses: [], quorum: 0 } },
  };
  for (const [name, changes] of Object.entries(cases)) {
    const federation = { ...GOOD, ...changes };
    expect(nameOfCbor(federation), name).toBe("FEDERATION_MALFORMED");
    const json = federationField.fromJson(federationField.toJson(federation), "federation");
    expect(json.ok ? "ok" : json.rejection.name, name).toBe("FEDERATION_MALFORMED");
  }
  expect(FEDERATION_BYTES_MAX).toBeLessThan(64 * (110 + 34 + 4));
});

test("JSON is read strictly, and what is wrong is named", () => {
  const json = federationField.toJson(GOOD) as { readonly [name: string]: Json };
  const fieldOf = (changes: { readonly [name: string]: Json }): string | undefined => {
    const read = federationField.fromJson({ ...json, ...changes }, "federation");
    return read.ok ? undefined : read.rejection.fault?.field;
  };
  expect(fieldOf({})).toBeUndefined();
  expect(fieldOf({ more: 1 })).toBe("federation");
  expect(fieldOf({ genesis: "00" })).toBe("federation.genesis");
  expect(fieldOf({ network: 1 })).toBe("federation.network");
  expect(fieldOf({ endpoints: "https://a.example" })).toBe("federation.endpoints");
  expect(fieldOf({ endpoints: ["http://a.example"] })).toBe("federation.endpoints[0]");
  expect(fieldOf({ policy: {} })).toBe("federation.policy.origin");
  const personal = federationField.fromJson(
    { ...json, endpoints: ["https://a.example/11010519491231002X"] },
    "federation",
  );
  expect(personal.ok ? "ok" : personal.rejection.name).toBe("PERSONAL_NUMBER");
});
