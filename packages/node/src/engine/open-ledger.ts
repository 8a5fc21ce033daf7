import { applyGenesis, networkOf } from "@cityroot/core/genesis";
import { equalBytes } from "@cityroot/core/hex";
import { type Ledger, openLedger } from "@cityroot/core/ledger";
import { decodeFrontier, EMPTY_FRONTIER } from "@cityroot/core/log/tree";
import type { Moment } from "@cityroot/core/state/entry";
import { NETWORK_KEY } from "@cityroot/core/state/key";
import { encodeNetwork } from "@cityroot/core/state/network";
import { type ReplayWindow, readReplayWindow } from "@cityroot/core/state/replay";
import { ConfigError } from "../home/config-field.ts";
import type { Home } from "../home/home.ts";
import { openLogWriter } from "../log/log-writer.ts";
import { nativeSigner } from "../signature/native-ed25519.ts";
import { openState } from "../store/open-state.ts";
import { openRegistryStore, type RegistryStore } from "../store/registry-store.ts";
import { type CheckpointSigner, type SealParts, seal } from "./seal.ts";

/** A ledger over its store, as it stands after its newest block: what an engine goes on from. */
export type OpenLedger = SealParts & {
  readonly ledger: Ledger;
  readonly window: ReplayWindow;
  readonly newest: Moment;
};

/** Writes the first block of a home whose store is empty; gives the open store. */
export async function ensureGenesis(home: Home): Promise<RegistryStore> {
  const store = openRegistryStore(home.dataFolder);
  try {
    if (store.head() === undefined) await writeGenesis(home, store);
    return store;
  } catch (cause) {
    await store.close();
    throw cause;
  }
}

async function writeGenesis(home: Home, store: RegistryStore): Promise<void> {
  const state = openState(store, home.dataFolder, undefined);
  const block = { height: 0, timeMs: home.genesis.timeMs };
  state.begin(block);
  const applied = applyGenesis(state.tree, home.genesis);
  if (!applied.ok) throw new ConfigError(`${home.path}/genesis.json: ${applied.rejection.detail}`);
  const log = openLogWriter(EMPTY_FRONTIER, store);
  const { blockWrite, written } = seal({ state, log, signer: signerOf(home) }, block, []);
  await store.write(blockWrite);
  written();
}

/**
 * Opens the ledger of a home over its store. Throws `ProtocolVersionError` where the next block needs a program that knows
 * a later version of the protocol. `snapshotBytesMin`: least bytes of changes between two snapshots of the
 * upper tree.
 */
export function openStoredLedger(home: Home, store: RegistryStore, snapshotBytesMin?: number): OpenLedger {
  const head = store.head();
  if (head === undefined) throw new Error("the store has no first block");
  const frontier = decodeFrontier(head.logFrontier);
  if (!frontier.ok) throw new Error("the store's log frontier is damaged");
  const state = openState(store, home.dataFolder, head, snapshotBytesMin);
  const network = networkOf(home.genesis);
  const stored = state.tree.get(NETWORK_KEY);
  if (stored === undefined || !equalBytes(stored, encodeNetwork(network))) {
    throw new ConfigError(`${home.path}/genesis.json: the store in ${home.dataFolder} began with another`);
  }
  const window = readReplayWindow(state.tree, head.height);
  const ledger = openLedger(network, window);
  ledger.demandRules(state.tree, head.height + 1);
  return {
    ledger,
    window,
    state,
    log: openLogWriter(frontier.value, store),
    signer: signerOf(home),
    newest: { height: head.height, timeMs: head.timeMs },
  };
}

/** The key of a home that signs its checkpoints. */
export function signerOf(home: Home): CheckpointSigner {
  const { name, seed, verifier } = home.checkpointKey;
  return { origin: home.config.origin, name, keyId: verifier.keyId, sign: nativeSigner(seed).sign };
}
