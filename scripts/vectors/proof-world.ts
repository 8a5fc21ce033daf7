// The small registry that the vectors of proofs are about: always the same, from its keys to its last checkpoint.
import type { Code } from "@cityroot/codes/ma/code";
import { type TestHolder, testHolder } from "@cityroot/core/ledger.testing";
import { retireOf, suspendOf } from "@cityroot/core/operation/operation.testing";
import type { Bundle, SealedNote } from "@cityroot/core/proof/bundle";
import { type ProveOptions, proveAnswer } from "@cityroot/core/proof/prove";
import {
  delegateTo,
  issueItems,
  issueMany,
  issueOne,
  NATION,
  type Snapshot,
  type TestRegistry,
  testRegistry,
  updateOne,
} from "@cityroot/core/proof/registry.testing";
import type { Run } from "@cityroot/core/proof/run";
import { codeKey } from "@cityroot/core/state/key";

export const LAMPS = "MA.156.1301.02/60.10000000.1";

/** A lamp's code by its serial. */
export function lamp(serial: string): Code {
  return `${LAMPS}/${serial}` as Code;
}

const city: TestHolder = testHolder("City", 2);
/** The registry after all its blocks. */
export const registry: TestRegistry = testRegistry();
const { run, items } = registry;
run(NATION, delegateTo("MA.156.1301", city));
run(city, ...["1", "3", "5", "7", "9"].map((serial) => issueOne(lamp(serial))));
run(city, issueMany(lamp("100"), 2, 50), issueMany(lamp("200"), 2, 50));
run(city, issueItems(items, ["b1", "b3", "b5", "b7", "b9"].map(lamp)));
run(city, issueItems(items, ["c1", "c3", "c5"].map(lamp)));
run(city, updateOne(lamp("125")), updateOne(lamp("200")), updateOne(lamp("249")));

/** The registry before `6` was issued, and while `5` had one version. */
export const OLD: Snapshot = registry.at();
run(city, issueOne(lamp("6")), suspendOf(lamp("5")));
run(city, updateOne(lamp("7")), issueOne(lamp("125.1")));
run(city, retireOf(lamp("5")));

/** The registry as it stands. */
export const HEAD: Snapshot = registry.at();

/** What an honest server shows of a lamp. */
export function honest(serial: string, options?: ProveOptions, snapshot: Snapshot = HEAD): Bundle {
  return proveAnswer(snapshot.source, lamp(serial), snapshot, options);
}

/** A snapshot's checkpoint, as a bundle carries it. */
export function sealedBy({ note, sealPath }: Snapshot): SealedNote {
  return { note, sealPath };
}

/** A run of lamps. */
export function runOf(first: string, last: string = first, { source }: Snapshot = HEAD): Run {
  return source.runOf(codeKey(lamp(first)), codeKey(lamp(last)));
}
