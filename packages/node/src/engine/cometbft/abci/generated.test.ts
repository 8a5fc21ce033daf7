/**
 * Goal: the code in `generated` is what its definitions give, and nobody changed it by hand.
 * Method: generates it anew beside, as `npm run generate:abci` does, and compares every file.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const PACKAGE = fileURLToPath(new URL("../../../../", import.meta.url));
const TOOLS = fileURLToPath(new URL("../../../../../../node_modules/.bin", import.meta.url));

function filesOf(folder: string): ReadonlyMap<string, string> {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
  const files = paths.filter((path) => statSync(join(folder, path)).isFile());
  return new Map(files.map((path) => [path, readFileSync(join(folder, path), "utf8")]));
}

test("the generated code is that of the definitions", () => {
  const made = mkdtempSync(join(tmpdir(), "cityroot-generated-"));
  try {
    // It puts the folder that its configuration names, ../generated, beside this one.
    execFileSync("buf", ["generate", "--output", join(made, "proto")], {
      cwd: join(PACKAGE, "proto"),
      env: { ...process.env, PATH: `${TOOLS}${delimiter}${process.env["PATH"]}` },
      shell: process.platform === "win32",
    });
    const fresh = filesOf(join(made, "generated"));
    const kept = filesOf(join(PACKAGE, "generated"));
    expect([...kept.keys()]).toEqual([...fresh.keys()]);
    for (const [path, text] of fresh)
      expect(kept.get(path) === text, `${path}: run "npm run generate:abci"`).toBe(true);
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
});
