import type { Genesis } from "@cityroot/core/genesis";
import type { Checkpoint } from "@cityroot/core/log/checkpoint";
import type { PolicyJson } from "@cityroot/core/log/witness-policy";
import type { SealedNote } from "@cityroot/core/proof/bundle";
import type { ProofSource } from "@cityroot/core/proof/prove";
import type { Moment } from "@cityroot/core/state/entry";
import type { StateKey } from "@cityroot/core/state/key";
import type { Network } from "@cityroot/core/state/network";
import type { StateEntry } from "@cityroot/core/state/view";

/** What a reader stands at: the newest durable block, or where witnesses are asked, the newest that enough cosigned. */
export type Head = SealedNote & { readonly checkpoint: Checkpoint };

/** The newest durable block: with `size`, the leaves of the log after it. */
export type NewestBlock = Moment & { readonly size: number };

/** An earlier or the current version of an entry. */
export type StoredVersion = { readonly version: number; readonly bytes: Uint8Array };

/**
 * Reads a registry's durable state: in the engine's process or in another one over the same store. All that is read in
 * one synchronous stretch after {@link RegistryReader.head} is of that head; it is called again for each request.
 */
export type RegistryReader = {
  /** The newest durable block, which may be newer than {@link RegistryReader.head} and is not made the one that is read. */
  readonly newest: () => NewestBlock;
  readonly network: Network;
  readonly genesis: Genesis;
  /** What clients are to trust: the log's keys and the witnesses that the operator names. */
  readonly policy: PolicyJson;
  /** Moves on to what readers are to stand at now, and gives it. */
  readonly head: () => Head;
  /** The state at the head, with its proofs. */
  readonly source: ProofSource;
  /** Versions of an entry, newest first: the current one, then `limit - 1` older ones below `before`. */
  readonly versions: (key: StateKey, limit: number, before?: number) => readonly StoredVersion[];
  /** Entries in order of key, from `from` (inclusive) on: at most `limit`. */
  readonly entriesFrom: (from: StateKey, limit: number) => readonly StateEntry[];
  /** Bytes of a block, or undefined beyond the head. */
  readonly block: (height: number) => Uint8Array | undefined;
  /** A log tile's hashes (32 bytes each, as many as it has by now), or undefined. */
  readonly tile: (level: number, index: number) => Uint8Array | undefined;
  /** A bundle of log entries in its C2SP form, as many as it has by now, or undefined. */
  readonly entryBundle: (index: number) => Uint8Array | undefined;
  readonly close: () => Promise<void>;
};
