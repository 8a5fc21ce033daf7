import type { RegistryStore } from "./registry-store.ts";

/** A store that tells of its blocks. */
export type WatchedStore = {
  readonly store: RegistryStore;
  /** Calls back after each block that is durable, before whoever wrote it goes on. */
  readonly onBlock: (listener: () => void) => void;
};

/** The store, for the engine that writes it, and who wants to hear of its blocks. */
export function watchBlocks(store: RegistryStore): WatchedStore {
  const listeners: (() => void)[] = [];
  return {
    store: {
      ...store,
      write: async (block) => {
        await store.write(block);
        for (const listener of listeners) listener();
      },
    },
    onBlock: (listener) => {
      listeners.push(listener);
    },
  };
}
