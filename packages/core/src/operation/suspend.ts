import type { Code } from "@cityroot/codes/ma/code";
import { accept } from "../outcome.ts";
import { changeStatus } from "./change-status.ts";
import type { OperationDefinition } from "./definition.ts";
import { codeField, reasonField } from "./field.ts";
import { itemProofField } from "./item-proof-field.ts";
import type { ItemProof } from "./standing.ts";

/** Takes a code out of use for a time. Spec §7.9. */
export type Suspend = {
  readonly code: Code;
  /** Token that says why, such as `damaged`. */
  readonly reason: string;
  readonly item: ItemProof | null;
};

export const suspend: OperationDefinition<Suspend> = {
  number: 9,
  fields: { code: codeField, reason: reasonField, item: itemProofField },
  roleOf: () => accept("records"),
  apply: ({ code, reason, item }, context) =>
    changeStatus(context, { code, item, from: ["active"], changes: { status: "suspended", reason } }),
};
