import { spawnSync } from "node:child_process";

/** One step of a run: a command of this workspace with its arguments. */
export type Step = {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
};

/** Runs steps in their order, says how long each took, and ends the process with 1 at the first that fails. */
export function runSteps(steps: readonly Step[]): void {
  for (const { name, command, args } of steps) {
    const begun = performance.now();
    const { status, error } = spawnSync(command, args, { stdio: "inherit", env: process.env });
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    if (error !== undefined) console.error(`${name}: ${error.message}`);
    console.error(`${status === 0 ? "ok  " : "FAIL"} ${name} (${seconds} s)`);
    if (status !== 0) process.exit(1);
  }
}
