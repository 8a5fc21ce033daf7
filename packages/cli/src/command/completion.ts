import tab from "@bomb.sh/tab";
import type { CommandDefinition } from "../command-definition.ts";

const SHELLS = ["bash", "zsh", "fish", "powershell"] as const;

export const command: CommandDefinition = {
  arguments: [{ name: "<shell>", text: "argument.shell", choices: SHELLS }],
  examples: ["cityroot completion bash > cityroot-completion.bash"],
  run: async (context, input) => {
    const shell = input.argument("shell");
    const script = capture(() => tab.setup("cityroot", "cityroot", shell));
    context.show({ shell, script }, () => script.trimEnd());
    return undefined;
  },
};

/** What a function writes with `console.log`, which is the only way in which the library gives its scripts. */
function capture(write: () => void): string {
  const original = console.log;
  let text = "";
  console.log = (...parts: unknown[]) => {
    text += `${parts.join(" ")}\n`;
  };
  try {
    write();
  } finally {
    console.log = original;
  }
  return text;
}
