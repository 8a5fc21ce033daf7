import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { sayIn } from "../text/say.ts";
import { mapRow } from "./map-row.ts";
import { checkMapping, mappingOf } from "./mapping.ts";

const context = { say: sayIn("en") };
const starter = JSON.parse(readFileSync(new URL("../../../../data/starter.json", import.meta.url), "utf8"));

test("reads the mappings of the starter data, and makes codes of rows", () => {
  const [divisions, , , stops] = starter.sources.map((source: never) => mappingOf(context, source));
  const current = { code: "130100", name: "石家庄市", from_year: "1968", until_year: "", province: "河北省" };
  expect(mapRow(divisions, current)).toMatchObject({
    code: "MA.156.1301",
    class: "division",
    attributes: { name: { zh: "石家庄市" }, "valid-from-year": 1968 },
  });
  expect(mapRow(divisions, { ...current, until_year: "1983" })).toBeUndefined();
  expect(mapRow(divisions, { ...current, from_year: "" })?.attributes).not.toHaveProperty("valid-from-year");
  const stop = {
    ifopt: "de:11000:900003104",
    vbb_id: "1",
    name: "Halt",
    latitude: "52.5",
    longitude: "13.3",
    serial: "7",
  };
  expect(mapRow(stops, stop)?.attributes).toMatchObject({ place: [525000000, 133000000] });
});

test("a link whose address comes out empty is left out", () => {
  const mapping = mappingOf(context, {
    class: "lamp",
    code: "MA.156/{id}",
    links: [{ rel: "describedby", href: "{page}" }],
  });
  expect(mapRow(mapping, { id: "1", page: "" })?.links).toEqual([]);
  expect(mapRow(mapping, { id: "1", page: "https://a.example/1" })?.links).toHaveLength(1);
});

test("names a column that the table lacks", () => {
  const mapping = mappingOf(context, {
    class: "lamp",
    code: "MA.156/{nr}",
    attributes: { name: { zh: "{name}" } },
  });
  expect(() => checkMapping(context, mapping, ["id", "name"])).toThrow("the table has no column nr");
  expect(() => checkMapping(context, mapping, ["nr", "name"])).not.toThrow();
});

test("refuses a mapping without code or class, and one of another form", () => {
  expect(() => checkMapping(context, mappingOf(context, { class: "lamp" }), [])).toThrow("map code");
  expect(() => checkMapping(context, mappingOf(context, { code: "MA.156" }), [])).toThrow("map class");
  for (const json of [
    { attributes: [] },
    { links: {} },
    { filters: { a: 1 } },
    { computed: { a: "b" } },
    { code: 1 },
  ]) {
    expect(() => mappingOf(context, json as never), JSON.stringify(json)).toThrow();
  }
});
