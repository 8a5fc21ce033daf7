import type { Outcome } from "@cityroot/core/outcome";
import type { PayloadStanding } from "../payload/payload-holdings.ts";
import { checkExpected, type PayloadStore, type StoredPayload } from "../payload/payload-store.ts";
import { takePayload } from "../payload/take-payload.ts";
import { fetchPayload } from "./fetch-payload.ts";

/** What a node's copy of a payload turned out to be. */
export type Downloaded = { readonly standing: PayloadStanding; readonly detail: string };

/** Gets a payload from a node, computes it again and keeps nothing of it. */
export async function downloadPayload(
  replica: string,
  payload: StoredPayload,
  signal: AbortSignal,
): Promise<Downloaded> {
  const outcome = await fetchPayload({ replica, payload, payloads: NOWHERE, signal });
  switch (outcome.kind) {
    case "stored":
      return { standing: "whole", detail: "" };
    case "absent":
      return { standing: "missing", detail: "" };
    case "unreachable":
      return { standing: "missing", detail: outcome.detail };
    case "wrong":
      return { standing: "damaged", detail: outcome.detail };
    case "unfit":
      return { standing: "unfit", detail: outcome.detail };
  }
}

/** Takes payloads, and forgets them. */
const NOWHERE: Pick<PayloadStore, "put"> = {
  put: async (stream, expected): Promise<Outcome<StoredPayload>> => {
    const sink = { takeItems: async () => {}, takePage: () => undefined };
    const taken = await takePayload(stream, sink, expected?.sizeBytes ?? Number.POSITIVE_INFINITY);
    return taken.ok && expected !== undefined ? checkExpected(taken.value, expected) : taken;
  },
};
