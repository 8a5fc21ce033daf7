import { execFile } from "node:child_process";

const RUN_MS_MAX = 30_000;
const OUTPUT_BYTES_MAX = 65_536;
/** How much of what a failed command said is told. */
const SAID_CHARACTERS_MAX = 400;

/** Settings by the names under which CometBFT reads them, such as `CMT_MEMPOOL_SIZE`. */
export type CometSettings = { readonly [name: `CMT_${string}`]: string };

/**
 * The environment in which CometBFT is run: that of this process without what CometBFT would take for its own, since a
 * `CMTHOME` there goes before the folder that is named to it, and with it other keys would sign.
 */
export function cometEnvironment(settings: CometSettings = {}): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(CMT|TMHOME)/i.test(name));
  return { ...Object.fromEntries(inherited), ...settings };
}

/**
 * Runs a command of CometBFT that ends by itself, and gives what it printed, trimmed. Throws an `Error` with what it said
 * where it fails or takes longer than half a minute.
 */
export function runCometBft(binary: string, args: readonly string[]): Promise<string> {
  const options = { env: cometEnvironment(), timeout: RUN_MS_MAX, maxBuffer: OUTPUT_BYTES_MAX };
  return new Promise((resolve, reject) => {
    execFile(binary, args, options, (cause, printed, reported) => {
      if (cause === null) {
        resolve(printed.trim());
        return;
      }
      // It tells some of its reasons on standard output.
      const said = `${reported}${printed}`.trim().slice(-SAID_CHARACTERS_MAX);
      const how = cause.killed
        ? "took too long or printed too much"
        : `failed with ${cause.code ?? cause.signal}`;
      reject(new Error(`"${binary} ${args.join(" ")}" ${how}${said === "" ? "" : `: ${said}`}`, { cause }));
    });
  });
}
