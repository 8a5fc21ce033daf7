import { defineConfig } from "vitest/config";

// Workspace packages resolve to their sources, so that a test never runs against an old build.
export default defineConfig({
  resolve: { conditions: ["source"] },
  ssr: { resolve: { conditions: ["source"], externalConditions: ["source"] } },
  test: {
    include: ["packages/*/src/**/*.test.ts", "test/**/*.test.ts", "scripts/**/*.test.ts"],
    testTimeout: 30_000,
    pool: "forks",
    execArgv: ["--conditions=source"],
  },
});
