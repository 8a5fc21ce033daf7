import type { Code } from "@cityroot/codes/ma/code";
import { describe, expect, test } from "vitest";
import { testHolder } from "../ledger.testing.ts";
import { federateOf, testFederation } from "../operation/operation.testing.ts";
import { codeKey, NETWORK_KEY } from "../state/key.ts";
import { decodeBundle, encodeBundle } from "./bundle.ts";
import { TEST_POLICY } from "./checkpoint.testing.ts";
import { proveList } from "./prove.ts";
import {
  delegateTo,
  issueMany,
  issueOne,
  NATION,
  proveBytes,
  resolve,
  testRegistry,
  verifyBytes,
} from "./registry.testing.ts";
import { verifyList } from "./verify-list.ts";

/**
 * Goal: no proof makes a code that another network serves look as if it was never issued.
 * Method: a registry with a federated prefix between others; honest proofs, and every proof that a server could put
 * together of other runs of the same state.
 */

const CITY = testHolder("City", 2);
const PREFIX = "MA.156.1301";
const LAMP = `${PREFIX}.02/60.10000000.1/000123`;
const OTHER = testFederation(1);

function federatedRegistry() {
  const registry = testRegistry({ signs: false });
  registry.run(
    NATION,
    delegateTo("MA.156.1300", CITY),
    delegateTo(PREFIX, CITY),
    delegateTo("MA.156.1302", CITY),
  );
  registry.run(CITY, issueMany("MA.156.1300.01", 2, 5), issueOne("MA.156.1302.1"), federateOf(PREFIX, OTHER));
  return registry;
}

test("the proof of a code below a federated prefix says so, with who serves it", () => {
  const registry = federatedRegistry();
  for (const code of [LAMP, `${PREFIX}.02`, `${PREFIX}/60.10000000.1`, `${PREFIX}.zz`]) {
    for (const delegations of [false, true]) {
      const answer = resolve(registry.at(), code, { delegations });
      if (!answer.ok) throw new Error(answer.failure.detail);
      expect(answer.value.standing, code).toMatchObject({
        kind: "federated",
        prefix: PREFIX,
        record: { federation: OTHER },
      });
    }
  }
  const own = resolve(registry.at(), PREFIX);
  expect(own.ok && own.value.standing).toMatchObject({ kind: "record", record: { federation: OTHER } });
  for (const code of ["MA.156.1303", "MA.156.13010", "MA.156.1300.09", "MA.156.1302.2"]) {
    const answer = resolve(registry.at(), code);
    expect(answer.ok && answer.value.standing.kind, code).toBe("never-issued");
  }
});

test("it costs no more than the proof that a code was never issued", () => {
  const registry = federatedRegistry();
  const bundle = decodeBundle(proveBytes(registry.at(), LAMP))!;
  expect(bundle.runs.map(({ entries }) => entries.map(({ key }) => key))).toEqual([
    [codeKey(PREFIX as Code), codeKey("MA.156.1302" as Code)],
  ]);
});

test("no choice of runs under the root makes it look never issued", () => {
  const registry = federatedRegistry();
  const snapshot = registry.at();
  const keys = registry.ledger.state.entries().map(({ key }) => key);
  const standings = new Set<string>();
  for (const first of keys) {
    for (const last of keys) {
      if (first > last) continue;
      const runs = [snapshot.source.runOf(first, last)];
      const bytes = encodeBundle({ ...snapshot, runs, items: [], versions: [] });
      for (const code of [LAMP, `${PREFIX}/60.10000000.1`, `${PREFIX}.zz`]) {
        const answer = verifyBytes(bytes, code);
        standings.add(answer.ok ? answer.value.standing.kind : answer.failure.name);
      }
    }
  }
  expect([...standings].sort()).toEqual(["federated", "not-shown"]);
});

