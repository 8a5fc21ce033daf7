/** What came of asking one witness for cosignatures, since the node was started. */
export type WitnessFigures = {
  readonly name: string;
  /** Leaves of the log that it is known to have cosigned; 0 where nothing is known. */
  readonly size: number;
  readonly cosignatures: number;
  /** How often it gave none, by reason: one of a few words. */
  readonly failures: { readonly [reason: string]: number };
};
