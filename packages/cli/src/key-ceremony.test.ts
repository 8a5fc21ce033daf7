/**
 * Goal: organisations make a network of their nodes by cards that hold no secret, each keeps its keys, and nothing that does
 * not fit goes in; a node so made starts with its CometBFT, and both stop together.
 * Method: the commands as the organisations call them, in folders of their own; a network of one validator is started.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { COMETBFT_MISSING, freePorts, WHY_NOT } from "@cityroot/node/engine/cometbft/comet-network.testing";
import { startNode } from "@cityroot/node/start-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CallResult, callCli } from "./call-cli.testing.ts";
import { EXIT } from "./exit-code.ts";
import { startProcess } from "./start-process.testing.ts";

const folder = mkdtempSync(join(tmpdir(), "cityroot-ceremony-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const call = (...argv: string[]): Promise<CallResult> => callCli(argv, { folder });
const ok = async (...argv: string[]) => {
  const result = await call(...argv, "--json");
  expect(result.err, argv.join(" ")).toBe("");
  expect(result.exit, argv.join(" ")).toBe(EXIT.ok);
  return result.json()[0] as { readonly [name: string]: never };
};
const fails = async (exit: keyof typeof EXIT, ...argv: string[]) => {
  const result = await call(...argv, "--json");
  expect(result.exit, `${argv.join(" ")}: ${result.err}`).toBe(EXIT[exit]);
  return result.problem();
};
const at = (...names: string[]): string => join(folder, ...names);
const readJson = (...names: string[]) => JSON.parse(readFileSync(at(...names), "utf8"));

const NAMES = ["water", "traffic", "parks", "works"];
const ORIGIN = ["--origin", "registry.example/hebei"];
const cardOptions = (name: string, port = 26_656): string[] => [
  ...["init", "--engine", "cometbft", "--home", at(name), "--validator", name, ...ORIGIN],
  ...["--peer-address", `${name}.example:${port}`],
];
const cardsOf = (...names: string[]): string[] =>
  names.flatMap((name) => ["--validator", at(name, "validator-card.json")]);
const finish = (name: string, file = "network.json"): string[] => [
  ...["init", "--engine", "cometbft", "--home", at(name), "--genesis", file],
];

describe.skipIf(COMETBFT_MISSING)(`four organisations${WHY_NOT}`, () => {
  beforeAll(async () => {
    for (const name of NAMES) await ok(...cardOptions(name));
  });

  test("each draws its keys, and its card tells none of them", async () => {
    const card = readFileSync(at("water", "validator-card.json"), "utf8");
    const secrets = [
      readJson("water", "keys", "checkpoint.json").seed,
      readJson("water", "keys", "root.json").seed,
      readJson("water", "witness", "keys", "witness.json").seed,
      readJson("water", "consensus", "config", "priv_validator_key.json").priv_key.value,
      readJson("water", "consensus", "config", "node_key.json").priv_key.value,
    ] as string[];
    expect(new Set(secrets).size).toBe(5);
    for (const secret of secrets) {
      expect(card).not.toContain(secret);
      expect(card).not.toContain(Buffer.from(secret, "base64").toString("hex"));
    }
    for (const file of ["keys/root.json", "keys/checkpoint.json", "witness/keys/witness.json"])
      expect(statSync(at("water", file)).mode & 0o077, file).toBe(0);
    expect(JSON.parse(card)).toMatchObject({
      ...{ name: "water", origin: "registry.example/hebei", url: null },
      peer: expect.stringMatching(/^[0-9a-f]{40}@water\.example:26656$/),
      witness: { url: "http://water.example:8788" },
    });
    expect(await fails("conflict", "start", "--home", at("water"))).toMatchObject({ code: "HOME_WAITS" });
  });

  test("done again, the keys stay and the address is that of now", async () => {
    const before = readJson("works", "validator-card.json");
    await ok(...cardOptions("works", 26_999));
    expect(readJson("works", "validator-card.json")).toEqual({
      ...before,
      peer: before.peer.replace("26656", "26999"),
    });
    const heard = [...cardOptions("works", 26_999), "--witness-listen", "127.0.0.1:8799"];
    await ok(...heard);
    expect(readJson("works", "witness/witness.json").listen).toEqual({ host: "127.0.0.1", port: 8799 });
    const other = cardOptions("works").map((word) => (word === ORIGIN[1] ? "registry.example/other" : word));
    expect(await fails("usage", ...other)).toMatchObject({ code: "CONFIG_MALFORMED" });
  });

  test("of all cards comes one beginning, and each finishes its own node with it", async () => {
    const root = ["--network", "hebei", "--prefix", "MA.156", "--name", "zh=示例登记机构"];
    const made = await ok("network", "genesis", ...root, ...cardsOf(...NAMES));
    expect(made).toMatchObject({ quorum: 3, needed: 3, keys: 4, validators: NAMES });
    expect(await fails("conflict", "network", "genesis", ...root, ...cardsOf(...NAMES))).toMatchObject({
      code: "FILE_EXISTS",
    });
    const geneses = new Set<string>();
    const policies = new Set<string>();
    const seeds = new Set<string>();
    for (const name of NAMES) {
      const home = await ok(...finish(name));
      expect(home).toMatchObject({ network: made["network"], sha256: made["sha256"], isValidator: true });
      geneses.add(readFileSync(at(name, "consensus", "config", "genesis.json"), "utf8"));
      policies.add(readFileSync(at(name, "policy.json"), "utf8"));
      const holder = readJson(name, "holders", "MA.156.json");
      expect(holder.keySet.root).toEqual({ needed: 3, keys: [0, 1, 2, 3] });
      expect(holder.keys).toHaveLength(1);
      seeds.add(holder.keys[0]);
      expect(existsSync(at(name, "keys", "root.json")), "the secret is in one place").toBe(false);
      expect(readJson(name, "config.json")).toMatchObject({
        ...{ quorum: 3, consensus: { privatePeers: false, listen: { host: "0.0.0.0" } } },
        witnesses: NAMES.toSorted().map((one) => ({ url: `http://${one}.example:8788` })),
      });
      expect(readJson(name, "config.json").consensus.peers).toHaveLength(3);
    }
    expect([geneses.size, policies.size, seeds.size]).toEqual([1, 1, 4]);
    expect(await fails("conflict", ...finish("water"))).toMatchObject({ code: "HOME_EXISTS" });
  });

  test("a node that comes later follows, and is told what makes it a validator", async () => {
    const later = [
      ...finish("later"),
      ...cardOptions("later").slice(5),
      "--peer",
      `${"ab".repeat(20)}@b.example:1`,
    ];
    const result = await call(...later);
    expect(result.exit, result.err).toBe(EXIT.ok);
    const { publicKey } = readJson("later", "validator-card.json");
    for (const text of [`--add later:${publicKey}`, "add-member CARD", "follows 4 validators"])
      expect(result.out).toContain(text);
    const { consensus, logKeys } = readJson("later", "config.json");
    expect([consensus.peers.length, logKeys.length]).toEqual([5, 5]);
    expect(readdirSync(at("later")), "no key of the root prefix").not.toContain("holders");
  });

  test("all nodes that come to know another one give one policy, in whatever order", async () => {
    await ok(...cardOptions("metro"));
    const policies = new Set<string>();
    for (const [name, ...others] of [
      ["water", "later", "metro"],
      ["parks", "metro", "later"],
    ] as const) {
      for (const other of others)
        await ok(
          "network",
          "add-member",
          at(other, "validator-card.json"),
          "--home",
          at(name),
          "--quorum",
          "4",
        );
      policies.add(readFileSync(at(name, "policy.json"), "utf8"));
      const { consensus, logKeys, witnesses, quorum } = readJson(name, "config.json");
      expect([consensus.peers.length, logKeys.length, witnesses.length, quorum], name).toEqual([5, 6, 6, 4]);
    }
    await ok(...finish("metro"), "--public-url", "https://metro.example", ...cardOptions("metro").slice(5));
    const metro = ["network", "add-member", at("metro", "validator-card.json"), "--home", at("water")];
    expect(await ok(...metro), "its address is new").toMatchObject({ isChanged: true });
    expect(await ok(...metro)).toMatchObject({ isChanged: false });
    expect(readJson("water", "config.json").payloads.replicas).toEqual(["https://metro.example"]);
    for (const other of ["later", "water"])
      await ok(
        "network",
        "add-member",
        at(other, "validator-card.json"),
        "--home",
        at("metro"),
        "--quorum",
        "4",
      );
    policies.add(readFileSync(at("metro", "policy.json"), "utf8"));
    expect(policies.size).toBe(1);
    const remove = ["network", "remove-member", at("later", "validator-card.json"), "--home", at("metro")];
    expect(await ok(...remove)).toMatchObject({ isChanged: true, policy: { quorum: 4 } });
    expect(await fails("usage", ...remove, "--quorum", "6")).toMatchObject({ code: "CONFIG_MALFORMED" });
    expect(readJson("metro", "config.json"), "what cannot hold is not written").toMatchObject({ quorum: 4 });
    // A card of a new node that names a known node's witness would move that witness away.
    const parks = readJson("parks", "validator-card.json");
    const later = readJson("later", "validator-card.json");
    for (const [card, field] of [
      [{ ...later, witness: parks.witness }, "card.logKey"],
      [{ ...later, logKey: parks.logKey }, "card.witness"],
    ] as const) {
      writeFileSync(at("guise.json"), JSON.stringify(card));
      const argv = ["network", "add-member", at("guise.json"), "--home", at("metro")];
      expect(await fails("usage", ...argv)).toMatchObject({ code: "CONFIG_MALFORMED", field });
    }
    const own = ["network", "remove-member", at("metro", "validator-card.json"), "--home", at("metro")];
    expect(await fails("usage", ...own)).toMatchObject({
      field: "card.name",
      got: "metro, which is this one",
    });
  });

  test("a file that is not what was sent is refused, and says where", async () => {
    await ok(...cardOptions("guest"));
    const file = readJson("network.json");
    const write = (change: (copy: typeof file) => void): void => {
      const copy = structuredClone(file);
      change(copy);
      writeFileSync(at("other.json"), JSON.stringify(copy));
    };
    const cases: [string, (copy: typeof file) => void, object][] = [
      [
        "another key of a member",
        (copy) => (copy.members[1].publicKey = copy.members[0].rootKey),
        { field: "genesis.validators[1]" },
      ],
      ["a member twice", (copy) => copy.members.push(copy.members[0]), { field: "members[4].name" }],
      ["a member too few", (copy) => copy.members.pop(), { field: "genesis.validators[3]" }],
      ["a quorum too high", (copy) => (copy.quorum = 5), { field: "quorum" }],
      ["a card with more in it", (copy) => (copy.members[0].note = "x"), { field: "members[0]" }],
      ["a card with less", (copy) => delete copy.members[2].witness, { field: "members[2].witness" }],
      ["another log", (copy) => (copy.members[0].origin = "other.example"), { field: "members[0].logKey" }],
      ["no genesis", (copy) => delete copy.genesis, { field: "genesis" }],
      ["a weak genesis", (copy) => (copy.genesis.name = "Hebei"), { field: "name" }],
      [
        "another member of its name",
        (copy) => {
          copy.members[0].name = "guest";
          copy.genesis.validators[0].name = "guest";
        },
        {
          code: "CARD_ALTERED",
          field: "members",
          got: "a card with the same name and another publicKey, logKey, rootKey, peer, witness",
        },
      ],
      [
        "its own card under another name",
        (copy) => {
          const guest = readJson("guest", "validator-card.json");
          copy.members[0] = { ...guest, name: "guesz" };
          copy.genesis.validators[0] = {
            ...copy.genesis.validators[0],
            name: "guesz",
            publicKey: guest.publicKey,
          };
        },
        { code: "CARD_ALTERED", got: "a card with the same publicKey and another name" },
      ],
    ];
    for (const [name, change, problem] of cases) {
      write(change);
      expect(await fails("usage", ...finish("guest", "other.json")), name).toMatchObject(problem);
      for (const file of ["config.json", "genesis.json", "holders"])
        expect(existsSync(at("guest", file)), name).toBe(false);
      expect(existsSync(at("guest", "keys/root.json")), name).toBe(true);
    }
    writeFileSync(at("alone.json"), JSON.stringify({ ...file.genesis, validators: undefined }));
    expect(await fails("usage", ...finish("guest", "alone.json"))).toMatchObject({ field: "validators" });
    writeFileSync(at("plain.json"), JSON.stringify(file.genesis));
    await ok(...finish("guest", "plain.json"));
    expect(readJson("guest", "config.json")).toMatchObject({ logKeys: [], witnesses: [], quorum: 0 });
  });

  test("whoever put the network together cannot take more than a share unseen", async () => {
    await ok(...cardOptions("watcher"));
    const copy = readJson("network.json");
    copy.quorum = 1;
    copy.genesis.validators[0].power = 1_000_000_000;
    copy.genesis.validators.pop();
    const { keys } = copy.genesis.roots[0].holder;
    keys.keys[3] = copy.members[0].publicKey;
    writeFileSync(at("taken.json"), JSON.stringify(copy));
    const { exit, err } = await call(...finish("watcher", "taken.json"), "--json");
    expect(exit).toBe(EXIT.ok);
    const told = err
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { warning: string; detail: string });
    expect(told.map(({ warning }) => warning)).toEqual([
      "VOTES_UNEQUAL",
      "VOTE_MISSING",
      "QUORUM_LOW",
      "ROOT_UNSHARED",
    ]);
    for (const [at, text] of ["water 1000000000, traffic 10", "works", "want 1 cosignatures of 4"].entries())
      expect(told[at]!.detail).toContain(text);
    expect(told[3]!.detail).toContain("3 of 4 keys may act, 1 of which");
  });

  test("a node whose registry moves up waits for it, and begins nothing of its own", async () => {
    await ok("init", "--home", at("old"), ...ORIGIN, "--prefix", "MA.156");
    for (const name of ["a", "b"]) await ok(...cardOptions(name));
    const from = ["--genesis", at("old", "genesis.json"), ...cardsOf("a", "b"), "--out", "moved.json"];
    expect(await ok("network", "genesis", ...from)).toMatchObject({ needed: 1, keys: 1, quorum: 2 });
    const made = await call(...finish("a", "moved.json"));
    expect(made.out, made.err).toContain(`log import registry.cityroot --home ${at("a")}`);
    const refused = await fails("conflict", "start", "--home", at("a"));
    expect(refused).toMatchObject({ code: "HOME_WAITS", fix: expect.stringContaining("log import") });
    await expect(startNode({ home: at("a") })).rejects.toThrow("import its registry");
    expect(existsSync(at("a", "data")), "an import finds an empty home").toBe(false);
  });

  test("what is said at the wrong time or not as it should be is refused by its name", async () => {
    const card = cardOptions("nobody");
    const without = (option: string): string[] => card.toSpliced(card.indexOf(option), 2);
    const cases: [string[], object][] = [
      [[...card, "--listen", "127.0.0.1:1"], { field: "--listen", got: "127.0.0.1:1" }],
      [[...card, "--trust-height", "5"], { field: "--trust-height" }],
      [[...card, "--prefix", "MA.156"], { field: "--prefix" }],
      [[...card, "--witness-url", "water"], { field: "--witness-url" }],
      [[...card, "--witness-listen", "8788"], { field: "--witness-listen" }],
      [[...without("--validator"), "--validator", "Water"], { field: "--validator", got: "Water" }],
      [[...without("--peer-address"), "--peer-address", "water"], { field: "--peer-address", got: "water" }],
      [without("--peer-address"), { code: "ARGUMENT_MISSING", field: "--peer-address" }],
      [without("--origin"), { code: "ARGUMENT_MISSING", field: "--origin" }],
      [[...cardOptions("guest2"), "--genesis", "network.json", "--peer", "x"], { field: "--peer", got: "x" }],
      [
        [...cardOptions("guest2"), "--genesis", "network.json", "--sync-from", "https://a.example"],
        { field: "--sync-from" },
      ],
      [[...finish("guest2"), "--trust-hash", "ab"], { field: "--trust-hash" }],
      [[...finish("guest2"), "--public-url", "x"], { field: "--validator" }],
      [
        [...cardOptions("guest2"), "--genesis", "network.json", "--public-url", "x"],
        { field: "--public-url" },
      ],
      [["init", ...ORIGIN, "--prefix", "MA.156", "--validator", "water"], { field: "--validator" }],
      [["network", "genesis", "--prefix", "MA.156"], { field: "--validator" }],
      [
        [
          "network",
          "genesis",
          "--genesis",
          "plain.json",
          "--prefix",
          "MA.1",
          "--out",
          "x",
          ...cardsOf("water"),
        ],
        { field: "--prefix" },
      ],
      [
        [
          "network",
          "genesis",
          "--out",
          "x",
          "--prefix",
          "MA.156",
          "--needed",
          "3",
          ...cardsOf("water", "parks"),
        ],
        { field: "--needed" },
      ],
      [
        ["network", "genesis", "--out", "x", "--prefix", "MA.156", ...cardsOf("water", "water")],
        { field: "members[1].name" },
      ],
    ];
    for (const [argv, problem] of cases)
      expect(await fails("usage", ...argv), argv.join(" ")).toMatchObject(problem);
    expect(existsSync(at("nobody"))).toBe(false);
    expect(existsSync(at("x"))).toBe(false);
    const [a, b] = ["http://127.0.0.1:1", "http://127.0.0.1:2"];
    const sync = ["--sync-from", a!, "--sync-from", b!];
    expect(await fails("verification", ...finish("guest2"), ...sync)).toMatchObject({
      code: "TRUST_REFUSED",
    });
    await ok(...finish("guest2"), ...sync, "--trust-height", "7", "--trust-hash", "ab".repeat(32));
    expect(readJson("guest2", "config.json").consensus.stateSync).toMatchObject({
      ...{ servers: [a, b], trustHeight: 7, trustHash: "AB".repeat(32) },
    });
  });
});

test.skipIf(COMETBFT_MISSING)(
  `a node that is reached by IPv6 listens for it, and its address stands in brackets${WHY_NOT}`,
  async () => {
    const six = ["init", "--engine", "cometbft", "--home", at("six"), "--validator", "six", ...ORIGIN];
    for (const bad of ["2001:db8::6:26656", "[2001:db8::6]", "[six.example]:26656"])
      expect(await fails("usage", ...six, "--peer-address", bad)).toMatchObject({ field: "--peer-address" });
    await ok(...six, "--peer-address", "[2001:db8::6]:26656");
    expect(readJson("six", "validator-card.json")).toMatchObject({
      peer: expect.stringMatching(/^[0-9a-f]{40}@\[2001:db8::6\]:26656$/),
      witness: { url: "http://[2001:db8::6]:8788" },
    });
    await ok("network", "genesis", "--prefix", "MA.156", ...cardsOf("six"), "--out", "six.json");
    await ok(...finish("six", "six.json"), "--peer", `${"ab".repeat(20)}@[2001:db8::7]:26656`);
    expect(readJson("six", "config.json").consensus).toMatchObject({
      ...{ listen: { host: "::", port: 26_656 }, peers: [`${"ab".repeat(20)}@[2001:db8::7]:26656`] },
    });
    expect(readJson("six", "witness", "witness.json").listen).toMatchObject({ host: "::", port: 8_788 });
  },
);

test.skipIf(COMETBFT_MISSING)(
  `a node starts with its CometBFT, and both stop together${WHY_NOT}`,
  async () => {
    const [peer, witness, http] = (await freePorts(3)) as [number, number, number];
    await ok(
      ...["init", "--engine", "cometbft", "--home", at("one"), "--validator", "one", ...ORIGIN],
      ...["--peer-address", `127.0.0.1:${peer}`, "--witness-url", `http://127.0.0.1:${witness}`],
      ...["--witness-listen", `127.0.0.1:${witness}`],
    );
    await ok("network", "genesis", "--prefix", "MA.156", ...cardsOf("one"), "--out", "one.json");
    await ok(
      ...finish("one", "one.json"),
      "--listen",
      `127.0.0.1:${http}`,
      "--consensus-listen",
      `127.0.0.1:${peer}`,
    );
    const node = await startProcess(["start", "--home", at("one"), "--json", "--log-level", "fatal"], folder);
    const isRunning = (): boolean =>
      readdirSync("/proc").some((pid) => {
        try {
          return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(at("one", "consensus"));
        } catch {
          return false;
        }
      });
    try {
      expect(isRunning()).toBe(true);
      const issue = [
        "code",
        "issue",
        "MA.156/60.10000000.1/1",
        "--class",
        "street-lamp",
        "--home",
        at("one"),
      ];
      await expect.poll(async () => (await call(...issue)).exit, { timeout: 15_000 }).toBe(EXIT.ok);
      const { nodes } = await ok("network", "status", "--home", at("one"));
      expect(nodes).toMatchObject([{ problems: [], status: { validator: "one", consensus: { power: 10 } } }]);
    } finally {
      expect(await node.stop("SIGTERM")).toBe(EXIT.ok);
    }
    expect(isRunning()).toBe(false);
  },
  60_000,
);

test("where CometBFT is not there, every command says so and how to mend it", async () => {
  const none = ["--cometbft", at("cometbft")];
  for (const argv of [
    [...cardOptions("none"), ...none],
    ["network", "init", ...none],
  ]) {
    const problem = await fails("failure", ...argv);
    expect(problem).toMatchObject({ code: "COMETBFT_MISSING", got: "no such file" });
    expect(problem["fix"]).toContain("npm run build:cometbft");
    const { err } = await call(...argv, "--lang", "zh");
    expect(err).toMatch(/没有 CometBFT .*\n.*\n.*没有此文件\n.*npm run build:cometbft/);
  }
  writeFileSync(at("cometbft"), "#!/bin/sh\necho 0.1.0\n", { mode: 0o755 });
  expect(await fails("failure", "network", "init", ...none)).toMatchObject({
    got: expect.stringContaining("0.1.0"),
  });
  expect(readdirSync(folder).filter((name) => /network|none/.test(name) && !name.endsWith(".json"))).toEqual(
    [],
  );
});
