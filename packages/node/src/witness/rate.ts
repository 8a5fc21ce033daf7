/** Says whether one more may pass now. */
export type Rate = { readonly take: (key: string) => boolean };

/** What a rate is made of. */
export type RateOptions = {
  /** How many pass in a second, of each key; twice as many may come at once. */
  readonly perSecond: number;
  /** Keys that are remembered at once: of more, the one that came longest ago is forgotten. */
  readonly keysMax: number;
  /** Milliseconds that never go back. */
  readonly now: () => number;
};

type Bucket = { readonly tokens: number; readonly atMs: number };

/** A rate for each key, in memory that does not grow. */
export function openRate({ perSecond, keysMax, now }: RateOptions): Rate {
  const burst = 2 * perSecond;
  const buckets = new Map<string, Bucket>();
  return {
    take: (key) => {
      const atMs = now();
      const known = buckets.get(key);
      const filled =
        known === undefined
          ? burst
          : Math.min(burst, known.tokens + ((atMs - known.atMs) * perSecond) / 1_000);
      const passes = filled >= 1;
      // Set anew, so that the order of the map is that of the last use.
      buckets.delete(key);
      buckets.set(key, { tokens: passes ? filled - 1 : filled, atMs });
      if (buckets.size > keysMax) buckets.delete(buckets.keys().next().value!);
      return passes;
    },
  };
}

/** What an address counts as: an IPv4 address alone, an IPv6 address with all of its network of 64 bits. */
export function rateKeyOf(address: string): string {
  const [, mapped] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address) ?? [];
  if (mapped !== undefined || !address.includes(":")) return mapped ?? address;
  const [head = "", tail] = address.replace(/%.*$/, "").split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  return [...left, ...Array<string>(zeros).fill("0"), ...right].slice(0, 4).join(":");
}
