import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Logger } from "pino";
import type { LogLevel } from "../home/config.ts";
import { PROCESS_FLAGS } from "../process-flags.ts";
import type { PayloadKeeper } from "./payload-keeper.ts";

/** What the process is told to do. */
export type KeeperOrder = { readonly homePath: string; readonly logLevel: LogLevel };

/** How long a process that fell is waited with before another takes its place: longer each time, where it falls at once. */
const RESTART_DELAY_MS = 1_000;
const RESTART_DELAY_MAX_MS = 60_000;
/** How long it may take to end. */
const STOP_TIMEOUT_MS = 10_000;

/** Keeps the payloads of a home in a process of its own; one that falls is replaced. */
export function keepPayloads(order: KeeperOrder, logger: Logger): PayloadKeeper {
  const isSource = import.meta.url.endsWith(".ts");
  const path = fileURLToPath(new URL(`./keeper-process.${isSource ? "ts" : "js"}`, import.meta.url));
  let child: ChildProcess | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isClosing = false;
  let delayMs = RESTART_DELAY_MS;
  const start = (): void => {
    const started = fork(path, {
      execArgv: [...PROCESS_FLAGS],
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    child = started;
    const begunMs = performance.now();
    // Its end says the rest.
    started.on("error", (cause) =>
      logger.error({ err: cause }, "the process that keeps payloads cannot be reached"),
    );
    started.once("exit", (code, signal) => {
      child = undefined;
      if (isClosing) return;
      logger.error({ code, signal }, "the process that keeps payloads fell and is replaced");
      if (performance.now() - begunMs > RESTART_DELAY_MAX_MS) delayMs = RESTART_DELAY_MS;
      timer = setTimeout(start, delayMs);
      delayMs = Math.min(RESTART_DELAY_MAX_MS, 2 * delayMs);
    });
    started.send(order);
  };
  start();
  return {
    close: async () => {
      isClosing = true;
      clearTimeout(timer);
      if (child !== undefined) await stopProcess(child);
    },
  };
}

function stopProcess(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
    child.once("exit", () => {
      clearTimeout(timer);
      resolve();
    });
    if (child.connected) child.send("stop");
    else child.kill("SIGKILL");
  });
}
