#!/usr/bin/env node
// Starts the command line: the TypeScript sources in a clone, what was built of them in an installed package.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
const isRecent = major > 22 || (major === 22 && minor >= 18);
const source = fileURLToPath(new URL("../src/main.ts", import.meta.url));
const argv = process.argv.slice(2);
// What a block or an answer takes is garbage soon after: with room for it, it is not copied before it is dropped. The
// processes that a node starts get the same from its process-flags.ts, which this file cannot load yet.
const flags = ["--max-semi-space-size=64", "--initial-old-space-size=256"];

if (existsSync(source)) {
  // A clone brings its own Node.js, which runs TypeScript as it is; an older one may have started this file.
  const modules = fileURLToPath(new URL("../../../node_modules/", import.meta.url));
  const pinned = join(modules, "node/bin/node");
  const file = !isRecent && existsSync(pinned) ? pinned : process.execPath;
  becomeProcess(file, [...flags, "--conditions=source", source, ...argv], join(modules, ".cache/cityroot"));
} else if (isRecent) {
  const { XDG_CACHE_HOME } = process.env;
  const built = fileURLToPath(new URL("../dist/main.js", import.meta.url));
  becomeProcess(
    process.execPath,
    [...flags, built, ...argv],
    join(XDG_CACHE_HOME || join(homedir(), ".cache"), "cityroot"),
  );
} else {
  process.stderr.write(
    `cityroot: expected Node.js 22.18 or later, got ${process.versions.node}: install a newer one\n`,
  );
  process.exitCode = 1;
}

/**
 * Becomes another process where the system can do that; else starts one and passes signals and its end on. Compiled code
 * is kept in a folder of the user's own, which takes half of the time off every start.
 */
function becomeProcess(file, args, cache) {
  const env = { NODE_COMPILE_CACHE: cache, ...process.env };
  if (typeof process.execve === "function" && process.platform !== "win32") {
    process.execve(file, [file, ...args], env);
  }
  const child = spawn(file, args, { stdio: "inherit", env });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    process.stderr.write(`cityroot: ${file} cannot be started: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.on("exit", (code, signal) => {
    process.exitCode = code ?? (signal === "SIGINT" ? 130 : 143);
  });
}
