import { decodeBlock, logEntriesOf } from "@cityroot/core/block";
import { equalBytes } from "@cityroot/core/hex";
import { EMPTY_FRONTIER, encodeFrontier } from "@cityroot/core/log/tree";
import { type LogGrowth, openLogWriter } from "../log/log-writer.ts";
import type { MisbehaviourCheck } from "./check-misbehaviour.ts";
import { SnapshotRefusedError } from "./snapshot-refused-error.ts";

/** Makes the log of the blocks, which come in their order, and holds it against the one that is trusted. */
export type BlockCheck = {
  /** Takes the next blocks, one or more; gives what the log grew by. */
  readonly add: (blocks: readonly Buffer[]) => LogGrowth;
  /** Checks that the blocks make the log that is trusted; gives the path of its last seal. */
  readonly finish: () => readonly Uint8Array[];
};

const NO_STORAGE = { readTile: () => undefined, readEntryBundle: () => undefined };

/** Checks blocks up to a height. */
export function blockCheck(
  height: number,
  logFrontier: Uint8Array,
  misbehaviour: Pick<MisbehaviourCheck, "addBlock" | "finish">,
): BlockCheck {
  const log = openLogWriter(EMPTY_FRONTIER, NO_STORAGE);
  let next = 0;
  let newest: LogGrowth | undefined;
  return {
    add: (blocks) => {
      const entries = blocks.flatMap((bytes) => {
        const block = decodeBlock(bytes);
        if (block === undefined || block.height !== next || next > height)
          throw new SnapshotRefusedError(`what stands for block ${next} is another, or none`);
        next += 1;
        misbehaviour.addBlock(block);
        return logEntriesOf(block);
      });
      newest = log.grow(entries);
      return newest;
    },
    finish: () => {
      if (newest === undefined || next !== height + 1)
        throw new SnapshotRefusedError(`there are ${next} blocks in place of ${height + 1}`);
      misbehaviour.finish();
      // Every leaf tells of one transaction or one seal: one log, one sequence of blocks.
      if (!equalBytes(encodeFrontier(newest.frontier), logFrontier))
        throw new SnapshotRefusedError("the blocks do not make the log");
      return newest.lastPath;
    },
  };
}
