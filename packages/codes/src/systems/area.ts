import type { Words } from "./coding-system.ts";

/** Part of a circle of latitude or longitude that a code names: from `low` to `high` of `of` equal steps. */
export type Span = { readonly low: bigint; readonly high: bigint; readonly of: bigint };

/** Decimals of a degree that are shown: about a tenth of a metre. */
const DECIMALS = 6;
const UNIT = 10n ** BigInt(DECIMALS);

/** An area between two parallels and two meridians, in degrees with {@link DECIMALS} decimals, cut off and never rounded. */
export function areaWords(latitude: Span, longitude: Span): Words {
  const [south, north] = [
    degrees(latitude.low, latitude.of, 180n),
    degrees(latitude.high, latitude.of, 180n),
  ];
  const [west, east] = [
    degrees(longitude.low, longitude.of, 360n),
    degrees(longitude.high, longitude.of, 360n),
  ];
  return {
    en: `latitude ${south} to ${north}, longitude ${west} to ${east}`,
    zh: `纬度${south}至${north}，经度${west}至${east}`,
  };
}

/** The degrees of a step of a circle that goes from minus a half of it to a half. */
function degrees(step: bigint, of: bigint, circle: bigint): string {
  const units = (step * circle * UNIT) / of - (circle / 2n) * UNIT;
  const [sign, size] = units < 0n ? ["-", -units] : ["", units];
  const decimals = String(size % UNIT)
    .padStart(DECIMALS, "0")
    .replace(/0+$/, "");
  return `${sign}${size / UNIT}${decimals === "" ? "" : `.${decimals}`}`;
}
