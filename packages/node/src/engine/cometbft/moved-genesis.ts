import { networkOf } from "@cityroot/core/genesis";
import { readValidators } from "@cityroot/core/state/validators";
import { ConfigError } from "../../home/config-field.ts";
import type { Home } from "../../home/home.ts";
import { entryReader } from "../../store/read-entry.ts";
import { openRegistryStore } from "../../store/registry-store.ts";
import { loadUpperTree } from "../../store/upper-snapshot.ts";
import type { ConsensusGenesis } from "./comet-home.ts";
import { ledgerHeadOf } from "./genesis-state.ts";

/**
 * What the consensus of a registry begins with that one node decided on so far, and that goes on as a network: the
 * validators that its state names by now, and where it stands, which every node has to stand at as well. `timeMs` is the
 * time from which on the network decides; that of the newest block if left out. Throws a {@link ConfigError} where the
 * registry names no validators, or has a consensus already.
 */
export async function movedGenesisOf(home: Home, timeMs?: number): Promise<ConsensusGenesis> {
  const store = openRegistryStore(home.dataFolder, { readOnly: true });
  try {
    const head = store.head()!;
    if (store.consensusHeight() > 0)
      throw new ConfigError(`the registry in ${home.path} is a network's already: its consensus has begun`);
    if (timeMs !== undefined && timeMs < head.timeMs)
      throw new ConfigError(
        `expected a time from ${head.timeMs} on, when the newest block was made, got ${timeMs}`,
      );
    const { tree } = loadUpperTree(store, home.dataFolder, head);
    const validators = readValidators(entryReader(store, tree));
    if (validators.length === 0)
      throw new ConfigError(
        `the registry in ${home.path} names no validators: set them before it is exported, with the operation set-validators`,
      );
    const { id, genesis } = networkOf(home.genesis);
    return {
      ...{ network: id, digest: genesis, validators },
      timeMs: timeMs ?? head.timeMs,
      head: ledgerHeadOf(head),
    };
  } finally {
    await store.close();
  }
}
