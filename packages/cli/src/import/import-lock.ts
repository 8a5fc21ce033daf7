import { lockHome } from "@cityroot/node/home/home-lock";
import { makeFolder } from "@cityroot/node/make-folder";

/** Keeps two runs from working on one journal; the returned function ends that. */
export function lockJournal(folder: string): () => void {
  makeFolder(folder, 0o700);
  return lockHome(folder);
}
