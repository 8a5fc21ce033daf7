import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { bytesToHex, hexToBytes } from "@cityroot/core/hex";
import { publicKeyOf, SEED_BYTES } from "@cityroot/core/key/ed25519";
import { printVerifierKey } from "@cityroot/core/log/note";
import { makeConsensusHome, removeConsensusGenesis } from "../engine/cometbft/comet-home.ts";
import { ConfigError } from "../home/config-field.ts";
import { ensureCheckpointKey, isHome, writeHomeJson } from "../home/home.ts";
import { printHostPort } from "../home/host-port.ts";
import { makeFolder } from "../make-folder.ts";
import { createNodeWitness, nodeWitnessPath } from "../witness/node-witness.ts";
import { isWitnessHome, moveWitness, readWitnessHome } from "../witness/witness-home.ts";
import { readValidatorCard, type ValidatorCard } from "./validator-card.ts";

/** What an organisation decides on for the card of its node. */
export type CardParameters = {
  /** A CometBFT, which makes the keys of the consensus. */
  readonly binary: string;
  readonly name: string;
  readonly origin: string;
  /** Where peers reach the consensus of the node. */
  readonly peerAddress: { readonly host: string; readonly port: number };
  /** Where the other nodes reach the node's witness, and where that listens. */
  readonly witness: {
    readonly url: string;
    readonly listen: { readonly host: string; readonly port: number };
  };
  /** Where the node answers everyone; null where it does not. */
  readonly url: string | null;
};

const CARD = "validator-card.json";

/** Where the card of a home is. */
export function cardPath(home: string): string {
  return `${home}/${CARD}`;
}

/** Whether a folder has keys of a node, whose network is not known yet or is by now. */
export function hasCard(home: string): boolean {
  return existsSync(cardPath(home));
}

/** The card of a home. Throws a {@link ConfigError} where it is damaged. */
export function readCard(home: string): ValidatorCard {
  const card = readValidatorCard(JSON.parse(readFileSync(cardPath(home), "utf8")));
  if (card.ok) return card.value;
  const { field, expected, got } = card.fault;
  throw new ConfigError(`${cardPath(home)}: ${field}: expected ${expected}, got ${got}`);
}

/**
 * Draws the keys of a node that is to be a validator, each of which stays in its home, and gives the card that tells the
 * public ones. Done again it keeps the keys that are there, and the card gets the addresses of now. Throws a
 * {@link ConfigError} where the home is finished, or its keys are of another name or log.
 */
export async function makeCard(home: string, parameters: CardParameters): Promise<ValidatorCard> {
  const { binary, name, origin, peerAddress, witness, url } = parameters;
  if (isHome(home)) throw new ConfigError(`${home} already holds a registry`);
  makeFolder(`${home}/keys`, 0o700);
  const log = ensureCheckpointKey(home, origin);
  const { nodeId, publicKey } = await makeConsensusHome(binary, `${home}/consensus`);
  removeConsensusGenesis(`${home}/consensus`);
  const card: ValidatorCard = {
    ...{ name, origin, publicKey: bytesToHex(publicKey) },
    peer: `${nodeId}@${printHostPort(peerAddress)}`,
    logKey: printVerifierKey(log.verifier),
    witness: { key: await ensureWitness(home, `${origin}/${name}`, witness.listen), url: witness.url },
    rootKey: bytesToHex(publicKeyOf(ensureRootSeed(home))),
    url,
  };
  writeHomeJson(cardPath(home), card);
  return card;
}

async function ensureWitness(
  home: string,
  name: string,
  listen: CardParameters["witness"]["listen"],
): Promise<string> {
  const path = nodeWitnessPath(home);
  if (!isWitnessHome(path)) return printVerifierKey(await createNodeWitness(home, name, { listen }));
  const witness = readWitnessHome(path);
  const { verifier } = witness.key;
  if (verifier.name !== name)
    throw new ConfigError(`${path}: expected the witness ${name}, got ${verifier.name}`);
  await moveWitness(witness, listen);
  return printVerifierKey(verifier);
}

/** Where the secret of a card's `rootKey` is, until it is in the file of a holder. */
export function rootSeedPath(home: string): string {
  return `${home}/keys/root.json`;
}

function ensureRootSeed(home: string): Uint8Array {
  const path = rootSeedPath(home);
  if (!existsSync(path)) writeHomeJson(path, { seed: bytesToHex(randomBytes(SEED_BYTES)) }, 0o600);
  return readRootSeed(home);
}

/** The secret of a card's `rootKey`, 32 bytes. */
export function readRootSeed(home: string): Uint8Array {
  const path = rootSeedPath(home);
  const { seed } = JSON.parse(readFileSync(path, "utf8")) as { readonly seed?: unknown };
  const bytes = typeof seed === "string" ? hexToBytes(seed) : undefined;
  if (bytes?.length === SEED_BYTES) return bytes;
  throw new ConfigError(`${path}: expected {"seed": 64 hexadecimal digits}`);
}
