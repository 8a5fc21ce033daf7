import { chmodSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import {
  makeVerifierKey,
  printVerifierKey,
  SIGNATURE_TYPES,
  type SignatureType,
} from "@cityroot/core/log/note";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeTestHome, STORED_GENESIS, STORED_ORIGIN } from "../engine/embedded/stored-node.testing.ts";
import { nativeSigner } from "../signature/native-ed25519.ts";
import { parseConfig } from "./config.ts";
import { ConfigError } from "./config-field.ts";
import { createHome, isHome, readHome } from "./home.ts";

let path = "";
beforeEach(() => {
  path = makeTestHome();
});
afterEach(() => rmSync(path, { recursive: true, force: true }));

function writeJson(file: string, value: unknown): void {
  writeFileSync(`${path}/${file}`, typeof value === "string" ? value : JSON.stringify(value));
}

function readJson(file: string): Record<string, unknown> {
  return JSON.parse(readFileSync(`${path}/${file}`, "utf8")) as Record<string, unknown>;
}

test("a home is read as it was made, with a key of its own that others cannot read", () => {
  expect(isHome(path)).toBe(true);
  const home = readHome(path);
  expect(home.genesis).toEqual(STORED_GENESIS);
  expect(home.policy.origin).toBe(STORED_ORIGIN);
  expect(home.policy.logKeys.map((key) => key.split("+")[0])).toEqual([STORED_ORIGIN]);
  const other = makeTestHome();
  expect(readHome(other).checkpointKey.seed).not.toEqual(home.checkpointKey.seed);
  rmSync(other, { recursive: true });
  expect(() => createHome(path, STORED_GENESIS, { origin: STORED_ORIGIN })).toThrow(
    "already holds a registry",
  );
  chmodSync(`${path}/keys/checkpoint.json`, 0o644);
  readHome(path);
  expect(statSync(`${path}/keys/checkpoint.json`).mode & 0o777).toBe(0o600);
});

const keyOf = (name: string, type: SignatureType, seed: number): string =>
  printVerifierKey(makeVerifierKey(name, type, nativeSigner(new Uint8Array(32).fill(seed)).publicKey));
const WITNESS = {
  key: keyOf("witness.test/1", SIGNATURE_TYPES.cosignature, 0),
  url: "https://witness.test/w1",
};

test("every key of a configuration that cannot be used is named, with what was expected and what came", () => {
  const good = { origin: STORED_ORIGIN };
  expect(parseConfig(good)).toMatchObject({ origin: STORED_ORIGIN, quorum: 0 });
  expect(parseConfig({ ...good, witnesses: [WITNESS], quorum: 1 })).toMatchObject({ quorum: 1 });
  expect(parseConfig(good)).toMatchObject({ publicUrl: null, metrics: "loopback" });
  for (const publicUrl of ["https://id.example.cn", "http://127.0.0.1:8787/registry/", null]) {
    expect(parseConfig({ ...good, publicUrl, metrics: "public" })).toMatchObject({
      publicUrl,
      metrics: "public",
    });
  }
  const cases: readonly (readonly [unknown, string])[] = [
    [{ ...good, metrics: true }, "config.metrics: expected one of loopback, public, got true"],
    ...[
      "id.example.cn",
      "ftp://id.example.cn",
      "https://",
      "https://a b",
      "https://a/?b",
      "https://a/#",
      7,
    ].map(
      (publicUrl) => [{ ...good, publicUrl }, "config.publicUrl: expected an address such as https"] as const,
    ),
    [null, "config: expected an object, got null"],
    [[], "config: expected an object, got []"],
    ["text", 'config: expected an object, got "text"'],
    [{ ...good, colour: 1 }, "config.colour: expected one of origin, listen"],
    [{ ...good, __proto__x: 1 }, "config.__proto__x: expected one of"],
    [{}, "config.origin: expected the log's name"],
    [
      { origin: "with space" },
      'config.origin: expected the log\'s name without spaces, such as registry.example/hebei, got "with space"',
    ],
    [{ origin: "" }, "config.origin: expected the log's name"],
    [{ origin: "a+b" }, "config.origin: expected"],
    [{ origin: 7 }, "config.origin: expected"],
    [{ ...good, listen: 8787 }, "config.listen: expected an object, got 8787"],
    [{ ...good, listen: { port: 1 } }, "config.listen.host: expected a host name or address, got undefined"],
    [
      { ...good, listen: { host: "", port: 1 } },
      'config.listen.host: expected a host name or address, got ""',
    ],
    [
      { ...good, listen: { host: "::1" } },
      "config.listen.port: expected a whole number from 0 to 65535, got undefined",
    ],
    [
      { ...good, listen: { host: "::1", port: "80" } },
      'config.listen.port: expected a whole number from 0 to 65535, got "80"',
    ],
    [
      { ...good, listen: { host: "::1", port: 65_536 } },
      "config.listen.port: expected a whole number from 0 to 65535, got 65536",
    ],
    [
      { ...good, listen: { host: "::1", port: 1, tls: true } },
      "config.listen.tls: expected one of host, port",
    ],
    [{ ...good, workers: -1 }, "config.workers: expected a whole number from 0 to 64, got -1"],
    [{ ...good, workers: 1.5 }, "config.workers: expected"],
    [{ ...good, workers: null }, "config.workers: expected"],
    [
      { ...good, signatureProcesses: 65 },
      "config.signatureProcesses: expected a whole number from 0 to 64, got 65",
    ],
    [{ ...good, logKeys: "none" }, 'config.logKeys: expected a list of verifier keys, got "none"'],
    [{ ...good, logKeys: [1] }, "config.logKeys: expected a list of verifier keys, got [1]"],
    [
      { ...good, witnesses: "none" },
      'config.witnesses: expected a list of witnesses with key and url, got "',
    ],
    [{ ...good, witnesses: [WITNESS.key] }, "config.witnesses[0]: expected an object, got "],
    [
      { ...good, witnesses: [{ url: WITNESS.url }] },
      "config.witnesses[0].key: expected a verifier key, got u",
    ],
    [
      { ...good, witnesses: [{ ...WITNESS, url: "w1" }] },
      "config.witnesses[0].url: expected an address such",
    ],
    [{ ...good, witnesses: [{ ...WITNESS, port: 1 }] }, "config.witnesses[0].port: expected one of key, url"],
    [
      { ...good, witnesses: [WITNESS], quorum: 2 },
      "config.quorum: expected a whole number from 0 to 1, got 2",
    ],
    [{ ...good, quorum: null }, "config.quorum: expected"],
    [
      { ...good, witnessWaitMs: 60_001 },
      "config.witnessWaitMs: expected a whole number from 0 to 60000, got 60001",
    ],
    [
      { ...good, logLevel: "loud" },
      'config.logLevel: expected one of fatal, error, warn, info, debug, got "loud"',
    ],
  ];
  for (const [config, message] of cases) {
    expect(() => parseConfig(config), JSON.stringify(config)).toThrow(ConfigError);
    expect(() => parseConfig(config), JSON.stringify(config)).toThrow(message);
  }
});

