// Brings a public suite to this machine, outside of what is committed.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../spec/clauses.ts";

/** A suite at the commit that it is run from. */
export type Suite = {
  readonly name: string;
  readonly repository: string;
  readonly commit: string;
  /** Names a folder that holds the suite already, for machines that reach no repository. */
  readonly variable: string;
  /** Packages of the npm registry that its tests import, and what runs them, each with its exact version. */
  readonly packages: readonly string[];
  /** Modules that stand in place of packages which are only to be had by git, by name: they say which resolver is tested. */
  readonly modules: { readonly [name: string]: string };
};

/** The folder of a suite whose tests can be run, or why there is none. */
export function obtainSuite(suite: Suite): { readonly folder: string } | { readonly why: string } {
  const folder = join(ROOT, "node_modules/.cache/suites", suite.name);
  const source = process.env[suite.variable] ?? join(folder, suite.commit);
  if (!existsSync(join(source, "tests"))) {
    const why = clone(suite, source);
    if (why !== undefined) return { why };
  }
  const work = join(folder, "work");
  rmSync(join(work, "tests"), { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  cpSync(join(source, "tests"), join(work, "tests"), { recursive: true });
  writeFileSync(join(work, "package.json"), JSON.stringify({ private: true, type: "module" }));
  const npm = ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--save-exact", ...suite.packages];
  const installed = run("npm", npm, work);
  if (installed !== undefined) return { why: `its packages could not be installed: ${installed}` };
  for (const [name, text] of Object.entries(suite.modules)) {
    const place = join(work, "node_modules", name);
    mkdirSync(place, { recursive: true });
    writeFileSync(
      join(place, "package.json"),
      JSON.stringify({ name, type: "module", exports: "./index.js" }),
    );
    writeFileSync(join(place, "index.js"), text);
  }
  return { folder: work };
}

function clone({ repository, commit, variable }: Suite, folder: string): string | undefined {
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
function run(program: string, args: readonly string[], cwd: string): string | undefined {
  const { status, stderr, error } = spawnSync(program, args, { cwd, encoding: "utf8" });
  if (status === 0) return undefined;
  return error?.message ?? stderr.trim().split("\n").at(-1) ?? `exit ${status}`;
}
