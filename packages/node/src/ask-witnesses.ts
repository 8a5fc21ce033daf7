import { parseVerifierKey } from "@cityroot/core/log/note";
import { readPolicy } from "@cityroot/core/log/witness-policy";
import type { Logger } from "pino";
import { ConfigError } from "./home/config-field.ts";
import type { Home } from "./home/home.ts";
import { openStoredLog } from "./log/stored-log.ts";
import { nativeSigner } from "./signature/native-ed25519.ts";
import type { WatchedStore } from "./store/watch-blocks.ts";
import type { WitnessToAsk } from "./witness/asked-witness.ts";
import { type Cosigning, startCosigning } from "./witness/cosigning.ts";
import { startNodeWitness } from "./witness/node-witness.ts";
import type { ServedWitness } from "./witness/start-witness.ts";

/**
 * Starts a node's own witness, where it has one, and the asking of all witnesses that its configuration names. Undefined
 * where there is nobody to ask: readers then stand at the newest block. What is to be closed is added to `closers`.
 */
export async function askWitnesses(
  home: Home,
  { store, onBlock }: WatchedStore,
  logger: Logger,
  closers: (() => unknown)[],
): Promise<Cosigning | undefined> {
  const policy = readPolicy(home.policy);
  // The home was read with it.
  if (!policy.ok) throw new ConfigError(`config.${policy.fault.field}: expected ${policy.fault.expected}`);
  const { name, seed, verifier } = home.checkpointKey;
  const { origin } = home.config;
  const log = openStoredLog(store, origin);
  const { sign } = nativeSigner(seed);
  const own = await startNodeWitness(home.path, {
    ...{ origin, log, onBlock, logger, clock: Date.now },
    keys: policy.value.logKeys,
    sign: (text) => ({ name, keyId: verifier.keyId, signature: sign(Buffer.from(text)) }),
    newestNote: () => store.head()?.note,
  });
  if (own !== undefined) closers.push(own.close);
  if (home.config.witnesses.length === 0) {
    await store.showNewest();
    return undefined;
  }
  const witnesses = home.config.witnesses.map(({ key, url }) => witnessOf(key, url, own));
  const cosigning = await startCosigning({
    ...{ store, log, onBlock, logger, witnesses },
    policy: policy.value,
    logKey: verifier,
  });
  closers.push(cosigning.close);
  return cosigning;
}

/** A witness as it is asked: over HTTP, or in this process where it is the node's own. */
function witnessOf(text: string, url: string, own: ServedWitness | undefined): WitnessToAsk {
  const key = parseVerifierKey(text);
  if (!key.ok) throw new ConfigError(`config.witnesses: expected a verifier key, got ${text}`);
  const isOwn =
    own?.witness.verifier.keyId === key.value.keyId && own.witness.verifier.name === key.value.name;
  return { key: key.value, url, ...(isOwn && { ask: own.witness.addCheckpoint }) };
}
