/** Thrown for a snapshot whose rows are not what the trusted head says: which row, and what differs. */
export class SnapshotRefusedError extends Error {
  override readonly name = "SnapshotRefusedError";
}
