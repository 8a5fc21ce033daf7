import type { Code } from "@cityroot/codes/ma/code";
import type { Referral } from "../operation/standing.ts";
import type { Holder } from "../state/holder.ts";
import type { Interval } from "../state/interval.ts";
import type { Prefix } from "../state/prefix.ts";
import type { Description, Record } from "../state/record.ts";

/** How a code stands, as a proof shows it. Spec §5.10. */
export type ProvenStanding =
  /** It has a record, which held at the moment asked for; `version` counts from 1, `current` is the newest. */
  | { readonly kind: "record"; readonly record: Record; readonly isCurrent: boolean }
  /** It was issued by a range, and nothing was said of it alone. */
  | { readonly kind: "in-range"; readonly interval: Interval & { type: "range" } }
  /** It was issued by a batch, as one of its items. */
  | {
      readonly kind: "in-batch";
      readonly interval: Interval & { type: "batch" };
      readonly description: Description;
    }
  /** It was issued later than the moment asked for. */
  | { readonly kind: "not-yet-issued"; readonly since: { readonly height: number; readonly timeMs: number } }
  /**
   * It lies below a prefix that another network serves, which alone tells how it stands: as of the checkpoint, whatever
   * moment was asked for. Spec §6.10.
   */
  | ({ readonly kind: "federated" } & Referral)
  /** It was never issued up to the checkpoint. */
  | { readonly kind: "never-issued" };

/** A prefix on the way from the root to a code, with who holds it. */
export type Delegation = {
  readonly prefix: Code;
  readonly entry: Prefix;
  readonly holder: Holder;
  readonly holderId: Uint8Array;
};

/** The moment that a question is about. Nothing of it means now, that is, the checkpoint. */
export type AsOf = { readonly height: number } | { readonly timeMs: number } | { readonly version: number };
