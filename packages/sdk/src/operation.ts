import type { Json } from "@cityroot/core/json";
import { type Operation, type OperationType, operationFromJson } from "@cityroot/core/operation/operation";
import type { RECOVERY_STEPS } from "@cityroot/core/operation/recover-keys";
import type { RULE_SEATS } from "@cityroot/core/operation/set-rule";
import type { AliasJudge, AliasRelation } from "@cityroot/core/state/alias";
import type { Succession } from "@cityroot/core/state/record";
import type {
  AttributeChangesJson,
  AttributesJson,
  CommitmentJson,
  LinkJson,
  TextJson,
} from "./attributes-json.ts";
import { acceptedOf } from "./error.ts";
import type { ItemJson } from "./get-item.ts";
import type { ValidatorJson } from "./get-validators.ts";
import type { KeySetJson } from "./key-set.ts";
import type { FederationJson } from "./resolution.ts";
import type { RuleJson } from "./rule-json.ts";

// The operations of the protocol (Spec §7) from their JSON form. What may be left out means none. All of them throw a
// RegistryError for fields that are not what they should be, and say which.

/** What is said of the codes that an operation issues. */
export type DescriptionJson = {
  /** Class of the thing, such as `street-lamp`. */
  readonly class: string;
  readonly attributes?: AttributesJson;
  readonly links?: readonly LinkJson[];
  readonly commitments?: readonly CommitmentJson[];
};

/** A holder: its id in hexadecimal, or the declaration of a new one. */
export type HolderJson = string | { readonly name: TextJson; readonly keys: KeySetJson };

/** See {@link issue}. */
export type IssueParameters = DescriptionJson & { readonly code: string };

/**
 * Issues one code with its record.
 *
 * @example
 * issue({ code: "MA.156.1301.02/60.10000000.1/000123", class: "street-lamp", attributes: { name: { zh: "路灯" } } });
 */
export function issue(parameters: IssueParameters): Operation {
  return make("issue", { attributes: {}, links: [], commitments: [], ...parameters });
}

/** See {@link issueRange}. */
export type IssueRangeParameters = DescriptionJson & {
  readonly first: string;
  /** How many digits at the end of the code count up, 1 to 15. */
  readonly digits: number;
  readonly count: number;
};

/**
 * Issues `count` codes whose last `digits` digits count up from the first one's.
 *
 * @example
 * issueRange({ first: "MA.156.1301.02/60.10000000.1/000001", digits: 6, count: 5000, class: "street-lamp" });
 */
export function issueRange(parameters: IssueRangeParameters): Operation {
  return make("issue-range", { attributes: {}, links: [], commitments: [], ...parameters });
}

/** See {@link update}. */
export type UpdateParameters = {
  readonly code: string;
  /** Attributes to set, or with null to remove; the others stay. */
  readonly attributes?: AttributeChangesJson;
  /** All links from now on; they stay as they are when absent. */
  readonly links?: readonly LinkJson[] | null;
  /** All commitments from now on; they stay as they are when absent. */
  readonly commitments?: readonly CommitmentJson[] | null;
  /** The version that the change starts from: another one refuses it. Any when absent. */
  readonly version?: number | null;
  /** For a code of a batch without a record of its own: see `getItem`. */
  readonly item?: ItemJson | null;
};

/**
 * Changes what a record says.
 *
 * @example
 * update({ code, attributes: { material: "steel", model: null }, version: record.version });
 */
export function update(parameters: UpdateParameters): Operation {
  return make("update", { attributes: {}, ...parameters });
}

/** See {@link suspend} and {@link retire}. */
export type EndUseParameters = {
  readonly code: string;
  /** Token that says why, such as `damaged`. */
  readonly reason: string;
  /** For a code of a batch without a record of its own: see `getItem`. */
  readonly item?: ItemJson | null;
};

/**
 * Takes a code out of use for a time.
 *
 * @example
 * suspend({ code, reason: "damaged" });
 */
export function suspend(parameters: EndUseParameters): Operation {
  return make("suspend", parameters);
}

/** A claim by its name: who says of which legacy code that it goes together with which code, and how. */
export type AliasNameParameters = {
  /** Name of the coding system, such as `gbt2260`, or one that a department gave its own. */
  readonly system: string;
  /** The legacy code as its system writes it. */
  readonly value: string;
  /** The prefix that says so; its holder signs. */
  readonly claimant: string;
  /** `same-as` when absent. */
  readonly relation?: AliasRelation;
  /** An issued code. */
  readonly target: string;
};

