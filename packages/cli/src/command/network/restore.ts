import { join } from "node:path";
import { genesisFromJson, networkOf } from "@cityroot/core/genesis";
import { findCometBft } from "@cityroot/node/engine/cometbft/find-cometbft";
import { restoreHome } from "@cityroot/node/network/restore-home";
import { acceptedOf } from "@cityroot/sdk/error";
import type { CommandDefinition } from "../../command-definition.ts";
import { pathFrom } from "../../global-options.ts";
import { askedStateSync } from "../../network/asked-state-sync.ts";
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
    const stateSync = await askedStateSync(context, input, id);
    await confirm(context, say("network.restoreAsk"));
    const { config } = restoreHome(backup, home, stateSync);
    await findCometBft(config.consensus?.binary ?? null);
    context.done({ home, network: id, stateSync }, () => [
      say("network.restored", { network: id, home }),
      ...(stateSync === null
        ? []
        : [
            say("network.compareTrust", { height: stateSync.trustHeight }),
            `  ${colors.bold(stateSync.trustHash)}`,
          ]),
      say("init.next", { command: `npx cityroot start --home ${home}` }),
    ]);
    return undefined;
  },
};
