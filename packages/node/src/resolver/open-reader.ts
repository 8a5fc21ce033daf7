import type { Home } from "../home/home.ts";
import type { PayloadStore } from "../payload/payload-store.ts";
import { openRegistryStore } from "../store/registry-store.ts";
import { StoredRegistryReader } from "./stored-registry-reader.ts";

/** Opens the durable state of a home for reading, in whichever process. */
export function openReader(home: Home, payloads: Pick<PayloadStore, "itemsOf">): StoredRegistryReader {
  return new StoredRegistryReader({
    store: openRegistryStore(home.dataFolder, { readOnly: true }),
    folder: home.dataFolder,
    genesis: home.genesis,
    policy: home.policy,
    payloads,
  });
}