test("a federated prefix within a range leads to the other network, not to the range", () => {
  const registry = testRegistry({ signs: false });
  registry.run(NATION, issueMany("MA.156.20", 1, 4));
  for (const prefix of ["MA.156.20", "MA.156.22"]) {
    registry.run(NATION, delegateTo(prefix, CITY));
    registry.run(CITY, federateOf(prefix, OTHER));
    const answer = resolve(registry.at(), `${prefix}.1`);
    expect(answer.ok && answer.value.standing, prefix).toMatchObject({ kind: "federated", prefix });
  }
  for (const [code, kind] of [
    ["MA.156.21", "in-range"],
    ["MA.156.23", "in-range"],
    ["MA.156.24", "never-issued"],
    ["MA.156.21.1", "never-issued"],
  ] as const) {
    const answer = resolve(registry.at(), code);
    expect(answer.ok && answer.value.standing.kind, code).toBe(kind);
  }
});

test("what was said before stays provable, and what follows the end is this network's", () => {
  const registry = federatedRegistry();
  const height = registry.ledger.height();
  registry.run(CITY, federateOf(PREFIX, null));
  registry.run(CITY, issueOne(LAMP));
  const then = resolve(registry.at(height), LAMP);
  expect(then.ok && then.value.standing.kind).toBe("federated");
  const now = resolve(registry.at(), LAMP);
  expect(now.ok && now.value.standing.kind).toBe("record");
  const prefix = resolve(registry.at(), PREFIX, { asOf: { height } });
  expect(prefix.ok && prefix.value.standing).toMatchObject({ kind: "record", record: { federation: OTHER } });
  const other = resolve(registry.at(), `${PREFIX}/60.10000000.1`);
  expect(other.ok && other.value.standing.kind).toBe("never-issued");
});

test("whatever moment is asked for, the answer is as of the checkpoint", () => {
  const registry = federatedRegistry();
  for (const asOf of [{ height: 0 }, { version: 7 }, { timeMs: 0 }]) {
    const answer = resolve(registry.at(), LAMP, { asOf });
    expect(answer.ok && answer.value.standing.kind, JSON.stringify(asOf)).toBe("federated");
  }
});

describe("a list of what lies below", () => {
  const registry = federatedRegistry();
  const listOf = (prefix: string, after?: string) => {
    const snapshot = registry.at();
    const { bundle } = proveList(snapshot.source, prefix as Code, snapshot, {
      limit: 10,
      ...(after !== undefined && { after: after as Code }),
    });
    const part = verifyList(encodeBundle(bundle), prefix as Code, after as Code | undefined, {
      policy: TEST_POLICY,
    });
    if (!part.ok) throw new Error(part.failure.detail);
    return part.value;
  };

  test.each([
    [`${PREFIX}.02`, undefined],
    [`${PREFIX}.02`, LAMP],
    [LAMP, undefined],
  ] as const)("%s after %s says that another network has it", (prefix, after) => {
    expect(listOf(prefix, after)).toMatchObject({ entries: [], referral: { prefix: PREFIX } });
  });

  test("a federated prefix itself, and what lies beside, is a list of this network", () => {
    expect(listOf(PREFIX)).toMatchObject({ entries: [{ code: PREFIX }], isLast: true, referral: null });
    expect(listOf("MA.156.1302").referral).toBeNull();
    expect(listOf("MA.156.1303")).toMatchObject({ entries: [], referral: null });
  });
});

describe("of which network a bundle is", () => {
  const registry = testRegistry({ signs: false });
  registry.run(NATION, issueOne("MA.156.1"));
  const { genesis } = registry.ledger.ledger.network;
  const other = new Uint8Array(32);

  test("is shown where it is asked for, and held against the one wanted", () => {
    const bytes = proveBytes(registry.at(), "MA.156.1", { network: true });
    expect(verifyBytes(bytes, "MA.156.1", { genesis }).ok).toBe(true);
    expect(verifyBytes(bytes, "MA.156.1", { genesis: other })).toMatchObject({
      failure: { name: "network-other", detail: `it is of ${registry.ledger.ledger.network.id}` },
    });
    expect(decodeBundle(bytes)!.runs.some(({ entries }) => entries[0]!.key === NETWORK_KEY)).toBe(true);
  });

  test("is not believed without being shown", () => {
    const bytes = proveBytes(registry.at(), "MA.156.1", { delegations: true });
    expect(verifyBytes(bytes, "MA.156.1").ok).toBe(true);
    expect(verifyBytes(bytes, "MA.156.1", { genesis })).toMatchObject({ failure: { name: "network-other" } });
  });
});
