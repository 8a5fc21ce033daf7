/** Random choices that a seed repeats. */
export type SeededRandom = {
  /** A whole number from 0 to before `below`. */
  readonly below: (below: number) => number;
  readonly pick: <T>(from: readonly T[]) => T;
  /** Whether something happens that happens once in `times`. */
  readonly oneIn: (times: number) => boolean;
};

/** The generator mulberry32. */
export function seededRandom(seed: number): SeededRandom {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (end: number): number => Math.floor(next() * end);
  return { below, pick: (from) => from[below(from.length)]!, oneIn: (times) => below(times) === 0 };
}

/** The seed that the environment gives, or a new one; the test prints it, so that a failure can be repeated. */
export function seedFromEnvironment(name: string): number {
  const given = process.env[name];
  return given === undefined ? Math.floor(Math.random() * 2 ** 32) : Number(given);
}
