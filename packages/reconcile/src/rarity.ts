/** What {@link rarityOf} counts in: sixteenths of a bit. */
const STEPS = 16;
/** The least that any token counts: half a bit. Even what all names have speaks for a match where both have it. */
export const RARITY_MIN = 8;

/**
 * How much it says that two rows share what `count` of `total` rows have: log2((total + 1) / count) in sixteenths of a bit, between
 * powers of two on a straight line. Made of exactly rounded steps alone, so it is the same on every machine.
 */
export function rarityOf(count: number, total: number): number {
  const ratio = (total + 1) / Math.max(1, count);
  let power = 1;
  let bits = 0;
  while (power * 2 <= ratio) {
    power *= 2;
    bits += 1;
  }
  return Math.max(RARITY_MIN, bits * STEPS + Math.floor((ratio / power - 1) * STEPS));
}
