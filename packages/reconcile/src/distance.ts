/** Metres of a millionth of a degree on a meridian, on a sphere of 6,371,009 m. */
export const METRES_OF_MICRODEGREE = 0.111_195_08;
const HALF_TURN = 180_000_000;
const RADIANS_OF_MICRODEGREE = Math.PI / HALF_TURN;

/**
 * Cosine of a latitude in millionths of a degree, by its series: multiplications and additions alone, which every machine
 * rounds alike. Right to 1e-6.
 */
export function cosineOf(latitude: number): number {
  const x = latitude * RADIANS_OF_MICRODEGREE;
  const y = x * x;
  return 1 - (y / 2) * (1 - (y / 12) * (1 - (y / 30) * (1 - (y / 56) * (1 - y / 90))));
}

/**
 * Metres between two points in millionths of a degree, rounded down, for points some kilometres apart: the earth taken as
 * flat between them.
 */
export function metresApart(
  latitude: number,
  longitude: number,
  otherLatitude: number,
  otherLongitude: number,
): number {
  let east = Math.abs(longitude - otherLongitude);
  if (east > HALF_TURN) east = 2 * HALF_TURN - east;
  const north = latitude - otherLatitude;
  const shrunk = east * cosineOf((latitude + otherLatitude) / 2);
  return Math.floor(Math.sqrt(north * north + shrunk * shrunk) * METRES_OF_MICRODEGREE);
}

/** Reads degrees as tables write them: a sign, digits, a point or comma. Undefined where it is none within `limit`. */
export function parseMicrodegrees(text: string, limit: 90 | 180): number | undefined {
  const plain = text.normalize("NFKC").trim().replace(",", ".").replace("\u2212", "-");
  if (!/^[+-]?\d{1,3}(\.\d{0,18})?$/.test(plain)) return undefined;
  const degrees = Math.round(Number(plain) * 1_000_000);
  return Math.abs(degrees) <= limit * 1_000_000 ? degrees : undefined;
}

/** Millionths of a degree as degrees, without zeros at the end. */
export function printMicrodegrees(microdegrees: number): string {
  const digits = String(Math.abs(microdegrees)).padStart(7, "0");
  const fraction = digits.slice(-6).replace(/0+$/, "");
  const whole = `${microdegrees < 0 ? "-" : ""}${digits.slice(0, -6)}`;
  return fraction === "" ? whole : `${whole}.${fraction}`;
}
