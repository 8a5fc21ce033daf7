import { execFile } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";

/**
 * Goal: the file that `npx cityroot` runs works in a clone, keeps exit codes, and survives a reader that has enough.
 * Method: run it as a process, and through a shell where that matters.
 */
const BIN = fileURLToPath(new URL("../bin/cityroot.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "cityroot-bin-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(file: string, argv: readonly string[]): Promise<{ exit: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(file, argv, { cwd: folder }, (error, out, err) => {
      resolve({ exit: typeof error?.code === "number" ? error.code : 0, out, err });
    });
  });
}

test("runs the sources of the clone", async () => {
  const { exit, out, err } = await run(process.execPath, [BIN, "--version"]);
  expect({ exit, err }).toEqual({ exit: 0, err: "" });
  expect(out).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test("keeps the exit code", async () => {
  expect((await run(process.execPath, [BIN, "code", "resolve", "MA.1"])).exit).toBe(2);
});

test("ends well when a reader closes its end", async () => {
  const { err } = await run("bash", [
    "-c",
    `set -o pipefail; "${process.execPath}" "${BIN}" --help | head -1`,
  ]);
  expect(err).toBe("");
});

test("completes commands, options and their values in every shell", async () => {
  for (const shell of ["bash", "zsh", "fish", "powershell"]) {
    const { exit, out } = await run(process.execPath, [BIN, "completion", shell]);
    expect(exit, shell).toBe(0);
    expect(out, shell).toContain("cityroot");
  }
  const complete = async (...words: string[]) =>
    (await run(process.execPath, [BIN, "complete", "--", ...words])).out;
  expect(await complete("code", "re")).toMatch(/^resolve\b/m);
  expect(await complete("code", "resolve", "--pr")).toMatch(/^--proof\b/m);
  expect(await complete("code", "supersede", "--kind", "")).toMatch(/^merge\b/m);
  expect(await complete("completion", "")).toMatch(/^fish\b/m);
});

test("the script of bash completes in a real shell", async () => {
  const path = join(folder, "bin");
  mkdirSync(path);
  writeFileSync(join(path, "cityroot"), `#!/bin/sh\nexec "${process.execPath}" "${BIN}" "$@"\n`);
  chmodSync(join(path, "cityroot"), 0o755);
  const script = [
    `export PATH="${path}:$PATH"`,
    'eval "$(cityroot completion bash)"',
    "COMP_WORDS=(cityroot code hi); COMP_CWORD=2; _cityroot",
    'printf "%s\\n" "$COMPREPLY"',
  ].join("\n");
  const { out } = await run("bash", ["-c", script]);
  expect(out).toContain("history");
});