test("the policy names the log keys of all nodes, this node's own among them", () => {
  const config = readJson("config.json");
  const [own] = readHome(path).policy.logKeys;
  const other = keyOf(STORED_ORIGIN, SIGNATURE_TYPES.ed25519, 1);
  const policyOf = (logKeys: readonly unknown[]) => {
    writeJson("config.json", { ...config, logKeys });
    return readHome(path).policy.logKeys;
  };
  expect(policyOf([other])).toEqual([own, other]);
  expect(policyOf([other, own]), "in the order of the file, so that all nodes name one policy").toEqual([
    other,
    own,
  ]);
  expect(() => policyOf([other, other])).toThrow("config.logKeys[2]: expected a public key that stands once");
  expect(() => policyOf([WITNESS.key])).toThrow("config.logKeys[1]: expected a verifier key of type 0x01");
});

test("a witness's key that cannot be used is named by its place", () => {
  const config = readJson("config.json");
  for (const [witness, message] of [
    ["nonsense", "config.witnesses[1]"],
    [WITNESS.key, "config.witnesses[1]: expected a name of its own"],
  ] as const) {
    const witnesses = [WITNESS, { ...WITNESS, key: witness }];
    writeJson("config.json", { ...config, witnesses, quorum: 1 });
    expect(() => readHome(path), witness).toThrow(ConfigError);
    expect(() => readHome(path), witness).toThrow(message);
  }
});

test("a file of a home that is missing, cut off or of another form is named", () => {
  const key = readJson("keys/checkpoint.json");
  const genesis = readJson("genesis.json");
  const cases: readonly (readonly [string, unknown, string])[] = [
    ["config.json", undefined, "config.json does not exist: create a registry"],
    ["config.json", "{", "config.json is no JSON"],
    ["genesis.json", undefined, "genesis.json cannot be read"],
    ["genesis.json", '{"name": "te', "genesis.json cannot be read"],
    ["genesis.json", [], "genesis.json: "],
    ["genesis.json", { ...genesis, roots: 1 }, "genesis.json: "],
    ["keys/checkpoint.json", undefined, "keys/checkpoint.json cannot be read"],
    ["keys/checkpoint.json", "", "keys/checkpoint.json cannot be read"],
    ["keys/checkpoint.json", "null", "keys/checkpoint.json: expected"],
    ["keys/checkpoint.json", { ...key, seed: "00" }, "keys/checkpoint.json: expected"],
    ["keys/checkpoint.json", { name: key["name"] }, "keys/checkpoint.json: expected"],
    ["keys/checkpoint.json", { seed: key["seed"] }, "keys/checkpoint.json: expected"],
    ["keys/checkpoint.json", { ...key, name: "no good name" }, "keys/checkpoint.json: expected"],
    ["keys/checkpoint.json", { ...key, name: "" }, "keys/checkpoint.json: expected"],
  ];
  for (const [file, value, message] of cases) {
    const whole = readFileSync(`${path}/${file}`);
    if (value === undefined) rmSync(`${path}/${file}`);
    else writeJson(file, value);
    expect(() => readHome(path), `${file}: ${JSON.stringify(value)}`).toThrow(ConfigError);
    expect(() => readHome(path), `${file}: ${JSON.stringify(value)}`).toThrow(message);
    writeFileSync(`${path}/${file}`, whole);
  }
  readHome(path);
});

test("a home that was not finished is none", () => {
  const folder = `${path}/inner`;
  mkdirSync(folder);
  expect(isHome(folder)).toBe(false);
  expect(() => readHome(folder)).toThrow(`${folder}/config.json does not exist`);
});
