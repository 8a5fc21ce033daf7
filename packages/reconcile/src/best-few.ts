/** Keeps the best few of many: those with the greatest rank, of equal ones with the least distance, then the lowest number. */
export type BestFew = {
  /** Whether something of this rank could be kept. */
  readonly takes: (rank: number) => boolean;
  readonly offer: (number: number, rank: number, distance: number) => void;
  /** The numbers that were kept, in no order that means something; then it is empty again. */
  readonly take: (into: (number: number) => void) => void;
};

/** Makes a keeper of at most `size`. */
export function bestFew(size: number): BestFew {
  const numbers = new Int32Array(size);
  const ranks = new Int32Array(size);
  const distances = new Int32Array(size);
  let count = 0;
  const isWorse = (at: number, rank: number, distance: number, number: number): boolean =>
    ranks[at]! < rank ||
    (ranks[at]! === rank &&
      (distances[at]! > distance || (distances[at]! === distance && numbers[at]! > number)));
  return {
    takes: (rank) => count < size || rank >= ranks[count - 1]!,
    offer: (number, rank, distance) => {
      if (count === size && !isWorse(count - 1, rank, distance, number)) return;
      let at = count < size ? count++ : count - 1;
      for (; at > 0 && isWorse(at - 1, rank, distance, number); at--) {
        numbers[at] = numbers[at - 1]!;
        ranks[at] = ranks[at - 1]!;
        distances[at] = distances[at - 1]!;
      }
      numbers[at] = number;
      ranks[at] = rank;
      distances[at] = distance;
    },
    take: (into) => {
      for (let at = 0; at < count; at++) into(numbers[at]!);
      count = 0;
    },
  };
}
