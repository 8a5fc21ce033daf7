import type { Code } from "@cityroot/codes/ma/code";
import { accept } from "../outcome.ts";
import { changeStatus } from "./change-status.ts";
import type { OperationDefinition } from "./definition.ts";
import { codeField } from "./field.ts";
import { itemProofField } from "./item-proof-field.ts";
import type { ItemProof } from "./standing.ts";

/** Puts a suspended code back into use. Spec §7.10. */
export type Reinstate = {
  readonly code: Code;
  readonly item: ItemProof | null;
};

export const reinstate: OperationDefinition<Reinstate> = {
  number: 10,
  fields: { code: codeField, item: itemProofField },
  roleOf: () => accept("records"),
  apply: ({ code, item }, context) =>
    changeStatus(context, { code, item, from: ["suspended"], changes: { status: "active", reason: null } }),
};
