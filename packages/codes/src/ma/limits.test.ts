import { expect, test } from "vitest";
import { CODE_CHARACTERS_MAX, CUSTOM_NODE_CHARACTERS_MAX, NODE_CHARACTERS_MAX, NODES_MAX } from "./limits.ts";

test("the limits fit together", () => {
  const publishedLongest = "MA.156.M0.100350.01004YA10017.SLMSAGAAAC.M210628.LAY21062803.E220628.V220627.C3";
  expect(CODE_CHARACTERS_MAX).toBeGreaterThanOrEqual(publishedLongest.length);
  const aboveCustom = "MA.156.110101.".length + NODE_CHARACTERS_MAX + "/60.10000000.1/".length;
  expect(aboveCustom + CUSTOM_NODE_CHARACTERS_MAX).toBeLessThanOrEqual(CODE_CHARACTERS_MAX);
  expect("MA.156".length + 2 * (NODES_MAX - 2)).toBeLessThanOrEqual(CODE_CHARACTERS_MAX);
});
