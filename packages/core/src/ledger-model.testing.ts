import type { Code } from "@cityroot/codes/ma/code";
import { parentOf } from "@cityroot/codes/ma/prefix";
import * as fc from "fast-check";
import { equalBytes } from "./hex.ts";
import {
  issueOf,
  keySetOfSeeds,
  publicKeyOfSeed,
  seedOf,
  type TestHolder,
  type TestLedger,
  testHolder,
} from "./ledger.testing.ts";
import { RECOVERY_DELAY_MS_MIN } from "./limits.ts";
import {
  attributesOf,
  claimOf,
  confirmOf,
  delegateOf,
  disputeOf,
  federateOf,
  openRule,
  rangeOf,
  recoverOf,
  reinstateOf,
  retireOf,
  rotateOf,
  ruleOf,
  setCodingSystemOf,
  setParametersOf,
  setRuleOf,
  setValidatorsOf,
  supersedeOf,
  suspendOf,
  testBatch,
  testFederation,
  testValidator,
  transferOf,
  updateOf,
  withdrawOf,
} from "./operation/operation.testing.ts";
import type { Operation, OperationType } from "./operation/operation.ts";
import type { ItemProof } from "./operation/standing.ts";
import type { Rule } from "./rule/rule.ts";
import type { AliasName } from "./state/alias.ts";
import type { KeySet } from "./state/holder.ts";
import type { Transaction } from "./transaction.ts";

// A world so small that random transactions meet: four holders, four prefixes, a few serials below two of them.

/** Prefixes that may be delegated; the first is the root. */
export const PREFIXES = ["MA.156", "MA.156.1", "MA.156.1.1", "MA.156.2", "MA.156.3"] as const;

const BASES = ["MA.156.1.1/60.10000000.1", "MA.156.2/60.10000000.1"] as const;
const SERIALS = ["00", "01", "02", "03", "04", "05", "06", "07"] as const;

/** Every code that a transaction may name. */
export const CODES: readonly Code[] = [
  ...PREFIXES,
  "MA.156.1/60",
  "MA.156.3.1",
  "MA.156.3/60",
  ...BASES.flatMap((base) => [...SERIALS.map((serial) => `${base}/${serial}`), `${base}/03.7`, `${base}/A`]),
].map((code) => code as Code);

/** The codes of the batch that may be issued below each base, and the batch. */
const BATCHES = BASES.map((base) => {
  const codes = ["01", "03", "05"].map((serial) => `${base}/${serial}`);
  return { codes, batch: testBatch(codes) };
});

function keysOf(number: number, generation: number): KeySet {
  const seeds = [seedOf(10 * number + generation), seedOf(10 * number + generation + 1)];
  return { ...keySetOfSeeds(seeds, 1), recovery: { keys: [1], needed: 1, delayMs: RECOVERY_DELAY_MS_MIN } };
}

const GENERATIONS = 3;

/** A height that no history reaches: what happens where a version is not known is another test's. */
const FAR_HEIGHT = 1_000;

/** Every secret key that a holder may ever have. */
export function seedsOf(number: number): readonly Uint8Array[] {
  return Array.from({ length: GENERATIONS + 1 }, (_, at) => seedOf(10 * number + at));
}

export const HOLDERS: readonly TestHolder[] = ["Nation", "City", "Bureau", "Firm"].map((name, number) =>
  testHolder(name, 10 * number, keysOf(number, 0), seedsOf(number)),
);

const RULES: readonly Rule[] = [
  openRule(),
  openRule({ countMax: 3 }),
  openRule({ sequence: true }),
  openRule({ classes: ["asset", "division"], required: [{ class: "asset", attributes: ["name"] }] }),
  openRule({ issuer: "registrar", countMax: 9 }),
  ruleOf({ shapes: ["any .<d1>**"] }),
  ruleOf({ shapes: ["any /60**", "any .1**"] }),
];

