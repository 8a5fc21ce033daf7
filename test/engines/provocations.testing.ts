import type { Code } from "@cityroot/codes/ma/code";
import {
  GENESIS_TIME_MS,
  issueOf,
  keySetOfSeeds,
  seedOf,
  type TestHolder,
  testHolder,
} from "@cityroot/core/ledger.testing";
import { ALIAS_CLAIMS_MAX, EXPIRY_BLOCKS_MAX, RECOVERY_DELAY_MS_MIN } from "@cityroot/core/limits";
import type { Operation } from "@cityroot/core/operation/operation";
import {
  attributesOfBytes,
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
  ruleOf,
  setParametersOf,
  setRuleOf,
  supersedeOf,
  suspendOf,
  type TestBatch,
  testBatch,
  testFederation,
  updateOf,
  withdrawOf,
} from "@cityroot/core/operation/operation.testing";
import type { RejectionName } from "@cityroot/core/rejection";
import type { AliasName } from "@cityroot/core/state/alias";
import type { KeySet } from "@cityroot/core/state/holder";
import { NATION } from "@cityroot/node/engine/embedded/stored-node.testing";

// A world in which every refusal can be provoked that lies in a state, and what provokes it.

const CITY = testHolder("City", 2);
const STRANGER = testHolder("Stranger", 9);

const OFFICE_SEEDS = [20, 21, 22].map(seedOf);
const OFFICE_KEYS: KeySet = {
  ...keySetOfSeeds(OFFICE_SEEDS),
  roles: {
    root: { keys: [0, 1], needed: 2 },
    registrar: { keys: [0], needed: 1 },
    records: { keys: [1], needed: 1 },
  },
  recovery: { keys: [2], needed: 1, delayMs: RECOVERY_DELAY_MS_MIN },
};
/** Has a key for each role, two of which make root, and one for recovery. */
const OFFICE = testHolder("Office", 20, OFFICE_KEYS, OFFICE_SEEDS);
/** The same kind of office, whose recovery is under way. */
const LOST = testHolder("Lost office", 20, OFFICE_KEYS, OFFICE_SEEDS);

const at = (prefix: string, serial: string): string => `${prefix}/60.10000000.1/${serial}`;
/** What the city claims of one of its codes. */
const CLAIM: AliasName = {
  ...{ system: "serial", value: "1", claimant: "MA.156.1" as Code, relation: "same-as" },
  target: at("MA.156.1", "1") as Code,
};
/** A batch whose items no engine is given. */
export const BATCH: TestBatch = testBatch([at("MA.156.1", "B1"), at("MA.156.1", "B2")]);
const OTHER_BATCH = testBatch([at("MA.156.1", "C1"), at("MA.156.1", "C2")]);

/** One transaction: who submits which operations, signed with all keys of the holder unless others are named. */
export type Step = {
  readonly holder: TestHolder;
  readonly operations: readonly Operation[];
  readonly seeds?: readonly Uint8Array[];
};

const bound = (prefix: string, limits: Parameters<typeof openRule>[0]): Operation =>
  delegateOf(prefix, CITY.id, { rule: openRule(limits) });

