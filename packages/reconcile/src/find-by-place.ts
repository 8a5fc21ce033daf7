import { bestFew } from "./best-few.ts";
import { cosineOf, METRES_OF_MICRODEGREE, metresApart } from "./distance.ts";
import { NOWHERE, type Points } from "./prepared.ts";

/** How many of the nearest rows are kept for each. */
const KEPT = 8;
/** Cells from a row to the radius: rings of cells are looked at from inside out. */
const RINGS = 4;
/** How many rows are looked at for one row: where more stand in one spot, being near says little. */
const LOOKS_MAX = 4_000;
/** Near the poles degrees of longitude shrink to nothing; from here on they count as here. */
const COSINE_MIN = 0.01;
const QUARTER_TURN = 90_000_000;
const HALF_TURN = 180_000_000;

/** Cells of one size: bands of latitude, and within each columns that are as wide as the band is high. */
type Cells = {
  readonly bandOf: (latitude: number) => number;
  readonly columnOf: (band: number, longitude: number) => number;
};

/** Rows by their cells: those of one bucket behind each other, which may be of several cells. */
type Grid = {
  readonly bands: Int32Array;
  readonly columns: Int32Array;
  readonly offsets: Int32Array;
  readonly rows: Int32Array;
  readonly bucketOf: (band: number, column: number) => number;
};

/** Finds, for a row, the nearest rows of the other list within a radius. */
export function placeFinder(
  own: Points,
  others: Points,
  radiusMetres: number,
): (row: number, found: (other: number) => void) => void {
  // Metres are rounded down: what is just beyond the radius counts as on it.
  const cells = cellsOf((radiusMetres + 1) / RINGS);
  const grid = gridOf(others, cells);
  const kept = bestFew(KEPT);
  return (row, found) => {
    const [latitude, longitude] = [own.latitudes[row]!, own.longitudes[row]!];
    if (latitude === NOWHERE) return;
    const middle = cells.bandOf(latitude);
    let near = 0;
    let looks = 0;
    const look = (band: number, column: number, reach: number): void => {
      const bucket = grid.bucketOf(band, column);
      for (let at = grid.offsets[bucket]!; at < grid.offsets[bucket + 1]!; at++) {
        const other = grid.rows[at]!;
        if (++looks > LOOKS_MAX) return;
        if (grid.bands[other] !== band || grid.columns[other] !== column) continue;
        const metres = metresApart(latitude, longitude, others.latitudes[other]!, others.longitudes[other]!);
        if (metres > radiusMetres) continue;
        kept.offer(other, 0, metres);
        if (metres <= reach) near++;
      }
    };
    for (let ring = 0; ring <= RINGS && near < KEPT; ring++) {
      // What is within this is seen whole after this ring: if there is enough of it, nothing nearer comes.
      const reach = (ring * radiusMetres) / RINGS;
      for (let band = middle - ring; band <= middle + ring; band++) {
        const column = cells.columnOf(band, longitude);
        const step = Math.abs(band - middle) === ring ? 1 : 2 * ring;
        for (let at = -ring; at <= ring; at += step) look(band, column + at, reach);
      }
    }
    kept.take(found);
  };
}

function cellsOf(metres: number): Cells {
  const height = Math.ceil(metres / METRES_OF_MICRODEGREE) + 1;
  const widths = new Map<number, number>();
  const widthOf = (band: number): number => {
    const known = widths.get(band);
    if (known !== undefined) return known;
    // Towards the pole a metre is more degrees: as wide as it takes for all that is looked at from this band.
    const farthest = Math.abs(band * height - HALF_TURN) + (RINGS + 1) * height;
    const width = Math.ceil(height / Math.max(COSINE_MIN, cosineOf(Math.min(farthest, QUARTER_TURN)))) + 1;
    widths.set(band, width);
    return width;
  };
  return {
    bandOf: (latitude) => Math.floor((latitude + HALF_TURN) / height),
    columnOf: (band, longitude) => Math.floor((longitude + HALF_TURN) / widthOf(band)),
  };
}

function gridOf({ latitudes, longitudes }: Points, { bandOf, columnOf }: Cells): Grid {
  const count = latitudes.length;
  let size = 1_024;
  while (size < 2 * count) size *= 2;
  const bucketOf = (band: number, column: number): number =>
    (Math.imul(band, 0x9e3779b1) ^ Math.imul(column, 0x85ebca6b)) & (size - 1);
  const bands = new Int32Array(count).fill(-1);
  const columns = new Int32Array(count);
  const offsets = new Int32Array(size + 1);
  for (let row = 0; row < count; row++) {
    if (latitudes[row] === NOWHERE) continue;
    bands[row] = bandOf(latitudes[row]!);
    columns[row] = columnOf(bands[row]!, longitudes[row]!);
    offsets[bucketOf(bands[row]!, columns[row]!) + 1]! += 1;
  }
  for (let bucket = 0; bucket < size; bucket++) offsets[bucket + 1]! += offsets[bucket]!;
  const next = offsets.slice(0, size);
  const rows = new Int32Array(offsets[size]!);
  for (let row = 0; row < count; row++) {
    if (bands[row] !== -1) rows[next[bucketOf(bands[row]!, columns[row]!)]!++] = row;
  }
  return { bands, columns, offsets, rows, bucketOf };
}
