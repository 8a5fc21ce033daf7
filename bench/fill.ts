import type { Operation } from "@cityroot/core/operation/operation";
import { accept } from "@cityroot/core/outcome";
import { openEmbeddedEngine } from "@cityroot/node/engine/embedded/open-embedded";
import { ensureGenesis } from "@cityroot/node/engine/open-ledger";
import { readHome } from "@cityroot/node/home/home";
import { startSignaturePool } from "@cityroot/node/signature/signature-pool";
import { issueOf, signed } from "./fixture.ts";
import { Progress } from "./progress.ts";

/** Operations in one transaction of an issuing load. */
export const OPERATIONS_PER_TRANSACTION = 1_000;

/** What is done for a serial, and what progress calls it. */
export type FillOptions = {
  readonly what?: string;
  readonly operationOf?: (serial: number) => Operation;
};

/**
 * Issues serials from `from` up to `to` in order, or does something else for each, straight through the engine; gives
 * seconds.
 */
export async function fill(
  homePath: string,
  from: number,
  to: number,
  { what = "issuing records", operationOf = issueOf }: FillOptions = {},
): Promise<number> {
  const home = readHome(homePath);
  const store = await ensureGenesis(home);
  const signatures = startSignaturePool(1);
  const engine = openEmbeddedEngine(home, store, {
    signatures,
    clock: Date.now,
    admit: () => accept(undefined),
    onStop: (reason, cause) => console.error(reason, cause),
    onClockBack: () => {},
  });
  const progress = new Progress(`${what}: ${to - from}`, to - from);
  const begun = performance.now();
  let next = from;
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      while (next < to) {
        const first = next;
        next = Math.min(to, next + OPERATIONS_PER_TRANSACTION);
        const operations = Array.from({ length: next - first }, (_, at) => operationOf(first + at));
        const lastHeight = store.head()!.height + 10_000;
        const [result] = await engine.submit([signed(operations, lastHeight)]);
        if (!result!.outcome.ok) throw new Error(JSON.stringify(result!.outcome.rejection));
        progress.add(next - first);
      }
    }),
  );
  const seconds = (performance.now() - begun) / 1000;
  progress.end();
  await engine.close();
  signatures.close();
  await store.close();
  return seconds;
}