/** What the world begins with, one transaction after the other: each when the one before was acknowledged. */
export const STAGE: readonly Step[] = [
  {
    holder: NATION,
    operations: [
      delegateOf("MA.156.1", CITY),
      delegateOf("MA.156.2", OFFICE),
      delegateOf("MA.156.3", LOST),
      delegateOf("MA.156.4", CITY.id),
      delegateOf("MA.156.5", CITY.id),
      suspendOf("MA.156.4"),
      retireOf("MA.156.5"),
      bound("MA.156.6", { countMax: 1 }),
      bound("MA.156.7", { untilMs: GENESIS_TIME_MS + 1 }),
      bound("MA.156.8", { classes: ["lamp"] }),
      bound("MA.156.9", { sequence: true }),
      bound("MA.156.10", { checkCharacter: true }),
      delegateOf("MA.156.11", CITY.id, { rule: ruleOf({ shapes: ["any /60.<d8>.1/<d4>"] }) }),
      delegateOf("MA.156.12", OFFICE.id, { rule: openRule({ issuer: "registrar" }) }),
      delegateOf("MA.156.13", CITY.id),
    ],
  },
  {
    holder: CITY,
    operations: [
      ...["1", "2", "3", "4"].map((serial) => issueOf(at("MA.156.1", serial))),
      suspendOf(at("MA.156.1", "2")),
      retireOf(at("MA.156.1", "3")),
      rangeOf(at("MA.156.1", "R00"), 2, 50),
      BATCH.operation,
      issueOf(at("MA.156.6", "1")),
      federateOf("MA.156.13", testFederation(1)),
      claimOf(CLAIM),
      claimOf({ ...CLAIM, value: "withdrawn" }),
      withdrawOf({ ...CLAIM, value: "withdrawn" }),
      ...Array.from({ length: ALIAS_CLAIMS_MAX }, (_, serial) =>
        claimOf({ ...CLAIM, value: "full", target: at("MA.156.1", `R${serial + 10}`) as Code }),
      ),
    ],
  },
  { holder: LOST, operations: [recoverOf("begin", keySetOfSeeds([seedOf(29)]))] },
];

/** What is refused in the world after its {@link STAGE}, and what the refusal is called. */
export type Provocation = Step & {
  readonly refusal: RejectionName;
  /** Last height, beyond the height that the ledger stands at; 50 if left out. */
  readonly ahead?: number;
  readonly network?: string;
  /** Changes the signed bytes. */
  readonly damage?: (bytes: Uint8Array) => Uint8Array;
};

const byCity = (refusal: RejectionName, ...operations: readonly Operation[]): Provocation => {
  return { refusal, holder: CITY, operations };
};
const ANY: readonly Operation[] = [issueOf(at("MA.156.1", "any"))];

function damageEnd(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte, index) => (index === bytes.length - 1 ? byte ^ 1 : byte));
}

