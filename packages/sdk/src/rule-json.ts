import type { Issuer } from "@cityroot/core/rule/rule-fields";

/** JSON form of an issuing rule. Spec §11.1. What is left out does not restrict. */
export type RuleJson = {
  /** What may be issued or delegated below the prefix; nothing where empty. */
  readonly shapes: readonly string[];
  /** The role that issues codes: `records` also lets the registrar's keys do it. */
  readonly issuer?: Issuer;
  /** Classes that issued codes may have; null for any. */
  readonly classes?: readonly string[] | null;
  /** Attributes that issued codes of a class need to have. */
  readonly required?: readonly { readonly class: string; readonly attributes: readonly string[] }[];
  /** Most codes that this prefix itself may issue; null for no limit. */
  readonly countMax?: number | null;
  /** Block time in milliseconds since 1970-01-01 UTC from which on nothing is issued or delegated; null for never. */
  readonly untilMs?: number | null;
  /** Whether serials count up by one. */
  readonly sequence?: boolean;
  /** Whether issued codes end in their check character. */
  readonly checkCharacter?: boolean;
};
