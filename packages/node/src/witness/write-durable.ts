import { open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Puts a text in the place of a file's, whole or not at all: when the promise is kept, a crash of the machine leaves the
 * new text, and before that the old or the new one. One caller at a time for each path. A promise that is broken says
 * nothing of which of the two is there.
 */
export async function writeDurable(path: string, text: string, mode = 0o644): Promise<void> {
  const temporary = `${path}.new`;
  // What a killed process left is not gone on with.
  await rm(temporary, { force: true });
  const file = await open(temporary, "wx", mode);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  await syncFolder(dirname(path));
}

/** Puts the names in a folder on the disk. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
