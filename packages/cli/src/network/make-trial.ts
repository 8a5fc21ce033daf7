import { mkdtempSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { type Genesis, networkOf } from "@cityroot/core/genesis";
import { makeFolder } from "@cityroot/node/make-folder";
import { createNetworkHome } from "@cityroot/node/network/create-network-home";
import { makeCard } from "@cityroot/node/network/make-card";
import {
  type NetworkFile,
  networkFileToJson,
  networkPolicyOf,
  quorumOf,
  validatorsOf,
} from "@cityroot/node/network/network-file";
import type { ValidatorCard } from "@cityroot/node/network/validator-card";
import { type HolderFile, saveHolderFile } from "../registry/holder-file.ts";
import { jsonText, writeFileWhole } from "../registry/write-file.ts";
import { type NetworkFolder, networkFolderOf, nodeHome, nodeName } from "./network-folder.ts";

/** Ports of one node on this machine. */
export type NodePorts = { readonly http: number; readonly witness: number; readonly consensus: number };

/** What a network for trying out is made of. */
export type TrialParameters = {
  readonly binary: string;
  /** How the configurations name it; null for the one that was built. */
  readonly configured: string | null;
  readonly ports: readonly NodePorts[];
  /** Makes the genesis when the validators' keys are known. */
  readonly genesisOf: (validators: ReturnType<typeof validatorsOf>) => Genesis;
  /** Who holds the root prefix: the file gets into the home of the first node. */
  readonly holder: HolderFile;
  /** Is told how many nodes have their keys. */
  readonly onNode: (count: number) => void;
};

const HOST = "127.0.0.1";
const ORIGIN = "cityroot.localhost/network";
/** Pause after a block, in milliseconds: on one machine nobody is far away. */
const BLOCK_PAUSE_MS = 200;

/**
 * Makes the folder of a network whose nodes are all on this machine: whole, or not at all. Every key of every node is drawn
 * here, each in the home of its node.
 */
export async function makeTrial(
  folder: NetworkFolder,
  parameters: TrialParameters,
): Promise<{ readonly network: string }> {
  const parent = dirname(folder.path);
  makeFolder(parent, 0o755);
  const unfinished = mkdtempSync(join(parent, `.${basename(folder.path)}-`));
  try {
    const network = await fill(networkFolderOf(unfinished), parameters);
    renameSync(unfinished, folder.path);
    return { network };
  } catch (cause) {
    rmSync(unfinished, { recursive: true, force: true });
    throw cause;
  }
}

async function fill(folder: NetworkFolder, parameters: TrialParameters): Promise<string> {
  const { binary, configured, ports, genesisOf, holder, onNode } = parameters;
  const members: ValidatorCard[] = [];
  for (const [at, { http, witness, consensus }] of ports.entries()) {
    const card = await makeCard(nodeHome(folder, at + 1), {
      ...{ binary, name: nodeName(at + 1), origin: ORIGIN, url: `http://${HOST}:${http}` },
      peerAddress: { host: HOST, port: consensus },
      witness: { url: `http://${HOST}:${witness}`, listen: { host: HOST, port: witness } },
    });
    members.push(card);
    onNode(members.length);
  }
  const genesis = genesisOf(validatorsOf(members));
  const file: NetworkFile = { origin: ORIGIN, quorum: quorumOf(members.length), members, genesis };
  for (const [at, { http, consensus }] of ports.entries()) {
    const home = nodeHome(folder, at + 1);
    createNetworkHome(home, file, {
      listen: { host: HOST, port: http },
      consensus: {
        ...{ binary: configured, listen: { host: HOST, port: consensus } },
        ...{ privatePeers: true, blockPauseMs: BLOCK_PAUSE_MS },
      },
      // Many nodes share the processors here: each does all it does in one process beside its CometBFT.
      changes: { workers: 0, signatureProcesses: 0, logLevel: "warn" },
    });
  }
  saveHolderFile({ ...holder, path: join(nodeHome(folder, 1), "holders", basename(holder.path)) });
  writeFileWhole(folder.policy, jsonText(networkPolicyOf(file)));
  writeFileWhole(folder.file, jsonText(networkFileToJson(file)));
  return networkOf(genesis).id;
}
