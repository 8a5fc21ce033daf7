import { attributesFromJson } from "@cityroot/core/attribute/attribute";
import fc from "fast-check";
import { expect, test } from "vitest";
import { coerceAttributes, degreesE7 } from "./coerce-attributes.ts";

test("gives text the types of the ledger", () => {
  const json = coerceAttributes({
    name: { zh: "路灯" },
    "installed-year": "2019",
    "height-mm": "8000",
    place: { latitude: "38.0428", longitude: "114.5149" },
    legacy: { scheme: "gbt2260", value: "130100" },
    "valid-from-year": "1984",
  });
  expect(json).toEqual({
    name: { zh: "路灯" },
    "installed-year": 2019,
    "height-mm": 8000,
    place: [380428000, 1145149000],
    legacy: [{ scheme: "gbt2260", value: "130100" }],
    "valid-from-year": 1984,
  });
  expect(attributesFromJson(json).ok).toBe(true);
});

test("leaves what cannot be read for the rules of form to refuse by name", () => {
  for (const [name, value] of Object.entries({
    "installed-year": "new",
    place: "here",
    color: "red",
    validFromYear: "1984",
  })) {
    const outcome = attributesFromJson(coerceAttributes({ [name]: value }));
    expect(outcome.ok, name).toBe(false);
    if (!outcome.ok) expect(JSON.stringify(outcome.rejection), name).toContain(name);
  }
});

test.each([
  ["0", 0],
  ["-0.0", 0],
  ["52.521887", 525218870],
  ["-0.00000005", -1],
  ["0.00000004", 0],
  ["+13.4", 134000000],
  ["180", 1800000000],
])("reads %s degrees without a float", (text, units) => {
  expect(degreesE7(text)).toBe(units);
});

test.each(["", "1e3", "1.", ".5", "abc", "1,5", "9999"])("does not read %j as degrees", (text) => {
  expect(degreesE7(text)).toBeUndefined();
});

test("agrees with exact decimals of seven places", () => {
  fc.assert(
    fc.property(fc.integer({ min: -1_800_000_000, max: 1_800_000_000 }), (units) => {
      const digits = String(Math.abs(units)).padStart(8, "0");
      const text = `${units < 0 ? "-" : ""}${digits.slice(0, -7)}.${digits.slice(-7)}`;
      expect(degreesE7(text)).toBe(units);
    }),
  );
});
