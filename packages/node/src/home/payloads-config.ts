import { isPublicUrl, objectOf, refuseUnknownKeys, wholeNumber, wrong } from "./config-field.ts";

/** Where a node keeps the items of batches, and where it gets those that it lacks. */
export type PayloadsConfig = {
  /**
   * Addresses of other nodes that hold the same payloads, such as `https://node-2.example.cn`: what the ledger refers to
   * and is missing here is fetched from them, and from nobody else.
   */
  readonly replicas: readonly string[];
  /** After how many days each payload is read and checked again; 0 for never. */
  readonly recheckDays: number;
  /** Bytes of the disk that payloads leave to all else, such as blocks. */
  readonly reserveBytes: number;
  /** S3-compatible storage in which payloads live; null where they are in a folder of the home. */
  readonly s3: S3Config | null;
};

/** Storage that speaks Amazon's S3 interface. Its credentials never stand in a configuration. */
export type S3Config = {
  /** Address of the server, such as `https://s3.example.cn`. */
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  /** What every name in the bucket begins with: empty, or ending with a slash. */
  readonly prefix: string;
  /** Whether the bucket is named in the path (most servers) or before the host name (Amazon's). */
  readonly pathStyle: boolean;
  /**
   * Path of a file with credentials as Amazon's tools read them; null where AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY
   * of the environment are taken.
   */
  readonly credentialsFile: string | null;
  /** Bytes that payloads and their indexes may take on this machine's disk. */
  readonly cacheBytes: number;
};

/** Most other nodes that are asked. */
const REPLICAS_MAX = 64;
const RECHECK_DAYS_MAX = 3_650;
const RESERVE_BYTES = 1_073_741_824;
const CACHE_BYTES_MIN = 64 * 1_048_576;

/** Payloads in the home's folder, and nobody to fetch from. */
export function defaultPayloads(): PayloadsConfig {
  return { replicas: [], recheckDays: 7, reserveBytes: RESERVE_BYTES, s3: null };
}

/** Storage of which the rest is said. */
const DEFAULT_S3 = {
  region: "us-east-1",
  prefix: "",
  pathStyle: true,
  credentialsFile: null,
  cacheBytes: 10 * 1_073_741_824,
} as const;

/** Checks `config.payloads`. Throws a `ConfigError`. */
export function parsePayloads(value: unknown): PayloadsConfig {
  const object = objectOf(value, "config.payloads");
  const defaults = defaultPayloads();
  refuseUnknownKeys(object, "config.payloads", Object.keys(defaults));
  const { replicas = defaults.replicas, recheckDays = defaults.recheckDays, s3 = null } = object;
  const { reserveBytes = defaults.reserveBytes } = object;
  if (!Array.isArray(replicas) || replicas.length > REPLICAS_MAX)
    throw wrong("payloads.replicas", `a list of at most ${REPLICAS_MAX} addresses`, replicas);
  for (const [at, replica] of replicas.entries()) {
    if (!isPublicUrl(replica))
      throw wrong(`payloads.replicas[${at}]`, "an address such as https://node-2.example.cn", replica);
  }
  return {
    replicas: replicas.map((replica: string) => replica.replace(/\/$/, "")),
    recheckDays: wholeNumber(recheckDays, "payloads.recheckDays", 0, RECHECK_DAYS_MAX),
    reserveBytes: wholeNumber(reserveBytes, "payloads.reserveBytes", 0, Number.MAX_SAFE_INTEGER),
    s3: s3 === null ? null : parseS3(s3),
  };
}

function parseS3(value: unknown): S3Config {
  const object = objectOf(value, "config.payloads.s3");
  refuseUnknownKeys(object, "config.payloads.s3", ["endpoint", "bucket", ...Object.keys(DEFAULT_S3)]);
  const { endpoint, bucket, region, prefix, pathStyle, credentialsFile, cacheBytes } = {
    ...DEFAULT_S3,
    ...object,
  } as { readonly [key in keyof S3Config]: unknown };
  if (!isPublicUrl(endpoint))
    throw wrong("payloads.s3.endpoint", "an address such as https://s3.example.cn", endpoint);
  if (!isText(bucket, /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/))
    throw wrong("payloads.s3.bucket", "3 to 63 small letters, digits, dots and hyphens", bucket);
  if (!isText(region, /^[a-z0-9-]{1,64}$/))
    throw wrong("payloads.s3.region", "the region's name, such as us-east-1", region);
  if (!isText(prefix, /^(?:[A-Za-z0-9_.-]{1,64}\/){0,4}$/))
    throw wrong("payloads.s3.prefix", "nothing, or names that each end with a slash, as cityroot/", prefix);
  if (typeof pathStyle !== "boolean") throw wrong("payloads.s3.pathStyle", "true or false", pathStyle);
  if (credentialsFile !== null && (typeof credentialsFile !== "string" || credentialsFile === ""))
    throw wrong("payloads.s3.credentialsFile", "the path of a file, or null", credentialsFile);
  return {
    ...{ endpoint, bucket, region, prefix, pathStyle, credentialsFile },
    cacheBytes: wholeNumber(cacheBytes, "payloads.s3.cacheBytes", CACHE_BYTES_MIN, Number.MAX_SAFE_INTEGER),
  };
}

function isText(value: unknown, form: RegExp): value is string {
  return typeof value === "string" && form.test(value);
}
