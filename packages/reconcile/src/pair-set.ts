/** A growing set of pairs of row numbers. */
export type PairSet = {
  readonly add: (left: number, right: number) => void;
  /** All pairs, each once, ascending by left and then right: `left * width + right`. */
  readonly sorted: () => Float64Array;
};

/** Makes a set of pairs whose right numbers are below `width`. */
export function pairSet(width: number): PairSet {
  let items = new Float64Array(4_096);
  let size = 0;
  const compact = (): void => {
    const sorted = items.subarray(0, size).sort();
    let kept = 0;
    for (let at = 0; at < size; at++) {
      if (at > 0 && sorted[at] === sorted[kept - 1]) continue;
      items[kept++] = sorted[at]!;
    }
    size = kept;
  };
  return {
    add: (left, right) => {
      if (size === items.length) {
        compact();
        if (size > items.length / 2) {
          const larger = new Float64Array(2 * items.length);
          larger.set(items);
          items = larger;
        }
      }
      items[size++] = left * width + right;
    },
    sorted: () => {
      compact();
      return items.subarray(0, size);
    },
  };
}
