import type { Logger } from "pino";
import type { Registry } from "prom-client";
import { openViews } from "../api/read/view.ts";
import type { PayloadStore } from "../payload/payload-store.ts";
import type { RegistryReader } from "../resolver/registry-reader.ts";
import { createDnsMetrics } from "./dns-metrics.ts";
import { type DnsServer, startDnsServer } from "./dns-server.ts";
import { type ZoneOptions, zonesOf } from "./zone.ts";

/** What a responder of a node is opened from. */
export type DnsParts = {
  readonly reader: RegistryReader;
  readonly payloads: Pick<PayloadStore, "bring">;
  readonly logger: Logger;
  /** Where it counts: the registry of its process. */
  readonly registry: Registry;
  readonly publicUrl: string;
};

/** Opens the responder of a node over its reader; the caller closes it before the reader. */
export function openDns(
  { reader, payloads, logger, registry, publicUrl }: DnsParts,
  config: ZoneOptions & { readonly port: number },
): Promise<DnsServer> {
  const source = {
    zones: zonesOf(config),
    view: openViews(reader),
    publicUrl: publicUrl.replace(/\/$/, ""),
  };
  return startDnsServer({ source, payloads, metrics: createDnsMetrics(registry), logger }, config);
}
