import { chmodSync, cpSync, existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { readConfig } from "../home/config.ts";
import { ConfigError } from "../home/config-field.ts";
import type { StateSyncConfig } from "../home/consensus-config.ts";
import { type Home, isHome, readHome, writeHomeJson } from "../home/home.ts";
import { makeFolder } from "../make-folder.ts";
import { nodeWitnessPath } from "../witness/node-witness.ts";
import { hasCard } from "./make-card.ts";

/** What a node cannot do without. The last four are CometBFT's: who the node is, how it votes, what the network begins with. */
const NEEDED = [
  "genesis.json",
  "keys",
  "consensus/config/node_key.json",
  "consensus/config/priv_validator_key.json",
  "consensus/config/genesis.json",
  "consensus/config/config.toml",
] as const;
const OPTIONAL = ["holders", "policy.json", "validator-card.json", "witness/keys"] as const;

/** How a node comes back. */
export type Restoring = {
  /** By which snapshot it joins; null where it takes every block. */
  readonly stateSync: StateSyncConfig | null;
  /** Height of the newest block of the consensus that any node has while nobody runs with the keys. */
  readonly newestHeight: number;
};

/**
 * Makes the home of a node anew from a copy of its keys and its configuration, which may be a copy of the whole home. What says
 * what was signed last is left in the copy, as are the ledger and the payloads: the node begins without blocks and follows
 * the network. It votes from {@link votesFrom} on. Its witness, which cosigns nothing but what stands in the node's own
 * ledger, keeps its key and begins its records anew. The caller knows that nobody else runs with these keys. Throws a
 * {@link ConfigError} where the copy is no node's of a network or lacks something, or the home is there already; `path` is
 * then as it was.
 */
export function restoreHome(backup: string, path: string, { stateSync, newestHeight }: Restoring): Home {
  if (isHome(path) || hasCard(path) || existsSync(`${path}/keys`))
    throw new ConfigError(`${path} already holds keys of a node`);
  const { consensus } = readConfig(`${backup}/config.json`);
  if (consensus === null) throw new ConfigError(`${backup}/config.json: expected the node of a network`);
  const missing = NEEDED.find((name) => !existsSync(`${backup}/${name}`));
  if (missing !== undefined) throw new ConfigError(`${backup}: expected ${missing} in it, got none`);
  // Checks all of it before anything is written.
  readHome(backup);

  makeFolder(path, 0o755);
  for (const name of [...NEEDED, ...OPTIONAL]) {
    if (!existsSync(`${backup}/${name}`)) continue;
    makeFolder(dirname(`${path}/${name}`), name.startsWith("consensus") ? 0o700 : 0o755);
    cpSync(`${backup}/${name}`, `${path}/${name}`, { recursive: true, dereference: true });
    // A copy may be readable by others, as one from an archive is.
    const isFolder = statSync(`${path}/${name}`).isDirectory();
    if (isFolder) chmodSync(`${path}/${name}`, 0o700);
    for (const file of isFolder ? readdirSync(`${path}/${name}`) : [])
      chmodSync(`${path}/${name}/${file}`, 0o600);
    if (name.endsWith("_key.json")) chmodSync(`${path}/${name}`, 0o600);
  }
  restoreWitness(backup, path);
  makeFolder(`${path}/consensus/data`, 0o700);
  // CometBFT's `privval.FilePVLastSignState`: it signs nothing below this.
  const signed = { height: `${votesFrom(newestHeight)}`, round: 0, step: 0 };
  writeHomeJson(`${path}/consensus/data/priv_validator_state.json`, signed, 0o600);
  const config = JSON.parse(readFileSync(`${backup}/config.json`, "utf8")) as { readonly consensus: object };
  // The configuration comes last: a home without it was not finished.
  writeHomeJson(`${path}/config.json`, { ...config, consensus: { ...config.consensus, stateSync } });
  return readHome(path);
}

/**
 * Height from which a validator votes whose record of what it signed is lost: it can have signed for the block after the
 * newest, and for none after that. With another vote for the same height it would sign a second history.
 */
export function votesFrom(newestHeight: number): number {
  return newestHeight + 2;
}

/** It is told its log by the node when that starts, which begins the record. */
function restoreWitness(backup: string, path: string): void {
  const from = nodeWitnessPath(backup);
  if (!existsSync(`${from}/keys/witness.json`) || !existsSync(`${from}/witness.json`)) return;
  const to = nodeWitnessPath(path);
  for (const folder of ["records", "evidence"]) makeFolder(`${to}/${folder}`, 0o755);
  const witness = JSON.parse(readFileSync(`${from}/witness.json`, "utf8")) as object;
  writeHomeJson(`${to}/witness.json`, { ...witness, logs: [] });
}
