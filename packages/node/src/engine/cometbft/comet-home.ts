import { execFile } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { promisify } from "node:util";
import { bytesToHex } from "@cityroot/core/hex";
import Type, { type Static } from "typebox";
import { Value } from "typebox/value";
import { makeFolder } from "../../make-folder.ts";

const run = promisify(execFile);
const INIT_MS_MAX = 30_000;

/** A validator as the first block of a network has it. */
export type Validator = {
  readonly name: string;
  /** Ed25519 public key, 32 bytes, in base64. */
  readonly publicKey: string;
  /** How much its vote counts, from 1 up. */
  readonly power: number;
};

/** What every node of a network begins with. */
export type ConsensusGenesis = {
  /** Id of the network, which is the chain's. */
  readonly network: string;
  readonly timeMs: number;
  /** SHA-256 of the registry's genesis, 32 bytes: a node with another one refuses to begin. */
  readonly digest: Uint8Array;
  readonly validators: readonly Validator[];
};

/** Who a node is among its peers, and as a validator. */
export type ConsensusIdentity = {
  /** Id that peers know it by: 40 hexadecimal digits. */
  readonly nodeId: string;
  /** Ed25519 public key of its votes, in base64. */
  readonly publicKey: string;
};

/** Most bytes of the transactions and the evidence of a block. */
const BLOCK_BYTES_MAX = 4 * 1024 * 1024;
const EVIDENCE_BYTES_MAX = 1024 * 1024;
const EVIDENCE_AGE_BLOCKS = 100_000;
const EVIDENCE_AGE_NS = 48 * 3_600 * 1_000_000_000;

const KeyFile = Type.Object({
  pub_key: Type.Object({ type: Type.Literal("tendermint/PubKeyEd25519"), value: Type.String() }),
});

/** Makes the keys of a new node in a folder, unless they are there, and tells who it is. */
export async function makeConsensusHome(binary: string, folder: string): Promise<ConsensusIdentity> {
  makeFolder(folder, 0o700);
  if (!existsSync(`${folder}/config/priv_validator_key.json`))
    await run(binary, ["init", "--home", folder], { timeout: INIT_MS_MAX });
  const { stdout } = await run(binary, ["show-node-id", "--home", folder], { timeout: INIT_MS_MAX });
  const nodeId = stdout.trim();
  if (!/^[0-9a-f]{40}$/.test(nodeId)) throw new Error(`${folder}: expected the id of a node, got ${nodeId}`);
  return { nodeId, publicKey: readKeyFile(`${folder}/config/priv_validator_key.json`).pub_key.value };
}

function readKeyFile(path: string): Static<typeof KeyFile> {
  const value: unknown = JSON.parse(readFileSync(path, "utf8"));
  if (!Value.Check(KeyFile, value)) throw new Error(`${path}: expected an Ed25519 validator key`);
  return value;
}

/** Writes what the network begins with into a node's folder. */
export function writeConsensusGenesis(folder: string, genesis: ConsensusGenesis): void {
  const value = {
    genesis_time: new Date(genesis.timeMs).toISOString(),
    chain_id: genesis.network,
    initial_height: "1",
    consensus_params: {
      block: { max_bytes: `${BLOCK_BYTES_MAX}`, max_gas: "-1" },
      evidence: {
        max_age_num_blocks: `${EVIDENCE_AGE_BLOCKS}`,
        max_age_duration: `${EVIDENCE_AGE_NS}`,
        max_bytes: `${EVIDENCE_BYTES_MAX}`,
      },
      validator: { pub_key_types: ["ed25519"] },
      version: { app: "1" },
      abci: { vote_extensions_enable_height: "0" },
    },
    validators: genesis.validators.map(({ name, publicKey, power }) => ({
      pub_key: { type: "tendermint/PubKeyEd25519", value: publicKey },
      power: `${power}`,
      name,
    })),
    app_hash: "",
    app_state: { genesis: bytesToHex(genesis.digest) },
  };
  writeFileSync(`${folder}/config/genesis.json`, `${JSON.stringify(value, null, 2)}\n`, { flush: true });
}
