import type { OperationDefinition } from "./definition.ts";
import { type JudgeAlias, judgeAlias } from "./judge-alias.ts";

/** Says that a claim is right. Spec §7.18. */
export type ConfirmAlias = JudgeAlias;

export const confirmAlias: OperationDefinition<ConfirmAlias> = judgeAlias(18, "confirmed");
