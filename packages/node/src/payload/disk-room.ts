import { statfs } from "node:fs/promises";

/** Thrown where a payload would take room of the disk that others in this machine need: the message says how much is left. */
export class NoRoomError extends Error {
  override readonly name = "NoRoomError";
}

/** How often it is looked how much is left while a payload comes in: after so many bytes. */
const LOOK_BYTES = 64 * 1_048_576;

/**
 * Watches that what comes in leaves so many bytes of a folder's disk to others: blocks are written to it too, and a node
 * that cannot write them decides on nothing. Gives what is to be told of each part before it is written; it throws a
 * {@link NoRoomError}.
 */
export function watchRoom(folder: string, reserveBytes: number): (sizeBytes: number) => Promise<void> {
  let sinceLook = LOOK_BYTES;
  return async (sizeBytes) => {
    sinceLook += sizeBytes;
    if (sinceLook < LOOK_BYTES) return;
    sinceLook = 0;
    const { bavail, bsize } = await statfs(folder);
    const freeBytes = bavail * bsize;
    if (freeBytes >= reserveBytes) return;
    throw new NoRoomError(
      `the disk of ${folder} has ${freeBytes} bytes left, of which ${reserveBytes} are kept for all else`,
    );
  };
}
