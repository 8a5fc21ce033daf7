// A process that keeps the payloads of a node whole, so that neither questions nor blocks wait for it.
import { setPriority } from "node:os";
import { readHome } from "../home/home.ts";
import { openLogger } from "../logger.ts";
import { installNativeFunctions } from "../store/native-functions.ts";
import type { KeeperOrder } from "./keep-payloads.ts";
import { openKeeper } from "./open-keeper.ts";
import type { PayloadKeeper } from "./payload-keeper.ts";

/** How willingly it lets others have the processor: what is asked and decided goes first. */
const NICENESS = 10;

async function open({ homePath, logLevel }: KeeperOrder): Promise<PayloadKeeper> {
  setPriority(NICENESS);
  installNativeFunctions();
  const logger = openLogger(logLevel, { process: "payloads", pid: process.pid });
  return openKeeper(readHome(homePath), logger);
}

function follow(order: KeeperOrder): void {
  const fail = (cause: unknown): void => {
    console.error(cause);
    process.exit(1);
  };
  const opening = open(order);
  opening.catch(fail);
  let isStopping = false;
  const stop = async (): Promise<void> => {
    if (isStopping) return;
    isStopping = true;
    await (await opening).close();
    process.exit(0);
  };
  process.on("message", () => void stop().catch(fail));
  // Without the engine's process nobody would restart or stop this one.
  process.on("disconnect", () => void stop().catch(fail));
  process.on("SIGINT", () => {});
}

process.once("message", follow);
