// Brings a public suite to this machine, outside of what is committed.
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { installPackages, obtainSource, type Source, SUITES } from "./obtain-source.ts";

/** A suite at the commit that it is run from. */
export type Suite = Omit<Source, "has"> & {
  /** Packages of the npm registry that its tests import, and what runs them, each with its exact version. */
  readonly packages: readonly string[];
  /** Modules that stand in place of packages which are only to be had by git, by name: they say which resolver is tested. */
  readonly modules: { readonly [name: string]: string };
};

/** The folder of a suite whose tests can be run, or why there is none. */
export function obtainSuite(suite: Suite): { readonly folder: string } | { readonly why: string } {
  const source = obtainSource({ ...suite, has: "tests" });
  if ("why" in source) return source;
  const work = join(SUITES, suite.name, "work");
  rmSync(join(work, "tests"), { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  cpSync(join(source.folder, "tests"), join(work, "tests"), { recursive: true });
  writeFileSync(join(work, "package.json"), JSON.stringify({ private: true, type: "module" }));
  const why = installPackages(work, suite.packages);
  if (why !== undefined) return { why };
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
