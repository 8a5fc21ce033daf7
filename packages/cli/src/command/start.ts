import { join } from "node:path";
import { printDnsName } from "@cityroot/node/dns/dns-name";
import { zonesOf } from "@cityroot/node/dns/zone";
import { hasConsensusGenesis } from "@cityroot/node/engine/cometbft/comet-home";
import { findCometBft } from "@cityroot/node/engine/cometbft/find-cometbft";
import { LOG_LEVELS, type LogLevel } from "@cityroot/node/home/config";
import type { DnsConfig } from "@cityroot/node/home/dns-config";
import { isHome, readHome } from "@cityroot/node/home/home";
import { printHostPort } from "@cityroot/node/home/host-port";
import { hasCard } from "@cityroot/node/network/make-card";
import { startNode } from "@cityroot/node/start-node";
import type { CommandDefinition } from "../command-definition.ts";
import type { Context } from "../context.ts";
import { CommandFailure, Interrupted } from "../failure.ts";
import { saveAddress } from "../registry/address.ts";
import { checkListen } from "../registry/check-listen.ts";
import { findHome, homeHere } from "../registry/folders.ts";
import { listenOf } from "../registry/home-options.ts";
import { homeMissing } from "../registry/home-to-read.ts";
import { servedOptionsOf } from "../registry/served-options.ts";
import { waitForInterrupt } from "../registry/wait-for-interrupt.ts";

/** Most processes that answer questions. */
const WORKERS_MAX = 64;

export const command: CommandDefinition = {
  options: [
    { flags: "--listen <host:port>", text: "option.listen" },
    { flags: "--public-url <url>", text: "option.publicUrl" },
    { flags: "--dns <host:port>", text: "option.dns" },
    { flags: "--dns-zone <name>", text: "option.dnsZone" },
    { flags: "--handle-prefix <prefix>", text: "option.handlePrefix" },
    { flags: "--workers <number>", text: "option.workers" },
    { flags: "--log-level <level>", text: "option.logLevel", choices: LOG_LEVELS },
  ],
  examples: [
    "cityroot start --home registry",
    "cityroot start --home registry --listen 0.0.0.0:8787 --workers 4",
    "cityroot start --home registry --public-url https://id.example.cn --dns 127.0.0.1:5353 --dns-zone id.example.cn",
  ],
  run: async (context, input) => {
    const { say } = context;
    const home = findHome(context) ?? homeHere(context);
    if (!isHome(home)) throw hasCard(home) ? homeWaits(context, home) : homeMissing(context, home);
    const { config } = readHome(home);
    // Said before anything is started.
    if (config.consensus !== null) {
      await findCometBft(config.consensus.binary);
      if (!hasConsensusGenesis(join(home, "consensus"))) throw registryWaits(context, home);
    }
    const asked = input.text("listen");
    const listen = asked === undefined ? undefined : listenOf(context, asked);
    const served = servedOptionsOf(context, input, config);
    const dns = served.dns ?? config.dns;
    const workers = input.count("workers", 0, WORKERS_MAX);
    const logLevel = input.text("log-level") as LogLevel | undefined;
    await checkListen(context, home, listen ?? config.listen);
    if (dns !== null) await checkListen(context, home, dns, "--dns");
    const node = await startNode({
      home,
      ...(listen !== undefined && { listen }),
      ...served,
      ...(workers !== undefined && { workers }),
      ...(logLevel !== undefined && { logLevel }),
      signal: context.io.interrupt,
    }).catch((cause: Error) => {
      throw context.io.interrupt.aborted ? new Interrupted() : cause;
    });
    saveAddress(home, node.address);
    const { address, network, policy } = node;
    const answers = dns === null ? {} : { dns: { address: printHostPort(dns), zones: zoneNamesOf(dns) } };
    context.show({ address, network: network.id, policy, ...answers }, () => [
      say("start.serves", { address, network: network.id }).replace(address, context.colors.bold),
      ...(dns === null
        ? []
        : [say("start.dns", { address: printHostPort(dns), zones: zoneNamesOf(dns).join(", ") })]),
      context.colors.dim(say("start.stop")),
    ]);
    await waitForInterrupt(context.io);
    context.note(say("start.stopping"));
    await node.close();
    return undefined;
  },
};

function zoneNamesOf(dns: DnsConfig): string[] {
  return zonesOf(dns).map(({ name }) => printDnsName(name));
}

/** The refusal to start a node that has its keys and no network yet. */
function homeWaits({ say }: Context, path: string): CommandFailure {
  return new CommandFailure({
    ...{ code: "HOME_WAITS", exit: "conflict", detail: say("error.homeWaits", { path }), got: path },
    ...{ field: "--home", fix: say("error.homeWaits.fix", { path }) },
  });
}

/** The refusal to start a node whose registry moves up, and is not here yet. */
function registryWaits({ say }: Context, path: string): CommandFailure {
  return new CommandFailure({
    ...{ code: "HOME_WAITS", exit: "conflict", detail: say("error.registryWaits", { path }), got: path },
    ...{ field: "--home", fix: say("error.registryWaits.fix", { path }) },
  });
}