/** See {@link claimAlias}. */
export type ClaimAliasParameters = AliasNameParameters & {
  /** First and last day on which the legacy code meant this, as `YYYY-MM-DD`; open when absent. */
  readonly from?: string | null;
  readonly until?: string | null;
  /** SHA-256 of what the claim rests on, in hexadecimal. */
  readonly evidence?: string | null;
  /** For a target of a batch without a record of its own: see `getItem`. */
  readonly item?: ItemJson | null;
};

/**
 * Claims that a legacy code and a code go together.
 *
 * @example
 * claimAlias({ system: "gbt2260", value: "130102", claimant: "MA.156.1301", target: "MA.156.1301.01" });
 */
export function claimAlias(parameters: ClaimAliasParameters): Operation {
  return make("claim-alias", { relation: "same-as", ...parameters });
}

/** See {@link confirmAlias} and {@link disputeAlias}. */
export type JudgeAliasParameters = AliasNameParameters & {
  /** As the holder who has the say over the target, or as the authority of the coding system. */
  readonly as: AliasJudge;
  /** SHA-256 of what it rests on, in hexadecimal. */
  readonly evidence?: string | null;
};

/**
 * Says that a claim is right.
 *
 * @example
 * confirmAlias({ ...alias, as: "target" });
 */
export function confirmAlias(parameters: JudgeAliasParameters): Operation {
  return make("confirm-alias", { relation: "same-as", ...parameters });
}

/**
 * Says that a claim is wrong.
 *
 * @example
 * disputeAlias({ ...alias, as: "system", evidence });
 */
export function disputeAlias(parameters: JudgeAliasParameters): Operation {
  return make("dispute-alias", { relation: "same-as", ...parameters });
}

/**
 * Takes a claim back.
 *
 * @example
 * withdrawAlias({ system: "gbt2260", value: "130102", claimant: "MA.156.1301", target: "MA.156.1301.01" });
 */
export function withdrawAlias(parameters: AliasNameParameters): Operation {
  return make("withdraw-alias", { relation: "same-as", ...parameters });
}

/** See {@link setCodingSystem}. */
export type SetCodingSystemParameters = {
  readonly system: string;
  /** The prefix that is its authority from now on; null for none. */
  readonly authority: string | null;
};

/**
 * Names the authority of a coding system. Only who decides over the network may.
 *
 * @example
 * setCodingSystem({ system: "city-component", authority: "MA.156.1301" });
 */
export function setCodingSystem(parameters: SetCodingSystemParameters): Operation {
  return make("set-coding-system", parameters);
}

/** See {@link reinstate}. */
export type ReinstateParameters = { readonly code: string };

/**
 * Takes a suspended code into use again.
 *
 * @example
 * reinstate({ code });
 */
export function reinstate(parameters: ReinstateParameters): Operation {
  return make("reinstate", parameters);
}

/**
 * Takes a code out of use for ever; its record and history stay.
 *
 * @example
 * retire({ code, reason: "demolished" });
 */
export function retire(parameters: EndUseParameters): Operation {
  return make("retire", parameters);
}

/** See {@link supersede}. */
export type SupersedeParameters = {
  readonly codes: readonly string[];
  /** A rename has one code and one successor, a merge one successor, a split one code. */
  readonly kind: Succession;
  readonly successors: readonly string[];
  /** For a single code of a batch without a record of its own: see `getItem`. */
  readonly item?: ItemJson | null;
  /** The same for a single successor; several successors of a batch need a record each first. */
  readonly successorItem?: ItemJson | null;
};

/**
 * Retires codes in favour of others, which have to be issued first.
 *
 * @example
 * supersede({ codes: ["MA.156.130104"], kind: "merge", successors: ["MA.156.130105"] });
 */
export function supersede(parameters: SupersedeParameters): Operation {
  return make("supersede", parameters);
}

/** See {@link transfer}. */
export type TransferParameters = {
  readonly code: string;
  /** Id of the new holder in hexadecimal. */
  readonly to: string;
  /** For a code of a batch without a record of its own: see `getItem`. */
  readonly item?: ItemJson | null;
};

/**
 * Hands a code to another holder; a prefix goes over with all that lies below it.
 *
 * @example
 * transfer({ code: "MA.156.1301.02", to: holder });
 */
export function transfer(parameters: TransferParameters): Operation {
  return make("transfer", parameters);
}

