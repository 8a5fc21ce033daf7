import { readFileSync } from "node:fs";
import type { Json } from "@cityroot/core/json";
import { CommandFailure } from "../failure.ts";
import type { Say } from "../text/say.ts";

/** Reads a file of JSON that the user named; `field` says where they did. */
export function readJsonFile(path: string, field: string, say: Say): Json {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw new CommandFailure(
      {
        code: "FILE_UNREADABLE",
        exit: "failure",
        detail: say("error.file", { path, reason: (cause as Error).message }),
        field,
        expected: say("error.file.expected"),
        got: path,
        fix: say("error.file.fix"),
      },
      { cause },
    );
  }
  try {
    return JSON.parse(text) as Json;
  } catch (cause) {
    throw malformedFile(say, { field, path, expected: "JSON", got: (cause as Error).message });
  }
}

/** The refusal of a file's content. */
export function malformedFile(
  say: Say,
  {
    field,
    path,
    expected,
    got,
  }: { readonly field: string; readonly path: string; readonly expected: string; readonly got: string },
): CommandFailure {
  const detail = say("error.malformed", { field: `${path}: ${field}`, expected, got });
  return new CommandFailure({ code: "FILE_MALFORMED", exit: "usage", detail, field, expected, got });
}
