import { existsSync } from "node:fs";
import { importRegistry } from "@cityroot/node/audit/import-registry";
import { moveRegistry } from "@cityroot/node/audit/move-registry";
import { isHome, readHome } from "@cityroot/node/home/home";
import type { CommandDefinition } from "../../command-definition.ts";
import { pathFrom } from "../../global-options.ts";
import { homeHere } from "../../registry/folders.ts";
import { homeExists } from "../../registry/home-options.ts";
import { historyFailure } from "../../registry/home-to-read.ts";

export const command: CommandDefinition = {
  arguments: [{ name: "<file>", text: "argument.registryFile" }],
  examples: ["cityroot log import registry.cityroot --home replica"],
  run: async (context, input) => {
    const { say, language, io } = context;
    const path = pathFrom(io.workingFolder, input.argument("file"));
    const home = homeHere(context);
    // A home that has its keys and nothing of a registry yet takes the export's.
    const isPrepared = isHome(home) && !existsSync(readHome(home).dataFolder);
    if (existsSync(home) && !isPrepared) throw homeExists(context, home);
    const take = isPrepared ? moveRegistry : importRegistry;
    const bar = context.progress(say("import.registry"), undefined);
    try {
      const report = await take(path, home, (done) => bar.update(done));
      bar.stop();
      context.done({ ...report, home }, () =>
        say("done.importRegistry", {
          network: report.network,
          height: report.height.toLocaleString(language),
          home,
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
