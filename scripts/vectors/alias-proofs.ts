// What is claimed of legacy codes, shown, and what a lying server could make of it.
import type { Code } from "@cityroot/codes/ma/code";
import { testHolder } from "@cityroot/core/ledger.testing";
import {
  claimOf,
  disputeOf,
  setCodingSystemOf,
  withdrawOf,
} from "@cityroot/core/operation/operation.testing";
import { type AliasPart, proveAliased, proveAliases } from "@cityroot/core/proof/aliases";
import type { Bundle } from "@cityroot/core/proof/bundle";
import {
  CHINA,
  delegateTo,
  issueMany,
  NATION,
  type Snapshot,
  testRegistry,
} from "@cityroot/core/proof/registry.testing";
import type { Run } from "@cityroot/core/proof/run";
import type { LegacyCode } from "@cityroot/core/state/alias";
import type { Day } from "@cityroot/core/state/day";
import { codingSystemKey, type StateKey } from "@cityroot/core/state/key";
import type { ProofQuestion } from "./proof-case.ts";
import { sealedBy } from "./proof-world.ts";

/** A question about a legacy code or a code, before it is judged. */
export type MadeAliases = ProofQuestion & {
  readonly name: string;
  readonly about: LegacyCode | { readonly target: string };
  /** The key after which the part begins, in hexadecimal. */
  readonly after?: string;
  readonly bundle: Bundle;
};

const CITY = "MA.156.1301" as Code;
const LAMPS = `${CITY}/60.10000000.1`;
const lamp = (at: number): Code => `${LAMPS}/${at}` as Code;
const city = testHolder("City", 2);
const GTIN: LegacyCode = { system: "gtin-13", value: "6901234567892" };
const NEXT: LegacyCode = { system: "gtin-13", value: "6901234567908" };
const PLATE: LegacyCode = { system: "licence-plate", value: "京A12345" };

const registry = testRegistry();
registry.run(NATION, delegateTo(CITY, city), setCodingSystemOf("gtin-13", CHINA));
registry.run(city, issueMany(`${LAMPS}/100`, 3, 20));
const FIRST: Snapshot = registry.at();
registry.run(
  city,
  claimOf({ ...GTIN, claimant: CITY, target: lamp(101), evidence: new Uint8Array(32).fill(7) }),
  claimOf({
    ...PLATE,
    claimant: CITY,
    target: lamp(102),
    from: "1980-01-01" as Day,
    until: "1999-12-31" as Day,
  }),
  claimOf({ ...NEXT, claimant: CITY, target: lamp(101), relation: "part-of" }),
);
registry.run(
  NATION,
  claimOf({ ...GTIN, claimant: CHINA, target: lamp(103) }),
  claimOf({ ...GTIN, claimant: CHINA, target: lamp(101), relation: "located-at" }),
);
const OLD: Snapshot = registry.at();
registry.run(NATION, disputeOf({ ...GTIN, claimant: CITY, target: lamp(101), as: "system" }));
registry.run(city, withdrawOf({ ...PLATE, claimant: CITY, target: lamp(102) }));
const HEAD: Snapshot = registry.at();

function legacy(
  of: LegacyCode,
  part: AliasPart = { limit: 100 },
  { source, ...note }: Snapshot = HEAD,
): Bundle {
  return proveAliases(source, of, note, { ...part, authority: true });
}

function hexOf(key: StateKey): string {
  return Buffer.from(key, "latin1").toString("hex");
}

/** Honest and forged lists of claims, and of what leads to them. */
export function aliasCases(): MadeAliases[] {
  const whole = legacy(GTIN);
  const [run] = whole.runs as [Run];
  const last = run.entries.length - 1;
  const keyAt = (at: number): StateKey => run.entries[at]!.key;
  const first = keyAt(1);
  const forged = (name: string, ...runs: readonly Run[]): MadeAliases => {
    return { name, about: GTIN, bundle: { ...whole, runs } };
  };
  const without = (at: number): Run => ({ ...run, entries: run.entries.toSpliced(at, 1) });
  const target = lamp(101);
  const { source } = HEAD;
  return [
    { name: "three claims of two claimants, one of them disputed", about: GTIN, bundle: whole },
    { name: "a first part", about: GTIN, bundle: legacy(GTIN, { limit: 1 }) },
    {
      name: "a last part",
      about: GTIN,
      after: hexOf(first),
      bundle: legacy(GTIN, { limit: 100, after: first }),
    },
    { name: "one claim, withdrawn, with its days", about: PLATE, bundle: legacy(PLATE) },
    {
      name: "nothing claimed",
      about: { ...GTIN, value: "6901234567885" },
      bundle: legacy({ ...GTIN, value: "6901234567885" }),
    },
    {
      name: "nothing claimed in a system that nobody named",
      about: { system: "serial", value: "1" },
      bundle: legacy({ system: "serial", value: "1" }),
    },
    {
      name: "without the authority of the system",
      about: PLATE,
      bundle: proveAliases(source, PLATE, HEAD, { limit: 9 }),
    },
    { name: "nothing claimed yet", about: GTIN, bundle: legacy(GTIN, { limit: 9 }, FIRST) },
    {
      name: "what leads from a code to its claims",
      about: { target },
      bundle: proveAliased(source, target, HEAD, { limit: 9 }),
    },
    {
      name: "a first part of that",
      about: { target },
      bundle: proveAliased(source, target, HEAD, { limit: 2 }),
    },
    {
      name: "what leads from a code to none",
      about: { target: CITY },
      bundle: proveAliased(source, CITY, HEAD, { limit: 9 }),
    },
    forged("the first claim left out", without(1)),
    forged("the last claim left out", without(last - 1)),
    forged("begun late", source.runOf(keyAt(2), keyAt(last))),
    forged("no run"),
    forged("the authority's run alone", ...whole.runs.slice(1)),
    forged("two runs with a gap", source.runOf(keyAt(0), keyAt(1)), source.runOf(keyAt(3), keyAt(last))),
    { name: "the claims about another code", about: GTIN, bundle: legacy(PLATE) },
    { name: "the claims about a code as what leads to them", about: { target }, bundle: whole },
    {
      name: "an older state's claims",
      about: GTIN,
      bundle: { ...legacy(GTIN, { limit: 9 }, OLD), ...sealedBy(HEAD) },
    },
    {
      name: "an older checkpoint's claims",
      about: GTIN,
      notBefore: { height: HEAD.checkpoint.height },
      bundle: legacy(GTIN, { limit: 9 }, OLD),
    },
    {
      name: "the authority as it was before it was named",
      about: GTIN,
      bundle: {
        ...whole,
        runs: [run, FIRST.source.runOf(codingSystemKey("gtin-13"), codingSystemKey("gtin-13"))],
      },
    },
  ];
}
