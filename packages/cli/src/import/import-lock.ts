import { mkdirSync } from "node:fs";
import { lockHome } from "@cityroot/node/home/home-lock";

/** Keeps two runs from working on one journal; the returned function ends that. */
export function lockJournal(folder: string): () => void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return lockHome(folder);
}
