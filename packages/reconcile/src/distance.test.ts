import fc from "fast-check";
import { expect, test } from "vitest";
import { cosineOf, metresApart, parseMicrodegrees, printMicrodegrees } from "./distance.ts";

function haversine(a: readonly [number, number], b: readonly [number, number]): number {
  const [latitude, longitude, otherLatitude, otherLongitude] = [...a, ...b].map(
    (one) => (one / 1e6) * (Math.PI / 180),
  );
  const north = Math.sin((latitude! - otherLatitude!) / 2) ** 2;
  const east = Math.sin((longitude! - otherLongitude!) / 2) ** 2;
  return 2 * 6_371_009 * Math.asin(Math.sqrt(north + Math.cos(latitude!) * Math.cos(otherLatitude!) * east));
}

test("distances are those of the sphere", () => {
  const alexanderplatz = [52_521_512, 13_411_267] as const;
  const zoo = [52_506_921, 13_332_707] as const;
  expect(Math.abs(metresApart(...alexanderplatz, ...zoo) - haversine(alexanderplatz, zoo))).toBeLessThan(1);
  expect(metresApart(0, 179_999_000, 0, -179_999_000)).toBe(222);
  fc.assert(
    fc.property(fc.integer({ min: -90_000_000, max: 90_000_000 }), (latitude) => {
      expect(Math.abs(cosineOf(latitude) - Math.cos((latitude / 1e6) * (Math.PI / 180)))).toBeLessThan(1e-6);
    }),
  );
});

test("degrees are read as tables write them", () => {
  expect(parseMicrodegrees("52.528239", 90)).toBe(52_528_239);
  expect(parseMicrodegrees(" 52,5 ", 90)).toBe(52_500_000);
  expect(parseMicrodegrees("\u221213.1", 180)).toBe(-13_100_000);
  expect(parseMicrodegrees("１１４．５", 180)).toBe(114_500_000);
  for (const bad of ["", "-", "91", "1e3", "52.5°", "5 2", "NaN"]) {
    expect(parseMicrodegrees(bad, 90), bad).toBeUndefined();
  }
  fc.assert(
    fc.property(fc.integer({ min: -180_000_000, max: 180_000_000 }), (degrees) => {
      expect(parseMicrodegrees(printMicrodegrees(degrees), 180)).toBe(degrees);
    }),
  );
});
