import { type Rule, ruleFromCbor, ruleFromJson, ruleToCbor, ruleToJson } from "../rule/rule.ts";
import type { Field } from "./field.ts";

/** The issuing rule of a prefix. */
export const ruleField: Field<Rule> = {
  fromCbor: ruleFromCbor,
  toCbor: ruleToCbor,
  fromJson: ruleFromJson,
  toJson: ruleToJson,
};
