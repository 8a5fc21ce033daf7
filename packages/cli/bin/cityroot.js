#!/usr/bin/env node
// Starts the command line: the TypeScript sources in a clone, what was built of them in an installed package.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
const isRecent = major > 22 || (major === 22 && minor >= 18);
const source = fileURLToPath(new URL("../src/main.ts", import.meta.url));
const argv = process.argv.slice(2);

if (existsSync(source)) {
  // A clone brings its own Node.js, which runs TypeScript as it is; an older one may have started this file.
  const pinned = fileURLToPath(new URL("../../../node_modules/node/bin/node", import.meta.url));
  replaceProcess(!isRecent && existsSync(pinned) ? pinned : process.execPath, [
    "--conditions=source",
    source,
    ...argv,
  ]);
} else if (isRecent) {
  await import(new URL("../dist/main.js", import.meta.url).href);
} else {
  process.stderr.write(
    `cityroot: expected Node.js 22.18 or later, got ${process.versions.node}: install a newer one\n`,
  );
  process.exitCode = 1;
}

/** Becomes another process where the system can do that; else starts one and passes signals and its end on. */
function replaceProcess(file, args) {
  if (typeof process.execve === "function" && process.platform !== "win32") {
    process.execve(file, [file, ...args], process.env);
  }
  const child = spawn(file, args, { stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    process.stderr.write(`cityroot: ${file} cannot be started: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.on("exit", (code, signal) => {
    process.exitCode = code ?? (signal === "SIGINT" ? 130 : 143);
  });
}
