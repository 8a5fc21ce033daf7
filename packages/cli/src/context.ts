import picocolors from "picocolors";
import { Interrupted } from "./failure.ts";
import type { Io } from "./io.ts";
import { describeProgress } from "./terminal/describe-progress.ts";
import { printable, printableLines } from "./terminal/printable.ts";
import { NO_PROGRESS, type Progress, progressBar } from "./terminal/progress-bar.ts";
import { factLines, tableLines } from "./terminal/table.ts";
import type { Language } from "./text/language.ts";
import type { Say } from "./text/say.ts";

/** Settings that every command has. */
export type GlobalSettings = {
  readonly json: boolean;
  readonly quiet: boolean;
  /** May ask at the terminal. */
  readonly input: boolean;
  readonly yes: boolean;
  readonly color: boolean;
  readonly language: Language;
  readonly home: string | undefined;
  readonly url: string | undefined;
  readonly policy: string | undefined;
};

/** How texts are set off at a terminal. */
export type Colors = ReturnType<typeof picocolors.createColors>;

/** A line of JSON. */
export type JsonLine = object;

/** A name and its value, which may be a stranger's, and how the value is set off. */
export type Fact = readonly [name: string, value: string, color?: (text: string) => string];

/** What a command works with: settings, voice, and the ways to tell what it found. */
export type Context = GlobalSettings & {
  readonly io: Io;
  readonly say: Say;
  readonly colors: Colors;
  /** What was asked for: a line of JSON, or text for people. Both also when quiet. */
  readonly show: (json: JsonLine, human: () => string | readonly string[]) => void;
  /** What was done: a line of JSON, or one for people that is left out when quiet. */
  readonly done: (json: JsonLine, human: () => string | readonly string[]) => void;
  /** Something to know beside it, for people alone: on standard error, left out when quiet. */
  readonly note: (text: string) => void;
  /** Something to beware of: on standard error, also when quiet; with --json as an object. */
  readonly warn: (code: string, text: string) => void;
  readonly table: (headings: readonly string[], rows: readonly (readonly string[])[]) => readonly string[];
  readonly facts: (facts: readonly Fact[]) => readonly string[];
  readonly progress: (label: string, total: number | undefined) => Progress;
  /** Whether the user agrees: asked at a terminal, else as `--yes` says. */
  readonly throwIfInterrupted: () => void;
};

/** Makes the context of a call. */
export function contextOf(io: Io, settings: GlobalSettings, say: Say): Context {
  const { json, quiet } = settings;
  const colors = picocolors.createColors(settings.color && !json);
  // A line of progress stands where the next line is to be written: it gives way.
  let bars = 0;
  const err = (text: string): void => io.err(bars > 0 ? `\r\u001b[K${text}` : text);
  const print = (jsonLine: JsonLine, human: () => string | readonly string[]): void => {
    if (json) io.out(`${JSON.stringify(jsonLine)}\n`);
    else io.out(linesOf(human()));
  };
  return {
    ...settings,
    io,
    say,
    colors,
    show: print,
    done: (jsonLine, human) => {
      if (json || !quiet) print(jsonLine, human);
    },
    note: (text) => {
      if (!json && !quiet) err(`${text}\n`);
    },
    warn: (code, text) => {
      if (json) io.err(`${JSON.stringify({ warning: code, detail: text })}\n`);
      else err(`${colors.yellow(say("warning"))} ${printableLines(text)}\n`);
    },
    table: (headings, rows) =>
      tableLines(
        headings,
        rows.map((row) => row.map(printable)),
        { columns: io.isOutTerminal ? io.columns : undefined, heading: colors.bold },
      ),
    facts: (facts) =>
      factLines(
        facts.map(([name, value, color = String]) => [name, color(printableLines(value))]),
        colors.dim,
      ),
    progress: (label, total) => {
      if (!io.isErrTerminal || json || quiet || io.env["TERM"] === "dumb") return NO_PROGRESS;
      const describe = describeProgress(say, settings.language);
      const bar = progressBar({
        label,
        total,
        write: io.err,
        columns: io.columns,
        now: () => performance.now(),
        describe,
      });
      bars += 1;
      let isStopped = false;
      return {
        update: bar.update,
        stop: () => {
          if (isStopped) return;
          isStopped = true;
          bars -= 1;
          bar.stop();
        },
      };
    },
    throwIfInterrupted: () => {
      if (io.interrupt.aborted) throw new Interrupted();
    },
  };
}

function linesOf(text: string | readonly string[]): string {
  const lines = typeof text === "string" ? [text] : text;
  return lines.map((line) => `${line}\n`).join("");
}

/** Whether colours are wanted: as asked, else at a terminal that is not dumb, unless NO_COLOR says otherwise. */
export function wantsColor(io: Pick<Io, "env" | "isOutTerminal">, asked: boolean | undefined): boolean {
  if (asked !== undefined) return asked;
  if (io.env["NO_COLOR"]) return false;
  return io.isOutTerminal && io.env["TERM"] !== "dumb";
}
