import { expect, test } from "vitest";
import { openTurns } from "./turns.ts";

/** Takes so long that it is a turn. */
const work = (): void => {
  const until = performance.now() + 11;
  while (performance.now() < until);
};

test("each of a list has its turn in order, and between two of them others in the process", async () => {
  const turns = openTurns();
  const seen: number[] = [];
  let others = 0;
  let isDone = false;
  const count = (): void => {
    others += 1;
    if (!isDone) setImmediate(count);
  };
  setImmediate(count);
  await turns.each([1, 2, 3, 4], (one) => {
    work();
    seen.push(one);
  });
  isDone = true;
  expect(seen).toEqual([1, 2, 3, 4]);
  expect(others).toBeGreaterThanOrEqual(3);
});

test("a short list does not wait for the long ones that came before it", async () => {
  const turns = openTurns();
  const seen: string[] = [];
  const act = (name: string) => (): void => {
    work();
    seen.push(name);
  };
  const long = ["a", "b", "c"].map((name) => turns.each(new Array(20).fill(0), act(name)));
  await turns.each([0], act("short"));
  expect(seen.length).toBeLessThanOrEqual(5);
  await Promise.all(long);
  expect(seen.length).toBe(61);
  await turns.each([], act("none"));
});

test("what fails ends its own list alone", async () => {
  const turns = openTurns();
  const failing = turns.each([1, 2], () => {
    throw new Error("it cannot be done");
  });
  const seen: number[] = [];
  const other = turns.each([1, 2], (one) => void seen.push(one));
  await expect(failing).rejects.toThrow("it cannot be done");
  await other;
  expect(seen).toEqual([1, 2]);
});
