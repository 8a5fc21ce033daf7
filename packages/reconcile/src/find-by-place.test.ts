import fc from "fast-check";
import { expect, test } from "vitest";
import { metresApart } from "./distance.ts";
import { placeFinder } from "./find-by-place.ts";
import { NOWHERE, type Points } from "./prepared.ts";

const NEAREST = 8;

const pointsArb = (south: number): fc.Arbitrary<Points> =>
  fc
    .array(fc.tuple(fc.integer({ min: 0, max: 20_000 }), fc.integer({ min: 0, max: 20_000 }), fc.nat(9)), {
      maxLength: 60,
    })
    .map((all) => ({
      latitudes: Int32Array.from(all, ([north, , kind]) => (kind === 0 ? NOWHERE : south + north)),
      longitudes: Int32Array.from(all, ([, east]) => 13_000_000 + east),
    }));

/** Distances of the nearest within a radius, by looking at all. */
function nearestOf(points: Points, row: number, others: Points, radius: number): number[] {
  const [latitude, longitude] = [points.latitudes[row]!, points.longitudes[row]!];
  if (latitude === NOWHERE) return [];
  return [...others.latitudes.keys()]
    .filter((other) => others.latitudes[other] !== NOWHERE)
    .map((other) => metresApart(latitude, longitude, others.latitudes[other]!, others.longitudes[other]!))
    .filter((metres) => metres <= radius)
    .sort((a, b) => a - b)
    .slice(0, NEAREST);
}

test.each([0, 52_500_000, -80_000_000])("finds the nearest that there are, at latitude %d", (south) => {
  fc.assert(
    fc.property(
      pointsArb(south),
      pointsArb(south),
      fc.integer({ min: 1, max: 2_500 }),
      (own, others, radius) => {
        const find = placeFinder(own, others, radius);
        for (let row = 0; row < own.latitudes.length; row++) {
          const found: number[] = [];
          find(row, (other) => {
            found.push(
              metresApart(
                own.latitudes[row]!,
                own.longitudes[row]!,
                others.latitudes[other]!,
                others.longitudes[other]!,
              ),
            );
          });
          expect(
            found.sort((a, b) => a - b),
            `row ${row}`,
          ).toEqual(nearestOf(own, row, others, radius));
        }
      },
    ),
    { numRuns: 1_000 },
  );
});
