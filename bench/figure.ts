/** One measured figure: a row of the table. */
export type Figure = {
  readonly name: string;
  /** The size at which it was taken, such as `1 M records`. */
  readonly size: string;
  readonly value: number;
  readonly unit: string;
  /** What the figure is to reach, where one was set: at least, or at most for times and sizes. */
  readonly target?: number;
  readonly atMost?: boolean;
  readonly note?: string;
};

/** Median of some values. */
export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/** Runs a measurement several times and gives the median. */
export async function median(times: number, measure: () => Promise<number> | number): Promise<number> {
  const values: number[] = [];
  for (let at = 0; at < times; at++) values.push(await measure());
  return medianOf(values);
}

/** The table as Markdown. */
export function tableOf(figures: readonly Figure[]): string {
  const rows = figures.map(({ name, size, value, unit, target, atMost, note }) => {
    const reached =
      target === undefined ? "" : (atMost === true ? target / value : value / target).toFixed(2);
    const goal = target === undefined ? "" : `${atMost === true ? "≤" : "≥"} ${print(target)} ${unit}`;
    return `| ${name} | ${size} | ${print(value)} ${unit} | ${goal} | ${reached} | ${note ?? ""} |`;
  });
  const head =
    "| what | size | measured | to reach | ratio (1 or more reaches it) | |\n|---|---|---|---|---|---|";
  return [head, ...rows].join("\n");
}

function print(value: number): string {
  if (value >= 100) return Math.round(value).toLocaleString("en-US").replaceAll(",", " ");
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
