import fc from "fast-check";
import { expect, test } from "vitest";
import { oid } from "./oid.ts";
import { readValue } from "./read-value.ts";
import { testSystem } from "./system.testing.ts";

const arcs = fc.array(fc.oneof(fc.nat(), fc.bigInt(0n, 2n ** 128n - 1n)).map(String), { maxLength: 5 });
const first = fc.oneof(
  fc.tuple(fc.constantFrom("0", "1"), fc.nat(39).map(String)),
  fc.tuple(fc.constant("2"), fc.nat().map(String)),
);

testSystem(oid, {
  values: fc.tuple(first, arcs).map(([root, rest]) => [...root, ...rest].join(".")),
  written: [[" 1.2.156 ", "1.2.156"]],
  refused: [
    { text: "3.1", kind: "form", at: 0 },
    { text: "1.40", kind: "value", at: 2 },
    { text: "1.2.0156", kind: "form", at: 4 },
    { text: "1..2", kind: "form", at: 2 },
    { text: "1.2.", kind: "form" },
    { text: `2.${"1".repeat(40)}`, kind: "form" },
  ],
  noticesEveryCharacter: false,
  noticesSwaps: false,
});

test("both ways to China are known", () => {
  for (const value of ["1.2.156.1", "2.16.156.1"])
    expect(readValue(oid, value)).toMatchObject({
      value: { parts: [{}, { meaning: { zh: "中国" } }, { text: "1" }] },
    });
  expect(readValue(oid, "1.2.1567")).toMatchObject({ value: { parts: [{}, { name: "arcs" }] } });
});
