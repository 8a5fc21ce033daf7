import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

/** What a database of goleveldb has from the moment at which it is made: its entry point, or what was written since. */
const MADE = /^CURRENT(\.bak)?$|\.(log|ldb|sst)$/;

/**
 * Removes databases of CometBFT that were being made when it was killed, and gives their names. goleveldb makes a database's entry
 * point last and before anything is written to it, and refuses for ever what has none: such a database holds nothing.
 */
export function removeUnfinishedDatabases(dataFolder: string): readonly string[] {
  if (!existsSync(dataFolder)) return [];
  const unfinished = readdirSync(dataFolder, { withFileTypes: true }).filter(
    (entry) =>
      entry.isDirectory() &&
      entry.name.endsWith(".db") &&
      !readdirSync(join(dataFolder, entry.name)).some((file) => MADE.test(file)),
  );
  for (const { name } of unfinished) rmSync(join(dataFolder, name), { recursive: true });
  return unfinished.map(({ name }) => name);
}
