import { expect, test } from "vitest";
import { gbt2260 } from "./gbt2260.ts";
import { readValue } from "./read-value.ts";
import { regions } from "./region.testing.ts";
import { testSystem } from "./system.testing.ts";

testSystem(gbt2260, {
  values: regions,
  written: [
    ["13 01 00", "130100"],
    ["１３０１００", "130100"],
    ["100000", "100000"],
  ],
  refused: [
    { text: "160100", kind: "value", at: 0 },
    { text: "990000", kind: "value", at: 0 },
    { text: "100001", kind: "value", at: 0 },
    { text: "030100", kind: "value", at: 0 },
    { text: "13010", kind: "form" },
    { text: "1301000", kind: "form", at: 6 },
    { text: "13O1OO", kind: "form", at: 2, meant: "130100" },
    { text: "130108001003", kind: "form" },
  ],
  // There is no check character.
  noticesEveryCharacter: false,
  noticesSwaps: false,
});

test.each([
  ["130000", "省级", ["level", "province"]],
  ["130100", "地级", ["level", "province", "prefecture"]],
  ["130102", "县级", ["level", "province", "prefecture", "county"]],
  ["100000", "国家级", ["level"]],
])("%s is of the level %s", (value, zh, names) => {
  const read = readValue(gbt2260, value);
  expect(read.ok && read.value.parts[0]?.meaning?.zh).toBe(zh);
  expect(read.ok && read.value.parts.map(({ name }) => name)).toEqual(names);
});

test("the levels above are divisions of their own, and a county may lie directly under its province", () => {
  const above = (value: string) => {
    const read = readValue(gbt2260, value);
    return read.ok ? read.value.parts.flatMap(({ refersTo }) => refersTo?.value ?? []) : read.fault;
  };
  expect(above("130102")).toEqual(["130000", "130100"]);
  expect(above("130100")).toEqual(["130000"]);
  expect(above("130000")).toEqual([]);
  expect(above("460001")).toEqual(["460000"]);
});

test.each([
  ["110105", "prefecture", "地级市（直辖市为市辖区、县汇总码）"],
  ["532301", "prefecture", "地区、自治州、盟"],
  ["419001", "prefecture", "省（自治区）直辖县级行政区划汇总码"],
  ["130183", "county", "县级市"],
  ["130123", "county", "县、旗"],
])("of %s the %s is: %s", (value, name, zh) => {
  const read = readValue(gbt2260, value);
  expect(read.ok && read.value.parts.find((part) => part.name === name)?.meaning?.zh).toBe(zh);
});
