import { printVerifierKey } from "@cityroot/core/log/note";
import type { LogLevel } from "../home/config.ts";
import { lockHome } from "../home/home-lock.ts";
import { openLogger } from "../logger.ts";
import { installNativeFunctions } from "../store/native-functions.ts";
import { openWitness, type Witness, type WitnessOptions } from "./witness.ts";
import { readWitnessHome, type WitnessHome } from "./witness-home.ts";
import { WITNESS_LIMITS, type WitnessLimits } from "./witness-limits.ts";
import { createWitnessServer } from "./witness-server.ts";

/** What a caller decides beyond the home's configuration. */
export type StartWitnessOptions = {
  readonly home: string;
  readonly listen?: { readonly host: string; readonly port: number };
  readonly logLevel?: LogLevel;
  /** Limits that differ from {@link WITNESS_LIMITS}. */
  readonly limits?: Partial<WitnessLimits>;
  /** Milliseconds since 1970-01-01T00:00Z; the machine's clock when absent. */
  readonly clock?: () => number;
};

/** A running witness. */
export type RunningWitness = {
  /** Where it answers, such as `http://127.0.0.1:8788`: what logs are to be given as its submission prefix. */
  readonly address: string;
  /** Its verifier key as text, for the policies of clients. */
  readonly key: string;
  /** How many logs it watches. */
  readonly logs: number;
  /** Takes no more, ends what it began, and stops. */
  readonly close: () => Promise<void>;
};

/** Starts the witness of a home. It is the only one there: the home is locked until it is closed. */
export async function startWitness(options: StartWitnessOptions): Promise<RunningWitness> {
  installNativeFunctions();
  // Before the lock, for an error that says what is missing; behind it, for what another process may have changed.
  const unlock = lockHome(readWitnessHome(options.home).path);
  try {
    const home = readWitnessHome(options.home);
    const limits = { ...WITNESS_LIMITS, ...options.limits };
    const { logLevel = home.config.logLevel, listen = home.config.listen, clock = Date.now } = options;
    const logger = openLogger(logLevel, { process: "witness", pid: process.pid });
    const served = await serveWitness(home, { limits, logger, clock, listen });
    const { address } = served;
    const key = printVerifierKey(served.witness.verifier);
    return {
      address,
      key,
      logs: home.config.logs.length,
      close: async () => {
        try {
          await served.close();
        } finally {
          unlock();
        }
      },
    };
  } catch (cause) {
    unlock();
    throw cause;
  }
}

/** What a witness is served with. */
export type ServeWitnessOptions = WitnessOptions & {
  readonly listen: { readonly host: string; readonly port: number };
};

/** A witness that answers over HTTP. */
export type ServedWitness = {
  readonly witness: Witness;
  readonly address: string;
  readonly close: () => Promise<void>;
};

/** Opens the witness of a home, which the caller has locked, and serves it. */
export async function serveWitness(
  home: WitnessHome,
  { listen, ...options }: ServeWitnessOptions,
): Promise<ServedWitness> {
  const { limits, logger } = options;
  const witness = openWitness(home, options);
  const { requestsPerSecond, logs } = home.config;
  const app = createWitnessServer({ witness, limits, requestsPerSecond, logger });
  const address = await app.listen(listen);
  const key = printVerifierKey(witness.verifier);
  logger.info({ address, witness: key, logs: logs.length }, "the witness serves");
  return { witness, address, close: async () => app.close() };
}