/** See {@link delegate}. */
export type DelegateParameters = {
  readonly prefix: string;
  readonly holder: HolderJson;
  /** What the child is bound to beyond the rules above it; nothing when absent. */
  readonly rule?: RuleJson | null;
  /** Class of the prefix's own record, such as `division`. */
  readonly class: string;
  readonly attributes?: AttributesJson;
};

/**
 * Gives a child prefix to a holder, which may be a new one.
 *
 * @example
 * delegate({
 *   prefix: "MA.156.1301.02",
 *   holder: { name: { en: "Traffic department" }, keys: keySet({ keys: [publicKey] }) },
 *   class: "department",
 * });
 */
export function delegate(parameters: DelegateParameters): Operation {
  return make("delegate", { attributes: {}, ...parameters });
}

/** See {@link setRule}. */
export type SetRuleParameters = {
  readonly prefix: string;
  /** `own`: the holder's choice; `bound`: what the delegator binds it to. `own` when absent. */
  readonly seat?: (typeof RULE_SEATS)[number];
  readonly rule: RuleJson;
};

/**
 * Sets the rule of a prefix, within all rules above it.
 *
 * @example
 * setRule({ prefix: "MA.156.1301.02", rule: { shapes: ["issue /60.<d8>.<n1-20>/<d6>"], classes: ["street-lamp"] } });
 */
export function setRule(parameters: SetRuleParameters): Operation {
  return make("set-rule", { seat: "own", ...parameters });
}

/** See {@link rotateKeys}. */
export type RotateKeysParameters = { readonly keys: KeySetJson };

/**
 * Gives the transaction's holder new keys in place of all it had.
 *
 * @example
 * rotateKeys({ keys: keySet({ keys: [next.publicKey] }) });
 */
export function rotateKeys(parameters: RotateKeysParameters): Operation {
  return make("rotate-keys", parameters);
}

/** See {@link recoverKeys}. */
export type RecoverKeysParameters = {
  readonly step: (typeof RECOVERY_STEPS)[number];
  /** The new keys, for `begin` alone. */
  readonly keys?: KeySetJson | null;
};

/**
 * Recovers a holder whose keys are lost: `begin` with its recovery keys, `complete` after their delay; `contest` with
 * its root keys ends it.
 *
 * @example
 * recoverKeys({ step: "begin", keys: keySet({ keys: [next.publicKey] }) });
 */
export function recoverKeys(parameters: RecoverKeysParameters): Operation {
  return make("recover-keys", parameters);
}

/** See {@link setValidators}. */
export type SetValidatorsParameters = { readonly validators: readonly ValidatorJson[] };

/**
 * Gives the network these validators, all of them, in place of those it had. Takes the root keys of the holder that
 * `getValidators` shows as the governor's.
 *
 * @example
 * setValidators({ validators: [{ name: "water", publicKey, power: 10 }] });
 */
export function setValidators(parameters: SetValidatorsParameters): Operation {
  return make("set-validators", parameters);
}

/** See {@link setParameters}. What is left out stays as it is. */
export type SetParametersParameters = {
  /** Most bytes of a block, 2,097,152 to 33,554,432. */
  readonly blockBytesMax?: number | null;
  /** Most transactions of a block, 500 to 20,000. */
  readonly blockTransactionsMax?: number | null;
  /** The next version of the protocol and its first height; the version in force calls off one that was to come. */
  readonly protocol?: { readonly version: number; readonly fromHeight: number } | null;
};

/**
 * Changes what all nodes of the network keep to. Takes the keys that {@link setValidators} takes.
 *
 * @example
 * setParameters({ protocol: { version: 2, fromHeight: 120_000 } });
 */
export function setParameters(parameters: SetParametersParameters): Operation {
  return make("set-parameters", parameters);
}

/** See {@link federate}. */
export type FederateParameters = {
  /** A prefix of the holder's below which nothing was issued. */
  readonly prefix: string;
  /** The network that serves what lies below from now on; null where this one is to do so again. */
  readonly federation: FederationJson | null;
};

/**
 * Says which other network serves what lies below a prefix, in place of what was said before. Nothing is issued there on
 * this network as long as that holds. Takes `root` keys.
 *
 * @example
 * federate({ prefix: "MA.156.1301", federation: { network, genesis, endpoints: ["https://id.example.cn"], policy } });
 */
export function federate(parameters: FederateParameters): Operation {
  return make("federate", parameters);
}

/** Members that are undefined count as left out, as in JSON. */
function make(type: OperationType, fields: object): Operation {
  const present = Object.entries(fields).filter(([, value]) => value !== undefined);
  return acceptedOf(operationFromJson({ type, ...Object.fromEntries(present) } as Json));
}
