import { existsSync, readFileSync, rmSync } from "node:fs";
import type { KeySetJson } from "@cityroot/sdk/key-set";
import { type HolderFile, saveHolderFile } from "./holder-file.ts";

/** Where keys wait that are to take the place of a holder's. */
function waitingPath({ path }: HolderFile): string {
  return path.replace(/\.json$/, ".next.json");
}

/**
 * Writes the new keys of a holder beside its file, before the ledger knows them: a crash between loses nothing. Gives the
 * path.
 */
export function saveNextKeys(holder: HolderFile, next: Pick<HolderFile, "keys" | "keySet">): string {
  const path = waitingPath(holder);
  saveHolderFile({ ...holder, ...next, path });
  return path;
}

/** Puts the waiting keys in the place of a holder's, once the ledger has them; keeps the old file under its first key. */
export function takeNextKeys(holder: HolderFile): void {
  const path = waitingPath(holder);
  if (!existsSync(path)) return;
  const { keys, keySet } = JSON.parse(readFileSync(path, "utf8")) as {
    readonly keys: readonly string[];
    readonly keySet: KeySetJson;
  };
  const [first = "none"] = holder.keySet.keys;
  saveHolderFile({ ...holder, path: holder.path.replace(/\.json$/, `.old-${first.slice(0, 16)}.json`) });
  saveHolderFile({ ...holder, keys, keySet });
  rmSync(path);
}
