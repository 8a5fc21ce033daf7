import { NEWEST_PROTOCOL } from "@cityroot/core/protocol-rules";
import type { ProtocolChange } from "@cityroot/core/state/parameters";
import type { Logger } from "pino";
import type { BlockExecutor } from "./block-executor.ts";

/**
 * An executor that warns when a version of the protocol is to come that this program does not know: at its start, and when it is
 * set. The node stops before that version's first height, which is days away when it is set.
 */
export function warnOfProtocol(executor: BlockExecutor, logger: Pick<Logger, "warn">): BlockExecutor {
  let told: ProtocolChange | null = null;
  const look = (): void => {
    const { next } = executor.consensusState();
    if (next === null || next.version <= NEWEST_PROTOCOL) return;
    if (next.version === told?.version && next.fromHeight === told.fromHeight) return;
    told = next;
    logger.warn(
      { ...next, known: NEWEST_PROTOCOL },
      `from height ${next.fromHeight} on the network needs version ${next.version} of the protocol, which this program does not know: install one that does before then, or the node stops there`,
    );
  };
  look();
  return {
    ...executor,
    commit: async () => {
      const block = await executor.commit();
      look();
      return block;
    },
  };
}
