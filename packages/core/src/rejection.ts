import type { Fault } from "@cityroot/codes/fault";

/**
 * Every way in which the protocol refuses a transaction. Spec §9.
 * Numbers are consensus: append, never renumber, never reuse. `http` is the status an API answers with.
 */
export const REJECTIONS = {
  // The envelope.
  TRANSACTION_MALFORMED: { number: 1, http: 400 },
  TRANSACTION_TOO_LARGE: { number: 2, http: 413 },
  WRONG_NETWORK: { number: 3, http: 400 },
  EXPIRED: { number: 4, http: 409 },
  EXPIRY_TOO_FAR: { number: 5, http: 400 },
  DUPLICATE: { number: 6, http: 409 },
  REPLAY_WINDOW_FULL: { number: 7, http: 503 },
  OPERATION_MALFORMED: { number: 8, http: 400 },
  // Who signs.
  HOLDER_UNKNOWN: { number: 20, http: 403 },
  SIGNATURE_INVALID: { number: 21, http: 403 },
  KEY_UNKNOWN: { number: 22, http: 403 },
  BELOW_THRESHOLD: { number: 23, http: 403 },
  NOT_AUTHORISED: { number: 24, http: 403 },
  KEYS_MALFORMED: { number: 25, http: 400 },
  KEY_WEAK: { number: 26, http: 400 },
  // Prefixes and rules.
  PREFIX_UNKNOWN: { number: 40, http: 404 },
  PREFIX_TAKEN: { number: 41, http: 409 },
  PREFIX_SUSPENDED: { number: 42, http: 409 },
  PREFIX_RETIRED: { number: 43, http: 410 },
  RULE_MALFORMED: { number: 44, http: 400 },
  RULE_WIDENS: { number: 45, http: 409 },
  RULE_SHAPE: { number: 46, http: 422 },
  RULE_ROLE: { number: 47, http: 403 },
  RULE_COUNT: { number: 48, http: 409 },
  RULE_UNTIL: { number: 49, http: 409 },
  RULE_ATTRIBUTE: { number: 50, http: 422 },
  RULE_SEQUENCE: { number: 51, http: 409 },
  RULE_CHECK_CHARACTER: { number: 52, http: 422 },
  PREFIX_FEDERATED: { number: 53, http: 409 },
  PREFIX_NOT_FEDERATED: { number: 54, http: 409 },
  PREFIX_NOT_EMPTY: { number: 55, http: 409 },
  FEDERATION_MALFORMED: { number: 56, http: 400 },
  // Codes and records.
  CODE_MALFORMED: { number: 60, http: 400 },
  CODE_TAKEN: { number: 61, http: 409 },
  CODE_NEVER_ISSUED: { number: 62, http: 404 },
  CODE_SUSPENDED: { number: 63, http: 409 },
  CODE_RETIRED: { number: 64, http: 410 },
  CODE_NOT_SUSPENDED: { number: 65, http: 409 },
  VERSION_CONFLICT: { number: 66, http: 409 },
  INTERVAL_OVERLAPS: { number: 67, http: 409 },
  INTERVAL_MALFORMED: { number: 68, http: 400 },
  ITEM_PROOF_INVALID: { number: 69, http: 422 },
  ITEM_PROOF_MISSING: { number: 70, http: 422 },
  SUCCESSOR_UNKNOWN: { number: 71, http: 404 },
  CLASS_MALFORMED: { number: 72, http: 400 },
  // What a record may hold.
  ATTRIBUTE_UNKNOWN: { number: 80, http: 422 },
  ATTRIBUTE_MALFORMED: { number: 81, http: 422 },
  LINK_MALFORMED: { number: 82, http: 422 },
  COMMITMENT_MALFORMED: { number: 83, http: 422 },
  PERSONAL_NUMBER: { number: 84, http: 422 },
  RECORD_TOO_LARGE: { number: 85, http: 413 },
  // Aliases.
  ALIAS_UNKNOWN: { number: 90, http: 404 },
  ALIAS_STANDS: { number: 91, http: 409 },
  ALIAS_WITHDRAWN: { number: 92, http: 409 },
  ALIAS_CLAIMS_TOO_MANY: { number: 93, http: 409 },
  CODING_SYSTEM_UNKNOWN: { number: 94, http: 404 },
  // Key recovery.
  RECOVERY_NOT_SET: { number: 100, http: 409 },
  RECOVERY_PENDING: { number: 101, http: 409 },
  RECOVERY_NOT_PENDING: { number: 102, http: 409 },
  RECOVERY_TOO_EARLY: { number: 103, http: 409 },
  // The network itself.
  VALIDATORS_MALFORMED: { number: 120, http: 400 },
  PARAMETERS_MALFORMED: { number: 121, http: 400 },
  PROTOCOL_VERSION_WRONG: { number: 122, http: 409 },
  PROTOCOL_HEIGHT_PAST: { number: 123, http: 409 },
  // A node's own reasons, from 200 on: they say nothing of the transaction and never stand in a block.
  NODE_UNAVAILABLE: { number: 200, http: 503 },
  PAYLOAD_MISSING: { number: 201, http: 409 },
  PAYLOAD_MISMATCH: { number: 202, http: 409 },
} as const;

/** The stable name of a refusal, as it stands in problem details, receipts and vectors. */
export type RejectionName = keyof typeof REJECTIONS;

/** A refusal: its name and, where it concerns a field, what was expected there and what came. */
export type Rejection = {
  readonly name: RejectionName;
  /** One sentence for people; never parsed. */
  readonly detail: string;
  readonly fault?: Fault;
  /** Index of the operation that was refused, from 0; absent when the envelope itself was. */
  readonly operation?: number;
};

/** Number of each refusal, as it stands in a block's results. */
export function numberOfRejection(name: RejectionName): number {
  return REJECTIONS[name].number;
}

const NAMES = new Map<number, RejectionName>(
  (Object.keys(REJECTIONS) as RejectionName[]).map((name) => [REJECTIONS[name].number, name]),
);

/** Name of a refusal's number, or undefined for a number that this version does not know. */
export function rejectionOfNumber(number: number): RejectionName | undefined {
  return NAMES.get(number);
}
