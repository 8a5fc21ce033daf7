import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("main.ts", import.meta.url));

/** A command that runs in a process of its own until it is told to stop. */
export type Started = {
  readonly process: ChildProcess;
  /** All that it wrote so far. */
  readonly written: () => string;
  /** Waits until a text was written, or fails when the process ends without. */
  readonly waitFor: (text: string) => Promise<void>;
  /** Interrupts it and gives the code that it ended with. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<number | null>;
  readonly ended: Promise<number | null>;
};

/** Starts a command, and waits for its first line on standard output. */
export async function startProcess(argv: readonly string[], folder: string): Promise<Started> {
  const started = spawnCli(argv, folder);
  await started.waitFor("\n");
  return started;
}

/** Starts a command and does not wait. */
export function spawnCli(argv: readonly string[], folder: string): Started {
  const env = { ...process.env, HOME: folder, CITYROOT_HOME: "" };
  const child = spawn(process.execPath, ["--conditions=source", MAIN, ...argv], { cwd: folder, env });
  let text = "";
  let errors = "";
  child.stdout.on("data", (part) => {
    text += part;
  });
  child.stderr.on("data", (part) => {
    errors += part;
  });
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  const waitFor = (wanted: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if ((text + errors).includes(wanted) && (wanted !== "\n" || text !== "")) resolve();
      };
      child.stdout.on("data", look);
      child.stderr.on("data", look);
      child.on("close", () => reject(new Error(`ended without ${JSON.stringify(wanted)}: ${text}${errors}`)));
      look();
    });
  return {
    process: child,
    written: () => text + errors,
    waitFor,
    stop: async (signal = "SIGINT") => {
      child.kill(signal);
      return ended;
    },
    ended,
  };
}
