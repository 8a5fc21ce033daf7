import { createContext, runInContext } from "node:vm";
import { gzipSync } from "node:zlib";
import { writePolicy } from "@cityroot/core/log/witness-policy";
import { TEST_POLICY } from "@cityroot/core/proof/checkpoint.testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { LAMP, NEVER, type TestWorld, testWorld } from "./world.testing.ts";

/**
 * Goal: what a page needs to resolve and check a code is small and runs where there is no Node.
 * Method: the bundler that comes with the test runner bundles it; the bundle then runs in a realm that has the web's
 * globals and nothing else, against the served registry.
 */
let world: TestWorld;
beforeAll(async () => {
  world = await testWorld();
});
afterAll(() => world.server.close());

/** Most bytes of the bundle, minified and compressed with gzip. */
const BUNDLE_BYTES_MAX = 60_000;

const ENTRY = `
export { createClient } from "@cityroot/sdk/client";
export { resolve } from "@cityroot/sdk/resolve";
export { verifyBundle } from "@cityroot/sdk/verify-bundle";
`;

type Bundle = { readonly code: string; readonly imports: readonly string[] };

// It comes with the test runner, not with this package: so the name is not one that a tool should look for here.
const BUNDLER = "rolldown";

async function bundle(): Promise<Bundle> {
  const { rolldown } = await import(BUNDLER);
  const entry = new URL("./page.entry.ts", import.meta.url).pathname;
  const built = await rolldown({
    input: entry,
    platform: "browser",
    resolve: { conditionNames: ["source", "browser", "import", "default"] },
    plugins: [
      {
        name: "entry",
        resolveId: (id: string) => (id === entry ? entry : undefined),
        load: (id: string) => (id === entry ? ENTRY : undefined),
      },
    ],
  });
  const { output } = await built.generate({ format: "iife", name: "sdk", minify: true });
  return output[0];
}

test("resolving and checking fits in a small bundle, which runs without Node", async () => {
  const { code, imports } = await bundle();
  const sizeBytes = gzipSync(code, { level: 9 }).length;
  console.log(`resolve and verify: ${code.length} bytes minified, ${sizeBytes} with gzip`);
  expect(imports).toEqual([]);
  expect(sizeBytes).toBeLessThan(BUNDLE_BYTES_MAX);
  const web = {
    AbortController,
    AbortSignal,
    URL,
    TextEncoder,
    TextDecoder,
    fetch,
    setTimeout,
    clearTimeout,
    crypto,
  };
  const page = createContext({ ...web });
  runInContext(`${code}; globalThis.sdk = sdk;`, page);
  const policy = JSON.stringify(writePolicy(TEST_POLICY));
  const resolveThere = (asked: string): Promise<string> =>
    runInContext(
      `sdk.resolve(sdk.createClient({ url: ${JSON.stringify(world.server.url)}, policy: ${policy} }), "${asked}")
        .then((resolution) => JSON.stringify(resolution))`,
      page,
    );
  expect(JSON.parse(await resolveThere(LAMP))).toMatchObject({ standing: "record", verified: { height: 6 } });
  expect(JSON.parse(await resolveThere(NEVER))).toMatchObject({ standing: "never-issued" });
});
