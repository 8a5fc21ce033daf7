import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Context } from "../context.ts";

/** Name of the folder that holds a registry beside the work that is done with it. */
export const HOME_NAME = ".cityroot";

type Where = Pick<Context, "home" | "io">;

/** The home of the registry: as asked, else the nearest `.cityroot` from the working folder up; undefined for none. */
export function findHome({ home, io }: Where): string | undefined {
  if (home !== undefined) return home;
  for (let at = io.workingFolder; ; at = dirname(at)) {
    if (existsSync(join(at, HOME_NAME, "config.json"))) return join(at, HOME_NAME);
    if (dirname(at) === at) return undefined;
  }
}

/** The home that a command makes or works in when nobody says: `.cityroot` in the working folder. */
export function homeHere({ home, io }: Where): string {
  return home ?? join(io.workingFolder, HOME_NAME);
}

/** Where a user's own things are kept beside any registry: keys of holders, and what is known of registries. */
export function userFolder({ io }: Pick<Where, "io">): string {
  const base = io.env["XDG_CONFIG_HOME"] || join(io.env["HOME"] || io.env["USERPROFILE"] || ".", ".config");
  return join(base, "cityroot");
}

/** Where the key files of holders are: in the home, else with the user's own things. */
export function holdersFolder(where: Where): string {
  return join(findHome(where) ?? userFolder(where), "holders");
}
