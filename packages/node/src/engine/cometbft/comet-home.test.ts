/**
 * Goal: a node's keys are made once and stay, in the folder that is named, and every member writes the same genesis.
 * Method: the real binary makes the folders and reads them again.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { networkOf } from "@cityroot/core/genesis";
import { afterAll, beforeEach, expect, test, vi } from "vitest";
import { STORED_GENESIS } from "../embedded/stored-node.testing.ts";
import {
  type ConsensusGenesis,
  consensusGenesisOf,
  makeConsensusHome,
  readConsensusIdentity,
  writeConsensusGenesis,
} from "./comet-home.ts";
import { COMETBFT_MISSING, WHY_NOT } from "./comet-network.testing.ts";
import { findCometBft } from "./find-cometbft.ts";
import { runCometBft } from "./run-cometbft.ts";

const root = mkdtempSync(join(tmpdir(), "cityroot-comet-home-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folder = root;
beforeEach(() => {
  folder = mkdtempSync(join(root, "home-"));
});

const PUBLIC_KEY = new Uint8Array(32).fill(7);
const GENESIS: ConsensusGenesis = {
  network: "city-0badcafe",
  timeMs: Date.UTC(2026, 0, 1),
  digest: new Uint8Array(32).fill(9),
  validators: [{ name: "a", publicKey: PUBLIC_KEY, power: 10 }],
};
const KEYS = ["config/priv_validator_key.json", "config/node_key.json", "data/priv_validator_state.json"];

test.skipIf(COMETBFT_MISSING)(`keys are made once, for nobody else to read${WHY_NOT}`, async () => {
  const binary = await findCometBft();
  const identity = await makeConsensusHome(binary, folder);
  const shown = JSON.parse(await runCometBft(binary, ["show-validator", "--home", folder]));
  expect(shown).toEqual({
    type: "tendermint/PubKeyEd25519",
    value: Buffer.from(identity.publicKey).toString("base64"),
  });
  for (const name of KEYS) expect(statSync(join(folder, name)).mode & 0o077, name).toBe(0);
  expect(statSync(folder).mode & 0o077).toBe(0);
  expect(await makeConsensusHome(binary, folder)).toEqual(identity);
  expect(await readConsensusIdentity(binary, folder)).toEqual(identity);
  const other = await makeConsensusHome(binary, join(root, "other"));
  expect(other.nodeId).not.toBe(identity.nodeId);
});

test.skipIf(COMETBFT_MISSING)(
  `a making that was interrupted is gone on with, but no record of signing is made up${WHY_NOT}`,
  async () => {
    const binary = await findCometBft();
    const { publicKey } = await makeConsensusHome(binary, folder);
    rmSync(join(folder, "config/node_key.json"));
    rmSync(join(folder, "config/config.toml"));
    await expect(readConsensusIdentity(binary, folder)).rejects.toThrow(
      /show-node-id.*failed with 1: .*node_key/,
    );
    expect((await makeConsensusHome(binary, folder)).publicKey).toEqual(publicKey);
    expect(existsSync(join(folder, "config/config.toml"))).toBe(true);
    rmSync(join(folder, "data/priv_validator_state.json"));
    await expect(makeConsensusHome(binary, folder)).rejects.toThrow(
      /record of what the validator signed.*restore it/,
    );
  },
);

test.skipIf(COMETBFT_MISSING)(`another folder in the environment is not taken${WHY_NOT}`, async () => {
  const elsewhere = mkdtempSync(join(root, "elsewhere-"));
  vi.stubEnv("CMTHOME", elsewhere).stubEnv("TMHOME", elsewhere).stubEnv("CMT_MONIKER", "elsewhere");
  try {
    await makeConsensusHome(await findCometBft(), folder);
    expect(readdirSync(elsewhere)).toEqual([]);
    expect(readFileSync(join(folder, "config/config.toml"), "utf8")).not.toContain('moniker = "elsewhere"');
  } finally {
    vi.unstubAllEnvs();
  }
});

test.skipIf(COMETBFT_MISSING)(`a genesis is the same bytes in every folder${WHY_NOT}`, async () => {
  const binary = await findCometBft();
  const folders = [folder, join(root, "second")];
  for (const each of folders) {
    await makeConsensusHome(binary, each);
    writeConsensusGenesis(each, GENESIS);
  }
  const [first, second] = folders.map((each) => readFileSync(join(each, "config/genesis.json"), "utf8"));
  expect(second).toBe(first);
  expect(JSON.parse(first!)).toMatchObject({
    chain_id: "city-0badcafe",
    genesis_time: "2026-01-01T00:00:00.000Z",
    app_state: { genesis: "09".repeat(32) },
    validators: [{ name: "a", power: "10" }],
  });
  expect(readdirSync(join(folder, "config")).filter((name) => name.endsWith(".new"))).toEqual([]);
});

test("the consensus begins with what the registry's genesis says", () => {
  const genesis = { ...STORED_GENESIS, validators: GENESIS.validators };
  const { id, genesis: digest } = networkOf(genesis);
  expect(consensusGenesisOf(genesis)).toEqual({
    ...{ network: id, timeMs: STORED_GENESIS.timeMs, digest, validators: GENESIS.validators },
  });
  expect(() => consensusGenesisOf(STORED_GENESIS)).toThrow(/names its validators/);
});

test("a genesis that no network could begin with is not written", () => {
  const [one] = GENESIS.validators;
  const cases: readonly [Partial<ConsensusGenesis>, RegExp][] = [
    [{ network: "x".repeat(51) }, /id of a chain/],
    [{ validators: [] }, /begins with a validator/],
    [{ validators: [one!, { ...one!, name: "b" }] }, /a key of its own/],
    [{ validators: [{ ...one!, publicKey: new Uint8Array(3) }] }, /key of a has 32 bytes/],
    [{ validators: [{ ...one!, power: 0 }] }, /counts 1 to 1000000000, got 0/],
    [{ validators: [{ ...one!, power: 1.5 }] }, /counts 1 to 1000000000, got 1.5/],
    [{ validators: [{ ...one!, power: 1e9 + 1 }] }, /got 1000000001/],
  ];
  for (const [wrong, why] of cases)
    expect(() => writeConsensusGenesis(folder, { ...GENESIS, ...wrong }), `${why}`).toThrow(why);
  expect(readdirSync(folder)).toEqual([]);
});
