// Goal: a node whose machine is lost comes back with its keys, and with nothing that could let it sign a second history.
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { COMETBFT_MISSING, WHY_NOT } from "@cityroot/node/engine/cometbft/comet-network.testing";
import { afterAll, expect, test } from "vitest";
import { callCli } from "./call-cli.testing.ts";
import { EXIT } from "./exit-code.ts";

const folder = mkdtempSync(join(tmpdir(), "cityroot-restore-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (...names: string[]): string => join(folder, ...names);
const readJson = (...names: string[]) => JSON.parse(readFileSync(at(...names), "utf8"));
const ok = async (...argv: string[]) => {
  const result = await callCli([...argv, "--json"], { folder });
  expect(result.exit, `${argv.join(" ")}: ${result.err}`).toBe(EXIT.ok);
  return result.json()[0] as object;
};
const fails = async (exit: keyof typeof EXIT, ...argv: string[]) => {
  const result = await callCli([...argv, "--json"], { folder });
  expect(result.exit, `${argv.join(" ")}: ${result.err}`).toBe(EXIT[exit]);
  return result.problem();
};
const INIT = ["init", "--engine", "cometbft", "--home", at("water")];
const PEER = ["--peer-address", "water.example:26656"];

test.skipIf(COMETBFT_MISSING)(
  `a node comes back from a copy of its keys, and forgets what was signed last${WHY_NOT}`,
  async () => {
    const root = ["--prefix", "MA.156", "--name", "zh=示例登记机构", "--out", at("network.json")];
    await ok(...INIT, "--origin", "registry.example/hebei", "--validator", "water", ...PEER);
    await ok("network", "genesis", ...root, "--validator", at("water", "validator-card.json"));
    await ok(...INIT, "--genesis", at("network.json"));
    const backup = at("backup");
    cpSync(at("water"), backup, { recursive: true });
    writeFileSync(
      join(backup, "consensus/data/priv_validator_state.json"),
      '{"height":"7","round":0,"step":3}',
    );
    writeFileSync(join(backup, "witness/records/old.note"), "old");
    chmodSync(join(backup, "keys/checkpoint.json"), 0o644);
    const begun = ["--trust-height", "20", "--trust-hash", "AB".repeat(32)];
    const from = ["https://id.traffic.example", "https://id.parks.example"];
    const restore = ["network", "restore", backup, "--home", at("again"), ...begun];
    for (const server of from) restore.push("--sync-from", server);
    expect(await fails("usage", ...restore)).toMatchObject({ code: "CONFIRMATION_NEEDED" });
    expect(await ok(...restore, "--yes")).toMatchObject({ stateSync: { servers: from, trustHeight: 20 } });
    for (const file of [
      ...["keys/checkpoint.json", "witness/keys/witness.json", "holders/MA.156.json"],
      ...["consensus/config/node_key.json", "consensus/config/priv_validator_key.json"],
    ]) {
      expect(readFileSync(at("again", file), "utf8"), file).toBe(readFileSync(at("water", file), "utf8"));
      expect(statSync(at("again", file)).mode & 0o077, file).toBe(0);
    }
    const { consensus, ...config } = readJson("water", "config.json");
    const { stateSync, ...restored } = readJson("again", "config.json").consensus;
    expect(readJson("again", "config.json")).toMatchObject(config);
    expect({ ...restored, stateSync: null }).toEqual(consensus);
    expect(stateSync).toMatchObject({ trustHash: "AB".repeat(32) });
    expect(readJson("again", "consensus/data/priv_validator_state.json").height).toBe("0");
    expect(readdirSync(at("again", "witness", "records"))).toEqual([]);
    expect(readJson("again", "witness/witness.json").logs).toEqual([]);
    expect(await fails("usage", ...restore, "--yes")).toMatchObject({ code: "CONFIG_MALFORMED" });
    rmSync(join(backup, "consensus/config/node_key.json"));
    const missing = [...restore, "--yes"].map((word) => (word === at("again") ? at("third") : word));
    expect(await fails("usage", ...missing)).toMatchObject({
      detail: expect.stringContaining("expected consensus/config/node_key.json in it, got none"),
    });
    expect(existsSync(at("third"))).toBe(false);
  },
);
