/** What is being received or waits, and how much more may. */
export type Admission = {
  /** Takes room for a body; undefined where there is none, else what gives the room back, once. */
  readonly enter: (bytes: number) => (() => void) | undefined;
  readonly count: () => number;
  readonly bytes: () => number;
};

/** Admits at most so many at a time, of so many bytes together. */
export function openAdmission(countMax: number, bytesMax: number): Admission {
  let count = 0;
  let bytes = 0;
  return {
    enter: (size) => {
      // One body always has room alone, or none of that size would ever get in.
      if (count >= countMax || (count > 0 && bytes + size > bytesMax)) return undefined;
      count += 1;
      bytes += size;
      let left = false;
      return () => {
        if (left) return;
        left = true;
        count -= 1;
        bytes -= size;
      };
    },
    count: () => count,
    bytes: () => bytes,
  };
}
