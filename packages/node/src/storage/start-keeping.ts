import type { Logger } from "pino";
import type { LogLevel } from "../home/config.ts";
import type { Home } from "../home/home.ts";
import { keepPayloads } from "./keep-payloads.ts";
import { openKeeper } from "./open-keeper.ts";
import type { PayloadKeeper } from "./payload-keeper.ts";

/** Whose payloads are kept, and where. */
export type KeepingOptions = {
  readonly home: Home;
  /** In a process of its own, or in this one. */
  readonly isApart: boolean;
  readonly logLevel: LogLevel;
  readonly logger: Logger;
};

/** Begins to keep the payloads of a node. Whatever hinders it is told in the log, and keeps nobody from asking. */
export async function startKeeping({
  home,
  isApart,
  logLevel,
  logger,
}: KeepingOptions): Promise<PayloadKeeper> {
  if (isApart) return keepPayloads({ homePath: home.path, logLevel }, logger);
  try {
    return await openKeeper(home, logger);
  } catch (cause) {
    logger.error({ err: cause }, "payloads are not kept whole");
    return { close: async () => {} };
  }
}
