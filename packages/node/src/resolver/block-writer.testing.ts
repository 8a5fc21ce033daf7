import { readdirSync, rmSync } from "node:fs";
import { applyGenesis } from "@cityroot/core/genesis";
import { decodeFrontier, EMPTY_FRONTIER } from "@cityroot/core/log/tree";
import { memoryState } from "@cityroot/core/state/memory";
import type { StateEntry } from "@cityroot/core/state/view";
import { makeTestHome } from "../engine/embedded/stored-node.testing.ts";
import { seal } from "../engine/seal.ts";
import { readHome } from "../home/home.ts";
import { openLogWriter } from "../log/log-writer.ts";
import { nativeSigner } from "../signature/native-ed25519.ts";
import { openState } from "../store/open-state.ts";
import { openRegistryStore } from "../store/registry-store.ts";

/** Writes entries of any kind as blocks into the store of a new home. */
export function openBlockWriter(snapshotBytesMin: number) {
  const path = makeTestHome();
  const home = readHome(path);
  const model = memoryState();
  let store = openRegistryStore(home.dataFolder);
  const { name, seed, verifier } = home.checkpointKey;
  const signer = { origin: home.config.origin, name, keyId: verifier.keyId, sign: nativeSigner(seed).sign };
  let state = openState(store, home.dataFolder, undefined, snapshotBytesMin);
  let log = openLogWriter(EMPTY_FRONTIER, store);
  let height = -1;
  const endBlock = async (): Promise<void> => {
    const { blockWrite, written } = seal({ state, log, signer }, { height, timeMs: 1_000 + height }, []);
    await store.write(blockWrite);
    written();
  };
  const begin = (): void => {
    height += 1;
    state.begin({ height, timeMs: 1_000 + height });
  };
  return {
    home,
    model,
    store: () => store,
    writeGenesis: async () => {
      begin();
      applyGenesis(state.tree, home.genesis);
      applyGenesis(model, home.genesis);
      await endBlock();
    },
    write: async (block: readonly StateEntry[]) => {
      begin();
      for (const { key, value } of block) {
        state.tree.set(key, value);
        model.set(key, value);
      }
      await endBlock();
    },
    settle: () => state.settle(),
    /** Goes on as after a restart. */
    reopen: async () => {
      await state.settle();
      state = openState(store, home.dataFolder, store.head(), snapshotBytesMin);
    },
    /** Goes on as another process after a restart. */
    restart: async () => {
      await state.settle();
      await store.close();
      store = openRegistryStore(home.dataFolder);
      const head = store.head()!;
      const frontier = decodeFrontier(head.logFrontier);
      if (!frontier.ok) throw new Error(frontier.fault.field);
      log = openLogWriter(frontier.value, store);
      state = openState(store, home.dataFolder, head, snapshotBytesMin);
    },
    deltas: () => Array.from({ length: height + 1 }, (_, at) => store.readDelta(at)).filter(Boolean).length,
    snapshots: () => readdirSync(home.dataFolder).filter((file) => file.startsWith("upper-")),
    close: async () => {
      await state.settle();
      await store.close();
      rmSync(path, { recursive: true, force: true });
    },
  };
}
