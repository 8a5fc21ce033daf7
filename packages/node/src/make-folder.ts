import { mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Makes a folder and those above it that are missing; one that is there stays as it is. Throws what the system says
 * where that cannot be: Node's own recursive way goes on for ever where a file system takes no folders, as `/proc`.
 * Gives those that it made, the highest first.
 */
export function makeFolder(path: string, mode: number): readonly string[] {
  const missing: string[] = [];
  for (let at = path; !isFolder(at); at = dirname(at)) {
    missing.push(at);
    if (dirname(at) === at) break;
  }
  for (const folder of missing.reverse()) {
    try {
      mkdirSync(folder, { mode });
    } catch (cause) {
      // Another process may have made it meanwhile.
      if ((cause as NodeJS.ErrnoException).code !== "EEXIST" || !isFolder(folder)) throw cause;
    }
  }
  return missing;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
