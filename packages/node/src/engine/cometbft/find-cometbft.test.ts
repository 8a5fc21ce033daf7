/**
 * Goal: a node runs the CometBFT that the module pins, or says what stands in its place and how to mend that.
 * Method: the built binary, and small programs that say what they are told to.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { COMETBFT_MISSING, WHY_NOT } from "./comet-network.testing.ts";
import { BUILT_COMETBFT, COMETBFT_VERSION, CometBftMissingError, findCometBft } from "./find-cometbft.ts";

const folder = mkdtempSync(join(tmpdir(), "cityroot-find-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function program(name: string, body: string, mode = 0o755): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${body}\n`, { mode });
  return path;
}

async function refusalOf(path: string): Promise<string> {
  const found = await findCometBft(path).catch((cause: unknown) => cause);
  expect(found).toBeInstanceOf(CometBftMissingError);
  return (found as Error).message;
}

test("the version is the one that the module pins", () => {
  const module = readFileSync(new URL("../../../../../cometbft/go.mod", import.meta.url), "utf8");
  expect(module).toContain(`\tgithub.com/cometbft/cometbft v${COMETBFT_VERSION}\n`);
});

test.skipIf(COMETBFT_MISSING)(`what was built is found, and is that version${WHY_NOT}`, async () => {
  expect(await findCometBft()).toBe(BUILT_COMETBFT);
  expect(await findCometBft(BUILT_COMETBFT)).toBe(BUILT_COMETBFT);
});

test("where there is none, another version, or what does not run, the refusal says what to do", async () => {
  const fix = /give the path of one, or give none and run "npm run build:cometbft" in a clone$/;
  const cases = [
    [join(folder, "none"), "got no such file"],
    [folder, "got no such file"],
    [program("old", "echo 0.38.25"), 'got "0.38.25"'],
    [program("near", `echo ${COMETBFT_VERSION}-dev`), `got "${COMETBFT_VERSION}-dev"`],
    [program("ends", "exit 3"), "got a file that does not run"],
    [program("plain", "", 0o644), "got a file that does not run"],
    [program("flood", "head -c 1000000 /dev/zero"), "got a file that does not run"],
  ] as const;
  for (const [path, got] of cases) {
    const refusal = await refusalOf(path);
    expect(refusal, path).toContain(`expected CometBFT ${COMETBFT_VERSION} at ${path}, ${got}`);
    expect(refusal, path).toMatch(fix);
  }
});