/** One for each refusal that a state, a height or a key gives. */
export const PROVOCATIONS: readonly Provocation[] = [
  { ...byCity("WRONG_NETWORK", ...ANY), network: "another-00000000" },
  { ...byCity("EXPIRED", ...ANY), ahead: 0 },
  { ...byCity("EXPIRY_TOO_FAR", ...ANY), ahead: EXPIRY_BLOCKS_MAX + 50 },
  { refusal: "HOLDER_UNKNOWN", holder: STRANGER, operations: ANY },
  { ...byCity("SIGNATURE_INVALID", ...ANY), damage: damageEnd },
  { ...byCity("KEY_UNKNOWN", ...ANY), seeds: [seedOf(28)] },
  {
    ...{ refusal: "BELOW_THRESHOLD", holder: OFFICE, operations: [issueOf(at("MA.156.2", "1"))] },
    seeds: [OFFICE_SEEDS[2]!],
  },
  byCity("NOT_AUTHORISED", issueOf(at("MA.156.2", "1"))),
  byCity("PREFIX_UNKNOWN", setRuleOf("MA.156.1.1", openRule())),
  { refusal: "PREFIX_TAKEN", holder: NATION, operations: [delegateOf("MA.156.1", OFFICE.id)] },
  byCity("PREFIX_SUSPENDED", issueOf(at("MA.156.4", "1"))),
  byCity("PREFIX_RETIRED", issueOf(at("MA.156.5", "1"))),
  byCity("RULE_WIDENS", setRuleOf("MA.156.6", openRule({ countMax: 2 }))),
  byCity("RULE_SHAPE", issueOf(at("MA.156.11", "00001"))),
  {
    ...{ refusal: "RULE_ROLE", holder: OFFICE, operations: [issueOf(at("MA.156.12", "1"))] },
    seeds: [OFFICE_SEEDS[1]!],
  },
  byCity("RULE_COUNT", issueOf(at("MA.156.6", "2"))),
  byCity("RULE_UNTIL", issueOf(at("MA.156.7", "1"))),
  byCity("RULE_ATTRIBUTE", issueOf(at("MA.156.8", "1"), { class: "bench" })),
  byCity("RULE_SEQUENCE", issueOf(at("MA.156.9", "2"))),
  byCity("RULE_CHECK_CHARACTER", issueOf(at("MA.156.10", "A7X"))),
  byCity("PREFIX_FEDERATED", issueOf(at("MA.156.13", "1"))),
  byCity("PREFIX_NOT_FEDERATED", federateOf("MA.156.1", null)),
  byCity("PREFIX_NOT_EMPTY", federateOf("MA.156.1", testFederation(1))),
  byCity("CODE_TAKEN", issueOf(at("MA.156.1", "1"))),
  byCity("CODE_NEVER_ISSUED", updateOf(at("MA.156.1", "none"))),
  byCity("CODE_SUSPENDED", suspendOf(at("MA.156.1", "2"))),
  byCity("CODE_RETIRED", updateOf(at("MA.156.1", "3"))),
  byCity("CODE_NOT_SUSPENDED", reinstateOf(at("MA.156.1", "1"))),
  byCity("VERSION_CONFLICT", updateOf(at("MA.156.1", "1"), { version: 7 })),
  byCity("INTERVAL_OVERLAPS", rangeOf(at("MA.156.1", "R40"), 2, 20)),
  byCity("INTERVAL_MALFORMED", rangeOf(at("MA.156.1", "S98"), 2, 3)),
  byCity("ITEM_PROOF_INVALID", {
    ...retireOf(at("MA.156.1", "B1"), OTHER_BATCH.proofOf(at("MA.156.1", "C1"))),
  }),
  byCity("ITEM_PROOF_MISSING", retireOf(at("MA.156.1", "B1"))),
  byCity("SUCCESSOR_UNKNOWN", supersedeOf("rename", [at("MA.156.1", "1")], [at("MA.156.1", "none")])),
  byCity("RECORD_TOO_LARGE", updateOf(at("MA.156.1", "4"), { attributes: attributesOfBytes(9_000) })),
  byCity("ALIAS_UNKNOWN", withdrawOf({ ...CLAIM, value: "never" })),
  byCity("ALIAS_STANDS", claimOf(CLAIM)),
  byCity("ALIAS_WITHDRAWN", confirmOf({ ...CLAIM, value: "withdrawn" })),
  byCity("ALIAS_CLAIMS_TOO_MANY", claimOf({ ...CLAIM, value: "full" })),
  byCity("CODING_SYSTEM_UNKNOWN", disputeOf({ ...CLAIM, as: "system" })),
  byCity("RECOVERY_NOT_SET", recoverOf("begin", keySetOfSeeds([seedOf(29)]))),
  { refusal: "RECOVERY_PENDING", holder: LOST, operations: [recoverOf("begin", OFFICE_KEYS)] },
  { refusal: "RECOVERY_NOT_PENDING", holder: OFFICE, operations: [recoverOf("complete")] },
  { refusal: "RECOVERY_TOO_EARLY", holder: LOST, operations: [recoverOf("complete")] },
  {
    ...{ refusal: "PROTOCOL_VERSION_WRONG", holder: NATION },
    operations: [setParametersOf({ protocol: { version: 3, fromHeight: 10_000 } })],
  },
  {
    ...{ refusal: "PROTOCOL_HEIGHT_PAST", holder: NATION },
    operations: [setParametersOf({ protocol: { version: 2, fromHeight: 1 } })],
  },
];

/** Refusals that no submission is answered with: what was submitted before is told again where it entered. */
export const NEVER_ANSWERED: readonly RejectionName[] = ["DUPLICATE"];
/** What takes more transactions than a test has time for. */
export const NOT_TRIED: readonly RejectionName[] = ["REPLAY_WINDOW_FULL"];
