import { createInterface } from "node:readline/promises";
import { EXIT } from "./exit-code.ts";
import type { Io } from "./io.ts";

/** The process that this is. The first interrupt asks commands to end, the second ends the process. */
export function processIo(): Io {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    controller.abort();
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  // A reader that closes its end, as `head` does, has what it wanted.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    process.exit(error.code === "EPIPE" ? EXIT.ok : EXIT.failure);
  });
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    ask: async (question) => {
      const line = createInterface({ input: process.stdin, output: process.stderr });
      try {
        return await line.question(question, { signal: controller.signal });
      } finally {
        line.close();
      }
    },
    isOutTerminal: process.stdout.isTTY === true,
    isErrTerminal: process.stderr.isTTY === true,
    isInTerminal: process.stdin.isTTY === true,
    // A terminal that does not know its width says 0.
    columns: process.stderr.columns || process.stdout.columns || 80,
    env: process.env,
    workingFolder: process.cwd(),
    interrupt: controller.signal,
    now: () => Date.now(),
  };
}
