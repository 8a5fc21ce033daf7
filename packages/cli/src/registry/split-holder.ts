import { type HolderFile, saveHolderFile } from "./holder-file.ts";

/**
 * Writes a holder's keys one to a file, for those who keep them, and beside them a file without any. Gives the paths:
 * the public one first.
 */
export function saveParts(file: HolderFile): readonly string[] {
  const stem = file.path.replace(/\.json$/, "");
  saveHolderFile({ ...file, keys: [] });
  const parts = file.keys.map((seed, at) => {
    const path = `${stem}.key-${at + 1}.json`;
    saveHolderFile({ ...file, path, keys: [seed] });
    return path;
  });
  return [file.path, ...parts];
}
