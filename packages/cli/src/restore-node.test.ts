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
import { COMETBFT_MISSING, freePorts, WHY_NOT } from "@cityroot/node/engine/cometbft/comet-network.testing";
import { findNewestHeight } from "@cityroot/node/engine/cometbft/find-trust";
import { startNode } from "@cityroot/node/start-node";
import { afterAll, expect, onTestFinished, test } from "vitest";
import { callCli } from "./call-cli.testing.ts";
import { EXIT } from "./exit-code.ts";

const folder = mkdtempSync(join(tmpdir(), "cityroot-restore-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (...names: string[]): string => join(folder, ...names);
const readJson = (...names: string[]) => JSON.parse(readFileSync(at(...names), "utf8"));
type Made = { readonly stateSync: { readonly servers: readonly string[] }; readonly votesFrom: number };
const ok = async (...argv: string[]) => {
  const result = await callCli([...argv, "--json"], { folder });
  expect(result.exit, `${argv.join(" ")}: ${result.err}`).toBe(EXIT.ok);
  return result.json()[0] as Made;
};
const fails = async (exit: keyof typeof EXIT, ...argv: string[]) => {
  const result = await callCli([...argv, "--json"], { folder });
  expect(result.exit, `${argv.join(" ")}: ${result.err}`).toBe(EXIT[exit]);
  return result.problem();
};
const INIT = ["init", "--engine", "cometbft", "--home", at("water")];

test.skipIf(COMETBFT_MISSING)(
  `a node comes back from a copy of its keys, and forgets what was signed last${WHY_NOT}`,
  async () => {
    const root = ["--prefix", "MA.156", "--name", "zh=示例登记机构", "--out", at("network.json")];
    const [port, peer, witness] = (await freePorts(3)) as [number, number, number];
    const where = ["--peer-address", `127.0.0.1:${peer}`, "--witness-listen", `127.0.0.1:${witness}`];
    const listen = ["--listen", `127.0.0.1:${port}`];
    await ok(...INIT, "--origin", "registry.example/hebei", "--validator", "water", ...where);
    await ok("network", "genesis", ...root, "--validator", at("water", "validator-card.json"));
    await ok(...INIT, "--genesis", at("network.json"), ...listen);
    const node = await startNode({ home: at("water"), workers: 0, logLevel: "fatal" });
    onTestFinished(node.close);
    const backup = at("backup");
    cpSync(at("water"), backup, { recursive: true });
    writeFileSync(
      join(backup, "consensus/data/priv_validator_state.json"),
      '{"height":"7","round":0,"step":3}',
    );
    writeFileSync(join(backup, "witness/records/old.note"), "old");
    chmodSync(join(backup, "keys/checkpoint.json"), 0o644);
    // One node under two names: who the servers are is for operators to know.
    const from = [`http://127.0.0.1:${port}`, `http://localhost:${port}`];
    const bare = ["network", "restore", backup, "--home", at("again")];
    expect(await fails("usage", ...bare)).toMatchObject({ code: "ARGUMENT_MISSING", field: "--sync-from" });
    const restore = [...bare, ...from.flatMap((server) => ["--sync-from", server])];
    const newestHeight = () => findNewestHeight(from, node.network.id).catch(() => 0);
    await expect.poll(newestHeight, { timeout: 20_000 }).toBeGreaterThan(0);
    const before = await newestHeight();
    expect(await fails("usage", ...restore)).toMatchObject({ code: "CONFIRMATION_NEEDED" });
    const made = await ok(...restore, "--yes");
    expect(made.stateSync.servers).toEqual(from);
    expect(made.votesFrom).toBeGreaterThanOrEqual(before + 2);
    expect(made.votesFrom).toBeLessThanOrEqual((await newestHeight()) + 2);
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
    expect(stateSync).toEqual(made.stateSync);
    expect(readJson("again", "consensus/data/priv_validator_state.json")).toEqual({
      ...{ height: `${made.votesFrom}`, round: 0, step: 0 },
    });
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
