// Proofs of codes that another network serves, and what a lying server could make of them.
import type { Code } from "@cityroot/codes/ma/code";
import { testHolder } from "@cityroot/core/ledger.testing";
import { federateOf, testFederation } from "@cityroot/core/operation/operation.testing";
import { proveAnswer } from "@cityroot/core/proof/prove";
import {
  delegateTo,
  issueMany,
  issueOne,
  NATION,
  type Snapshot,
  testRegistry,
} from "@cityroot/core/proof/registry.testing";
import { codeKey } from "@cityroot/core/state/key";
import type { MadeCase } from "./make-proofs.ts";
import { sealedBy } from "./proof-world.ts";

const CITY = "MA.156.1301" as Code;
const LAMP = `${CITY}.02/60.10000000.1/000123` as Code;
const holder = testHolder("City", 2);
const registry = testRegistry();
registry.run(
  NATION,
  delegateTo("MA.156.1300", holder),
  delegateTo(CITY, holder),
  delegateTo("MA.156.1302", holder),
);
registry.run(holder, issueMany("MA.156.1300.01", 2, 5), issueOne("MA.156.1302.1"));
/** The registry while it served the city itself. */
const OLD: Snapshot = registry.at();
registry.run(holder, federateOf(CITY, testFederation(1)));
const HEAD: Snapshot = registry.at();

function about(name: string, code: string, delegations = false): MadeCase {
  return { name, code, bundle: proveAnswer(HEAD.source, code as Code, HEAD, { delegations }) };
}

/** Honest and forged proofs of a registry with a federated prefix. */
export function federatedCases(): MadeCase[] {
  const nextTo = { ...about("", LAMP).bundle, items: [], versions: [] };
  const { source } = HEAD;
  return [
    about("far below a federated prefix", LAMP),
    about("right below a federated prefix", `${CITY}.02`),
    about("below a federated prefix, with the delegations", LAMP, true),
    about("the federated prefix itself, which has a record here", CITY),
    about("never issued, beside a federated prefix", "MA.156.13010"),
    about("never issued, after a federated prefix", "MA.156.1303"),
    {
      name: "the prefix's record left out: only what follows it is shown",
      code: LAMP,
      bundle: {
        ...nextTo,
        runs: [source.runOf(codeKey("MA.156.1302" as Code), codeKey("MA.156.1302" as Code))],
      },
    },
    {
      name: "the prefix's record left out: what stands before it as the neighbour",
      code: LAMP,
      bundle: {
        ...nextTo,
        runs: nextTo.runs.map((run) => ({ ...run, entries: run.entries.slice(1) })),
      },
    },
    {
      name: "the prefix's record as it was before",
      code: LAMP,
      bundle: { ...proveAnswer(OLD.source, LAMP, OLD), ...sealedBy(HEAD) },
    },
    {
      name: "an older checkpoint's proof that it was never issued",
      code: LAMP,
      notBefore: { height: HEAD.checkpoint.height },
      bundle: proveAnswer(OLD.source, LAMP, OLD),
    },
  ];
}
