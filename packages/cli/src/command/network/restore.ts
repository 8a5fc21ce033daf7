import { join } from "node:path";
import { genesisFromJson, networkOf } from "@cityroot/core/genesis";
import { findCometBft } from "@cityroot/node/engine/cometbft/find-cometbft";
import { findNewestHeight } from "@cityroot/node/engine/cometbft/find-trust";
import { restoreHome, votesFrom } from "@cityroot/node/network/restore-home";
import { acceptedOf } from "@cityroot/sdk/error";
import type { CommandDefinition } from "../../command-definition.ts";
import { pathFrom } from "../../global-options.ts";
import { askedStateSync, trustFailure } from "../../network/asked-state-sync.ts";
import { confirm } from "../../registry/confirm.ts";
import { homeHere } from "../../registry/folders.ts";
import { readJsonFile } from "../../registry/read-json.ts";

export const command: CommandDefinition = {
  arguments: [{ name: "<backup>", text: "argument.backup" }],
  options: [
    { flags: "--sync-from <url>", text: "option.syncFrom", repeats: true },
    { flags: "--trust-height <height>", text: "option.beginHeight" },
    { flags: "--trust-hash <hash>", text: "option.beginHash" },
  ],
  examples: [
    "cityroot network restore backup --home registry --sync-from https://a.example.cn --sync-from https://b.example.cn",
  ],
  run: async (context, input) => {
    const { say, io, colors } = context;
    const home = homeHere(context);
    const backup = pathFrom(io.workingFolder, input.argument("backup"));
    const genesis = acceptedOf(genesisFromJson(readJsonFile(join(backup, "genesis.json"), "backup", say)));
    const { id } = networkOf(genesis);
    if (input.texts("sync-from").length === 0) input.needed("sync-from");
    const stateSync = (await askedStateSync(context, input, id))!;
    await confirm(context, say("network.restoreAsk"));
    // Only now does nobody sign with the keys any more.
    const newestHeight = await findNewestHeight(stateSync.servers, id).catch((cause: Error) => {
      throw trustFailure(context, cause);
    });
    const { config } = restoreHome(backup, home, { stateSync, newestHeight });
    await findCometBft(config.consensus!.binary);
    const height = votesFrom(newestHeight);
    context.done({ home, network: id, stateSync, votesFrom: height }, () => [
      say("network.restored", { network: id, home }),
      say("network.votesFrom", { height }),
      say("network.compareTrust", { height: stateSync.trustHeight }),
      `  ${colors.bold(stateSync.trustHash)}`,
      say("init.next", { command: `npx cityroot start --home ${home}` }),
    ]);
    return undefined;
  },
};
