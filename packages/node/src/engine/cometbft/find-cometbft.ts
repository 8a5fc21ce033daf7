import { statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { runCometBft } from "./run-cometbft.ts";

/** The one version of CometBFT that a node runs. */
export const COMETBFT_VERSION = "0.39.4";

/** Where `npm run build:cometbft` puts what it builds, in a clone. */
export const BUILT_COMETBFT: string = fileURLToPath(
  new URL(`../../../../../node_modules/.cache/cityroot/cometbft-${COMETBFT_VERSION}`, import.meta.url),
);

/** Thrown when there is no CometBFT to run, or another version: the message says how to mend that. */
export class CometBftMissingError extends Error {
  override readonly name = "CometBftMissingError";
  /** Where it was looked for, and the version that is expected there. */
  readonly path: string;
  readonly version: string = COMETBFT_VERSION;
  readonly kind: "absent" | "unrunnable" | "other";
  /** Why a file does not run, or which version it says; empty where there is none. */
  readonly got: string;

  constructor(
    { path, kind, got }: Pick<CometBftMissingError, "path" | "kind" | "got">,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.path = path;
    this.kind = kind;
    this.got = got;
  }
}

const BUILD = 'run "npm run build:cometbft"';

/**
 * Path of a CometBFT of the version that is expected: the one given by its path, else the one that was built. Throws a
 * {@link CometBftMissingError} where there is none.
 */
export async function findCometBft(given: string | null = null): Promise<string> {
  const path = given ?? BUILT_COMETBFT;
  // A build is mended by building; a path that was given, by another path or none.
  const fix = given === null ? BUILD : `give the path of one, or give none and ${BUILD} in a clone`;
  const expected = `expected CometBFT ${COMETBFT_VERSION} at ${path}`;
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true)
    throw new CometBftMissingError(
      { path, kind: "absent", got: "" },
      `${expected}, got no such file: ${fix}`,
    );
  let version: string;
  try {
    version = await runCometBft(path, ["version"]);
  } catch (cause) {
    const why = (cause as Error).message;
    const message = `${expected}, got a file that does not run (${why}): ${fix}`;
    throw new CometBftMissingError({ path, kind: "unrunnable", got: why }, message, { cause });
  }
  // Another version may decide on other blocks, or not read what this one wrote.
  if (version !== COMETBFT_VERSION) {
    const got = JSON.stringify(version.slice(0, 80));
    const message = `${expected}, got ${got}; every node of a network runs the same: ${fix}`;
    throw new CometBftMissingError({ path, kind: "other", got }, message);
  }
  return path;
}
