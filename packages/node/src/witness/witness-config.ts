import { LOG_KEYS_MAX } from "@cityroot/core/log/log-signatures";
import { isShortKeyName, KEY_NAME_FORM, parseVerifierKey, type VerifierKey } from "@cityroot/core/log/note";
import { LOG_LEVELS, type LogLevel } from "../home/config.ts";
import { ConfigError } from "../home/config-field.ts";

/** A log that is watched: its origin, and the keys that are trusted to sign for it. */
export type WatchedLog = { readonly origin: string; readonly keys: readonly VerifierKey[] };

/** What an operator sets for a witness, in `witness.json` of its home. Unknown keys are refused. */
export type WitnessConfig = {
  readonly listen: { readonly host: string; readonly port: number };
  /** Logs that are cosigned, and no others. Written by `cityroot witness add-log`, which also begins their records. */
  readonly logs: readonly WatchedLog[];
  /** Requests that one address may make in a second; 0 for any number, where a proxy in front counts them. */
  readonly requestsPerSecond: number;
  readonly logLevel: LogLevel;
};

/** The configuration as it stands in the file: keys as verifier keys in text (C2SP signed-note). */
export type WitnessConfigJson = Omit<WitnessConfig, "logs"> & {
  readonly logs: readonly { readonly origin: string; readonly keys: readonly string[] }[];
};

/** Most logs of one witness. */
const LOGS_MAX = 10_000;
const REQUESTS_PER_SECOND_MAX = 1_000_000;

/** Configuration with which a witness starts when nothing else is said. */
export const DEFAULT_WITNESS_CONFIG: WitnessConfigJson = {
  listen: { host: "127.0.0.1", port: 8788 },
  logs: [],
  requestsPerSecond: 50,
  logLevel: "info",
};

/** Checks a configuration; errors are {@link ConfigError}s that name the key, what was expected and what came. */
export function parseWitnessConfig(value: unknown): WitnessConfig {
  const object = objectOf(value, "witness", Object.keys(DEFAULT_WITNESS_CONFIG));
  const { listen, logs, requestsPerSecond, logLevel } = { ...DEFAULT_WITNESS_CONFIG, ...object } as {
    readonly [key in keyof WitnessConfigJson]: unknown;
  };
  const { host, port } = objectOf(listen, "witness.listen", ["host", "port"]);
  if (typeof host !== "string" || host === "") throw wrong("listen.host", "a host name or address", host);
  if (!LOG_LEVELS.includes(logLevel as LogLevel))
    throw wrong("logLevel", `one of ${LOG_LEVELS.join(", ")}`, logLevel);
  return {
    listen: { host, port: wholeNumber(port, "listen.port", 65_535) },
    logs: logsOf(logs),
    requestsPerSecond: wholeNumber(requestsPerSecond, "requestsPerSecond", REQUESTS_PER_SECOND_MAX),
    logLevel: logLevel as LogLevel,
  };
}

function logsOf(value: unknown): readonly WatchedLog[] {
  if (!Array.isArray(value) || value.length > LOGS_MAX) {
    throw wrong("logs", `a list of at most ${LOGS_MAX} logs`, Array.isArray(value) ? value.length : value);
  }
  const origins = new Set<string>();
  return value.map((entry, at) => {
    const { origin, keys } = objectOf(entry, `witness.logs.${at}`, ["origin", "keys"]);
    if (typeof origin !== "string" || !isShortKeyName(origin))
      throw wrong(`logs.${at}.origin`, KEY_NAME_FORM, origin);
    if (origins.has(origin)) throw wrong(`logs.${at}.origin`, "an origin that stands once", origin);
    origins.add(origin);
    if (!Array.isArray(keys) || keys.length === 0 || keys.length > LOG_KEYS_MAX) {
      throw wrong(`logs.${at}.keys`, `a list of 1 to ${LOG_KEYS_MAX} verifier keys`, keys);
    }
    return { origin, keys: keys.map((key, place) => keyOf(key, `logs.${at}.keys.${place}`)) };
  });
}

function keyOf(value: unknown, name: string): VerifierKey {
  const key = typeof value === "string" ? parseVerifierKey(value) : undefined;
  if (key?.ok) return key.value;
  const about = key === undefined ? "" : ` (${key.fault.field}: expected ${key.fault.expected})`;
  throw wrong(name, `a verifier key name+id+key${about}`, value);
}

function objectOf(value: unknown, name: string, keys: readonly string[]): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new ConfigError(`${name}: expected an object, got ${JSON.stringify(value)}`);
  for (const key of Object.keys(value)) {
    if (!keys.includes(key))
      throw new ConfigError(`${name}.${key}: expected one of ${keys.join(", ")}, got an unknown key`);
  }
  return value as Record<string, unknown>;
}

function wholeNumber(value: unknown, name: string, max: number): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= max) return value;
  throw wrong(name, `a whole number from 0 to ${max}`, value);
}

function wrong(name: string, expected: string, got: unknown): ConfigError {
  return new ConfigError(`witness.${name}: expected ${expected}, got ${JSON.stringify(got)}`);
}
