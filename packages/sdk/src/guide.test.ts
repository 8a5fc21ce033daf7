import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { printPolicy } from "@cityroot/core/log/witness-policy";
import { TEST_POLICY } from "@cityroot/core/proof/checkpoint.testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { CITY, CITY_ID, type TestWorld, testWorld } from "./world.testing.ts";

/**
 * Goal: the guide's code compiles, runs, and prints what the guide says.
 * Method: its blocks in their order are one module, which the compiler checks and Node runs against the served registry.
 */
const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const HERE = join(ROOT, ".cache", "sdk-guide");
const run = promisify(execFile);

let world: TestWorld;
beforeAll(async () => {
  world = await testWorld();
});
afterAll(() => world.server.close());

async function writeModule(): Promise<{ readonly prints: readonly string[] }> {
  const guide = await readFile(join(ROOT, "docs", "guide", "sdk.md"), "utf8");
  const blocks = [...guide.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code!);
  const code = blocks.join("\n").replaceAll("https://registry.example", world.server.url);
  const seed = `Uint8Array.from([${CITY.seeds[0]!.join(", ")}])`;
  const identity = `export const holder = "${CITY_ID}";\nexport const seed: Uint8Array = ${seed};\n`;
  const config = {
    extends: "../../tsconfig.base.json",
    compilerOptions: {
      noEmit: true,
      composite: false,
      noUnusedLocals: false,
      isolatedDeclarations: false,
      allowImportingTsExtensions: true,
      rewriteRelativeImportExtensions: false,
      lib: ["es2023", "dom"],
      types: [],
    },
    include: ["*.ts"],
  };
  await mkdir(HERE, { recursive: true });
  await writeFile(join(HERE, "guide.ts"), code);
  await writeFile(join(HERE, "identity.ts"), identity);
  await writeFile(join(HERE, "policy.json"), printPolicy(TEST_POLICY));
  await writeFile(join(HERE, "tsconfig.json"), JSON.stringify(config));
  await writeFile(join(HERE, "package.json"), JSON.stringify({ type: "module" }));
  return { prints: [...code.matchAll(/\/\/ prints: (.*)$/gm)].map(([, text]) => text!) };
}

test("the guide's code compiles, runs, and prints what the guide says", async () => {
  const { prints } = await writeModule();
  expect(prints.length).toBeGreaterThan(10);
  const compiler = join(ROOT, "node_modules", "typescript", "bin", "tsc");
  const [compiled, ran] = await Promise.all([
    run(process.execPath, [compiler, "-p", HERE]).catch((error: { stdout: string }) => error),
    run(process.execPath, ["--conditions=source", join(HERE, "guide.ts")]),
  ]);
  expect(compiled.stdout).toBe("");
  expect(ran.stderr).toBe("");
  expect(ran.stdout.trimEnd().split("\n")).toEqual(prints);
});
