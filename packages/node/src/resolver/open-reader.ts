import type { Home } from "../home/home.ts";
import type { PayloadStore } from "../payload/payload-store.ts";
import { openRegistryStore } from "../store/registry-store.ts";
import { StoredRegistryReader } from "./stored-registry-reader.ts";

/** Opens the durable state of a home for reading, in whichever process. */
export function openReader(home: Home, payloads: Pick<PayloadStore, "itemsOf">): StoredRegistryReader {
  const store = openRegistryStore(home.dataFolder, { readOnly: true });
  const { dataFolder: folder, genesis, policy } = home;
  try {
    return new StoredRegistryReader({ store, folder, genesis, policy, payloads });
  } catch (cause) {
    void store.close();
    throw cause;
  }
}
