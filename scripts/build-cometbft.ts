// Builds CometBFT from the module in cometbft/, which pins it with the hashes of all it is built from. What is built
// already is built anew only when the module changed.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { BUILT_COMETBFT, COMETBFT_VERSION } from "@cityroot/node/engine/cometbft/find-cometbft";

const module = fileURLToPath(new URL("../cometbft/", import.meta.url));
const stampPath = `${BUILT_COMETBFT}.sources`;
const hash = createHash("sha256");
for (const name of readdirSync(module).sort())
  hash.update(`${name}\n`).update(readFileSync(`${module}${name}`));
const stamp = hash.digest("hex");

if (existsSync(BUILT_COMETBFT) && existsSync(stampPath) && readFileSync(stampPath, "utf8") === stamp) {
  console.error(`CometBFT ${COMETBFT_VERSION} is built: ${BUILT_COMETBFT}`);
} else {
  build();
}

function build(): void {
  const begun = performance.now();
  console.error(
    `Building CometBFT ${COMETBFT_VERSION}; the first time takes about a minute and fetches its sources.`,
  );
  mkdirSync(BUILT_COMETBFT.slice(0, BUILT_COMETBFT.lastIndexOf("/")), { recursive: true });
  const made = `${BUILT_COMETBFT}.${process.pid}`;
  const { status, error } = spawnSync(
    "go",
    ["build", "-buildvcs=false", "-trimpath", "-ldflags", "-s -w", "-o", made, "."],
    {
      cwd: module,
      env: { ...process.env, CGO_ENABLED: "0", GOFLAGS: "-mod=readonly" },
      stdio: "inherit",
    },
  );
  if (status !== 0) {
    const why = error === undefined ? `go build ended with ${status}` : "expected Go 1.25 or later, got none";
    console.error(
      `${why}: install Go from https://go.dev/dl/, or give the path of a cometbft ${COMETBFT_VERSION} instead`,
    );
    process.exitCode = 1;
    return;
  }
  // Whoever runs the old one goes on with it.
  renameSync(made, BUILT_COMETBFT);
  writeFileSync(stampPath, stamp);
  console.error(`Built ${BUILT_COMETBFT} in ${((performance.now() - begun) / 1000).toFixed(0)} s.`);
}
