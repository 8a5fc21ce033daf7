// Brings a public repository to this machine, outside of what is committed.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../spec/clauses.ts";

/** A public repository at a commit. */
export type Source = {
  readonly name: string;
  readonly repository: string;
  readonly commit: string;
  /** A file or folder that it has. */
  readonly has: string;
  /** Names a folder that holds it already, for machines that reach no repository. */
  readonly variable: string;
};

/** Where what suites need is kept. */
export const SUITES: string = join(ROOT, "node_modules/.cache/suites");

/** The folder of a repository, or why there is none. `within` is where it lies below the folder that the variable names. */
export function obtainSource(
  source: Source,
  within = "",
): { readonly folder: string } | { readonly why: string } {
  const given = process.env[source.variable];
  const folder = given === undefined ? join(SUITES, source.name, source.commit) : join(given, within);
  if (existsSync(join(folder, source.has))) return { folder };
  if (given !== undefined)
    return { why: `${source.variable} names a folder without ${join(within, source.has)}` };
  const why = clone(source, folder);
  return why === undefined ? { folder } : { why };
}

/** Puts packages of the npm registry into a folder; gives why they cannot be had. */
export function installPackages(folder: string, packages: readonly string[]): string | undefined {
  const npm = ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--save-exact", ...packages];
  const why = run("npm", npm, folder);
  return why === undefined ? undefined : `its packages could not be installed: ${why}`;
}

function clone({ repository, commit, variable }: Source, folder: string): string | undefined {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const args of [
    ["init", "--quiet"],
    ["fetch", "--quiet", "--depth", "1", repository, commit],
    ["checkout", "--quiet", "FETCH_HEAD"],
  ]) {
    const why = run("git", args, folder);
    if (why === undefined) continue;
    rmSync(folder, { recursive: true, force: true });
    return `${repository} cannot be reached (${why}); ${variable} may name a folder that holds commit ${commit}`;
  }
  return undefined;
}

/** Runs a program; gives what it complained of, if it failed. */
export function run(program: string, args: readonly string[], cwd: string): string | undefined {
  const { status, stderr, error } = spawnSync(program, args, { cwd, encoding: "utf8" });
  if (status === 0) return undefined;
  return error?.message ?? stderr.trim().split("\n").at(-1) ?? `exit ${status}`;
}
