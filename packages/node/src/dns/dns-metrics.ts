import { Counter, type Registry } from "prom-client";
import type { RcodeName } from "./dns-record.ts";

/** How a query came. */
export type Transport = "udp" | "tcp";
/** Why a query was not answered, or not with what it asked for. */
export type Loss = "malformed" | "rate" | "truncated" | "connections";

/** What the responder counts of itself. No label is taken from input. */
export type DnsMetrics = {
  readonly observe: (transport: Transport, rcode: RcodeName) => void;
  readonly lose: (why: Loss) => void;
};

/** Counters of a responder, in the registry of its process. */
export function createDnsMetrics(registry: Registry): DnsMetrics {
  const replies = new Counter({
    name: "cityroot_dns_replies_total",
    help: "Replies over DNS by transport and code.",
    labelNames: ["transport", "rcode"],
    registers: [registry],
  });
  const losses = new Counter({
    name: "cityroot_dns_losses_total",
    help: "Queries that were dropped as malformed or above the rate, replies without content, refused connections.",
    labelNames: ["reason"],
    registers: [registry],
  });
  return {
    observe: (transport, rcode) => replies.inc({ transport, rcode }),
    lose: (reason) => losses.inc({ reason }),
  };
}
