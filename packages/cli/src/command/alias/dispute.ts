import { disputeAlias } from "@cityroot/sdk/operation";
import { judgeCommand } from "../../alias/judge-command.ts";
import type { CommandDefinition } from "../../command-definition.ts";

export const command: CommandDefinition = judgeCommand("dispute", disputeAlias);
