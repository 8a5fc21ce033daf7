import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isAttributeName } from "@cityroot/core/attribute/attribute";
import { expect, test } from "vitest";
import { expandSource, type Starter, type StarterRecord } from "./starter.ts";
import { DATA_FOLDER } from "./tables.ts";

function readText(file: string): string {
  return readFileSync(join(DATA_FOLDER, file), "utf8");
}

const starter = JSON.parse(readText("starter.json")) as Starter;

function findRecord(className: string, code: string): StarterRecord | undefined {
  const source = starter.sources.find((candidate) => candidate.class === className)!;
  return expandSource(source, readText(source.file)).find((record) => record.code === code);
}

test("names attributes that records have", () => {
  const names = starter.sources.flatMap(({ attributes }) => Object.keys(attributes));
  expect(names.filter((name) => !isAttributeName(name))).toEqual([]);
});

const DIVISIONS = [
  ["MA.156.13", { name: { zh: "河北省" }, legacy: { scheme: "gbt2260", value: "130000" } }],
  ["MA.156.1301", { name: { zh: "石家庄市" }, legacy: { scheme: "gbt2260", value: "130100" } }],
  [
    "MA.156.130110",
    { name: { zh: "鹿泉区" }, legacy: { scheme: "gbt2260", value: "130110" }, "valid-from-year": "2014" },
  ],
] as const;

test.each(DIVISIONS)("makes division %s, without the attributes that are empty", (code, attributes) => {
  expect(findRecord("division", code)?.attributes).toEqual(attributes);
});

test("leaves out a division that is no longer current", () => {
  expect(findRecord("division", "MA.156.110103")).toBeUndefined();
});

test("makes a committee", () => {
  const record = findRecord("committee", "MA.156.1301.10/80.10000000.1/130102001001");
  expect(record?.attributes).toEqual({
    name: { zh: "棉一东社区居民委员会" },
    legacy: { scheme: "stat12", value: "130102001001" },
  });
});

test("makes a pole of a stop, with a letter where the source has one", () => {
  const record = findRecord("transit-stop", "MA.276.11000/60.10000000.1/900100003.12G");
  expect(record?.attributes).toEqual({
    name: { de: "S+U Alexanderplatz Bhf/Memhardstr. (Berlin)" },
    legacy: { scheme: "ifopt", value: "de:11000:900100003::12_G" },
    place: { latitude: "52.521887", longitude: "13.408802" },
  });
});

test("names the column that a table lacks", () => {
  const source = { ...starter.sources[1]!, code: "{number}" };
  expect(() => expandSource(source, readText(source.file))).toThrow("no column number");
});
