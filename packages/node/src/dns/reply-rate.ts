import { openRate, rateKeyOf } from "../witness/rate.ts";
import type { DnsLimits } from "./dns-limits.ts";

/** What becomes of a reply over UDP: sent, sent without anything in it, or not at all. */
export type ReplyFate = "send" | "truncate" | "drop";

/**
 * Says what becomes of a reply. Above the rate of its network every second one is dropped, and the others send the client to
 * TCP: whoever forged the address gains nothing, and whoever really asks gets an answer.
 */
export function openReplyRate(
  { repliesPerSecond, networksMax }: DnsLimits,
  now: () => number,
): (address: string) => ReplyFate {
  const rate = openRate({ perSecond: repliesPerSecond, keysMax: networksMax, now });
  let isSecond = false;
  return (address) => {
    if (rate.take(networkOf(address))) return "send";
    isSecond = !isSecond;
    return isSecond ? "truncate" : "drop";
  };
}

/** The network that an address counts for: the first 24 bits of IPv4, the first 56 of IPv6. */
export function networkOf(address: string): string {
  const key = rateKeyOf(address);
  if (key.includes(".")) return key.slice(0, key.lastIndexOf("."));
  const [a, b, c, d = "0"] = key.split(":");
  return [a, b, c, (Number.parseInt(d, 16) & 0xff00).toString(16)].join(":");
}
