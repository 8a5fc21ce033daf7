import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { type Genesis, genesisFromJson, genesisToJson } from "@cityroot/core/genesis";
import { bytesToHex, hexToBytes } from "@cityroot/core/hex";
import type { Json } from "@cityroot/core/json";
import { publicKeyOf } from "@cityroot/core/key/ed25519";
import {
  isShortKeyName,
  makeVerifierKey,
  printVerifierKey,
  SIGNATURE_TYPES,
  type VerifierKey,
} from "@cityroot/core/log/note";
import type { PolicyJson } from "@cityroot/core/log/witness-policy";
import { makeFolder } from "../make-folder.ts";
import { defaultConfig, type NodeConfig, policyOf, readConfig } from "./config.ts";
import { ConfigError } from "./config-field.ts";

/** The folder of a node: its configuration, its genesis, its checkpoint key, its data. */
export type Home = {
  readonly path: string;
  readonly config: NodeConfig;
  readonly genesis: Genesis;
  /** Secret key of the checkpoints, and the name under which it signs. */
  readonly checkpointKey: {
    readonly name: string;
    readonly seed: Uint8Array;
    readonly verifier: VerifierKey;
  };
  /** What clients are to trust. */
  readonly policy: PolicyJson;
  readonly dataFolder: string;
  readonly payloadFolder: string;
};

/**
 * Makes the home of a new registry. Nothing in it has a default secret: the checkpoint key is drawn here, unless
 * {@link ensureCheckpointKey} drew it before.
 */
export function createHome(
  path: string,
  genesis: Genesis,
  changes: Partial<NodeConfig> & { readonly origin: string },
): void {
  if (existsSync(`${path}/config.json`)) throw new ConfigError(`${path} already holds a registry`);
  makeFolder(`${path}/keys`, 0o700);
  const config: NodeConfig = { ...defaultConfig(changes.origin), ...changes };
  ensureCheckpointKey(path, changes.origin);
  writeHomeJson(`${path}/genesis.json`, genesisToJson(genesis));
  // The configuration comes last: a home without it was not finished.
  writeHomeJson(`${path}/config.json`, config);
}

/**
 * The checkpoint key of a home, whose folder of keys is there; drawn where there is none. Throws a {@link ConfigError}
 * where the one that is there signs under another name.
 */
export function ensureCheckpointKey(path: string, name: string): Home["checkpointKey"] {
  const file = `${path}/keys/checkpoint.json`;
  if (!existsSync(file)) writeHomeJson(file, { name, seed: bytesToHex(randomBytes(32)) }, 0o600);
  const key = readCheckpointKey(file);
  if (key.name === name) return key;
  throw new ConfigError(`${file}: expected a key of the log ${name}, got one of ${key.name}`);
}

/** Writes a file of a home, whole and on the disk when this returns: a registry begins to live with it. */
export function writeHomeJson(path: string, value: unknown, mode = 0o644): void {
  const unfinished = `${path}.new`;
  // What a killed process left may be readable by others.
  rmSync(unfinished, { force: true });
  writeFileSync(unfinished, `${JSON.stringify(value, null, 2)}\n`, { mode, flush: true, flag: "wx" });
  renameSync(unfinished, path);
}

/** Whether a folder is the home of a registry. */
export function isHome(path: string): boolean {
  return existsSync(`${path}/config.json`);
}

/** Reads a home and checks all of it; errors name the file and the key. */
export function readHome(path: string): Home {
  const config = readConfig(`${path}/config.json`);
  const genesis = genesisFromJson(readJson(`${path}/genesis.json`));
  if (!genesis.ok) throw new ConfigError(`${path}/genesis.json: ${genesis.rejection.detail}`);
  const checkpointKey = readCheckpointKey(`${path}/keys/checkpoint.json`);
  return {
    path,
    config,
    genesis: genesis.value,
    checkpointKey,
    policy: policyOf(config, printVerifierKey(checkpointKey.verifier)),
    dataFolder: `${path}/data`,
    payloadFolder: `${path}/payloads`,
  };
}

function readCheckpointKey(path: string): Home["checkpointKey"] {
  const value = readJson(path);
  const { name, seed } = (value ?? {}) as { readonly name?: Json; readonly seed?: Json };
  const bytes = typeof seed === "string" ? hexToBytes(seed) : undefined;
  if (typeof name !== "string" || !isShortKeyName(name) || bytes?.length !== 32) {
    throw new ConfigError(`${path}: expected {"name": the log's, "seed": 64 hexadecimal digits}`);
  }
  // A secret that others can read is no secret: mend it rather than refuse to start.
  if ((statSync(path).mode & 0o077) !== 0) chmodSync(path, 0o600);
  return { name, seed: bytes, verifier: makeVerifierKey(name, SIGNATURE_TYPES.ed25519, publicKeyOf(bytes)) };
}

function readJson(path: string): Json {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Json;
  } catch (cause) {
    throw new ConfigError(`${path} cannot be read: ${(cause as Error).message}`, { cause });
  }
}
