import { REJECTIONS, type RejectionName } from "@cityroot/core/rejection";

/** What the process ends with. The numbers are an interface: scripts branch on them, so they never change. */
export const EXIT = {
  ok: 0,
  failure: 1,
  usage: 2,
  auth: 3,
  denied: 4,
  notFound: 5,
  conflict: 6,
  unavailable: 7,
  verification: 8,
  interrupted: 130,
} as const;
export type ExitName = keyof typeof EXIT;
export type ExitCode = (typeof EXIT)[ExitName];

/** What each refusal of the rules ends with. */
const EXIT_OF_REJECTION: { readonly [name in RejectionName]: ExitName } = {
  TRANSACTION_MALFORMED: "usage",
  TRANSACTION_TOO_LARGE: "usage",
  WRONG_NETWORK: "usage",
  EXPIRED: "conflict",
  EXPIRY_TOO_FAR: "usage",
  DUPLICATE: "conflict",
  REPLAY_WINDOW_FULL: "unavailable",
  OPERATION_MALFORMED: "usage",
  HOLDER_UNKNOWN: "auth",
  SIGNATURE_INVALID: "auth",
  KEY_UNKNOWN: "auth",
  BELOW_THRESHOLD: "auth",
  NOT_AUTHORISED: "denied",
  KEYS_MALFORMED: "usage",
  KEY_WEAK: "usage",
  PREFIX_UNKNOWN: "notFound",
  PREFIX_TAKEN: "conflict",
  PREFIX_SUSPENDED: "denied",
  PREFIX_RETIRED: "denied",
  RULE_MALFORMED: "usage",
  RULE_WIDENS: "denied",
  RULE_SHAPE: "denied",
  RULE_ROLE: "denied",
  RULE_COUNT: "denied",
  RULE_UNTIL: "denied",
  RULE_ATTRIBUTE: "denied",
  RULE_SEQUENCE: "denied",
  RULE_CHECK_CHARACTER: "denied",
  CODE_MALFORMED: "usage",
  CODE_TAKEN: "conflict",
  CODE_NEVER_ISSUED: "notFound",
  CODE_SUSPENDED: "conflict",
  CODE_RETIRED: "conflict",
  CODE_NOT_SUSPENDED: "conflict",
  VERSION_CONFLICT: "conflict",
  INTERVAL_OVERLAPS: "conflict",
  INTERVAL_MALFORMED: "usage",
  ITEM_PROOF_INVALID: "verification",
  ITEM_PROOF_MISSING: "usage",
  SUCCESSOR_UNKNOWN: "notFound",
  CLASS_MALFORMED: "usage",
  ATTRIBUTE_UNKNOWN: "usage",
  ATTRIBUTE_MALFORMED: "usage",
  LINK_MALFORMED: "usage",
  COMMITMENT_MALFORMED: "usage",
  PERSONAL_NUMBER: "denied",
  RECORD_TOO_LARGE: "usage",
  RECOVERY_NOT_SET: "conflict",
  RECOVERY_PENDING: "conflict",
  RECOVERY_NOT_PENDING: "conflict",
  RECOVERY_TOO_EARLY: "conflict",
  VALIDATORS_MALFORMED: "usage",
  PARAMETERS_MALFORMED: "usage",
  PROTOCOL_VERSION_WRONG: "conflict",
  PROTOCOL_HEIGHT_PAST: "conflict",
  NODE_UNAVAILABLE: "unavailable",
  PAYLOAD_MISSING: "conflict",
  PAYLOAD_MISMATCH: "verification",
};

/** What a refusal ends with; a name that this version does not know is a failure. */
export function exitOfRejection(name: string): ExitName {
  return Object.hasOwn(REJECTIONS, name) ? EXIT_OF_REJECTION[name as RejectionName] : "failure";
}
