import type { StoredPayload } from "./payload-store.ts";

/**
 * How a payload that the ledger refers to stands on a node. `unfit`: the items under the digest that the ledger names do
 * not make the root that it names, so that no copy can ever be whole.
 */
export const PAYLOAD_STANDINGS = ["whole", "missing", "damaged", "unfit"] as const;
export type PayloadStanding = (typeof PAYLOAD_STANDINGS)[number];

/** A payload that the ledger refers to. */
export type ReferredPayload = {
  /** What the ledger says of it. */
  readonly payload: StoredPayload;
  readonly standing: PayloadStanding;
  /**
   * When it was last looked at here, in milliseconds since 1970-01-01 UTC: all of it read and checked, or found as it had
   * come, which was after such a check. 0 where that never was.
   */
  readonly checkedMs: number;
};

/** How many payloads the ledger refers to, up to a height, and how many of them stand how. */
export type PayloadCounts = { readonly [standing in PayloadStanding]: number } & {
  readonly referred: number;
  /** Up to which block the ledger was looked through. */
  readonly height: number;
};

/** What a node knows of the payloads that the ledger refers to, without reading any of them. */
export type PayloadHoldings = {
  /** Undefined while the ledger was not looked through. */
  readonly counts: () => PayloadCounts | undefined;
  /** Payloads in order of digest, after a digest where one is given: at most `limit`. */
  readonly list: (after: Uint8Array | undefined, limit: number) => readonly ReferredPayload[];
};
