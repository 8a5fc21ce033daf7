/** Thrown when what the store gave is not what was stored: the disk or another program changed it. */
export class StoreDamagedError extends Error {
  override readonly name = "StoreDamagedError";
}
