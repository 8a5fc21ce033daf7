/** Cost of an operation at a size, in microseconds. */
export type Cost = { readonly records: number; readonly serialUs: number; readonly randomUs: number };

const WIDTH = 720;
const HEIGHT = 380;
const LEFT = 70;
const BOTTOM = 50;
const TOP = 30;

/** A chart of cost against size, both logarithmic, as SVG. */
export function drawCosts(costs: readonly Cost[]): string {
  const values = costs.flatMap(({ serialUs, randomUs }) => [serialUs, randomUs]);
  const low = 10 ** Math.floor(Math.log10(Math.min(...values)));
  const high = 10 ** Math.ceil(Math.log10(Math.max(...values)));
  const sizes = costs.map(({ records }) => records);
  const [from, to] = [Math.min(...sizes), Math.max(...sizes)];
  const x = (records: number): number =>
    LEFT +
    ((Math.log10(records) - Math.log10(from)) / Math.max(1e-9, Math.log10(to) - Math.log10(from))) *
      (WIDTH - LEFT - 120);
  const y = (us: number): number =>
    TOP +
    (1 - (Math.log10(us) - Math.log10(low)) / (Math.log10(high) - Math.log10(low))) * (HEIGHT - TOP - BOTTOM);
  const line = (of: (cost: Cost) => number, color: string, name: string): string => {
    const points = costs.map((cost) => `${x(cost.records).toFixed(1)},${y(of(cost)).toFixed(1)}`);
    const last = costs[costs.length - 1]!;
    const marks = costs.map((cost) => {
      const at = `cx="${x(cost.records).toFixed(1)}" cy="${y(of(cost)).toFixed(1)}"`;
      const label = `<text x="${x(cost.records).toFixed(1)}" y="${(y(of(cost)) - 10).toFixed(1)}" text-anchor="middle">${of(cost).toFixed(1)} µs</text>`;
      return `<circle ${at} r="4" fill="${color}"/>${label}`;
    });
    const name_ = `<text x="${(x(last.records) + 12).toFixed(1)}" y="${(y(of(last)) + 4).toFixed(1)}" fill="${color}">${name}</text>`;
    return `<polyline points="${points.join(" ")}" fill="none" stroke="${color}" stroke-width="2"/>${marks.join("")}${name_}`;
  };
  const grid: string[] = [];
  for (let us = low; us <= high * 1.001; us *= 10) {
    const at = y(us).toFixed(1);
    grid.push(
      `<line x1="${LEFT}" y1="${at}" x2="${WIDTH - 120}" y2="${at}" stroke="#ddd"/><text x="${LEFT - 8}" y="${at}" text-anchor="end" dy="4">${us} µs</text>`,
    );
  }
  for (const records of sizes) {
    grid.push(
      `<text x="${x(records).toFixed(1)}" y="${HEIGHT - BOTTOM + 22}" text-anchor="middle">${records.toLocaleString("en-US")}</text>`,
    );
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12" role="img" aria-label="Cost of an operation against the number of records">
<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>
${grid.join("\n")}
${line((cost) => cost.serialUs, "#0b6e4f", "serial issue")}
${line((cost) => cost.randomUs, "#b3541e", "random update")}
<text x="${(WIDTH - 120 + LEFT) / 2}" y="${HEIGHT - 8}" text-anchor="middle">records in the registry</text>
</svg>
`;
}
