import { Counter, Gauge, type Registry } from "prom-client";
import type { WitnessFigures } from "../witness/witness-figures.ts";

/** Adds what came of asking witnesses, which is looked up when metrics are asked for. Names are the operator's own. */
export function watchWitnesses(registry: Registry, read: () => Promise<readonly WitnessFigures[]>): void {
  const registers = [registry];
  let reading: Promise<readonly WitnessFigures[]> | undefined;
  // All that are collected together are of one look; metrics are asked for most when something fails.
  const look = (): Promise<readonly WitnessFigures[]> => {
    reading ??= read()
      .catch(() => [])
      .finally(() => {
        reading = undefined;
      });
    return reading;
  };
  new Counter({
    name: "cityroot_witness_cosignatures_total",
    help: "Cosignatures that a witness gave.",
    labelNames: ["witness"],
    registers,
    async collect() {
      const figures = await look();
      this.reset();
      for (const { name, cosignatures } of figures) this.inc({ witness: name }, cosignatures);
    },
  });
  new Counter({
    name: "cityroot_witness_failures_total",
    help: "How often a witness gave no cosignature, by reason.",
    labelNames: ["witness", "reason"],
    registers,
    async collect() {
      const figures = await look();
      this.reset();
      for (const { name, failures } of figures) {
        for (const [reason, count] of Object.entries(failures)) this.inc({ witness: name, reason }, count);
      }
    },
  });
  new Gauge({
    name: "cityroot_witness_size",
    help: "Leaves of the log that a witness is known to have cosigned.",
    labelNames: ["witness"],
    registers,
    async collect() {
      const figures = await look();
      this.reset();
      for (const { name, size } of figures) this.set({ witness: name }, size);
    },
  });
}
