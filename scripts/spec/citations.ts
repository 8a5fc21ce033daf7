// Where sources say which clause they carry out.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./clauses.ts";

/** A clause that a file cites. Paths are those of the workspace. */
export type Citation = { readonly clause: string; readonly path: string };

const CITATION = /Spec §([0-9]+(?:\.[0-9]+)*)((?:, §[0-9]+(?:\.[0-9]+)*)*)/g;

/** All citations of the packages' sources, by path. */
export function readCitations(): Citation[] {
  return sourcePaths().flatMap((path) => {
    const text = readFileSync(join(ROOT, path), "utf8");
    return [...text.matchAll(CITATION)].flatMap(([, first, more]) =>
      [first!, ...more!.split(", §").slice(1)].map((clause) => ({ clause, path })),
    );
  });
}

function sourcePaths(): string[] {
  return readdirSync(join(ROOT, "packages"), { recursive: true, encoding: "utf8" })
    .filter((path) => /^[^/]+\/src\/.*\.ts$/.test(path) && !path.includes("node_modules/"))
    .map((path) => `packages/${path}`)
    .sort();
}

/** Whether a path is that of a test or of what tests alone use. */
export function isTest(path: string): boolean {
  return /\.(test|testing)\.ts$/.test(path);
}

/** The test beside a source file, if there is one. */
export function testBeside(path: string): string | undefined {
  const test = path.replace(/\.ts$/, ".test.ts");
  return existsSync(join(ROOT, test)) ? test : undefined;
}
