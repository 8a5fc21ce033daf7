import { cutTo } from "./text-width.ts";

/** What has been done so far. */
export type Progress = {
  /** Tells how much is done, and whether anything was refused. */
  readonly update: (done: number, refused?: number) => void;
  /** Takes the bar away. */
  readonly stop: () => void;
};

/** A bar and the place where it is drawn. */
export type ProgressBarParameters = {
  readonly label: string;
  /** How much there is to do; undefined where that is not known. */
  readonly total: number | undefined;
  /** Writes to the terminal. */
  readonly write: (text: string) => void;
  readonly columns: number;
  /** Milliseconds of a clock that does not go back. */
  readonly now: () => number;
  /** The rest of the line: a rate and the time left. */
  readonly describe: (state: ProgressState) => string;
};

/** What a line of progress says. */
export type ProgressState = {
  readonly done: number;
  readonly refused: number;
  readonly total: number | undefined;
  /** For each second since the beginning. */
  readonly rate: number;
  readonly leftMs: number | undefined;
};

const BAR_COLUMNS = 24;
const REDRAW_MS = 100;

/** Draws progress on one line, with the rate and the time left. */
export function progressBar(parameters: ProgressBarParameters): Progress {
  const { label, total, write, columns, now, describe } = parameters;
  const beganMs = now();
  let drawnMs = Number.NEGATIVE_INFINITY;
  let first: number | undefined;
  return {
    update: (done, refused = 0) => {
      const timeMs = now();
      // What was done before, in a run that is resumed, says nothing of the rate.
      first ??= done;
      if (timeMs - drawnMs < REDRAW_MS) return;
      drawnMs = timeMs;
      const elapsedMs = Math.max(1, timeMs - beganMs);
      const rate = (1000 * (done - first)) / elapsedMs;
      const leftMs = total === undefined || rate === 0 ? undefined : (1000 * (total - done)) / rate;
      const part = total === undefined || total === 0 ? 0 : Math.min(1, done / total);
      const filled = Math.round(part * BAR_COLUMNS);
      const bar = total === undefined ? "" : ` ${"█".repeat(filled)}${"░".repeat(BAR_COLUMNS - filled)}`;
      const line = `${label}${bar} ${describe({ done, refused, total, rate, leftMs })}`;
      write(`\r\u001b[K${cutTo(line, columns - 1)}`);
    },
    stop: () => write("\r\u001b[K"),
  };
}

/** A bar that shows nothing: where there is no terminal. */
export const NO_PROGRESS: Progress = { update: () => {}, stop: () => {} };

/** A duration in words that need no translation: `42s`, `3m 05s`, `2h 10m`. */
export function durationText(timeMs: number): string {
  const seconds = Math.ceil(timeMs / 1000);
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m ${String(seconds % 60).padStart(2, "0")}s`;
  return `${Math.floor(minutes / 60)}h ${String(minutes % 60).padStart(2, "0")}m`;
}
