// A process that follows the registry of a home for a test: for each message it moves to the newest block and tells
// the height and the state root worked out anew over all entries that it reads.
import { bytesToHex } from "@cityroot/core/hex";
import { stateRootOf } from "@cityroot/core/proof/trie";
import type { StateKey } from "@cityroot/core/state/key";
import { openStoredReader } from "../engine/embedded/stored-node.testing.ts";
import { readHome } from "../home/home.ts";
import { installNativeFunctions } from "../store/native-functions.ts";

/** What the process tells of a block. */
export type Followed = { readonly height: number; readonly root: string; readonly stated: string };

installNativeFunctions();
const reader = openStoredReader(readHome(process.argv[2]!));
process.on("message", () => {
  const { checkpoint } = reader.head();
  const entries = reader.entriesFrom("" as StateKey, Number.MAX_SAFE_INTEGER);
  const followed: Followed = {
    height: checkpoint.height,
    root: bytesToHex(stateRootOf(entries)!),
    stated: bytesToHex(checkpoint.stateRoot),
  };
  process.send!(followed);
});
process.on("disconnect", () => process.exit(0));
