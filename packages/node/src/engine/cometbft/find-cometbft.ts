import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** The one version of CometBFT that a node runs. */
export const COMETBFT_VERSION = "0.39.4";

/** Where `npm run build:cometbft` puts what it builds, in a clone. */
export const BUILT_COMETBFT: string = fileURLToPath(
  new URL(`../../../../../node_modules/.cache/cityroot/cometbft-${COMETBFT_VERSION}`, import.meta.url),
);

/** Thrown when there is no CometBFT to run, or another version: the message says how to mend that. */
export class CometBftMissingError extends Error {
  override readonly name = "CometBftMissingError";
}

const run = promisify(execFile);
const VERSION_MS_MAX = 10_000;

/**
 * Path of a CometBFT of the version that is expected: the one given by its path, else the one that was built. Throws a
 * {@link CometBftMissingError} where there is none.
 */
export async function findCometBft(given: string | null = null): Promise<string> {
  const path = given ?? BUILT_COMETBFT;
  if (!existsSync(path)) {
    throw new CometBftMissingError(
      `expected CometBFT ${COMETBFT_VERSION} at ${path}, got nothing: ${given === null ? 'run "npm run build:cometbft"' : "give the path of one"}`,
    );
  }
  let version: string;
  try {
    version = (await run(path, ["version"], { timeout: VERSION_MS_MAX, maxBuffer: 4_096 })).stdout.trim();
  } catch (cause) {
    throw new CometBftMissingError(`${path} does not run: ${(cause as Error).message}`, { cause });
  }
  // Another version may decide on other blocks, or not read what this one wrote.
  if (version !== COMETBFT_VERSION) {
    throw new CometBftMissingError(
      `expected CometBFT ${COMETBFT_VERSION} at ${path}, got ${JSON.stringify(version)}: every node of a network runs the same`,
    );
  }
  return path;
}
