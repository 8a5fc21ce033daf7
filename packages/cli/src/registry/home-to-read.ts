import { type Home, isHome, readHome } from "@cityroot/node/home/home";
import type { Context } from "../context.ts";
import { CommandFailure } from "../failure.ts";
import { findHome, homeHere } from "./folders.ts";

/** The home that a command reads; the failure names where it was looked for. */
export function homeToRead(context: Context): Home {
  const path = findHome(context) ?? homeHere(context);
  if (isHome(path)) return readHome(path);
  throw homeMissing(context, path);
}

/** The failure for a folder that holds no registry. */
export function homeMissing({ say }: Pick<Context, "say">, path: string): CommandFailure {
  return new CommandFailure({
    code: "HOME_MISSING",
    exit: "notFound",
    detail: say("error.homeMissing", { path }),
    field: "--home",
    expected: say("error.homeMissing.expected"),
    got: path,
    fix: say("error.homeMissing.fix"),
  });
}

/** A history that does not hold is a verification that failed; anything else stays as it is. */
export function historyFailure({ say }: Pick<Context, "say">, error: unknown): unknown {
  if (!(error instanceof Error) || error.name !== "HistoryError") return error;
  return new CommandFailure(
    { code: "HISTORY_REFUSED", exit: "verification", detail: error.message, fix: say("error.history.fix") },
    { cause: error },
  );
}