const TYPES: readonly OperationType[] = [
  "delegate",
  "set-rule",
  "rotate-keys",
  "recover-keys",
  "issue",
  "issue-range",
  "issue-batch",
  "update",
  "suspend",
  "reinstate",
  "retire",
  "supersede",
  "transfer",
  "set-validators",
  "set-parameters",
  "federate",
  "claim-alias",
  "confirm-alias",
  "dispute-alias",
  "withdraw-alias",
  "set-coding-system",
];

/** What an operation is made of, so that a failing history can be made shorter. */
type OperationPlan = {
  readonly type: OperationType;
  readonly code: number;
  readonly other: number;
  readonly pick: number;
};

/** One transaction to be. */
export type TransactionPlan = {
  /** Who submits it: mostly the one who has the say over the first code, else anyone. */
  readonly holder: number | null;
  readonly operations: readonly OperationPlan[];
  /** How it is signed: with the holder's present keys, with all it ever had, or with its first ones. */
  readonly signing: "present" | "all" | "first";
  /** How many blocks after this one it may still enter; it is sent again in this block when below 0. */
  readonly expiry: number;
};

/** Transactions block by block, each block so many milliseconds after the one before. */
export type HistoryPlan = {
  /** Whether it begins with the prefixes delegated and some codes issued. */
  readonly isPrepared: boolean;
  readonly blocks: readonly { readonly afterMs: number; readonly transactions: readonly TransactionPlan[] }[];
};

const operationPlanArb: fc.Arbitrary<OperationPlan> = fc.record({
  type: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...TYPES) },
    {
      weight: 1,
      arbitrary: fc.constantFrom<OperationType>("issue", "delegate", "issue-range", "issue-batch"),
    },
  ),
  code: fc.nat(CODES.length - 1),
  other: fc.nat(CODES.length - 1),
  pick: fc.nat(11),
});

const transactionPlanArb: fc.Arbitrary<TransactionPlan> = fc.record({
  holder: fc.oneof(
    { weight: 4, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.nat(HOLDERS.length - 1) },
  ),
  operations: fc.array(operationPlanArb, { minLength: 1, maxLength: 3 }),
  signing: fc.oneof(
    { weight: 8, arbitrary: fc.constant("present" as const) },
    { weight: 1, arbitrary: fc.constantFrom("all" as const, "first" as const) },
  ),
  expiry: fc.oneof({ weight: 6, arbitrary: fc.nat(3) }, { weight: 1, arbitrary: fc.constant(-1) }),
});

/** Any history. */
export const historyArb: fc.Arbitrary<HistoryPlan> = fc.record({
  isPrepared: fc.oneof(
    { weight: 3, arbitrary: fc.constant(true) },
    { weight: 1, arbitrary: fc.constant(false) },
  ),
  blocks: fc.array(
    fc.record({
      afterMs: fc.constantFrom(1000, RECOVERY_DELAY_MS_MIN - 1, RECOVERY_DELAY_MS_MIN),
      transactions: fc.array(transactionPlanArb, { maxLength: 4 }),
    }),
    { minLength: 1, maxLength: 12 },
  ),
});

/** Claims are about one legacy code and few codes, so that they meet. */
const ALIASED = ["MA.156.1", `${BASES[0]}/05`, `${BASES[1]}/01`] as readonly string[] as readonly Code[];
const LEGACY_SYSTEM = "serial";

function aliasNameOf({ other, pick }: Pick<OperationPlan, "other" | "pick">): AliasName {
  return {
    ...{ system: LEGACY_SYSTEM, value: "7", relation: pick % 5 === 0 ? "part-of" : "same-as" },
    claimant: PREFIXES[1 + (pick % 2)] as Code,
    target: ALIASED[other % ALIASED.length]!,
  };
}

/** What a prepared history begins with: one transaction of each of these holders, in this order. */
export const PREPARATION: readonly (readonly [holder: number, operations: readonly Operation[]])[] = [
  [
    0,
    [
      delegateOf("MA.156.1", HOLDERS[1]!),
      delegateOf("MA.156.2", HOLDERS[3]!),
      delegateOf("MA.156.3", HOLDERS[3]!),
    ],
  ],
  [1, [delegateOf("MA.156.1.1", HOLDERS[2]!)]],
  [2, [rangeOf(`${BASES[0]}/00`, 2, 4), issueOf(`${BASES[0]}/05`)]],
  [3, [BATCHES[1]!.batch.operation]],
  [1, [claimOf(aliasNameOf({ other: 1, pick: 2 }))]],
  [2, [claimOf(aliasNameOf({ other: 0, pick: 1 }))]],
];

