import type { Code } from "@cityroot/codes/ma/code";
import fc from "fast-check";
import { type TestHolder, testHolder } from "../ledger.testing.ts";
import { descriptionOfItem } from "../operation/batch-item.ts";
import {
  attributesOf,
  federateOf,
  rangeOf,
  reinstateOf,
  retireOf,
  supersedeOf,
  suspendOf,
  testFederation,
  transferOf,
} from "../operation/operation.testing.ts";
import type { Operation } from "../operation/operation.ts";
import { type ItemProof, standingOf } from "../operation/standing.ts";
import { codeKey } from "../state/key.ts";
import { decodeRecord } from "../state/record.ts";
import type { AsOf, ProvenStanding } from "./answer.ts";
import {
  delegateTo,
  issueItems,
  issueOne,
  NATION,
  type Snapshot,
  type TestRegistry,
  testRegistry,
  updateOne,
} from "./registry.testing.ts";

/** Who is given prefixes in random histories. */
export const CITY: TestHolder = testHolder("City", 2);

const STEM = "MA.156.1301.02/60.10000000.1";
const SERIALS = Array.from({ length: 14 }, (_, at) => `${STEM}/0${String(at).padStart(2, "0")}`);

/** The codes that random histories are about: serials, what lies below and between them, and what lies above. */
export const UNIVERSE: readonly Code[] = [
  ...SERIALS,
  ...[
    "00",
    "0",
    "1",
    "00A",
    "00-",
    "005.1",
    "005.1.2",
    "005.000",
    "005.001",
    "0051",
    "0050",
    "013.1",
    "014",
  ].map((serial) => `${STEM}/${serial}`),
  ...["000.1", "A", "a", "zz"].map((serial) => `${STEM}/${serial}`),
  ...["MA.156", "MA.156.13", "MA.156.1301", "MA.156.1301.02", "MA.156.1301.02/60", STEM],
  ...["MA.001", "MA.999", "MA.156.M0.100032.00002689", "MA.156.1301.02/60.10000000.2"],
] as Code[];

/** One step of a history, to be made into an operation of the state that it meets. */
export type Step = {
  readonly kind: (typeof KINDS)[number];
  readonly code: number;
  readonly other: number;
  readonly many: readonly number[];
};

const KINDS = [
  ...["issue", "issue", "range", "range", "batch", "batch", "update", "update", "update"],
  ...["suspend", "reinstate", "retire", "supersede", "transfer", "delegate", "federate"],
] as const;

/** Blocks of steps; `null` is a block at the same time as the one before. */
export type History = readonly { readonly steps: readonly Step[]; readonly sameTime: boolean }[];

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom(...KINDS),
  code: fc.nat(UNIVERSE.length - 1),
  other: fc.nat(UNIVERSE.length - 1),
  many: fc.uniqueArray(fc.nat(SERIALS.length - 1), { minLength: 1, maxLength: 5 }),
});

/** Random histories; most steps are refused by what came before, which is a part of it. */
export const histories: fc.Arbitrary<History> = fc.array(
  fc.record({
    steps: fc.array(step, { minLength: 1, maxLength: 6 }),
    sameTime: fc.boolean(),
  }),
  { minLength: 3, maxLength: 14 },
);

/** Plays a history. */
export function playHistory(history: History): TestRegistry {
  const registry = testRegistry({ signs: false });
  const { ledger } = registry;
  for (const { steps, sameTime } of history) {
    const { timeMs } = registry.at().checkpoint;
    const transactions = steps.flatMap((one) => {
      const operation = operationOf(registry, one);
      // Whoever has no say is refused.
      return [NATION, CITY].map((holder) => ledger.transaction(holder, [operation]));
    });
    registry.block(transactions, sameTime ? timeMs : timeMs + 1000);
  }
  return registry;
}

function operationOf(registry: TestRegistry, { kind, code: at, other, many }: Step): Operation {
  const code = UNIVERSE[at]!;
  const item = itemOf(registry, code);
  switch (kind) {
    case "range":
      return rangeOf(SERIALS[at % SERIALS.length]!, 1 + (other % 2), many.length * 2);
    case "batch":
      return issueItems(
        registry.items,
        [...many].sort((a, b) => a - b).map((place) => SERIALS[place]!),
      );
    case "update":
      return updateOne(code, { item, attributes: attributesOf([["category", `kind-${other}`]]) });
    case "suspend":
      return suspendOf(code, item);
    case "reinstate":
      return reinstateOf(code, item);
    case "retire":
      return retireOf(code, item);
    case "supersede":
      return supersedeOf("rename", [code], [UNIVERSE[other]!], item, itemOf(registry, UNIVERSE[other]!));
    case "transfer":
      return transferOf(code, CITY, item);
    case "delegate":
      return delegateTo(code, CITY);
    case "federate":
      return federateOf(code, other % 3 === 0 ? null : testFederation(other));
    default:
      return issueOne(code);
  }
}

function itemOf({ ledger, items }: TestRegistry, code: Code): ItemProof | null {
  const standing = standingOf(ledger.state, code);
  if (standing.kind !== "in-batch") return null;
  const { root } = standing.interval;
  const index = items.codesOf(root).indexOf(code);
  return index < 0 ? null : items.proofAt(root, index);
}

/** How a code stands, worked out from the state itself and not from a proof. */
export function standingIn({ items }: TestRegistry, { source }: Snapshot, code: Code): ProvenStanding {
  const standing = standingOf(source, code);
  switch (standing.kind) {
    case "record":
      return { kind: "record", record: standing.record, isCurrent: true };
    case "in-range":
      return standing;
    case "in-batch": {
      const { interval } = standing;
      const item = items.itemOf(interval.root, code);
      if (item === undefined) return { kind: "never-issued" };
      return { kind: "in-batch", interval, description: descriptionOfItem(interval, item) };
    }
    case "federated":
      return standing;
    case "free":
      return { kind: "never-issued" };
  }
}

/** Whether this network issued a code: of what another one serves it says nothing, whatever the moment. */
function isIssued({ kind }: ProvenStanding): boolean {
  return kind !== "never-issued" && kind !== "federated";
}

/** How a code stood at a moment, worked out by going back to the state after the last block up to then. */
export function standingAt(registry: TestRegistry, head: Snapshot, code: Code, asOf: AsOf): ProvenStanding {
  const now = standingIn(registry, head, code);
  const heights = Array.from({ length: head.checkpoint.height + 1 }, (_, height) => registry.at(height));
  const then = heights.findLast(({ checkpoint }) =>
    "height" in asOf
      ? checkpoint.height <= asOf.height
      : "timeMs" in asOf && checkpoint.timeMs <= asOf.timeMs,
  );
  const before: ProvenStanding =
    then === undefined ? { kind: "never-issued" } : standingIn(registry, then, code);
  if (!isIssued(now)) return now;
  if (!isIssued(before)) {
    const first = heights.find((snapshot) => isIssued(standingIn(registry, snapshot, code)))!;
    const { height, timeMs } = first.checkpoint;
    return { kind: "not-yet-issued", since: { height, timeMs } };
  }
  if (now.kind !== "record") return before;
  if (before.kind === "record") {
    return { ...before, isCurrent: before.record.version === now.record.version };
  }
  // What an interval implied then is the first version of the record that there is now.
  const bytes = registry.versions
    .versionsOf(codeKey(code))
    .find((value) => decodeRecord(value)?.version === 1);
  return { kind: "record", record: decodeRecord(bytes!)!, isCurrent: false };
}
