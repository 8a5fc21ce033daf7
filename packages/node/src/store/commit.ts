import { statfsSync } from "node:fs";
import type { RootDatabase } from "lmdb";

/**
 * Makes changes in one transaction. Every single change has a promise of its own that fails with the transaction, and
 * so does the error's reason: they are all heard here, since one that nobody hears would end the process.
 */
export async function commit(
  root: RootDatabase<Buffer>,
  folder: string,
  change: (put: (made: Promise<boolean>) => void) => void,
): Promise<void> {
  let last: Promise<boolean> | undefined;
  const hear = (made: Promise<boolean>): void => {
    if (made !== last) made.catch(() => {});
    last = made;
  };
  try {
    await root.batch(() => change(hear));
  } catch (error) {
    const reason = (error as { readonly commitError?: Promise<never> }).commitError;
    const nothingMore = new Promise((resolve) => setImmediate(resolve));
    const cause = await Promise.race([reason?.catch((heard: unknown) => heard), nothingMore]);
    throw new Error(`the store in ${folder} could not be written; ${freeSpaceOf(folder)}`, {
      cause: cause ?? error,
    });
  }
}

function freeSpaceOf(folder: string): string {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return `its disk has ${bavail * bsize} bytes free`;
  } catch {
    return "its disk does not answer";
  }
}
