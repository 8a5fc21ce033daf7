import { history } from "@cityroot/sdk/history";
import type { CommandDefinition } from "../../command-definition.ts";
import { CommandFailure } from "../../failure.ts";
import { connect } from "../../registry/connect.ts";
import { momentText, recordFacts, statusText } from "../../registry/resolution-lines.ts";

export const command: CommandDefinition = {
  arguments: [{ name: "<code>", text: "argument.code" }],
  options: [{ flags: "--limit <number>", text: "option.limit" }],
  examples: ["cityroot code history MA.156.1301.02", "cityroot code history MA.156.1301.02 --json"],
  run: async (context, input) => {
    const { say, colors } = context;
    const code = input.argument("code");
    const limit = input.count("limit", 1) ?? Number.POSITIVE_INFINITY;
    const client = await connect(context);
    let shown = 0;
    for await (const { record, verified } of history(client, code, { signal: context.io.interrupt })) {
      context.show({ code, record, verified }, () => {
        const head = say("history.version", {
          version: record.version,
          moment: momentText(context, record.since),
        });
        const gap = shown === 0 ? [] : [""];
        return [
          ...gap,
          `${colors.bold(head)}  ${statusText(context, record)}`,
          ...context.facts(recordFacts(context, record).slice(0, -1)),
        ];
      });
      shown += 1;
      if (shown >= limit) break;
    }
    if (shown > 0) return undefined;
    throw new CommandFailure({
      code: "CODE_NEVER_ISSUED",
      exit: "notFound",
      detail: say("error.neverIssued", { code }),
      field: "code",
      expected: say("error.neverIssued.expected"),
      got: code,
    });
  },
};
