import { CODING_SYSTEMS } from "@cityroot/codes/systems/systems";
import { expect, test } from "vitest";
import { countSlips, nearSystem } from "./check-system.ts";

test.each([
  ["ucss", "uscc"],
  ["gtin13", "gtin-13"],
  ["city-componet", "city-component"],
  ["city_component", "city-component"],
  ["ctiy-compnent", "city-component"],
  ["licence-plates", "licence-plate"],
  ["gtin-15", "gtin-12, gtin-13, gtin-14"],
])("%s is taken for a slip of %s", (name, near) => expect(nearSystem(name)).toBe(near));

test.each([
  ["works-number"],
  ["van"],
  ["mast"],
  ["serial"],
  ["inv-no"],
  ["own"],
  ["asset"],
  ["item"],
  ["plate"],
])("%s is a name of one's own", (name) => expect(nearSystem(name)).toBeUndefined());

test("a system that is known is not taken for another", () => {
  for (const { id } of CODING_SYSTEMS) expect(nearSystem(id), id).toBeUndefined();
});

test.each([
  ["", "abc", 3],
  ["abc", "abc", 0],
  ["abc", "acb", 1],
  ["abcd", "badc", 2],
  ["ca", "abc", 3],
])("from %j to %j it is %i", (a, b, slips) =>
  expect([countSlips(a, b), countSlips(b, a)]).toEqual([slips, slips]),
);
