import { setImmediate } from "node:timers/promises";
import { bytesToHex } from "@cityroot/core/hex";
import type { Logger } from "pino";
import type { PayloadStore } from "../payload/payload-store.ts";
import type { StoredHead } from "../store/registry-store.ts";
import type { PayloadRegister } from "./payload-register.ts";

/** What it takes to know which payloads nobody needs. */
export type ForgettingParts = {
  readonly payloads: Pick<PayloadStore, "digests" | "forget">;
  readonly register: Pick<PayloadRegister, "get" | "position">;
  readonly logger: Logger;
  readonly signal: AbortSignal;
};

/** How long a payload is kept that the ledger does not refer to, in milliseconds. */
const KEPT_MS = 86_400_000;

/**
 * Takes away payloads that came a day or more before a block, and that the ledger does not refer to up to that block: anyone
 * may send payloads, and whoever means to issue a batch does so at once. The time is the ledger's, so that a node which has been
 * away for long, or lost what it knew, takes nothing away that blocks it has not seen yet refer to. Gives how many went.
 */
export async function forgetUnreferred(
  { payloads, register, logger, signal }: ForgettingParts,
  { height, timeMs }: Pick<StoredHead, "height" | "timeMs">,
): Promise<number> {
  let gone = 0;
  for (const digest of payloads.digests()) {
    await setImmediate();
    const known = register.position()?.height;
    if (signal.aborted || known === undefined || known < height) return gone;
    if (register.get(digest) !== undefined || !(await payloads.forget(digest, timeMs - KEPT_MS))) continue;
    gone += 1;
    logger.info({ digest: bytesToHex(digest) }, "a payload that the ledger does not refer to was taken away");
  }
  return gone;
}
