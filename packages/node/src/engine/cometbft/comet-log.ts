import type { Readable } from "node:stream";
import type { Logger } from "pino";

/** What CometBFT says in one line. */
export type CometLine = {
  readonly level: "debug" | "info" | "warn" | "error";
  readonly message: string;
  /** What it adds to the message; empty where the line is plain text. */
  readonly fields: { readonly [name: string]: unknown };
};

/**
 * Tells the lines of a stream, each cut to so many characters: what is beyond is let go of as it arrives, so that a line
 * without an end takes no memory.
 */
export function hearLines(stream: Readable, charactersMax: number, onLine: (line: string) => void): void {
  let line = "";
  const take = (text: string): void => {
    line += text.slice(0, charactersMax - line.length);
  };
  stream.setEncoding("utf8");
  stream.on("data", (text: string) => {
    const parts = text.split("\n");
    for (const part of parts.slice(0, -1)) {
      take(part);
      onLine(line);
      line = "";
    }
    take(parts.at(-1)!);
  });
  stream.on("end", () => {
    if (line !== "") onLine(line);
  });
}

const LevelName = /"level":"(debug|info|warn|error)"/;

/** Reads a line of CometBFT's log. Plain text is an error: so it tells why it ends. */
export function readCometLine(line: string): CometLine {
  const entry = parseEntry(line);
  if (entry === undefined) {
    // A line that was cut is no JSON any more.
    const level = line.startsWith("{") ? LevelName.exec(line)?.[1] : undefined;
    return { level: (level as CometLine["level"] | undefined) ?? "error", message: line, fields: {} };
  }
  const { _msg: message, level, ts: _, ...fields } = entry;
  return {
    level: level === "debug" || level === "info" || level === "warn" ? level : "error",
    message: String(message),
    fields,
  };
}

function parseEntry(line: string): { readonly [name: string]: unknown } | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    return JSON.parse(line) as { readonly [name: string]: unknown };
  } catch {
    return undefined;
  }
}

/**
 * Passes a line on: what it says often is of interest only to who looks for it. So is what one says that nobody watches,
 * since it is to end: it calls each of its ends an error.
 */
export function passOn(logger: Logger, { level, message, fields }: CometLine, isWatched: boolean): void {
  const isTold = (level === "error" || level === "warn") && isWatched;
  logger[isTold ? "warn" : "debug"]({ cometbft: fields }, `CometBFT: ${message}`);
}

/** The last errors that were heard, as one line. */
export type LastErrors = {
  readonly hear: (line: CometLine) => void;
  readonly text: () => string;
};

const ERRORS = 3;
const ERROR_CHARACTERS_MAX = 500;
/** Go tells first why it ends, and then the stack of every routine. */
const GO_ENDS = /^(panic|fatal error): /;

/** Keeps the last errors. Where Go itself gives up, its reason is the last, up to the empty line that ends it. */
export function lastErrors(): LastErrors {
  const kept: string[] = [];
  let isLast = false;
  let isOver = false;
  return {
    hear: ({ level, message, fields }) => {
      if (level !== "error" || isOver) return;
      if (message.trim() === "") {
        isOver = isLast;
        return;
      }
      if (isLast) {
        // Others of its routines may still be telling something.
        if (Object.keys(fields).length > 0) return;
        kept.push(`${kept.pop()} ${message.trim()}`.slice(0, ERROR_CHARACTERS_MAX));
        return;
      }
      isLast = GO_ENDS.test(message);
      kept.push(textOf(message, fields));
      if (kept.length > ERRORS) kept.shift();
    },
    text: () => kept.join(" | "),
  };
}

function textOf(message: string, fields: CometLine["fields"]): string {
  const why = fields["err"] ?? fields["error"];
  return `${message}${why === undefined ? "" : `: ${why}`}`.slice(0, ERROR_CHARACTERS_MAX);
}

/** What it says when it goes no further, and runs on: deciding on blocks, or taking a snapshot (`startStateSync` of its node). */
const ENDS = [
  "CONSENSUS FAILURE!!!",
  "State sync failed",
  "Failed to bootstrap node with new state",
  "Failed to store last seen commit",
  "Failed to switch to block sync",
];

/**
 * Why it decides on no more block, if this line says so; else undefined. It runs on without deciding, so that nothing is
 * signed that could be wrong.
 */
export function failureIn({ message, fields }: CometLine): string | undefined {
  if (!ENDS.some((end) => message.includes(end))) return undefined;
  return String(fields["err"] ?? message).slice(0, ERROR_CHARACTERS_MAX);
}
