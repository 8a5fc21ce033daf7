import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { PayloadCounts } from "../payload/payload-holdings.ts";
import type { WitnessFigures } from "../witness/witness-figures.ts";
import { watchWitnesses } from "./witness-metrics.ts";

/** What the server counts of itself. No label is taken from input, so that their number is bounded. */
export type Metrics = {
  readonly registry: Registry;
  /** Counts an answer of a route, and how long it took in seconds. */
  readonly observe: (route: string, method: string, status: number, seconds: number) => void;
  /** Counts an answer of a hot route, as cheaply as adding one. */
  readonly observeHot: (route: HotRoute, status: number, seconds: number) => void;
  /** Sets what is looked up when metrics are asked for. */
  readonly watch: (read: () => Watched) => void;
  /** Sets what is looked up of witnesses when metrics are asked for. */
  readonly watchWitnesses: (read: () => Promise<readonly WitnessFigures[]>) => void;
};

/** Routes that are answered before the router. */
export type HotRoute = "/v1/codes/*" | "/v1/proofs/*" | "/v1/aliases";

/** Figures that are read when metrics are asked for; height and age are undefined while the store cannot be read. */
export type Watched = {
  readonly height: number | undefined;
  readonly ageMs: number | undefined;
  /** Leaves of the log at the shown checkpoint, and after the newest block. */
  readonly checkpointSize: number | undefined;
  readonly logSize: number | undefined;
  readonly submissions: number;
  readonly submissionBytes: number;
  readonly payloads: number;
  readonly takesWrites: boolean;
  /** Payloads that the ledger refers to; undefined while that is not known. */
  readonly holdings: PayloadCounts | undefined;
};

type Hot = {
  readonly route: HotRoute;
  readonly status: number;
  seconds: number;
  count: number;
  reported: number;
};

const BUCKETS_S = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10];

/** Counters of a server, in a registry of their own. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const hot = new Map<string, Hot>();
  const durations = new Histogram({
    name: "cityroot_http_request_duration_seconds",
    help: "How long answers took, by route; of single codes see cityroot_http_resolve_seconds_total.",
    labelNames: ["route", "method"],
    buckets: BUCKETS_S,
    registers: [registry],
  });
  const requests = new Counter({
    name: "cityroot_http_requests_total",
    help: "Answers by route, method and status.",
    labelNames: ["route", "method", "status"],
    registers: [registry],
    collect() {
      for (const one of hot.values()) {
        this.inc({ route: one.route, method: "GET", status: one.status }, one.count - one.reported);
        one.reported = one.count;
      }
    },
  });
  new Counter({
    name: "cityroot_http_resolve_seconds_total",
    help: "Time spent on answers about single codes, by route.",
    labelNames: ["route"],
    registers: [registry],
    collect() {
      this.reset();
      for (const { route, seconds } of hot.values()) this.inc({ route }, seconds);
    },
  });
  return {
    registry,
    observe: (route, method, status, seconds) => {
      requests.inc({ route, method, status });
      durations.observe({ route, method }, seconds);
    },
    observeHot: (route, status, seconds) => {
      const name = `${route} ${status}`;
      const known = hot.get(name);
      if (known === undefined) hot.set(name, { route, status, seconds, count: 1, reported: 0 });
      else {
        known.count += 1;
        known.seconds += seconds;
      }
    },
    watch: (read) => watchFigures(registry, read),
    watchWitnesses: (read) => watchWitnesses(registry, read),
  };
}

function watchFigures(registry: Registry, read: () => Watched): void {
  const figures: readonly (readonly [string, string, (watched: Watched) => number | undefined])[] = [
    ["cityroot_height", "Height of the block that is shown.", (watched) => watched.height],
    [
      "cityroot_head_age_seconds",
      "Age of the block that is shown.",
      ({ ageMs }) => (ageMs === undefined ? undefined : ageMs / 1_000),
    ],
    [
      "cityroot_checkpoint_size",
      "Leaves of the log at the checkpoint that is shown: where witnesses are asked, the newest with its quorum.",
      (watched) => watched.checkpointSize,
    ],
    ["cityroot_log_size", "Leaves of the log after the newest block.", (watched) => watched.logSize],
    ["cityroot_submissions_waiting", "Submissions being read or waiting.", (watched) => watched.submissions],
    ["cityroot_submission_bytes_waiting", "Bytes of those.", (watched) => watched.submissionBytes],
    ["cityroot_payloads_receiving", "Payloads being received.", (watched) => watched.payloads],
    [
      "cityroot_takes_writes",
      "Whether transactions are taken: 1 or 0.",
      ({ takesWrites }) => (takesWrites ? 1 : 0),
    ],
    [
      "cityroot_payloads_referred",
      "Payloads that the ledger refers to.",
      ({ holdings }) => holdings?.referred,
    ],
    [
      "cityroot_payloads_held",
      "Those of them that are whole on this node.",
      ({ holdings }) => holdings?.whole,
    ],
    [
      "cityroot_payloads_missing",
      "Those of them that are missing or damaged on this node.",
      ({ holdings }) => holdings && holdings.missing + holdings.damaged,
    ],
    [
      "cityroot_payloads_unfit",
      "Those of them that no copy can fit: their items do not make the root on the ledger.",
      ({ holdings }) => holdings?.unfit,
    ],
  ];
  for (const [name, help, pick] of figures) {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(pick(read()) ?? Number.NaN);
      },
    });
  }
}
