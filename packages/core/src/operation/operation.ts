import type { CborValue } from "../cbor.ts";
import { isJsonObject, type Json } from "../json.ts";
import type { Role } from "../key/role.ts";
import { accept, type Outcome } from "../outcome.ts";
import { type ClaimAlias, claimAlias } from "./claim-alias.ts";
import { type ConfirmAlias, confirmAlias } from "./confirm-alias.ts";
import type { ApplyContext } from "./context.ts";
import {
  fieldsFromCbor,
  fieldsFromJson,
  fieldsToCbor,
  fieldsToJson,
  type OperationDefinition,
} from "./definition.ts";
import { type Delegate, delegate } from "./delegate.ts";
import { type DisputeAlias, disputeAlias } from "./dispute-alias.ts";
import { type Federate, federate } from "./federate.ts";
import { rejectField } from "./field.ts";
import { type Issue, issue } from "./issue.ts";
import { type IssueBatch, issueBatch } from "./issue-batch.ts";
import { type IssueRange, issueRange } from "./issue-range.ts";
import { type RecoverKeys, recoverKeys } from "./recover-keys.ts";
import { type Reinstate, reinstate } from "./reinstate.ts";
import { type Retire, retire } from "./retire.ts";
import { type RotateKeys, rotateKeys } from "./rotate-keys.ts";
import { type SetCodingSystem, setCodingSystem } from "./set-coding-system.ts";
import { type SetParameters, setParameters } from "./set-parameters.ts";
import { type SetRule, setRule } from "./set-rule.ts";
import { type SetValidators, setValidators } from "./set-validators.ts";
import { type Supersede, supersede } from "./supersede.ts";
import { type Suspend, suspend } from "./suspend.ts";
import { type Transfer, transfer } from "./transfer.ts";
import { type Update, update } from "./update.ts";
import { type WithdrawAlias, withdrawAlias } from "./withdraw-alias.ts";

/** Every operation of the protocol by its verb. Spec §7. */
export type Operations = {
  delegate: Delegate;
  "set-rule": SetRule;
  "rotate-keys": RotateKeys;
  "recover-keys": RecoverKeys;
  issue: Issue;
  "issue-range": IssueRange;
  "issue-batch": IssueBatch;
  update: Update;
  suspend: Suspend;
  reinstate: Reinstate;
  retire: Retire;
  supersede: Supersede;
  transfer: Transfer;
  "set-validators": SetValidators;
  "set-parameters": SetParameters;
  federate: Federate;
  "claim-alias": ClaimAlias;
  "confirm-alias": ConfirmAlias;
  "dispute-alias": DisputeAlias;
  "withdraw-alias": WithdrawAlias;
  "set-coding-system": SetCodingSystem;
};
export type OperationType = keyof Operations;

/** One change inside a transaction. */
export type Operation = { [T in OperationType]: { readonly type: T } & Operations[T] }[OperationType];

/** What each operation is made of and does. */
export const OPERATIONS: { readonly [T in OperationType]: OperationDefinition<Operations[T]> } = {
  delegate,
  "set-rule": setRule,
  "rotate-keys": rotateKeys,
  "recover-keys": recoverKeys,
  issue,
  "issue-range": issueRange,
  "issue-batch": issueBatch,
  update,
  suspend,
  reinstate,
  retire,
  supersede,
  transfer,
  "set-validators": setValidators,
  "set-parameters": setParameters,
  federate,
  "claim-alias": claimAlias,
  "confirm-alias": confirmAlias,
  "dispute-alias": disputeAlias,
  "withdraw-alias": withdrawAlias,
  "set-coding-system": setCodingSystem,
};

const TYPES = new Map<CborValue, OperationType>(
  (Object.keys(OPERATIONS) as OperationType[]).map((type) => [OPERATIONS[type].number, type]),
);

type AnyOperation = { readonly [field: string]: unknown };

// The definition of a type takes that type's operations: the one place where the union is opened up.
function definitionOf(type: OperationType): OperationDefinition<AnyOperation> {
  return OPERATIONS[type] as unknown as OperationDefinition<AnyOperation>;
}

/** Reads an operation of its CBOR form. */
export function operationFromCbor(value: CborValue | undefined): Outcome<Operation> {
  if (!Array.isArray(value)) return rejectField("operation", "a list that begins with its number", value);
  const list = value as readonly CborValue[];
  const type = TYPES.get(list[0] ?? null);
  if (type === undefined) return rejectField("operation", "the number of an operation", list[0]);
  const fields = fieldsFromCbor(definitionOf(type).fields, list, type);
  return fields.ok ? accept({ type, ...fields.value } as unknown as Operation) : fields;
}

/** CBOR form of an operation: its number and its fields in their order. */
export function operationToCbor(operation: Operation): CborValue {
  const { number, fields } = definitionOf(operation.type);
  return fieldsToCbor(number, fields, operation);
}

/** Reads an operation of its JSON form, `{"type": verb, ...fields}`. `path` stands before the names of its fields. */
export function operationFromJson(value: Json | undefined, path = ""): Outcome<Operation> {
  if (!isJsonObject(value)) return rejectField(`${path}operation`, "an object with a type", value);
  const type = value["type"];
  if (typeof type !== "string" || !Object.hasOwn(OPERATIONS, type)) {
    return rejectField(`${path}type`, `one of ${Object.keys(OPERATIONS).join(", ")}`, type);
  }
  const known = type as OperationType;
  const fields = fieldsFromJson(definitionOf(known).fields, value, path);
  return fields.ok ? accept({ type: known, ...fields.value } as unknown as Operation) : fields;
}

/** JSON form of an operation. */
export function operationToJson(operation: Operation): { readonly [name: string]: Json } {
  return { type: operation.type, ...fieldsToJson(definitionOf(operation.type).fields, operation) };
}

/** Whose threshold an operation takes. */
export function roleOfOperation(operation: Operation, context: ApplyContext): Outcome<Role | "recovery"> {
  return definitionOf(operation.type).roleOf(operation, context);
}

/** Applies an operation; what it wrote before a refusal is dropped by the caller. */
export function applyOperation(operation: Operation, context: ApplyContext): Outcome<void> {
  return definitionOf(operation.type).apply(operation, context);
}
