/**
 * Goal: every setting that a node decides on reaches CometBFT, under the name that this version has for it.
 * Method: the names are held against the file that CometBFT writes, and CometBFT itself reads the values, right and wrong.
 */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { makeConsensusHome } from "./comet-home.ts";
import { COMETBFT_MISSING, WHY_NOT } from "./comet-network.testing.ts";
import { argumentsOf, type ConsensusSettings, settingsOf } from "./comet-settings.ts";
import { findCometBft } from "./find-cometbft.ts";
import { type CometSettings, cometEnvironment } from "./run-cometbft.ts";

const SETTINGS: ConsensusSettings = {
  applicationSocket: "/tmp/application",
  rpcSocket: "/tmp/rpc",
  peerListen: { host: "127.0.0.1", port: 26_656 },
  peers: ["a@127.0.0.1:1", "b@127.0.0.1:2"],
  allowsPrivatePeers: true,
  blockPauseMs: 500,
  rpcBatchMax: 10,
};
const WITH_STATE_SYNC: ConsensusSettings = {
  ...SETTINGS,
  stateSync: {
    rpcServers: ["http://127.0.0.1:1", "http://127.0.0.1:2"],
    ...{ trustHeight: 7, trustHash: "ab".repeat(32), trustPeriodMs: 3_600_000 },
  },
};

/** Names of all settings in CometBFT's own file, as its environment has them. */
function namesIn(toml: string): Set<string> {
  const names = new Set<string>();
  let section = "";
  for (const line of toml.split("\n")) {
    section = /^\[([a-z0-9_.]+)\]/.exec(line)?.[1] ?? section;
    const key = /^([a-z0-9_-]+) = /.exec(line)?.[1];
    const name = section === "" ? key : `${section}.${key}`;
    if (key !== undefined) names.add(`CMT_${name!.replaceAll(/[.-]/g, "_").toUpperCase()}`);
  }
  return names;
}

const run = promisify(execFile);
const isText = (value: string): boolean => !/^(\d+(ms)?|true|false)$/.test(value);

test.skipIf(COMETBFT_MISSING)(
  `every setting is one of CometBFT's, which reads its value${WHY_NOT}`,
  async () => {
    const binary = await findCometBft();
    const folder = mkdtempSync(join(tmpdir(), "cityroot-settings-"));
    // Every command reads all settings first.
    const read = (settings: CometSettings) =>
      run(binary, ["show-node-id", "--home", folder], { env: cometEnvironment(settings) });
    try {
      await makeConsensusHome(binary, folder);
      const known = namesIn(readFileSync(join(folder, "config/config.toml"), "utf8"));
      expect(known.size).toBeGreaterThan(80);
      const settings = settingsOf(WITH_STATE_SYNC, "warn");
      expect(Object.keys(settings).filter((name) => !known.has(name))).toEqual([]);
      await read(settings);
      await read(settingsOf(SETTINGS, "info"));
      for (const [name, value] of Object.entries(settings)) {
        if (!isText(value))
          await expect(read({ ...settings, [name]: "x" }), name).rejects.toThrow(/decoding|parse/);
      }
      // One server alone could show a history that is not the network's.
      await expect(read({ ...settings, CMT_STATESYNC_RPC_SERVERS: "http://127.0.0.1:1" })).rejects.toThrow(
        /at least two rpc_servers/,
      );
      await expect(run(binary, ["start", "--help"])).resolves.toMatchObject({
        stdout: expect.stringMatching(
          new RegExp(
            argumentsOf(SETTINGS)
              .map((given) => given.replace(/=.*/, ""))
              .sort()
              .join("[^]*"),
          ),
        ),
      });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
);
