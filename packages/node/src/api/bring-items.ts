import type { PayloadStore } from "../payload/payload-store.ts";
import { ItemsMissingError } from "./read/view.ts";

/** How long a request waits for items that are on their way to this machine, in milliseconds. */
const WAIT_MS = 10_000;

/**
 * Gives what a reading gives. Where it lacks items that are held elsewhere, they are brought here first, and it reads once
 * more; they go on coming when that takes longer than a client is to wait.
 */
export async function readWithItems<T>(
  payloads: Pick<PayloadStore, "bring">,
  read: () => T | Promise<T>,
): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof ItemsMissingError)) throw error;
    const brought = payloads.bring(error.digest).catch(() => false);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<false>((resolve) => {
      timer = setTimeout(resolve, WAIT_MS, false);
    });
    const isHere = await Promise.race([brought, late]);
    clearTimeout(timer);
    if (!isHere) throw error;
    return read();
  }
}
