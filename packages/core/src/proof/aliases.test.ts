import type { Code } from "@cityroot/codes/ma/code";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FUZZ_RUNS } from "../cbor.testing.ts";
import { claimOf, setCodingSystemOf, withdrawOf } from "../operation/operation.testing.ts";
import {
  type AliasName,
  aliasStandingOf,
  decodeAlias,
  decodeAliased,
  keyOfAlias,
  keyOfAliased,
  type LegacyCode,
} from "../state/alias.ts";
import type { StateKey } from "../state/key.ts";
import {
  type AliasPart,
  proveAliased,
  proveAliases,
  type VerifiedAliased,
  type VerifiedAliases,
  verifyAliased,
  verifyAliases,
} from "./aliases.ts";
import { type Bundle, encodeBundle } from "./bundle.ts";
import { TEST_POLICY } from "./checkpoint.testing.ts";
import type { Proven } from "./failure.ts";
import { CHINA, issueMany, NATION, testRegistry } from "./registry.testing.ts";
import { rootOfRun } from "./run.ts";
import type { CheckpointMemory } from "./verify.ts";

const LAMPS = "MA.156.1301.02/60.10000000.1";
const lamp = (at: number) => `${LAMPS}/${100 + at}` as Code;
const legacy = (value: number, system = "serial"): LegacyCode => ({ system, value: `N${value}` });

const registry = testRegistry();
registry.run(NATION, issueMany(`${LAMPS}/100`, 3, 50));
const OLD = registry.at();
registry.run(
  NATION,
  setCodingSystemOf("serial", CHINA),
  setCodingSystemOf("gone", CHINA),
  ...Array.from({ length: 60 }, (_, at) =>
    claimOf({
      ...legacy(at % 11),
      claimant: CHINA,
      target: lamp(at % 13),
      relation: at % 2 ? "same-as" : "part-of",
    }),
  ),
  claimOf({ ...legacy(3, "other"), claimant: CHINA, target: lamp(0) }),
);
registry.run(
  NATION,
  withdrawOf({ ...legacy(3), claimant: CHINA, target: lamp(3) }),
  setCodingSystemOf("gone", null),
);
const head = registry.at();
const seen: CheckpointMemory = new Map();
const options = { policy: TEST_POLICY, seen };

const CLAIMS = head.source.entries.flatMap(({ value }) => decodeAlias(value) ?? []);
const LED = head.source.entries.flatMap(({ value }) => decodeAliased(value) ?? []);

const claimsOf = ({ system, value }: LegacyCode) =>
  CLAIMS.filter((claim) => claim.system === system && claim.value === value);

function aliases(of: LegacyCode, part: AliasPart): Proven<VerifiedAliases> {
  return verifyAliases(
    encodeBundle(proveAliases(head.source, of, head, { ...part, authority: true })),
    of,
    part.after,
    options,
  );
}

function aliased(of: Code, part: AliasPart): Proven<VerifiedAliased> {
  return verifyAliased(encodeBundle(proveAliased(head.source, of, head, part)), of, part.after, options);
}

function provenOf<T>(proven: Proven<T>): T {
  if (!proven.ok) throw new Error(`${proven.failure.name}: ${proven.failure.detail}`);
  return proven.value;
}

describe("the claims about a legacy code", () => {
  test("are shown completely, with the authority of its system", () => {
    for (let value = 0; value < 14; value++) {
      const shown = provenOf(aliases(legacy(value), { limit: 100 }));
      expect(shown.aliases).toEqual(claimsOf(legacy(value)));
      expect(shown).toMatchObject({
        isLast: true,
        authority: CHINA,
        checkpoint: { height: head.checkpoint.height },
      });
    }
    expect(provenOf(aliases(legacy(3, "other"), { limit: 9 }))).toMatchObject({ authority: null });
    expect(provenOf(aliases(legacy(3, "gone"), { limit: 9 }))).toMatchObject({
      aliases: [],
      authority: null,
    });
    const standings = provenOf(aliases(legacy(3), { limit: 100 })).aliases.map(aliasStandingOf);
    expect(new Set(standings)).toEqual(new Set(["confirmed", "withdrawn"]));
  });

  test("come in parts that leave nothing out", () => {
    const systemArb = fc.constantFrom("serial", "other", "none");
    fc.assert(
      fc.property(fc.nat(12), systemArb, fc.integer({ min: 1, max: 7 }), (value, system, limit) => {
        const of = legacy(value, system);
        const all = [];
        let after: StateKey | undefined;
        for (let isLast = false; !isLast; ) {
          const part = provenOf(aliases(of, { limit, ...(after !== undefined && { after }) }));
          all.push(...part.aliases);
          ({ isLast } = part);
          const last = part.aliases.at(-1);
          after = last === undefined ? after : keyOfAlias(last);
        }
        expect(all).toEqual(claimsOf(of));
      }),
      { numRuns: Math.ceil(FUZZ_RUNS / 100) },
    );
  });

  test("are none before anybody claimed anything", () => {
    const bundle = encodeBundle(proveAliases(OLD.source, legacy(1), OLD, { limit: 9, authority: true }));
    const shown = provenOf(verifyAliases(bundle, legacy(1), undefined, { policy: TEST_POLICY }));
    expect(shown).toMatchObject({ aliases: [], isLast: true, authority: null });
    const notBefore = { height: head.checkpoint.height };
    expect(verifyAliases(bundle, legacy(1), undefined, { policy: TEST_POLICY, notBefore })).toMatchObject({
      failure: { name: "checkpoint-old" },
    });
  });
});

