import type { Words } from "./coding-system.ts";

/**
 * Part of a circle of latitude or longitude that a code names: from `low` to `high` of `of` equal steps. Whole numbers; of at most
 * {@link STEPS_MAX} steps, so that all that is worked out with them is exact.
 */
export type Span = { readonly low: number; readonly high: number; readonly of: number };

/** Most steps of a circle: a million times as many is still a safe integer. */
export const STEPS_MAX = 9_007_199_254;

/** Decimals of a degree that are shown: about a tenth of a metre. */
const DECIMALS = 6;
const UNIT = 10 ** DECIMALS;

/** An area between two parallels and two meridians, in degrees with {@link DECIMALS} decimals, cut off and never rounded. */
export function areaWords(latitude: Span, longitude: Span): Words {
  const [south, north] = [degrees(latitude.low, latitude.of, 180), degrees(latitude.high, latitude.of, 180)];
  const [west, east] = [
    degrees(longitude.low, longitude.of, 360),
    degrees(longitude.high, longitude.of, 360),
  ];
  return {
    en: `latitude ${south} to ${north}, longitude ${west} to ${east}`,
    zh: `纬度${south}至${north}，经度${west}至${east}`,
  };
}

/** The degrees of a step of a circle that goes from minus a half of it to a half. */
function degrees(step: number, of: number, circle: number): string {
  const whole = Math.floor((step * circle) / of);
  const rest = step * circle - whole * of;
  const units = (whole - circle / 2) * UNIT + Math.floor((rest * UNIT) / of);
  const size = Math.abs(units);
  const decimals = String(size % UNIT)
    .padStart(DECIMALS, "0")
    .replace(/0+$/, "");
  return `${units < 0 ? "-" : ""}${Math.floor(size / UNIT)}${decimals === "" ? "" : `.${decimals}`}`;
}
