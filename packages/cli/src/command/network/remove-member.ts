import type { CommandDefinition } from "../../command-definition.ts";
import { changeMember, MEMBER_ARGUMENTS, MEMBER_OPTIONS } from "../../network/change-member.ts";

export const command: CommandDefinition = {
  arguments: MEMBER_ARGUMENTS,
  options: MEMBER_OPTIONS,
  examples: ["cityroot network remove-member metro.json --home registry"],
  run: (context, input) => changeMember(context, input, "remove"),
};
