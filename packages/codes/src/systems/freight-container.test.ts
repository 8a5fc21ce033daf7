import fc from "fast-check";
import { expect, test } from "vitest";
import { containerCheckOf, freightContainer } from "./freight-container.ts";
import { testSystem } from "./system.testing.ts";

testSystem(freightContainer, {
  values: fc.stringMatching(/^[A-Z]{3}[UJZ][0-9]{6}$/).map((body) => body + containerCheckOf(body)),
  written: [["csqu 305438-3", "CSQU3054383"]],
  refused: [
    { text: "CSQU3054384", kind: "check", at: 10, meant: "CSQU3054383" },
    { text: "CSQX3054383", kind: "value", at: 3 },
    { text: "CSQU305438A", kind: "form" },
  ],
  // 10 and 0 have one check digit.
  noticesEveryCharacter: false,
  noticesSwaps: false,
});

// The example of the standard, and one of a container at sea.
test.each(["CSQU3054383", "MSKU6011672"])("%s has the right check digit", (value) => {
  expect(containerCheckOf(value.slice(0, 10))).toBe(value.charAt(10));
});
