import { existsSync } from "node:fs";
import { exportRegistry } from "@cityroot/node/audit/export-registry";
import type { CommandDefinition } from "../../command-definition.ts";
import { CommandFailure } from "../../failure.ts";
import { pathFrom } from "../../global-options.ts";
import { historyFailure, homeToRead } from "../../registry/home-to-read.ts";

export const command: CommandDefinition = {
  arguments: [{ name: "<file>", text: "argument.exportFile" }],
  examples: ["cityroot log export registry.cityroot"],
  run: async (context, input) => {
    const { say, language, io } = context;
    const path = pathFrom(io.workingFolder, input.argument("file"));
    if (existsSync(path)) {
      throw new CommandFailure({
        code: "FILE_EXISTS",
        exit: "conflict",
        detail: say("error.fileExists", { path }),
        field: "file",
        expected: say("error.fileExists.expected"),
        got: path,
      });
    }
    const home = homeToRead(context);
    const bar = context.progress(say("export.exporting"), undefined);
    try {
      const report = await exportRegistry(home, path, (done) => bar.update(done));
      bar.stop();
      context.done({ ...report, file: path }, () =>
        say("done.export", {
          path,
          blocks: report.blocks.toLocaleString(language),
          payloads: report.payloads,
        }),
      );
    } catch (error) {
      throw historyFailure(context, error);
    } finally {
      bar.stop();
    }
    return undefined;
  },
};
