import type { Json } from "@cityroot/core/json";
import type { ExitCode } from "./exit-code.ts";
import type { Io } from "./io.ts";
import { runCli } from "./run-cli.ts";

/** What a call of the command line left. */
export type CallResult = {
  readonly exit: ExitCode;
  readonly out: string;
  readonly err: string;
  /** Standard output as lines of JSON. */
  readonly json: () => readonly { readonly [name: string]: Json }[];
  /** Standard error as one problem. */
  readonly problem: () => { readonly [name: string]: Json };
};

/** Where a call is made. */
export type CallPlace = {
  readonly folder?: string;
  readonly env?: { readonly [name: string]: string };
  readonly interrupt?: AbortSignal;
  readonly isTerminal?: boolean;
  readonly answers?: readonly string[];
  readonly onErr?: (text: string) => void;
  readonly onOut?: (text: string) => void;
};

/** Calls the command line in this process, with streams that are kept. */
export async function callCli(argv: readonly string[], place: CallPlace = {}): Promise<CallResult> {
  let out = "";
  let err = "";
  const answers = [...(place.answers ?? [])];
  const isTerminal = place.isTerminal ?? false;
  const io: Io = {
    out: (text) => {
      out += text;
      place.onOut?.(text);
    },
    err: (text) => {
      err += text;
      place.onErr?.(text);
    },
    ask: async (question) => {
      err += question;
      return answers.shift() ?? "";
    },
    isOutTerminal: isTerminal,
    isErrTerminal: isTerminal,
    isInTerminal: isTerminal,
    columns: 100,
    env: { HOME: place.folder ?? "/nonexistent", ...place.env },
    workingFolder: place.folder ?? process.cwd(),
    interrupt: place.interrupt ?? new AbortController().signal,
    now: () => Date.now(),
  };
  const exit = await runCli(argv, io);
  const lines = (text: string): string[] => text.split("\n").filter((line) => line !== "");
  return {
    exit,
    out,
    err,
    json: () => lines(out).map((line) => JSON.parse(line)),
    problem: () => JSON.parse(lines(err).at(-1) ?? "null"),
  };
}
