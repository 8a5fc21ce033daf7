import { readFileSync, writeFileSync } from "node:fs";
import { printVerifierKey } from "@cityroot/core/log/note";
import { freePorts } from "./engine/cometbft/comet-network.testing.ts";
import type { NodeConfig } from "./home/config.ts";
import { readHome } from "./home/home.ts";
import { createNodeWitness } from "./witness/node-witness.ts";

/** A home that is a validator's of a network on this machine: where its consensus listens, and its peers. */
export type ValidatorHome = {
  readonly path: string;
  readonly port: number;
  readonly peers: readonly string[];
};

/** Makes of homes that have a consensus validators that witness one another, with one policy; none is started. */
export async function makeCosigned(
  validators: readonly ValidatorHome[],
  changes: Partial<NodeConfig> & Pick<NodeConfig, "quorum">,
  blockPauseMs = 100,
): Promise<void> {
  const host = "127.0.0.1";
  const ports = await freePorts(validators.length);
  const logKeys = validators.map(({ path }) => printVerifierKey(readHome(path).checkpointKey.verifier));
  const witnesses: NodeConfig["witnesses"][number][] = [];
  for (const [at, { path }] of validators.entries()) {
    const listen = { host, port: ports[at]! };
    const key = await createNodeWitness(path, `registry.test/one/node-${at}`, { listen });
    witnesses.push({ key: printVerifierKey(key), url: `http://${host}:${listen.port}` });
  }
  for (const { path, port, peers } of validators) {
    const config = JSON.parse(readFileSync(`${path}/config.json`, "utf8"));
    const consensus = { listen: { host, port }, peers, privatePeers: true, blockPauseMs };
    const listen = { host, port: 0 };
    const all = { ...config, listen, logKeys, witnesses, consensus, logLevel: "fatal", ...changes };
    writeFileSync(`${path}/config.json`, JSON.stringify(all));
  }
}
