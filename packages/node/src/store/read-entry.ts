import type { StateKey } from "@cityroot/core/state/key";
import type { StateView } from "@cityroot/core/state/view";
import type { RegistryStore } from "./registry-store.ts";
import { StoredPage } from "./tree/stored-page.ts";
import type { UpperTree } from "./tree/upper.ts";

/** Reads entries of a stored state by their keys; what is damaged is told as that. */
export function entryReader(
  { readPage }: Pick<RegistryStore, "readPage">,
  tree: UpperTree,
): Pick<StateView, "get"> {
  return {
    get: (key: StateKey) => {
      const number = tree.pageOf(key);
      const page = new StoredPage(readPage(number));
      page.demandRoot(number, tree.hashOfPage(number));
      const at = page.find(key);
      return at < 0 ? undefined : page.demandValue(number, at);
    },
  };
}
