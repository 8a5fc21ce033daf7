import { existsSync } from "node:fs";
import { join } from "node:path";
import type { CommandDefinition } from "../../command-definition.ts";
import type { Context } from "../../context.ts";
import { CommandFailure } from "../../failure.ts";
import { askedCometBft } from "../../network/find-cometbft.ts";
import { COMETBFT_OPTION } from "../../network/join-options.ts";
import { makeTrial, type NodePorts } from "../../network/make-trial.ts";
import { askedFolder, nodeHome, nodesOf, shownPath } from "../../network/network-folder.ts";
import { findFreePorts } from "../../registry/find-free-port.ts";
import { KEY_OPTIONS } from "../../registry/key-options.ts";
import {
  drawRootHolder,
  ROOT_OPTIONS,
  rootGenesis,
  rootHolderPath,
  rootNameOf,
} from "../../registry/root-genesis.ts";

const VALIDATORS = 4;
/** Most nodes that one machine is asked to run. */
const VALIDATORS_MAX = 16;
const FIRST_PORT = 8801;
const PREFIX = "MA.156";
const NAME = "trial";

export const command: CommandDefinition = {
  options: [
    { flags: "--validators <count>", text: "option.trialValidators" },
    { flags: "--folder <folder>", text: "option.trialFolder" },
    { flags: "--port <first>", text: "option.firstPort" },
    COMETBFT_OPTION,
    ...ROOT_OPTIONS,
    ...KEY_OPTIONS,
  ],
  examples: [
    "cityroot network init",
    "cityroot network init --validators 4 --folder network --network trial",
  ],
  run: async (context, input) => {
    const { say } = context;
    const folder = askedFolder(context, input);
    const taken = (): CommandFailure => folderTaken(context, folder.path);
    if (existsSync(folder.path)) throw taken();
    const count = input.count("validators", 1, VALIDATORS_MAX) ?? VALIDATORS;
    const first = input.count("port", 0, 65_535 - 3 * VALIDATORS_MAX) ?? FIRST_PORT;
    const { binary, configured } = await askedCometBft(context, input);
    const prefix = input.text("prefix") ?? PREFIX;
    const name = rootNameOf(context, input, prefix);
    const holder = drawRootHolder(context, input, { path: rootHolderPath(folder.path, prefix), name, taken });
    const root = {
      prefix,
      networkName: input.text("network") ?? NAME,
      holder: { name, keys: holder.keySet },
    };
    const bar = context.progress(say("network.making"), count);
    const made = await makeTrial(folder, {
      ...{ binary, configured, holder, onNode: (done) => bar.update(done) },
      ports: await portsFor(count, first),
      genesisOf: (validators) => rootGenesis(context, input, { ...root, validators }),
    }).finally(() => bar.stop());
    const nodes = nodesOf(folder);
    const keys = rootHolderPath(nodeHome(folder, 1), prefix);
    const json = { folder: folder.path, ...made, nodes, policy: folder.policy, holder: keys };
    context.done(json, () => [
      say("done.networkInit", { network: made.network, count, path: shownPath(context, folder.path) }),
      "",
      ...context.table(
        [say("network.node"), say("network.answersAt"), say("network.home")],
        nodes.map(({ name: node, address, home }) => [node, address, shownPath(context, home)]),
      ),
      "",
      say("init.keys", { path: shownPath(context, keys) }),
      say("init.policy", { path: shownPath(context, folder.policy) }),
      say("init.next", {
        command: ["npx cityroot network start", folderOption(input.text("folder"))].join(""),
      }),
    ]);
    return undefined;
  },
};

/** The option that names a folder again, where one was named. */
export function folderOption(named: string | undefined): string {
  return named === undefined ? "" : ` --folder ${named}`;
}

/** Ports for each node, from the first on; where one is taken, another that is free. */
async function portsFor(count: number, first: number): Promise<readonly NodePorts[]> {
  const wanted = Array.from({ length: 3 * count }, (_, at) => (first === 0 ? 0 : first + at));
  const free = await findFreePorts("127.0.0.1", wanted);
  return Array.from({ length: count }, (_, at) => ({
    http: free[at]!,
    witness: free[count + at]!,
    consensus: free[2 * count + at]!,
  }));
}

function folderTaken({ say }: Context, path: string): CommandFailure {
  return new CommandFailure({
    ...{ code: "FOLDER_EXISTS", exit: "conflict", field: "--folder", got: path },
    detail: say("error.folderExists", { path }),
    expected: say("error.folderExists.expected"),
    fix: say("error.folderExists.fix", { file: join(path, "network.json") }),
  });
}
