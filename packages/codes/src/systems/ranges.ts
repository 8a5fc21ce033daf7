import type { Words } from "./coding-system.ts";

/** What numbers from one on mean, until the range after it begins; nothing where that is not known. */
export type Range = readonly [from: number, meaning: Words | undefined];

/** What a number means by ranges in rising order, the first of which begins at or before it. */
export function meaningIn(ranges: readonly Range[], value: number): Words | undefined {
  let meaning: Words | undefined;
  for (const [from, words] of ranges) if (from <= value) meaning = words;
  return meaning;
}
