import { join } from "node:path";
import { type Genesis, genesisFromJson, networkOf } from "@cityroot/core/genesis";
import type { NodeConfig } from "@cityroot/node/home/config";
import { createHome, isHome, readHome } from "@cityroot/node/home/home";
import { acceptedOf } from "@cityroot/sdk/error";
import type { CommandDefinition } from "../command-definition.ts";
import type { Context } from "../context.ts";
import { pathFrom } from "../global-options.ts";
import type { Input } from "../input.ts";
import { JOIN_OPTIONS, refuseJoinOptions } from "../network/join-options.ts";
import { homeHere } from "../registry/folders.ts";
import { type HolderFile, saveHolderFile } from "../registry/holder-file.ts";
import { homeExists, listenOf, originOf, publicUrlOf } from "../registry/home-options.ts";
import { KEY_OPTIONS } from "../registry/key-options.ts";
import { readJsonFile } from "../registry/read-json.ts";
import {
  drawRootHolder,
  ROOT_OPTIONS,
  rootGenesis,
  rootHolderPath,
  rootNameOf,
} from "../registry/root-genesis.ts";
import { jsonText, writeFileWhole } from "../registry/write-file.ts";

export const command: CommandDefinition = {
  options: [
    { flags: "--origin <name>", text: "option.origin" },
    { flags: "--listen <host:port>", text: "option.listen" },
    { flags: "--public-url <url>", text: "option.publicUrl" },
    { flags: "--genesis <file>", text: "option.genesis" },
    ...ROOT_OPTIONS,
    ...KEY_OPTIONS,
    ...JOIN_OPTIONS,
  ],
  examples: [
    "cityroot init --home registry --network hebei --origin registry.example/hebei --prefix MA.156 --name zh=示例登记机构",
    "cityroot init --home replica --origin registry.example/hebei --genesis genesis.json",
    "cityroot init --home water --engine cometbft --origin registry.example/hebei --validator water --peer-address node.water.example:26656",
    "cityroot init --home water --engine cometbft --genesis network.json",
  ],
  run: async (context, input) => {
    const { say } = context;
    const path = homeHere(context);
    if (isHome(path)) throw homeExists(context, path);
    if (input.text("engine") === "cometbft") {
      const { initNetworkNode } = await import("../network/init-network-node.ts");
      return initNetworkNode(context, input, path);
    }
    refuseJoinOptions(context, input);
    const origin = originOf(context, input);
    const listen = input.text("listen");
    const publicUrl = publicUrlOf(context, input);
    const changes: Partial<NodeConfig> & { readonly origin: string } = {
      origin,
      ...(listen !== undefined && { listen: listenOf(context, listen) }),
      ...(publicUrl !== undefined && { publicUrl }),
    };
    const file = input.text("genesis");
    const made = file === undefined ? makeGenesis(context, input, path) : undefined;
    const genesis = made?.genesis ?? readGenesis(context, file!);
    if (made !== undefined) saveHolderFile(made.holder);
    createHome(path, genesis, changes);
    const { policy } = readHome(path);
    writeFileWhole(join(path, "policy.json"), jsonText(policy));
    const network = networkOf(genesis).id;
    const policyPath = join(path, "policy.json");
    context.done({ home: path, network, policy, holder: made?.holder.path ?? null }, () => [
      say("done.init", { network, home: path }),
      ...(made === undefined ? [] : [say("init.keys", { path: made.holder.path })]),
      say("init.policy", { path: policyPath }),
      say("init.next", { command: `npx cityroot start --home ${path}` }),
    ]);
    return undefined;
  },
};

function readGenesis({ io, say }: Context, file: string): Genesis {
  return acceptedOf(genesisFromJson(readJsonFile(pathFrom(io.workingFolder, file), "--genesis", say)));
}

function makeGenesis(
  context: Context,
  input: Input,
  home: string,
): { readonly genesis: Genesis; readonly holder: HolderFile } {
  const prefix = input.needed("prefix");
  const path = rootHolderPath(home, prefix);
  const name = rootNameOf(context, input, prefix);
  const holder = drawRootHolder(context, input, { path, name, taken: () => homeExists(context, path) });
  const networkName = input.text("network") ?? "registry";
  const parts = { prefix, networkName, holder: { name, keys: holder.keySet } };
  return { genesis: rootGenesis(context, input, parts), holder };
}
