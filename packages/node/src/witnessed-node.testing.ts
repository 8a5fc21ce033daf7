import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { parseVerifierKey } from "@cityroot/core/log/note";
import { makeTestHome, STORED_ORIGIN } from "./engine/embedded/stored-node.testing.ts";
import type { WitnessAddress } from "./home/config.ts";
import { readHome } from "./home/home.ts";
import { type NodeOptions, type RunningNode, startNode } from "./start-node.ts";
import { startHere } from "./witness/witness.testing.ts";
import { addWatchedLog, createWitnessHome } from "./witness/witness-home.ts";

/** A witness of a test's registry, which can be stopped and started again at its address. */
export type TestWitness = WitnessAddress & {
  readonly path: string;
  readonly stop: () => Promise<void>;
  readonly start: () => Promise<void>;
};

/** A home of a registry and witnesses of its log, which all go away together. */
export type WitnessedHome = {
  readonly path: string;
  /** Starts a witness that is independent of the registry. */
  readonly addWitness: (name: string) => Promise<TestWitness>;
  /** Writes the witnesses into the registry's configuration: for its next start. */
  readonly configure: (witnesses: readonly WitnessAddress[], quorum: number, witnessWaitMs?: number) => void;
  /** Starts the registry's node, of this home or of a copy of it. */
  readonly start: (options?: Partial<NodeOptions>) => Promise<RunningNode>;
  readonly remove: () => Promise<void>;
};

/** Makes a home without witnesses. */
export function makeWitnessedHome(): WitnessedHome {
  const folder = mkdtempSync(`${tmpdir()}/cityroot-witnessed-`);
  const path = `${folder}/registry`;
  makeTestHome(path);
  const closers: (() => Promise<void>)[] = [];
  /** Closes once, by whoever comes first. */
  const once = (close: () => Promise<void>): (() => Promise<void>) => {
    let closing: Promise<void> | undefined;
    const closeOnce = (): Promise<void> => {
      closing ??= close();
      return closing;
    };
    closers.push(closeOnce);
    return closeOnce;
  };
  return {
    path,
    addWitness: async (name) => {
      const home = `${folder}/${name}`;
      const made = await createWitnessHome(home, name, { logLevel: "fatal" });
      const key = parseVerifierKey(readHome(path).policy.logKeys[0]!);
      if (!key.ok) throw new Error(key.fault.field);
      await addWatchedLog(made, STORED_ORIGIN, key.value);
      const first = await startHere(home);
      let stop = once(first.close);
      return {
        ...{ path: home, key: first.key, url: first.address },
        stop: () => stop(),
        start: async () => {
          const port = Number(new URL(first.address).port);
          stop = once((await startHere(home, { listen: { host: "127.0.0.1", port } })).close);
        },
      };
    },
    configure: (witnesses, quorum, witnessWaitMs = 2_000) => {
      const file = `${path}/config.json`;
      const named = witnesses.map(({ key, url }) => ({ key, url }));
      const config = { ...JSON.parse(readFileSync(file, "utf8")), witnesses: named, quorum, witnessWaitMs };
      writeFileSync(file, JSON.stringify(config));
    },
    start: async (options = {}) => {
      const listen = { host: "127.0.0.1", port: 0 };
      const node = await startNode({ home: path, workers: 0, listen, logLevel: "fatal", ...options });
      return { ...node, close: once(node.close) };
    },
    remove: async () => {
      for (const close of closers.splice(0).reverse()) await close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
