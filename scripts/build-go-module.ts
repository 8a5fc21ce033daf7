// Builds a program from a Go module of this repository, which pins it with the hashes of all it is built from. What is
// built already is built anew only when the module changed.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

/** What is built from which module, and what to say where that cannot be. */
export type GoProgram = {
  /** Name and version for people. */
  readonly title: string;
  /** Folder of the module, from the root of the repository on, with a slash at its end. */
  readonly module: string;
  /** Path of the program. */
  readonly built: string;
  /** What helps where there is no Go to build with. */
  readonly fix: string;
};

/** Builds a program, unless it is built; failures go to standard error and the exit code. */
export function buildGoModule({ title, module, built, fix }: GoProgram): void {
  const folder = fileURLToPath(new URL(`../${module}`, import.meta.url));
  const stampPath = `${built}.sources`;
  const hash = createHash("sha256");
  for (const name of readdirSync(folder).sort())
    hash.update(`${name}\n`).update(readFileSync(`${folder}${name}`));
  const stamp = hash.digest("hex");
  if (existsSync(built) && existsSync(stampPath) && readFileSync(stampPath, "utf8") === stamp) {
    console.error(`${title} is built: ${built}`);
    return;
  }
  const begun = performance.now();
  console.error(`Building ${title}; the first time takes about a minute and fetches its sources.`);
  mkdirSync(dirname(built), { recursive: true });
  const made = `${built}.${process.pid}`;
  const { status, error } = spawnSync(
    "go",
    ["build", "-buildvcs=false", "-trimpath", "-ldflags", "-s -w", "-o", made, "."],
    {
      cwd: folder,
      env: { ...process.env, CGO_ENABLED: "0", GOFLAGS: "-mod=readonly" },
      stdio: "inherit",
    },
  );
  if (status !== 0) {
    const why = error === undefined ? `go build ended with ${status}` : "expected Go 1.25 or later, got none";
    console.error(`${why}: ${fix}`);
    process.exitCode = 1;
    return;
  }
  // Whoever runs the old one goes on with it.
  renameSync(made, built);
  writeFileSync(stampPath, stamp);
  console.error(`Built ${built} in ${((performance.now() - begun) / 1000).toFixed(0)} s.`);
}
