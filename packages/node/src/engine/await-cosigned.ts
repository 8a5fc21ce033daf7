import type { Cosigning } from "../witness/cosigning.ts";
import type { Engine } from "./engine.ts";

/**
 * An engine whose submissions are answered when readers can be shown what entered: when a checkpoint of its block or a
 * later one has its quorum of cosignatures, or `waitMs` after the block is durable at the latest. Whoever asks to be
 * answered early is not kept waiting.
 */
export function awaitCosigned(
  engine: Engine,
  cosigning: Pick<Cosigning, "reached" | "figures"> | undefined,
  waitMs: number,
): Engine {
  if (cosigning === undefined) return engine;
  return {
    ...engine,
    witnesses: async () => cosigning.figures(),
    submit: async (transactions) => {
      const results = await engine.submit(transactions);
      const heights = results.flatMap(({ outcome }) => (outcome.ok ? [outcome.value.height] : []));
      if (heights.length > 0) await cosigning.reached(Math.max(...heights), waitMs);
      return results;
    },
  };
}
