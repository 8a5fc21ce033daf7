import type { OperationDefinition } from "./definition.ts";
import { type JudgeAlias, judgeAlias } from "./judge-alias.ts";

/** Says that a claim is wrong. Spec §7.19. */
export type DisputeAlias = JudgeAlias;

export const disputeAlias: OperationDefinition<DisputeAlias> = judgeAlias(19, "disputed");
