import type { VerifierKey } from "@cityroot/core/log/note";
import type { Logger } from "pino";
import { lockHome } from "../home/home-lock.ts";
import { type OwnLedger, type OwnLedgerParts, openOwnLedger } from "./own-ledger.ts";
import { type ServedWitness, serveWitness } from "./start-witness.ts";
import type { WitnessConfigJson } from "./witness-config.ts";
import { createWitnessHome, isWitnessHome, readWitnessHome, watchLogUnder } from "./witness-home.ts";
import { WITNESS_LIMITS } from "./witness-limits.ts";

/** Where the witness of a node has its home: inside the node's. It is a home like that of any other witness. */
export function nodeWitnessPath(home: string): string {
  return `${home}/witness`;
}

/**
 * Makes the witness of a node, in the node's home, and draws its key, which is given. `name` is one that no other witness
 * of the network has, such as `registry.example/hebei/node-1`; `listen` is where the other nodes ask it. From its next start
 * on the node runs it. Throws `ConfigError` where there is one already.
 */
export async function createNodeWitness(
  home: string,
  name: string,
  changes: Partial<Pick<WitnessConfigJson, "listen" | "requestsPerSecond">> = {},
): Promise<VerifierKey> {
  const { key } = await createWitnessHome(nodeWitnessPath(home), name, changes);
  return key.verifier;
}

/** What the witness of a node works with. */
export type NodeWitnessParts = OwnLedgerParts & { readonly logger: Logger; readonly clock: () => number };

/**
 * Starts the witness of a node, where it has one. It watches the node's own log under the keys that the network's policy
 * names, and other logs as any witness does.
 */
export async function startNodeWitness(
  home: string,
  { logger, clock, ...ledger }: NodeWitnessParts,
): Promise<ServedWitness | undefined> {
  const path = nodeWitnessPath(home);
  if (!isWitnessHome(path)) return undefined;
  const unlock = lockHome(path);
  try {
    await watchLogUnder(readWitnessHome(path), ledger.origin, ledger.keys);
    const witnessHome = readWitnessHome(path);
    const own: OwnLedger = openOwnLedger(ledger);
    const { listen } = witnessHome.config;
    const served = await serveWitness(witnessHome, { limits: WITNESS_LIMITS, logger, clock, listen, own });
    return {
      ...served,
      close: async () => {
        try {
          await served.close();
        } finally {
          unlock();
        }
      },
    };
  } catch (cause) {
    unlock();
    throw cause;
  }
}
