import { isHome, readHome } from "@cityroot/node/home/home";
import { lockHome } from "@cityroot/node/home/home-lock";
import { type RunningNode, startNode } from "@cityroot/node/start-node";
import { createClient } from "@cityroot/sdk/client";
import type { CommandDefinition } from "../command-definition.ts";
import type { Context } from "../context.ts";
import { CommandFailure, Interrupted } from "../failure.ts";
import type { Input } from "../input.ts";
import { saveAddress } from "../registry/address.ts";
import { findFreePort } from "../registry/find-free-port.ts";
import { homeHere } from "../registry/folders.ts";
import { listenOf } from "../registry/home-options.ts";
import { waitForInterrupt } from "../registry/wait-for-interrupt.ts";
import { createStarterHome } from "../starter/create-starter-home.ts";
import { type Loaded, loadStarter, readLoaded } from "../starter/load-starter.ts";
import { readStarter, type Starter, starterFolder } from "../starter/starter-data.ts";

/** What to try first: a city, a committee, a stop, and a code that was never issued. */
const TRIES = [
  ["dev.try.city", "MA.156.1301"],
  ["dev.try.committee", "MA.156.1301.10/80.10000000.1/130102001001"],
  ["dev.try.stop", "MA.276.11000/60.10000000.1/900003104"],
  ["dev.try.never", "MA.156.1301.10/80.10000000.1/999999999999"],
] as const;
const TIMEOUT_MS = 120_000;

export const command: CommandDefinition = {
  options: [{ flags: "--listen <host:port>", text: "option.listen" }],
  examples: ["cityroot dev", "cityroot dev --listen 127.0.0.1:9000"],
  run: async (context, input) => {
    const { say, io } = context;
    const home = homeHere(context);
    const { folder, starter } = findData(context);
    if (!isHome(home)) {
      createStarterHome(home, starter, io.now());
      context.note(say("dev.created", { home }));
    }
    const node = await start(context, input, home);
    try {
      await load(context, { node, home, folder, starter });
      await waitForInterrupt(io);
    } catch (error) {
      if (!io.interrupt.aborted) throw error;
      context.note(say("dev.interrupted"));
      throw new Interrupted();
    } finally {
      context.note(say("start.stopping"));
      await node.close();
    }
    return undefined;
  },
};

type Place = {
  readonly node: RunningNode;
  readonly home: string;
  readonly folder: string;
  readonly starter: Starter;
};

function findData({ say }: Context): { readonly folder: string; readonly starter: Starter } {
  const folder = starterFolder();
  if (folder !== undefined) return { folder, starter: readStarter(folder) };
  throw new CommandFailure({
    code: "DATA_MISSING",
    exit: "failure",
    detail: say("error.starterMissing"),
    fix: say("error.starterMissing.fix"),
  });
}

async function start(context: Context, input: Input, home: string): Promise<RunningNode> {
  const { say } = context;
  const asked = input.text("listen");
  const wanted = asked === undefined ? readHome(home).config.listen : listenOf(context, asked);
  // A second start in the same folder is told so, and of no port.
  lockHome(home)();
  const port = await findFreePort(wanted.host, wanted.port);
  if (port !== wanted.port && wanted.port !== 0)
    context.note(say("dev.portTaken", { wanted: wanted.port, port }));
  const node = await startNode({ home, listen: { host: wanted.host, port }, logLevel: "warn" });
  saveAddress(home, node.address);
  return node;
}

async function load(context: Context, { node, home, folder, starter }: Place): Promise<void> {
  const { say, language } = context;
  let loaded: Loaded = readLoaded(home);
  if (!loaded.isComplete) {
    const client = createClient({ url: node.address, policy: node.policy, timeoutMs: TIMEOUT_MS });
    loaded = await loadStarter({ context, client, home, folder, starter });
  }
  const codes = Object.values(loaded.sources).reduce((sum, count) => sum + count, 0);
  const { address, network, policy } = node;
  const { prefixes } = starter;
  context.show({ address, network: network.id, policy, codes, prefixes, home }, () => [
    say("start.serves", { address, network: network.id }).replace(address, context.colors.bold),
    "",
    say("dev.codes", { codes: codes.toLocaleString(language) }),
    ...prefixLines(context, starter),
    "",
    say("dev.try"),
    ...TRIES.flatMap(([text, code]) => [
      `  ${context.colors.dim(`# ${say(text)}`)}`,
      `  npx cityroot code resolve ${code}`,
    ]),
    "",
    context.colors.dim(say("start.stop")),
  ]);
}

/** Which prefixes are published fact and which are samples. */
function prefixLines(context: Context, { prefixes }: Starter): readonly string[] {
  const { say, language } = context;
  const rows = prefixes.map(({ code, holder, status }) => [code, say(`dev.${status}`), holder[language]]);
  return context
    .table([say("list.prefix"), say("dev.status"), say("dev.holder")], rows)
    .map((line) => `  ${line}`);
}
