import fc from "fast-check";
import { expect, test } from "vitest";
import { readValue } from "./read-value.ts";
import { testSystem } from "./system.testing.ts";
import { vin, vinCheckOf } from "./vin.ts";

const any = fc.stringMatching(/^[A-HJ-NPR-Z1-9][A-HJ-NPR-Z0-9]{15}[0-9]$/);
const complete = (text: string): string => text.slice(0, 8) + vinCheckOf(text) + text.slice(9);

testSystem(vin, {
  values: any.map(complete),
  written: [["1m8gdm9a-xkp042788", "1M8GDM9AXKP042788"]],
  refused: [
    { text: "1M8GDM9A0KP042788", kind: "check", at: 8, meant: "1M8GDM9AXKP042788" },
    { text: "1M8GDM9AXKPO42788", kind: "form", meant: "1M8GDM9AXKP042788" },
    { text: "0M8GDM9AXKP042788", kind: "form", at: 0 },
    { text: "1M8GDM9AXKP04278A", kind: "form", at: 16 },
  ],
  // Letters that count the same are taken for one another.
  noticesEveryCharacter: false,
  noticesSwaps: false,
});

// Known from 49 CFR 565.15 and public examples of it.
test.each(["1M8GDM9AXKP042788", "11111111111111111", "5GZCZ43D13S812715", "1HGCM82633A004352"])(
  "%s has the right check character",
  (value) => expect(readValue(vin, value)).toMatchObject({ ok: true, value: { check: "right" } }),
);

test("outside China and North America the ninth character is no check", () => {
  const read = readValue(vin, "WVWZZZ1JZXW000010");
  expect(read).toMatchObject({ ok: true, value: { check: "none", canonical: "WVWZZZ1JZXW000010" } });
  expect(read).toMatchObject({
    value: { parts: [{ meaning: { en: "Europe" } }, {}, {}, { text: "X" }, {}, {}] },
  });
});

test("a model year is one of two", () => {
  const read = readValue(vin, "1M8GDM9AXKP042788");
  const year = read.ok ? read.value.parts.find(({ name }) => name === "model-year") : undefined;
  expect(year?.meaning?.en).toBe("1989 or 2019");
});