describe("what leads to the claims about a code", () => {
  test("is shown completely, and in parts", () => {
    for (let at = 0; at < 15; at++) {
      const wanted = LED.filter(({ target }) => target === lamp(at));
      expect(provenOf(aliased(lamp(at), { limit: 100 }))).toMatchObject({ names: wanted, isLast: true });
      const first = provenOf(aliased(lamp(at), { limit: 1 }));
      expect(first).toMatchObject({ names: wanted.slice(0, 1), isLast: wanted.length < 2 });
      const [one] = first.names;
      if (one === undefined) continue;
      const rest = provenOf(aliased(lamp(at), { limit: 100, after: keyOfAliased(one) }));
      expect(rest).toMatchObject({ names: wanted.slice(1), isLast: true });
    }
    expect(provenOf(aliased(CHINA, { limit: 9 })).names).toEqual([]);
    expect(LED).toHaveLength(CLAIMS.length);
  });
});

describe("a lie", () => {
  const of = legacy(5);
  const honest = proveAliases(head.source, of, head, { limit: 100 });
  const [run] = honest.runs;
  const verified = (bundle: Bundle, about: LegacyCode = of) =>
    verifyAliases(encodeBundle(bundle), about, undefined, options);
  const failureOf = (proven: Proven<unknown>) => (proven.ok ? "believed" : proven.failure.name);

  test("that leaves a claim out is seen", () => {
    expect(claimsOf(of).length).toBeGreaterThan(3);
    for (let at = 0; at < run!.entries.length; at++) {
      const entries = run!.entries.toSpliced(at, 1);
      expect(failureOf(verified({ ...honest, runs: [{ ...run!, entries }] })), `entry ${at}`).toBe(
        "run-invalid",
      );
    }
  });

  test("of a run that begins or ends within the claims is seen, or taken for the part that it is", () => {
    const keys = run!.entries.map(({ key }) => key);
    for (let first = 0; first < keys.length; first++) {
      for (let last = first; last < keys.length; last++) {
        const bundle = { ...honest, runs: [head.source.runOf(keys[first]!, keys[last]!)] };
        const proven = verified(bundle);
        if (first > 0) {
          expect(failureOf(proven)).toBe("not-shown");
          continue;
        }
        const isEnd = last === keys.length - 1;
        const shown = claimsOf(of).slice(0, last);
        if (last === 0) expect(failureOf(proven)).toBe("not-shown");
        else expect(provenOf(proven)).toMatchObject({ aliases: shown, isLast: isEnd, authority: undefined });
      }
    }
  });

  test("with the claims about another code, without a run, or with one of nothing, is seen", () => {
    for (let value = 6; value < 16; value++) {
      const proven = verified(proveAliases(head.source, legacy(value), head, { limit: 100 }));
      // What ends such a run may begin the claims asked about: then it is a part of them, and not the last.
      if (proven.ok) expect(proven.value).toMatchObject({ aliases: claimsOf(of).slice(0, 1), isLast: false });
      else expect(failureOf(proven)).toBe("not-shown");
    }
    expect(failureOf(verified({ ...honest, runs: [] }))).toBe("not-shown");
    expect(failureOf(verified({ ...honest, runs: [{ entries: [], path: new Uint8Array(0) }] }))).toBe(
      "run-invalid",
    );
    expect(rootOfRun(run!)).toMatchObject({ startsTree: false });
  });

  test("about a claim's own words is seen", () => {
    const claimed = run!.entries.findIndex(({ value }) => decodeAlias(value) !== undefined);
    const value = new Uint8Array(run!.entries[claimed]!.value);
    value[value.length - 1]! ^= 1;
    const entries = run!.entries.with(claimed, { key: run!.entries[claimed]!.key, value });
    expect(failureOf(verified({ ...honest, runs: [{ ...run!, entries }] }))).toBe("run-invalid");
  });
});

test("legacy codes of any length stand in their order up to sixteen bytes, and by themselves", () => {
  const values = [
    "1",
    "2",
    "23 characters, no more..",
    "24 characters, and more..",
    "\u4eac".repeat(80),
    "9".repeat(240),
  ];
  const keys = values.map((value) =>
    keyOfAlias({ ...legacy(1), value, claimant: CHINA, relation: "same-as", target: CHINA }),
  );
  expect([...keys].sort()).toEqual(keys.toSorted((a, b) => (a < b ? -1 : 1)));
  const bytesOf = (value: string) => Buffer.from(value).subarray(0, 16).toString("latin1").padEnd(16, "\0");
  for (const [at, key] of keys.entries()) expect(key.slice(8, 24)).toBe(bytesOf(values[at]!));
  expect(new Set(keys).size).toBe(values.length);
});

test("a name is found under its keys alone", () => {
  const name: AliasName = { ...legacy(1), claimant: CHINA, relation: "same-as", target: lamp(1) };
  const others: readonly Partial<AliasName>[] = [
    { system: "serial-" },
    { value: "N2" },
    { value: "serial" },
    { claimant: lamp(1) },
    { relation: "part-of" },
    { target: lamp(2) },
  ];
  const keys = [name, ...others.map((other) => ({ ...name, ...other }))].map(keyOfAlias);
  expect(new Set(keys).size).toBe(keys.length);
});
