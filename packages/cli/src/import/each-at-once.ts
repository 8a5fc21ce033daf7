/** Questions that are asked at once. */
const PARALLEL = 32;

/** Asks something about each, some at a time, and gives the answers in their order. */
export async function eachAtOnce<T, R>(
  items: readonly T[],
  ask: (item: T, at: number) => Promise<R>,
): Promise<R[]> {
  const answers: R[] = new Array<R>(items.length);
  let next = 0;
  const work = async (): Promise<void> => {
    for (let at = next++; at < items.length; at = next++) answers[at] = await ask(items[at]!, at);
  };
  await Promise.all(Array.from({ length: Math.min(PARALLEL, items.length) }, work));
  return answers;
}
