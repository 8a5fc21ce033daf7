import { existsSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { runCometBft } from "./run-cometbft.ts";

/** Where the store of a node that joins by a snapshot is made, and where it goes. */
export type JoiningFolders = {
  readonly home: string;
  readonly data: string;
  /** Folder of CometBFT: its keys stay, whatever becomes of the rest. */
  readonly consensus: string;
};

/** Is there from the beginning of joining until both CometBFT and the store stand behind the same snapshot. */
function markOf({ home }: JoiningFolders): string {
  return `${home}/joining`;
}

/** Folder in which the store is made. */
export function unfinishedOf({ data }: JoiningFolders): string {
  return `${data}.joining`;
}

/** Whether a node began to join and did not end. */
export function isJoining(folders: JoiningFolders): boolean {
  return existsSync(markOf(folders));
}

/**
 * Begins to join, with nothing of what an earlier beginning left: neither a store nor blocks. A validator's record of what
 * it signed stays.
 */
export async function beginJoining(folders: JoiningFolders, binary: string): Promise<void> {
  writeFileSync(markOf(folders), "", { mode: 0o600, flush: true });
  for (const folder of [folders.data, unfinishedOf(folders)])
    rmSync(folder, { recursive: true, force: true });
  await runCometBft(binary, ["reset-state", "--home", folders.consensus]);
}

/** Puts the store that is whole in its place. A kill between leaves none: the node begins to join anew. */
export function placeRestored(folders: JoiningFolders): void {
  rmSync(folders.data, { recursive: true, force: true });
  renameSync(unfinishedOf(folders), folders.data);
}

/** Ends joining: from here on the node is as any other. */
export function endJoining(folders: JoiningFolders): void {
  rmSync(markOf(folders), { force: true });
}
