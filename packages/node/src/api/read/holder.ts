import { bytesToHex } from "@cityroot/core/hex";
import type { AsOf } from "@cityroot/core/proof/answer";
import { decodeHolder, type Holder } from "@cityroot/core/state/holder";
import { holderKey } from "@cityroot/core/state/key";
import { EntryUnreadableError, type View } from "./view.ts";

/** How a holder stands, or stood at a moment. */
export type HolderStanding =
  | { readonly kind: "holder"; readonly holder: Holder; readonly isCurrent: boolean }
  | { readonly kind: "unknown" }
  /** It was declared later than the moment asked for. */
  | { readonly kind: "not-yet" }
  /** The moment or version asked for lies after the newest one. */
  | { readonly kind: "later" };

/** The version of a holder that holds, or held at a moment. */
export function readHolder(view: View, id: Uint8Array, asOf?: AsOf): HolderStanding {
  const { checkpoint } = view.head;
  if (asOf !== undefined && "height" in asOf && asOf.height > checkpoint.height) return { kind: "later" };
  if (asOf !== undefined && "timeMs" in asOf && asOf.timeMs > checkpoint.timeMs) return { kind: "later" };
  const key = holderKey(id);
  const bytes = view.source.get(key);
  if (bytes === undefined) return { kind: "unknown" };
  const current = demandHolder(id, bytes);
  if (asOf === undefined || holdsAt(current, asOf))
    return { kind: "holder", holder: current, isCurrent: true };
  if ("version" in asOf && asOf.version > current.version) return { kind: "later" };
  const oldest = view.source.versionsOf(key, current, asOf).at(-1);
  const holder = oldest === undefined ? current : demandHolder(id, oldest.bytes);
  if (holdsAt(holder, asOf)) return { kind: "holder", holder, isCurrent: false };
  return { kind: "not-yet" };
}

function holdsAt({ version, since }: Holder, asOf: AsOf): boolean {
  if ("version" in asOf) return version === asOf.version;
  return "height" in asOf ? since.height <= asOf.height : since.timeMs <= asOf.timeMs;
}

function demandHolder(id: Uint8Array, bytes: Uint8Array): Holder {
  const holder = decodeHolder(bytes);
  if (holder === undefined) throw new EntryUnreadableError(`the holder ${bytesToHex(id)} cannot be read`);
  return holder;
}
