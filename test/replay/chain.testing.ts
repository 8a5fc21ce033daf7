import type { Json } from "@cityroot/core/json";

/** A chain as it was recorded. */
export type RecordedChain = {
  readonly genesis: { readonly [name: string]: Json };
  /** Bytes of the blocks from height 0 up, in hexadecimal digits. */
  readonly blocks: readonly string[];
};

/** What a replay came to. */
export type ReplayReport = {
  /** Release of Node.js that replayed, such as `v24.1.0`. */
  readonly version: string;
  /** How many histories of the vectors came out the same, and the names of the others. */
  readonly same: number;
  readonly different: readonly string[];
  /** Roots after the chain, in hexadecimal digits. */
  readonly stateRoot: string;
  readonly logRoot: string;
  /** SHA-256 over both roots after each block, in hexadecimal digits. */
  readonly digest: string;
};
