import { confirmAlias } from "@cityroot/sdk/operation";
import { judgeCommand } from "../../alias/judge-command.ts";
import type { CommandDefinition } from "../../command-definition.ts";

export const command: CommandDefinition = judgeCommand("confirm", confirmAlias);
