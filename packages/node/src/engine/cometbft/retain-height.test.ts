import { expect, test } from "vitest";
import { retainHeightOf } from "./retain-height.ts";

test("all blocks stay without a plan or a snapshot, and never fewer than follow the oldest snapshot", () => {
  expect(retainHeightOf(1_000, null, 900)).toBe(0);
  expect(retainHeightOf(1_000, 10, undefined)).toBe(0);
  expect(retainHeightOf(1_000, 10, 900)).toBe(900);
  expect(retainHeightOf(1_000, 200, 900)).toBe(801);
  expect(retainHeightOf(5, 200, 4)).toBe(0);
});
