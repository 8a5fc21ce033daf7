import fc from "fast-check";
import { expect, test } from "vitest";
import { readValue } from "./read-value.ts";
import { testSystem } from "./system.testing.ts";
import { uuid } from "./uuid.ts";

testSystem(uuid, {
  values: fc.uuid(),
  written: [["F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6", "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"]],
  refused: [
    { text: "f81d4fae7dec11d0a76500a0c91e6bf6", kind: "form" },
    { text: "f81d4fae-7dec-11d0-a765-00a0c91e6bfg", kind: "form" },
    { text: "f81d4fae-7dec-11d0-a76500-a0c91e6bf6", kind: "form" },
  ],
  noticesEveryCharacter: false,
  noticesSwaps: false,
});

// The vectors of RFC 9562 appendix A, all of one moment.
test.each([
  ["C232AB00-9414-11EC-B3C8-9F6BDECED846", "1"],
  ["1EC9414C-232A-6B00-B3C8-9F6BDECED846", "6"],
  ["017F22E2-79B0-7CC3-98C4-DC0C0C07398F", "7"],
])("%s was made at the moment of the RFC's vectors", (value, version) => {
  expect(readValue(uuid, value)).toMatchObject({
    value: { parts: [{ text: version }, { meaning: { en: "2022-02-22T19:22:22.000Z" } }] },
  });
});
test("a UUID without a time says nothing of one", () => {
  expect(readValue(uuid, "919108f7-52d1-4320-9bac-f847db4148a8")).toMatchObject({
    value: { parts: [{ text: "4" }] },
  });
  expect(readValue(uuid, "00000000-0000-0000-0000-000000000000")).toMatchObject({
    value: { parts: [{ name: "number" }] },
  });
});
