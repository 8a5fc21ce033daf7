import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { assert } from "@cityroot/core/assert";
import { type Genesis, networkOf } from "@cityroot/core/genesis";
import { bytesToHex } from "@cityroot/core/hex";
import { BLOCK_BYTES_MAX_FIRST, VALIDATOR_POWER_MAX } from "@cityroot/core/limits";
import type { Validator } from "@cityroot/core/state/validators";
import Type from "typebox";
import { Value } from "typebox/value";
import { makeFolder } from "../../make-folder.ts";
import type { GenesisState, LedgerHead } from "./genesis-state.ts";
import { runCometBft } from "./run-cometbft.ts";

/** What every node of a network begins with. */
export type ConsensusGenesis = {
  /** Id of the network, which is the chain's. */
  readonly network: string;
  readonly timeMs: number;
  /** SHA-256 of the registry's genesis, 32 bytes: a node with another one refuses to begin. */
  readonly digest: Uint8Array;
  /** Those that the registry's state names: see {@link consensusGenesisOf}. */
  readonly validators: readonly Validator[];
  /** Where the registry stands that goes on with the consensus; left out where it begins with it. */
  readonly head?: LedgerHead;
};

/** What the consensus of a registry begins with. Throws where the registry's genesis names no validators. */
export function consensusGenesisOf(genesis: Genesis): ConsensusGenesis {
  const { timeMs, validators = [] } = genesis;
  const { id, genesis: digest } = networkOf(genesis);
  assert(validators.length > 0, "the genesis of a network names its validators");
  return { network: id, timeMs, digest, validators };
}

/** Who a node is among its peers, and as a validator. */
export type ConsensusIdentity = {
  /** Id that peers know it by: 40 hexadecimal digits. */
  readonly nodeId: string;
  /** Ed25519 public key of its votes, 32 bytes. */
  readonly publicKey: Uint8Array;
};

/**
 * Most bytes of the evidence of a block: of fewer misbehaviours than a block of the ledger may record. CometBFT keeps the
 * rest for the blocks after it.
 */
const EVIDENCE_BYTES_MAX = 64 * 1024;
const EVIDENCE_AGE_BLOCKS = 100_000;
const EVIDENCE_AGE_NS = 48 * 3_600 * 1_000_000_000;

const KeyFile = Type.Object({
  pub_key: Type.Object({ type: Type.Literal("tendermint/PubKeyEd25519"), value: Type.String() }),
});

/** CometBFT's own file of settings: those that a node decides on go before what it says. */
const SETTINGS = "config/config.toml";
const GENESIS = "config/genesis.json";
const VALIDATOR_KEY = "config/priv_validator_key.json";
const NODE_KEY = "config/node_key.json";
const SIGNED = "data/priv_validator_state.json";

/**
 * Makes the keys of a new node in a folder, unless they are there, and tells who it is. Can be repeated, also after it
 * was interrupted. Throws where a validator's key is there without the record of what it signed.
 */
export async function makeConsensusHome(binary: string, folder: string): Promise<ConsensusIdentity> {
  makeFolder(folder, 0o700);
  const hasKey = existsSync(`${folder}/${VALIDATOR_KEY}`);
  // A new record beside a key that was in use could let it sign a second history.
  if (hasKey && !existsSync(`${folder}/${SIGNED}`)) {
    throw new Error(
      `expected the record of what the validator signed at ${folder}/${SIGNED}, got none: restore it, or take ${VALIDATOR_KEY} away and let the network replace the validator`,
    );
  }
  const isWhole = hasKey && existsSync(`${folder}/${NODE_KEY}`) && existsSync(`${folder}/${SETTINGS}`);
  if (!isWhole) await runCometBft(binary, ["init", "--home", folder]);
  return readConsensusIdentity(binary, folder);
}

/** Who the node of a folder is. Throws where {@link makeConsensusHome} did not make it. */
export async function readConsensusIdentity(binary: string, folder: string): Promise<ConsensusIdentity> {
  const nodeId = await runCometBft(binary, ["show-node-id", "--home", folder]);
  if (!/^[0-9a-f]{40}$/.test(nodeId)) throw new Error(`${folder}: expected the id of a node, got ${nodeId}`);
  return { nodeId, publicKey: readPublicKey(`${folder}/${VALIDATOR_KEY}`) };
}

function readPublicKey(path: string): Uint8Array {
  const value: unknown = JSON.parse(readFileSync(path, "utf8"));
  if (!Value.Check(KeyFile, value)) throw new Error(`${path}: expected an Ed25519 validator key`);
  return new Uint8Array(Buffer.from(value.pub_key.value, "base64"));
}

const KEY_BYTES = 32;
/** Longest id of a chain, in characters: CometBFT's own limit. */
const CHAIN_ID_CHARACTERS_MAX = 50;

/**
 * Writes what the network begins with into a node's folder: whole, or not at all. The same values give the same bytes
 * everywhere, so that members can compare their files.
 */
export function writeConsensusGenesis(folder: string, genesis: ConsensusGenesis): void {
  assertSound(genesis);
  const value = {
    genesis_time: new Date(genesis.timeMs).toISOString(),
    chain_id: genesis.network,
    initial_height: "1",
    consensus_params: {
      block: { max_bytes: `${BLOCK_BYTES_MAX_FIRST}`, max_gas: "-1" },
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
      pub_key: { type: "tendermint/PubKeyEd25519", value: Buffer.from(publicKey).toString("base64") },
      power: `${power}`,
      name,
    })),
    // The application gives its own when the chain begins, and only where it stands at the head that is stated.
    app_hash: "",
    app_state: genesisState(genesis),
  };
  const path = `${folder}/${GENESIS}`;
  writeFileSync(`${path}.new`, `${JSON.stringify(value, null, 2)}\n`, { flush: true });
  renameSync(`${path}.new`, path);
}

/** Whether a node's folder says what its network begins with. */
export function hasConsensusGenesis(folder: string): boolean {
  return existsSync(`${folder}/${GENESIS}`);
}

/**
 * Takes away what a network begins with, which CometBFT makes together with the keys: of a network of that one node. A node
 * without it does not start.
 */
export function removeConsensusGenesis(folder: string): void {
  rmSync(`${folder}/${GENESIS}`, { force: true });
}

function genesisState({ digest, head }: ConsensusGenesis): GenesisState {
  const genesis = bytesToHex(digest);
  return head === undefined ? { genesis } : { genesis, head };
}

function assertSound({ network, validators }: ConsensusGenesis): void {
  assert(network.length <= CHAIN_ID_CHARACTERS_MAX, `the id of a chain is longer: ${network}`);
  assert(validators.length > 0, "a network begins with a validator");
  const keys = new Set(validators.map(({ publicKey }) => bytesToHex(publicKey)));
  assert(keys.size === validators.length, "every validator has a key of its own");
  for (const { name, publicKey, power } of validators) {
    assert(publicKey.length === KEY_BYTES, `the key of ${name} has ${KEY_BYTES} bytes`);
    const counts = Number.isSafeInteger(power) && power > 0 && power <= VALIDATOR_POWER_MAX;
    assert(counts, `the vote of ${name} counts 1 to ${VALIDATOR_POWER_MAX}, got ${power}`);
  }
}
