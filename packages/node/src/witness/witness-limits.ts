import { ADD_CHECKPOINT_BYTES_MAX } from "@cityroot/core/log/add-checkpoint";

/** What a witness grants those who ask. Sizes are in bytes, times in milliseconds. */
export type WitnessLimits = {
  /** Longest body of a request. */
  readonly bodyBytesMax: number;
  /** Longest head of a request, with its address. */
  readonly headBytesMax: number;
  /** How long the head of a request may take to arrive. */
  readonly headTimeoutMs: number;
  /** How long a request may take to arrive. */
  readonly requestTimeoutMs: number;
  /** After how long without a request a connection is closed. */
  readonly idleTimeoutMs: number;
  /** How long requests in progress may take to end when the witness stops. */
  readonly closeTimeoutMs: number;
  readonly connectionsMax: number;
  /** Addresses whose rates are remembered at once. */
  readonly addressesMax: number;
  /** New checkpoints under one key of a log that are cosigned in a second, however many ask. */
  readonly checkpointsPerSecond: number;
  /** Checkpoints of one log that wait for the one before to be on the disk. */
  readonly waitingMax: number;
  /** Files of evidence of each kind that are kept of one log: one fork says all, and strangers may not fill a disk. */
  readonly evidenceMax: number;
};

/** Limits that serve some thousand logs on one machine. */
export const WITNESS_LIMITS: WitnessLimits = {
  bodyBytesMax: ADD_CHECKPOINT_BYTES_MAX,
  headBytesMax: 16_384,
  headTimeoutMs: 10_000,
  requestTimeoutMs: 30_000,
  idleTimeoutMs: 120_000,
  closeTimeoutMs: 10_000,
  connectionsMax: 2_000,
  addressesMax: 10_000,
  checkpointsPerSecond: 50,
  waitingMax: 32,
  evidenceMax: 100,
};
