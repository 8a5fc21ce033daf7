import { geohash } from "@cityroot/codes/systems/geohash";
import { plusCode } from "@cityroot/codes/systems/plus-code";
import fc from "fast-check";
import geohashes from "ngeohash";
import openLocationCode from "open-location-code";
import { expect, test } from "vitest";
import { expectAgreement, textOf } from "./agreement.testing.ts";

/** Goal: codes of places mean the area that other implementations say, Google's own for plus codes among them. */
const reference = new openLocationCode.OpenLocationCode();

function expectArea(words: string | undefined, expected: readonly number[]): void {
  const area = [...(words ?? "").matchAll(/-?[0-9.]+/g)].map(Number);
  expect(area).toHaveLength(4);
  // Millionths of a degree are told, cut off.
  for (const [at, degrees] of expected.entries())
    expect(Math.abs(area[at]! - degrees), `${words}: ${degrees}`).toBeLessThan(1.000_001e-6);
}

test("geohashes", () => {
  const texts = fc.stringMatching(/^[0-9b-hjkmnp-z]{1,12}$/);
  fc.assert(
    fc.property(texts, (text) => {
      const read = geohash.parse(text);
      const [south, west, north, east] = geohashes.decode_bbox(text);
      expectArea(read.ok ? read.value.parts[0]?.meaning?.en : "", [south, north, west, east]);
    }),
    { numRuns: 1_000 },
  );
});

test("plus codes", () => {
  const characters = "23456789CFGHJMPQRVWX";
  const texts = fc
    .tuple(
      textOf("23456789C", 1),
      textOf("23456789CFGHJMPQRV", 1),
      textOf(characters, 6),
      textOf(characters, 7),
      fc.constantFrom(2, 4, 6, 8, 10, 11, 12, 13, 14, 15),
    )
    .map(([latitude, longitude, pairs, rest, length]) => {
      const front = (latitude + longitude + pairs).slice(0, length).padEnd(8, "0");
      return `${front}+${rest.slice(0, Math.max(0, length - 8))}`;
    });
  fc.assert(
    fc.property(texts, (text) => {
      const read = plusCode.parse(text);
      const { latitudeLo, latitudeHi, longitudeLo, longitudeHi } = reference.decode(text);
      expectArea(read.ok ? read.value.parts[0]?.meaning?.en : "", [
        latitudeLo,
        latitudeHi,
        longitudeLo,
        longitudeHi,
      ]);
    }),
    { numRuns: 1_000 },
  );
  expectAgreement(plusCode, texts, (text) => reference.isFull(text));
});
