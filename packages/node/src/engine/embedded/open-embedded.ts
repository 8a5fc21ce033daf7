import { applyGenesis, networkOf } from "@cityroot/core/genesis";
import { equalBytes } from "@cityroot/core/hex";
import { openLedger } from "@cityroot/core/ledger";
import { decodeFrontier, EMPTY_FRONTIER } from "@cityroot/core/log/tree";
import { NETWORK_KEY } from "@cityroot/core/state/key";
import { encodeNetwork } from "@cityroot/core/state/network";
import { readReplayWindow } from "@cityroot/core/state/replay";
import { ConfigError } from "../../home/config.ts";
import type { Home } from "../../home/home.ts";
import { openLogWriter } from "../../log/log-writer.ts";
import { nativeSigner } from "../../signature/native-ed25519.ts";
import type { SignaturePool } from "../../signature/signature-pool.ts";
import { openState } from "../../store/open-state.ts";
import { openRegistryStore, type RegistryStore } from "../../store/registry-store.ts";
import type { Engine } from "../engine.ts";
import { blockMaker, type CheckpointSigner, seal } from "./block-maker.ts";
import { type EmbeddedEngineParts, startEmbeddedEngine } from "./embedded-engine.ts";

/** What an embedded engine needs from around it. */
export type EmbeddedOptions = Pick<EmbeddedEngineParts, "admit" | "onStop"> & {
  readonly signatures: SignaturePool;
  readonly clock: () => number;
  readonly onClockBack: (behindMs: number) => void;
  /** Least bytes of changes between two snapshots of the upper tree. */
  readonly snapshotBytesMin?: number;
};

/** Writes the first block of a home whose store is empty; gives the open store. */
export async function ensureGenesis(home: Home): Promise<RegistryStore> {
  const store = openRegistryStore(home.dataFolder);
  if (store.head() !== undefined) return store;
  const state = openState(store, home.dataFolder, undefined);
  const block = { height: 0, timeMs: home.genesis.timeMs };
  state.begin(block);
  const applied = applyGenesis(state.tree, home.genesis);
  if (!applied.ok) throw new ConfigError(`${home.path}/genesis.json: ${applied.rejection.detail}`);
  const log = openLogWriter(EMPTY_FRONTIER, store);
  const { blockWrite, written } = seal({ state, log, signer: signerOf(home) }, block, []);
  await store.write(blockWrite);
  written();
  return store;
}

/** Opens the embedded engine of a home over its store. */
export function openEmbeddedEngine(home: Home, store: RegistryStore, options: EmbeddedOptions): Engine {
  const head = store.head();
  if (head === undefined) throw new Error("the store has no first block");
  const frontier = decodeFrontier(head.logFrontier);
  if (!frontier.ok) throw new Error("the store's log frontier is damaged");
  const state = openState(store, home.dataFolder, head, options.snapshotBytesMin);
  const network = networkOf(home.genesis);
  const stored = state.tree.get(NETWORK_KEY);
  if (stored === undefined || !equalBytes(stored, encodeNetwork(network))) {
    throw new ConfigError(`${home.path}/genesis.json: the store in ${home.dataFolder} began with another`);
  }
  const window = readReplayWindow(state.tree, head.height);
  const maker = blockMaker({
    ledger: openLedger(network, window),
    window,
    state,
    log: openLogWriter(frontier.value, store),
    signer: signerOf(home),
    newest: { height: head.height, timeMs: head.timeMs },
    write: store.write,
    clock: options.clock,
    onClockBack: options.onClockBack,
  });
  return startEmbeddedEngine({
    maker,
    signatures: options.signatures,
    admit: options.admit,
    onStop: options.onStop,
  });
}

function signerOf(home: Home): CheckpointSigner {
  const { name, seed, verifier } = home.checkpointKey;
  return { origin: home.config.origin, name, keyId: verifier.keyId, sign: nativeSigner(seed).sign };
}
