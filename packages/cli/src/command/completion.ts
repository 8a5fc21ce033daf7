import type { CommandDefinition } from "../command-definition.ts";
import { completionScript, SHELLS, type Shell } from "../completion-script.ts";

export const command: CommandDefinition = {
  arguments: [{ name: "<shell>", text: "argument.shell", choices: SHELLS }],
  examples: ["cityroot completion bash > cityroot-completion.bash"],
  run: async (context, input) => {
    const shell = input.argument("shell") as Shell;
    const script = completionScript(shell);
    context.show({ shell, script }, () => script.trimEnd());
    return undefined;
  },
};
