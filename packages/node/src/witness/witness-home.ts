import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, readFileSync, statSync } from "node:fs";
import { bytesToHex, equalBytes, hexToBytes } from "@cityroot/core/hex";
import { publicKeyOf, SEED_BYTES } from "@cityroot/core/key/ed25519";
import {
  isShortKeyName,
  makeVerifierKey,
  printVerifierKey,
  SIGNATURE_TYPES,
  type VerifierKey,
} from "@cityroot/core/log/note";
import { ConfigError } from "../home/config-field.ts";
import { isHome } from "../home/home.ts";
import { makeFolder } from "../make-folder.ts";
import { beginRecord } from "./log-record.ts";
import {
  DEFAULT_WITNESS_CONFIG,
  parseWitnessConfig,
  type WitnessConfig,
  type WitnessConfigJson,
} from "./witness-config.ts";
import { writeDurable } from "./write-durable.ts";

/** The folder of a witness: its configuration, its key, its records and its evidence. */
export type WitnessHome = {
  readonly path: string;
  readonly config: WitnessConfig;
  readonly key: { readonly name: string; readonly seed: Uint8Array; readonly verifier: VerifierKey };
  /** What was cosigned last, one file for each log. */
  readonly recordFolder: string;
  readonly evidenceFolder: string;
};

const CONFIG_FILE = "witness.json";
const KEY_FILE = "keys/witness.json";

/** Whether a folder is the home of a witness. */
export function isWitnessHome(path: string): boolean {
  return existsSync(`${path}/${CONFIG_FILE}`);
}

/**
 * Makes the home of a new witness called `name`, a key name, and gives it. Its key is drawn here. Throws
 * {@link ConfigError} where there is a witness or a registry already.
 */
export async function createWitnessHome(
  path: string,
  name: string,
  changes: Partial<WitnessConfigJson> = {},
): Promise<WitnessHome> {
  if (isWitnessHome(path)) throw new ConfigError(`${path} already holds a witness`);
  if (isHome(path)) throw new ConfigError(`${path} already holds a registry`);
  makeFolder(`${path}/keys`, 0o700);
  makeFolder(`${path}/records`, 0o755);
  makeFolder(`${path}/evidence`, 0o755);
  const key = { name, seed: bytesToHex(randomBytes(SEED_BYTES)) };
  await writeDurable(`${path}/${KEY_FILE}`, textOf(key), 0o600);
  // The configuration comes last: a home without it was not finished.
  await writeDurable(`${path}/${CONFIG_FILE}`, textOf({ ...DEFAULT_WITNESS_CONFIG, ...changes }));
  return readWitnessHome(path);
}

/** Reads a home and checks all of it but the records; errors are {@link ConfigError}s that name the file and the key. */
export function readWitnessHome(path: string): WitnessHome {
  const config = parseWitnessConfig(readJson(`${path}/${CONFIG_FILE}`));
  const key = readKey(`${path}/${KEY_FILE}`);
  refuseOwnKey(config, key.verifier);
  return { path, config, key, recordFolder: `${path}/records`, evidenceFolder: `${path}/evidence` };
}

/**
 * Adds a log to those that a witness watches, or one more key to a log that it watches. The home must be locked by the
 * caller. Gives whether anything changed. Its record is begun before the configuration names it.
 */
export async function addWatchedLog(home: WitnessHome, origin: string, key: VerifierKey): Promise<boolean> {
  const text = printVerifierKey(key);
  refuseOwnKey({ logs: [{ origin, keys: [key] }] }, home.key.verifier);
  const json = readJson(`${home.path}/${CONFIG_FILE}`) as WitnessConfigJson;
  const logs = json.logs ?? [];
  const known = logs.find((log) => log.origin === origin);
  if (known?.keys.includes(text)) return false;
  const changed = { origin, keys: [...(known?.keys ?? []), text] };
  const config = {
    ...json,
    logs: known === undefined ? [...logs, changed] : logs.map((log) => (log === known ? changed : log)),
  };
  parseWitnessConfig(config);
  // Of a log that is watched already a record that is missing is a lost one, and is not begun anew.
  if (known === undefined) await beginRecord(home.recordFolder, origin);
  await writeDurable(`${home.path}/${CONFIG_FILE}`, textOf(config));
  return true;
}

/**
 * Watches a log under exactly these keys, whichever it was watched under before; the home must be locked by the caller.
 * Its record is begun where it was not watched.
 */
export async function watchLogUnder(
  home: WitnessHome,
  origin: string,
  keys: readonly VerifierKey[],
): Promise<void> {
  refuseOwnKey({ logs: [{ origin, keys }] }, home.key.verifier);
  const json = readJson(`${home.path}/${CONFIG_FILE}`) as WitnessConfigJson;
  const logs = json.logs ?? [];
  const known = logs.find((log) => log.origin === origin);
  const watched = { origin, keys: keys.map(printVerifierKey) };
  if (known !== undefined && JSON.stringify(known.keys) === JSON.stringify(watched.keys)) return;
  const others = logs.filter((log) => log !== known);
  const config = { ...json, logs: [watched, ...others] };
  parseWitnessConfig(config);
  if (known === undefined) await beginRecord(home.recordFolder, origin);
  await writeDurable(`${home.path}/${CONFIG_FILE}`, textOf(config));
}

/** Has a witness listen elsewhere from its next start on. */
export async function moveWitness(home: WitnessHome, listen: WitnessConfig["listen"]): Promise<void> {
  const json = readJson(`${home.path}/${CONFIG_FILE}`) as WitnessConfigJson;
  const config = { ...json, listen };
  parseWitnessConfig(config);
  await writeDurable(`${home.path}/${CONFIG_FILE}`, textOf(config));
}

/** Refuses a log under the witness's own key, which would vouch for itself. */
function refuseOwnKey({ logs }: Pick<WitnessConfig, "logs">, { publicKey }: VerifierKey): void {
  for (const { origin, keys } of logs) {
    if (!keys.some((key) => equalBytes(key.publicKey, publicKey))) continue;
    throw new ConfigError(`witness.logs: expected keys of the log ${origin}, got the witness's own`);
  }
}

function readKey(path: string): WitnessHome["key"] {
  const { name, seed } = (readJson(path) ?? {}) as { readonly name?: unknown; readonly seed?: unknown };
  const bytes = typeof seed === "string" ? hexToBytes(seed) : undefined;
  if (typeof name !== "string" || !isShortKeyName(name) || bytes?.length !== SEED_BYTES) {
    throw new ConfigError(`${path}: expected {"name": the witness's, "seed": 64 hexadecimal digits}`);
  }
  // A secret that others can read is no secret: mend it rather than refuse to start.
  if ((statSync(path).mode & 0o077) !== 0) chmodSync(path, 0o600);
  return {
    name,
    seed: bytes,
    verifier: makeVerifierKey(name, SIGNATURE_TYPES.cosignature, publicKeyOf(bytes)),
  };
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new ConfigError(`${path} cannot be read: ${(cause as Error).message}`, { cause });
  }
}

function textOf(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