/** The holder whose number this is in the bytes of an id; -1 for none of them. */
export function numberOfHolder(id: Uint8Array): number {
  return HOLDERS.findIndex((holder) => equalBytes(holder.id, id));
}

function holderNumberOf(plan: TransactionPlan, first: AimedPlan, { authorityOf }: PlanContext): number {
  if (plan.holder !== null) return plan.holder;
  if (isOfNetwork(first.type)) {
    return Math.max(0, authorityOf(PREFIXES[0] as Code));
  }
  if (first.type === "federate" && first.pick % 4 !== 0) return Math.max(0, authorityOf(PREFIXES[4] as Code));
  if (first.type.endsWith("-alias")) return Math.max(0, authorityOf(speakerOf(first)));
  if (first.type === "rotate-keys" || first.type === "recover-keys") return first.other % HOLDERS.length;
  // A prefix is mostly dealt with by who holds the one above.
  const parent = parentOf(first.code);
  const isFromAbove = parent !== undefined && first.pick % 3 !== 0;
  return Math.max(0, authorityOf(isFromAbove ? parent : first.code));
}

function isOfNetwork(type: OperationType): boolean {
  return type === "set-validators" || type === "set-parameters" || type === "set-coding-system";
}

/** Who has the say in an operation on a claim. */
function speakerOf(plan: AimedPlan): Code {
  const { claimant, target } = aliasNameOf(plan);
  const isJudged = plan.type === "confirm-alias" || plan.type === "dispute-alias";
  return isJudged ? (judgeOf(plan) === "target" ? target : (PREFIXES[1] as Code)) : claimant;
}

function judgeOf({ code }: AimedPlan): "target" | "system" {
  return CODES.indexOf(code) % 2 === 0 ? "target" : "system";
}

function signersOf(
  ledger: TestLedger,
  number: number,
  signing: TransactionPlan["signing"],
): readonly Uint8Array[] {
  const seeds = seedsOf(number);
  if (signing === "first") return seeds.slice(0, 2);
  if (signing === "all") return seeds;
  const keys = ledger.holderOf(HOLDERS[number]!)?.keys.keys ?? [];
  const present = seeds.filter((seed) => keys.some((key) => equalBytes(key.bytes, publicKeyOfSeed(seed))));
  return present.length === 0 ? seeds.slice(0, 1) : present;
}

/** How a plan becomes a transaction. */
export type PlanContext = {
  /** Height of the block that it is meant for. */
  readonly height: number;
  /** Number of the holder that has the say over a code; -1 for none. */
  readonly authorityOf: (code: Code) => number;
  /** Codes that are issued in some form. */
  readonly issued: readonly Code[];
};

/** Operations that are about a code that was issued. */
const ABOUT_ISSUED: readonly OperationType[] = [
  "update",
  "suspend",
  "reinstate",
  "retire",
  "supersede",
  "transfer",
];

/** Makes a transaction of its plan, as the ledger stands before its block. */
export function makeTransaction(
  ledger: TestLedger,
  plan: TransactionPlan,
  context: PlanContext,
): Transaction {
  const { issued, height } = context;
  const operations = plan.operations.map((operation) => {
    // Three times in four, one that can be changed.
    const isAimed = ABOUT_ISSUED.includes(operation.type) && operation.pick % 4 !== 0;
    const code = isAimed ? issued[operation.code % issued.length]! : CODES[operation.code]!;
    return { ...operation, code };
  });
  const number = holderNumberOf(plan, operations[0]!, context);
  return ledger.transaction(
    HOLDERS[number]!,
    operations.map((operation) => makeOperation(operation, number)),
    { seeds: signersOf(ledger, number, plan.signing), lastHeight: height + Math.max(0, plan.expiry) },
  );
}

type AimedPlan = Omit<OperationPlan, "code"> & { readonly code: Code };

