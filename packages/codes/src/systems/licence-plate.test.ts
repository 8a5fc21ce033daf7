import fc from "fast-check";
import { expect, test } from "vitest";
import { licencePlate } from "./licence-plate.ts";
import { PROVINCES } from "./provinces.ts";
import { readValue } from "./read-value.ts";
import { digits } from "./region.testing.ts";
import { testSystem } from "./system.testing.ts";

const LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ";
const provinces = fc.constantFrom(...[...PROVINCES.values()].map(({ plate }) => plate));
const letters = fc.constantFrom(...LETTERS);
const serials = (count: number) =>
  fc.string({ unit: fc.constantFrom(...LETTERS, ..."0123456789"), minLength: count, maxLength: count });
const drives = fc.constantFrom(..."DABCEFGHJK");
const joined = (...parts: readonly fc.Arbitrary<string>[]) => fc.tuple(...parts).map((all) => all.join(""));

testSystem(licencePlate, {
  values: fc.oneof(
    joined(provinces, letters, serials(5)),
    joined(provinces, letters, serials(4), fc.constantFrom(..."学警挂领")),
    joined(fc.constant("粤Z"), serials(4), fc.constantFrom(..."港澳")),
    joined(provinces, letters, drives, serials(1), digits(4)),
    joined(provinces, letters, digits(5), drives),
    joined(fc.constant("使"), digits(6)),
    joined(digits(6), fc.constant("使")),
  ),
  written: [
    ["京A·12345", "京A12345"],
    ["京 a-12345", "京A12345"],
    ["京Ａ１２３４５", "京A12345"],
    ["京A•D12345", "京AD12345"],
    ["使 224-009", "使224009"],
    ["京O12345", "京O12345"],
  ],
  refused: [
    { text: "京A1234", kind: "form" },
    { text: "京A1234567", kind: "form" },
    { text: "国A12345", kind: "form", at: 0 },
    { text: "京112345", kind: "form", at: 1 },
    { text: "京I12345", kind: "form", at: 1 },
    { text: "京A12O45", kind: "form", at: 4 },
    { text: "京A123456", kind: "form", at: 2 },
    { text: "京AD1234A", kind: "form", at: 2 },
    { text: "京AL12345", kind: "form", at: 2 },
    { text: "京A1234港", kind: "value", at: 0 },
    { text: "粤B1234港", kind: "value", at: 1 },
    { text: "使22400A", kind: "form", at: 1 },
  ],
  noticesEveryCharacter: false,
  noticesSwaps: false,
});

test.each([
  ["京A12345", undefined],
  ["京A1234学", "教练汽车"],
  ["京A1234警", "警用汽车"],
  ["沪A1234领", "领馆汽车"],
  ["粤Z1234澳", "澳门入出境车"],
  ["224009使", "使馆汽车"],
  ["京AD12345", "纯电动"],
  ["京A12345F", "非纯电动新能源"],
])("%s says of itself: %s", (value, zh) => {
  const read = readValue(licencePlate, value);
  const said = read.ok ? read.value.parts.find(({ name }) => name === "mark" || name === "drive") : undefined;
  expect(said?.meaning?.zh).toBe(zh);
});
