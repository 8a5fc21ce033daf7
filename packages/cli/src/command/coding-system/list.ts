import { getCodingSystems } from "@cityroot/sdk/get-coding-systems";
import type { CommandDefinition } from "../../command-definition.ts";
import { connect } from "../../registry/connect.ts";

export const command: CommandDefinition = {
  examples: ["cityroot coding-system list", "cityroot coding-system list --json"],
  run: async (context) => {
    const { say, language } = context;
    const client = await connect(context);
    const found = await getCodingSystems(client, { signal: context.io.interrupt });
    context.show(found, () =>
      context.table(
        [say("codingSystem.system"), say("codingSystem.title"), say("codingSystem.authority")],
        found.systems.map(({ system, title, authority }) => [
          system,
          title?.[language] ?? say("codingSystem.unknown"),
          authority ?? "",
        ]),
      ),
    );
    return undefined;
  },
};