function makeOperation(aimed: AimedPlan, number: number): Operation {
  const { type, code, other: otherAt, pick } = aimed;
  const codeAt = CODES.indexOf(code);
  const other = CODES[otherAt]!;
  const { batch } = BATCHES[pick % 2]!;
  const proofOf = (one: Code): ItemProof | null => {
    const own = BATCHES.find(({ codes }) => codes.includes(one));
    return own === undefined || pick < 3 ? null : own.batch.proofOf(one);
  };
  const item = proofOf(code);
  const name = attributesOf([["name", [["en", `Name ${pick}`]]]]);
  switch (type) {
    case "delegate": {
      const prefix = pick < 9 ? PREFIXES[1 + (pick % 4)]! : code;
      const to = HOLDERS[otherAt % HOLDERS.length]!;
      return delegateOf(prefix, pick % 4 === 0 ? to.id : to, {
        rule: pick % 5 === 0 ? RULES[pick % RULES.length]! : null,
      });
    }
    case "set-rule":
      return setRuleOf(
        PREFIXES[codeAt % PREFIXES.length]!,
        RULES[pick % RULES.length]!,
        otherAt % 2 === 0 ? "own" : "bound",
      );
    case "rotate-keys":
      return rotateOf(keysOf(number, pick % GENERATIONS));
    case "recover-keys":
      return pick % 3 === 0
        ? recoverOf("begin", keysOf(number, otherAt % GENERATIONS))
        : recoverOf(pick % 3 === 1 ? "complete" : "contest");
    case "issue":
      return issueOf(code, { attributes: pick % 2 === 0 ? name : [] });
    case "issue-range":
      return rangeOf(
        `${BASES[pick % 2]!}/${SERIALS[codeAt % SERIALS.length]!}`,
        1 + (pick % 2),
        1 + (otherAt % 4),
      );
    case "issue-batch":
      return batch.operation;
    case "update":
      return updateOf(code, { attributes: name, version: pick % 4 === 0 ? 1 : null, item });
    case "suspend":
      return suspendOf(code, item);
    case "reinstate":
      return reinstateOf(code, item);
    case "retire":
      return pick % 3 === 0 ? retireOf(code, item) : suspendOf(code, item);
    case "supersede":
      return pick % 2 === 0
        ? supersedeOf("rename", [code], [other], item, proofOf(other))
        : supersedeOf("merge", [code, CODES[(codeAt + 1) % CODES.length]!], [other]);
    case "transfer":
      return transferOf(code, HOLDERS[otherAt % HOLDERS.length]!, item);
    case "set-validators":
      return setValidatorsOf(
        ...Array.from({ length: 1 + (pick % 4) }, (_, at) => testValidator(at, 1 + pick)),
      );
    case "set-parameters":
      return setParametersOf(
        pick % 2 === 0
          ? { blockTransactionsMax: 500 + otherAt }
          : { protocol: { version: 1 + (pick % 3), fromHeight: FAR_HEIGHT } },
      );
    case "federate":
      // Mostly where nothing is below, and ended as often as begun.
      return federateOf(
        pick % 4 === 0 ? PREFIXES[codeAt % PREFIXES.length]! : PREFIXES[4],
        otherAt % 2 === 0 ? testFederation(pick) : null,
      );
    case "claim-alias": {
      const claim = aliasNameOf({ other: otherAt, pick });
      return claimOf({
        ...claim,
        item: proofOf(claim.target),
        evidence: pick % 2 === 0 ? null : new Uint8Array(32),
      });
    }
    case "confirm-alias":
      return confirmOf({ ...aliasNameOf({ other: otherAt, pick }), as: judgeOf(aimed) });
    case "dispute-alias":
      return disputeOf({ ...aliasNameOf({ other: otherAt, pick }), as: judgeOf(aimed) });
    case "withdraw-alias":
      return withdrawOf(aliasNameOf({ other: otherAt, pick }));
    case "set-coding-system":
      return setCodingSystemOf(LEGACY_SYSTEM, pick % 3 === 0 ? null : PREFIXES[1]);
  }
}
