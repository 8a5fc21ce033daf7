import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CallPlace, type CallResult, callCli } from "./call-cli.testing.ts";
import { type Started, startProcess } from "./start-process.testing.ts";

/** A registry that the command line made and started. */
export type RunningRegistry = {
  readonly folder: string;
  readonly home: string;
  readonly call: (argv: readonly string[], place?: CallPlace) => Promise<CallResult>;
  /** Stops the node and starts it again. */
  readonly restart: () => Promise<void>;
  readonly stop: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/** Makes a registry with `cityroot init` and further arguments, and starts its node. */
export async function startRegistry(...argv: readonly string[]): Promise<RunningRegistry> {
  const folder = mkdtempSync(join(tmpdir(), "cityroot-cli-"));
  const home = join(folder, ".cityroot");
  const call: RunningRegistry["call"] = (words, place) => callCli(words, { folder, ...place });
  const made = await call([
    "init",
    "--origin",
    "registry.example/test",
    "--prefix",
    "MA.156",
    "--name",
    "en=Root",
    ...argv,
  ]);
  if (made.exit !== 0) throw new Error(made.err);
  const path = join(home, "config.json");
  const config = JSON.parse(readFileSync(path, "utf8")) as object;
  const alone = {
    ...config,
    workers: 0,
    signatureProcesses: 0,
    logLevel: "fatal",
    listen: { host: "127.0.0.1", port: 0 },
  };
  writeFileSync(path, JSON.stringify(alone));
  let node: Started | undefined;
  const stop = async (): Promise<void> => {
    await node?.stop();
    node = undefined;
  };
  const start = async (): Promise<void> => {
    node = await startProcess(["start", "--home", home, "--json"], folder);
  };
  await start();
  return {
    folder,
    home,
    call,
    stop,
    restart: async () => {
      await stop();
      await start();
    },
    close: async () => {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
