import { existsSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { isShortKeyName } from "@cityroot/core/log/note";
import { type PolicyJson, readPolicy } from "@cityroot/core/log/witness-policy";
import { ConfigError, isPublicUrl, objectOf, refuseUnknownKeys, wholeNumber, wrong } from "./config-field.ts";
import { type ConsensusConfig, parseConsensus } from "./consensus-config.ts";
import { type DnsConfig, parseDns } from "./dns-config.ts";
import { defaultPayloads, type PayloadsConfig, parsePayloads } from "./payloads-config.ts";

/** What an operator sets for a node, in `config.json` of its home. Unknown keys are refused. */
export type NodeConfig = {
  /** Name of the log, such as `registry.example/hebei`. */
  readonly origin: string;
  readonly listen: { readonly host: string; readonly port: number };
  /** How many processes answer questions beside the engine's; 0 lets the engine's own process do it. */
  readonly workers: number;
  /** How many processes check signatures; 0 checks them in the engine's. */
  readonly signatureProcesses: number;
  /**
   * Verifier keys of the log (type 0x01), one of each node of the network. This node's own is one of them whether it is
   * named or not.
   */
  readonly logKeys: readonly string[];
  /** Witnesses that this node asks for cosignatures and that clients are to trust, and how many of them they should want. */
  readonly witnesses: readonly WitnessAddress[];
  readonly quorum: number;
  /**
   * How long a submission's answer may wait, after its block is durable, for the quorum to cosign it, in milliseconds:
   * what is read after the answer then shows it, with a proof that clients believe.
   */
  readonly witnessWaitMs: number;
  readonly logLevel: LogLevel;
  /**
   * Where the registry is reached from outside, such as `https://id.example.cn`: for addresses that have to be whole,
   * in link sets and the OpenAPI document. Null where they are to be relative.
   */
  readonly publicUrl: string | null;
  /** Who is given the figures at `/metrics`: programs of this machine alone, or everyone. */
  readonly metrics: MetricsAudience;
  /** How this node takes part in a network of several; null where it decides alone. */
  readonly consensus: ConsensusConfig | null;
  /** What this node answers over DNS; null where it answers nothing there. */
  readonly dns: DnsConfig | null;
  /** The Handle prefix whose handles are this registry's codes, such as `20.500.12345`; null where none is. */
  readonly handlePrefix: string | null;
  /** Where the items of batches are kept, and which other nodes have copies. */
  readonly payloads: PayloadsConfig;
};

/** A witness: its verifier key (type 0x04), and its submission prefix, such as `https://witness.example/w1`. */
export type WitnessAddress = { readonly key: string; readonly url: string };

export const METRICS_AUDIENCES = ["loopback", "public"] as const;
export type MetricsAudience = (typeof METRICS_AUDIENCES)[number];

export const LOG_LEVELS = ["fatal", "error", "warn", "info", "debug"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Configuration with which a node starts when nothing else is said. */
export function defaultConfig(origin: string): NodeConfig {
  return {
    origin,
    listen: { host: "127.0.0.1", port: 8787 },
    workers: 1,
    signatureProcesses: Math.max(1, availableParallelism() - 1),
    logKeys: [],
    witnesses: [],
    quorum: 0,
    witnessWaitMs: 1_000,
    logLevel: "info",
    publicUrl: null,
    metrics: "loopback",
    consensus: null,
    dns: null,
    handlePrefix: null,
    payloads: defaultPayloads(),
  };
}

/** Reads and checks a configuration file. */
export function readConfig(path: string): NodeConfig {
  if (!existsSync(path))
    throw new ConfigError(`${path} does not exist: create a registry with "cityroot init"`);
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new ConfigError(`${path} is no JSON: ${(cause as Error).message}`, { cause });
  }
  return parseConfig(value);
}

/** Checks a configuration. */
export function parseConfig(value: unknown): NodeConfig {
  const object = objectOf(value, "config");
  const defaults = defaultConfig("");
  refuseUnknownKeys(object, "config", Object.keys(defaults));
  const { origin, listen = defaults.listen, logLevel = defaults.logLevel } = object;
  const { logKeys = [], witnesses = [], witnessWaitMs = defaults.witnessWaitMs } = object;
  const { publicUrl = defaults.publicUrl, metrics = defaults.metrics, consensus = null } = object;
  const { dns = null, handlePrefix = null } = object;
  const { workers = defaults.workers, signatureProcesses = defaults.signatureProcesses, quorum = 0 } = object;
  if (typeof origin !== "string" || !isShortKeyName(origin)) {
    throw wrong("origin", "the log's name without spaces, such as registry.example/hebei", origin);
  }
  const address = objectOf(listen, "config.listen");
  refuseUnknownKeys(address, "config.listen", Object.keys(defaults.listen));
  const { host } = address;
  if (typeof host !== "string" || host === "") throw wrong("listen.host", "a host name or address", host);
  if (!Array.isArray(logKeys) || !logKeys.every((key) => typeof key === "string")) {
    throw wrong("logKeys", "a list of verifier keys", logKeys);
  }
  const asked = parseWitnesses(witnesses);
  if (!LOG_LEVELS.includes(logLevel as LogLevel))
    throw wrong("logLevel", `one of ${LOG_LEVELS.join(", ")}`, logLevel);
  if (publicUrl !== null && !isPublicUrl(publicUrl))
    throw wrong("publicUrl", "an address such as https://id.example.cn, or null", publicUrl);
  if (!METRICS_AUDIENCES.includes(metrics as MetricsAudience))
    throw wrong("metrics", `one of ${METRICS_AUDIENCES.join(", ")}`, metrics);
  if (handlePrefix !== null && !isHandlePrefix(handlePrefix))
    throw wrong("handlePrefix", "a prefix of handles such as 20.500.12345, or null", handlePrefix);
  return {
    origin,
    listen: { host, port: wholeNumber(address["port"], "listen.port", 0, 65_535) },
    workers: wholeNumber(workers, "workers", 0, 64),
    signatureProcesses: wholeNumber(signatureProcesses, "signatureProcesses", 0, 64),
    logKeys,
    witnesses: asked,
    quorum: wholeNumber(quorum, "quorum", 0, asked.length),
    witnessWaitMs: wholeNumber(witnessWaitMs, "witnessWaitMs", 0, 60_000),
    logLevel: logLevel as LogLevel,
    publicUrl,
    metrics: metrics as MetricsAudience,
    consensus: consensus === null ? null : parseConsensus(consensus),
    dns: dns === null ? null : parseDns(dns),
    handlePrefix,
    payloads: parsePayloads(object["payloads"] ?? defaults.payloads),
  };
}

/** Whether a value is a prefix of handles as they are given out today: numbers between dots. */
export function isHandlePrefix(value: unknown): value is string {
  return typeof value === "string" && value.length <= 64 && /^[0-9]+(\.[0-9]+)*$/.test(value);
}

function parseWitnesses(value: unknown): readonly WitnessAddress[] {
  if (!Array.isArray(value)) throw wrong("witnesses", "a list of witnesses with key and url", value);
  return value.map((entry, at) => {
    const name = `witnesses[${at}]`;
    const object = objectOf(entry, `config.${name}`);
    refuseUnknownKeys(object, `config.${name}`, ["key", "url"]);
    const { key, url } = object;
    if (typeof key !== "string") throw wrong(`${name}.key`, "a verifier key", key);
    if (!isPublicUrl(url)) throw wrong(`${name}.url`, "an address such as https://witness.example/w1", url);
    return { key, url };
  });
}

/** The policy that a configuration makes for clients, with a log key of this node; throws where it is none they can use. */
export function policyOf({ origin, logKeys, witnesses, quorum }: NodeConfig, ownKey: string): PolicyJson {
  const policy = {
    origin,
    logKeys: logKeys.includes(ownKey) ? logKeys : [ownKey, ...logKeys],
    witnesses: witnesses.map(({ key }) => key),
    quorum,
  };
  const read = readPolicy(policy);
  if (read.ok) return policy;
  const { field, expected, got } = read.fault;
  throw new ConfigError(`config.${field}: expected ${expected}, got ${got}`);
}
