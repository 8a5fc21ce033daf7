import type { Code } from "@cityroot/codes/ma/code";
import { SUCCESSORS_MAX } from "../limits.ts";
import { accept, type Outcome, reject } from "../outcome.ts";
import type { Interval } from "../state/interval.ts";
import { SUCCESSIONS, type Succession } from "../state/record.ts";
import { changeStatus } from "./change-status.ts";
import type { ApplyContext } from "./context.ts";
import type { OperationDefinition } from "./definition.ts";
import { codeField, listField, wordField } from "./field.ts";
import { itemProofField } from "./item-proof-field.ts";
import { checkItem, type ItemProof, standingOf } from "./standing.ts";

/**
 * Retires codes in favour of others: a rename has one of each, a merge many codes and one successor, a split one code
 * and many successors. Spec §7.12.
 */
export type Supersede = {
  readonly codes: readonly Code[];
  readonly kind: Succession;
  readonly successors: readonly Code[];
  /** Proof for a code that is a batch item without a record; only where `codes` holds one code. */
  readonly item: ItemProof | null;
  /** The same for a successor; only where `successors` holds one code. */
  readonly successorItem: ItemProof | null;
};

export const supersede: OperationDefinition<Supersede> = {
  number: 12,
  fields: {
    codes: listField(codeField, 1, SUCCESSORS_MAX),
    kind: wordField(SUCCESSIONS),
    successors: listField(codeField, 1, SUCCESSORS_MAX),
    item: itemProofField,
    successorItem: itemProofField,
  },
  roleOf: () => accept("records"),
  apply: (operation, context) => {
    const sound = checkCounts(operation);
    if (!sound.ok) return sound;
    for (const successor of operation.successors) {
      const known = checkSuccessor(context, operation, successor);
      if (!known.ok) return known;
    }
    for (const code of operation.codes) {
      const changed = changeStatus(context, {
        code,
        item: operation.codes.length === 1 ? operation.item : null,
        from: ["active", "suspended"],
        changes: {
          status: "retired",
          reason: "superseded",
          succession: { kind: operation.kind, codes: operation.successors },
        },
      });
      if (!changed.ok) return changed;
    }
    return accept(undefined);
  },
};

function checkCounts({ codes, kind, successors }: Supersede): Outcome<void> {
  const one = { rename: [true, true], merge: [false, true], split: [true, false] }[kind];
  for (const [field, list, isOne] of [
    ["codes", codes, one[0]],
    ["successors", successors, one[1]],
  ] as const) {
    const fits = isOne ? list.length === 1 : list.length > 1;
    const expected = isOne ? "one code" : "two codes or more";
    if (!fits) return refuse(field, `${expected} in a ${kind}`, `${list.length}`);
    if (new Set(list).size !== list.length) return refuse(field, "each code once", "a code twice");
  }
  return accept(undefined);
}

function refuse(field: string, expected: string, got: string): Outcome<never> {
  return reject("OPERATION_MALFORMED", `${field}: expected ${expected}, got ${got}`, {
    field,
    expected,
    got,
  });
}

function checkSuccessor(context: ApplyContext, operation: Supersede, successor: Code): Outcome<void> {
  const { codes, successors, successorItem } = operation;
  const standing = standingOf(context.state, successor);
  const stands =
    standing.kind === "record"
      ? standing.record.status !== "retired"
      : standing.kind !== "free" && standing.kind !== "federated";
  if (stands && !codes.includes(successor)) {
    if (standing.kind !== "in-batch") return accept(undefined);
    // A code between two items lies in the batch as well, and was never issued.
    return checkSuccessorItem(standing.interval, successor, successors.length === 1 ? successorItem : null);
  }
  return reject("SUCCESSOR_UNKNOWN", `${successor} is no code in use`, {
    field: "successors",
    expected: "issued codes that are not retired and not superseded here",
    got: successor,
    fix: `issue ${successor} first`,
  });
}

function checkSuccessorItem(
  batch: Interval & { type: "batch" },
  successor: Code,
  proof: ItemProof | null,
): Outcome<void> {
  if (proof === null) {
    return reject("ITEM_PROOF_MISSING", `${successor} lies in the batch from ${batch.first}`, {
      field: "successorItem",
      expected: "the proof that the one successor is one of the batch's items",
      got: "nothing",
      fix: "send its item proof; of several successors, give each a record by an operation on it alone first",
    });
  }
  const item = checkItem(batch, successor, proof);
  if (item.ok) return accept(undefined);
  const { name, detail, fault } = item.rejection;
  return reject(name, detail, fault?.field === "item" ? { ...fault, field: "successorItem" } : fault);
}
