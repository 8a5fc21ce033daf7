import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { EXIT } from "./exit-code.ts";
import { addressOfHome } from "./registry/address.ts";
import { type RunningRegistry, startRegistry } from "./running-registry.testing.ts";

/**
 * Goal: every command does against a real node what its help says, with the exit code that it says.
 * Method: one registry; the tests build on each other, as a holder's days do.
 */
let registry: RunningRegistry;
const CITY = "MA.156.1301";
const LAMP = `${CITY}/60.10000000.1/000001`;

const PUBLIC_URL = "https://id.example.cn";

beforeAll(async () => {
  registry = await startRegistry("--shape", "any .<d2-4>**", "--network", "test", "--public-url", PUBLIC_URL);
});
afterAll(() => registry.close());

const ok = async (...argv: string[]) => {
  const result = await registry.call([...argv, "--json"]);
  expect(result.err, argv.join(" ")).toBe("");
  expect(result.exit, argv.join(" ")).toBe(EXIT.ok);
  return result.json();
};
const fails = async (exit: keyof typeof EXIT, ...argv: string[]) => {
  const result = await registry.call([...argv, "--json"]);
  expect(result.exit, `${argv.join(" ")}: ${result.err}`).toBe(EXIT[exit]);
  expect(result.out, argv.join(" ")).toBe("");
  return result.problem();
};

test("the node names the address that it is reached at from outside", async () => {
  const document = await (await fetch(`${addressOfHome(registry.home)}/openapi.json`)).json();
  expect(document).toMatchObject({ servers: [{ url: PUBLIC_URL }] });
  expect(
    await fails("usage", "init", "--home", "other", "--origin", "a", "--public-url", "id.example.cn"),
  ).toMatchObject({ field: "--public-url" });
});

describe("keys and prefixes", () => {
  test("keys are drawn for a holder, and only their owner can read them", async () => {
    const [made] = await ok("prefix", "keys", "generate", "city", "--name", "zh=示例市", "--name", "en=City");
    expect(made).toMatchObject({ name: { zh: "示例市", en: "City" } });
    const path = join(registry.home, "holders", "city.json");
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(await fails("conflict", "prefix", "keys", "generate", "city")).toMatchObject({
      code: "HOLDER_FILE_EXISTS",
    });
  });

  test("what is shown of keys holds no secret", async () => {
    const { keys } = JSON.parse(readFileSync(join(registry.home, "holders", "city.json"), "utf8"));
    for (const argv of [
      ["prefix", "keys", "show"],
      ["prefix", "keys", "show", "city"],
    ]) {
      for (const json of [true, false]) {
        const { out, err } = await registry.call([...argv, ...(json ? ["--json"] : [])]);
        expect(out + err, argv.join(" ")).not.toContain(keys[0]);
      }
    }
  });

  test("a prefix is delegated, shown and listed", async () => {
    const [done] = await ok(
      "prefix",
      "delegate",
      CITY,
      "--to",
      "city",
      "--class",
      "division",
      "--attribute",
      "name.en=City",
    );
    expect(done).toMatchObject({ type: "delegate", prefix: CITY, status: "committed" });
    expect(await fails("conflict", "prefix", "delegate", CITY, "--to", "city")).toMatchObject({
      code: "PREFIX_TAKEN",
    });
    const [shown] = await ok("prefix", "show", CITY);
    expect(shown).toMatchObject({ prefix: CITY, status: "active", holder: { name: { en: "City" } } });
    expect((await ok("prefix", "list")).map((line) => line["prefix"])).toEqual(["MA.156"]);
    expect((await ok("prefix", "list", "MA.156")).map((line) => line["prefix"])).toEqual([CITY]);
    expect((await ok("prefix", "list", "--deep")).map((line) => line["prefix"])).toEqual(["MA.156", CITY]);
    await fails("notFound", "prefix", "show", "MA.156.99");
    await ok("code", "issue", "MA.156.1309", "--class", "division");
    expect((await ok("prefix", "list", "MA.156")).map((line) => line["prefix"])).toEqual([CITY]);
  });

  test("the public part of a holder goes to whoever delegates", async () => {
    await ok("prefix", "keys", "show", "city", "--public", "city-public.json");
    const text = readFileSync(join(registry.folder, "city-public.json"), "utf8");
    expect(JSON.parse(text)).not.toHaveProperty("keys");
    const [done] = await ok("prefix", "delegate", "MA.156.1302", "--to", "./city-public.json");
    expect(done).toMatchObject({ prefix: "MA.156.1302" });
  });

  test("a rule is set, shown and tried", async () => {
    expect((await ok("prefix", "rule", CITY)).every((line) => line["rule"] === null)).toBe(true);
    const shape = ["--shape", "issue /60.<d8>.<n1-20>/<d6>"];
    await ok("prefix", "rule", CITY, ...shape, "--allow-class", "lamp", "--allow-class", "pole");
    const [, own] = await ok("prefix", "rule", CITY);
    expect(own).toMatchObject({ seat: "own", rule: { classes: ["lamp", "pole"] } });
    const widens = await fails(
      "denied",
      "prefix",
      "rule",
      "MA.156.1302",
      "--shape",
      "issue .<d4>",
      "--seat",
      "own",
      "--dry-run",
    ).catch(() => undefined);
    expect(widens?.["code"] ?? "fits").toBe("fits");
  });
});

describe("codes", () => {
  test("a code is issued once, under the rule, by its holder", async () => {
    const lamp = ["--class", "lamp", "--attribute", "name.zh=路灯", "--attribute", "place=38.04,114.51"];
    const [done] = await ok("code", "issue", LAMP, ...lamp);
    expect(done).toMatchObject({ type: "issue", code: LAMP, status: "committed" });
    expect(await fails("conflict", "code", "issue", LAMP, ...lamp)).toMatchObject({ code: "CODE_TAKEN" });
    const denied = await fails("denied", "code", "issue", `${CITY}/60.10000000.1/7`, ...lamp);
    expect(denied).toMatchObject({ code: "RULE_SHAPE", field: "code" });
    expect(denied["expected"]).toContain("6 digits");
    expect(
      await fails("denied", "code", "issue", LAMP.replace("001", "002"), "--class", "tree"),
    ).toMatchObject({
      code: "RULE_ATTRIBUTE",
    });
    await fails("denied", "code", "issue", LAMP.replace("001", "003"), ...lamp, "--holder", "MA.156");
    await fails("usage", "code", "issue", LAMP.replace("001", "004"));
    await fails("usage", "code", "issue");
    await fails("usage", "code", "issue", LAMP, "--class", "lamp", "--attribute", "name");
  });

  test("a key that is not here is named with the holder that has it", async () => {
    const elsewhere = join(registry.folder, "elsewhere");
    const result = await registry.call(
      ["code", "issue", LAMP.replace("001", "005"), "--class", "lamp", "--json", "--yes"],
      {
        env: {
          CITYROOT_URL: readFileSync(join(registry.home, "address"), "utf8").trim(),
          XDG_CONFIG_HOME: elsewhere,
        },
        folder: "/",
      },
    );
    expect(result.exit).toBe(EXIT.auth);
    expect(result.problem()).toMatchObject({ code: "KEY_MISSING", field: "--holder" });
  });

  test("a code resolves with its proof, as of now and of before", async () => {
    const [now] = await ok("code", "resolve", LAMP);
    expect(now).toMatchObject({
      standing: "record",
      record: { status: "active", class: "lamp" },
      verified: { cosigners: [] },
    });
    const { height } = (now as { record: { since: { height: number } } }).record.since;
    const before = await registry.call(["code", "resolve", LAMP, "--as-of", String(height - 1), "--json"]);
    expect(before.exit).toBe(EXIT.notFound);
    expect(before.json()[0]).toMatchObject({ standing: "not-yet-issued" });
    const never = await registry.call(["code", "resolve", `${LAMP}9`, "--json"]);
    expect(never.exit).toBe(EXIT.notFound);
    expect(never.json()[0]).toMatchObject({
      standing: "never-issued",
      verified: { height: expect.any(Number) },
    });
    await fails("usage", "code", "resolve", LAMP, "--as-of", "yesterday");
    expect(await fails("usage", "code", "resolve", LAMP, "--as-of", "9999")).toMatchObject({
      code: "AS_OF_LATER",
      field: "--as-of",
      expected: expect.stringMatching(/\d/),
    });
    expect(await fails("usage", "code", "resolve", LAMP, "--record-version", "99")).toMatchObject({
      code: "AS_OF_LATER",
      field: "--record-version",
    });
    const [plain] = await ok("code", "resolve", LAMP, "--no-verify");
    expect(plain).toMatchObject({ standing: "record", verified: null });
  });

  test("what is set off at a terminal is set off by us alone", async () => {
    const { out } = await registry.call(["code", "resolve", CITY, "--color"], { isTerminal: true });
    expect(out).toContain("verified here");
    expect(out).not.toContain("\ufffd");
  });

  test("a proof is checked without a server", async () => {
    await ok("code", "resolve", LAMP, "--proof", "lamp.proof");
    const path = join(registry.folder, "lamp.proof");
    await registry.stop();
    expect((await ok("proof", "verify", "lamp.proof", "--code", LAMP))[0]).toMatchObject({
      standing: "record",
    });
    const bytes = readFileSync(path);
    bytes[bytes.length - 20]! ^= 1;
    writeFileSync(join(registry.folder, "forged.proof"), bytes);
    await fails("verification", "proof", "verify", "forged.proof", "--code", LAMP);
    await fails("failure", "proof", "verify", "none.proof", "--code", LAMP);
    await fails("unavailable", "code", "resolve", LAMP);
    await registry.restart();
  });

  test("a range is issued, and its codes resolve", async () => {
    const first = `${CITY}/60.10000000.1/100000`;
    const [done] = await ok("code", "range", first, "--count", "5000", "--class", "pole");
    expect(done).toMatchObject({ type: "issue-range", count: 5000, digits: 6 });
    expect((await ok("code", "resolve", `${first.slice(0, -6)}104999`))[0]).toMatchObject({
      standing: "in-range",
    });
    await fails(
      "conflict",
      "code",
      "range",
      `${first.slice(0, -6)}104990`,
      "--count",
      "20",
      "--class",
      "pole",
    );
    await fails("usage", "code", "range", first, "--count", "many", "--class", "pole");
  });

  test("an update that changes nothing and a place that is none are refused here", async () => {
    expect(await fails("usage", "code", "update", LAMP)).toMatchObject({ code: "ARGUMENT_MISSING" });
    for (const place of ["38.04", "98,114.5", "38.04,181", "here"]) {
      const problem = await fails("usage", "code", "update", LAMP, "--attribute", `place=${place}`);
      expect(problem, place).toMatchObject({ field: "--attribute place", got: place });
    }
    expect(await fails("usage", "code", "supersede", LAMP, "--yes")).toMatchObject({ field: "--by" });
  });

  test("a record changes, with its history", async () => {
    await ok("code", "update", LAMP, "--attribute", "material=steel", "--record-version", "1");
    expect(
      await fails(
        "conflict",
        "code",
        "update",
        LAMP,
        "--attribute",
        "material=iron",
        "--record-version",
        "1",
      ),
    ).toMatchObject({
      code: "VERSION_CONFLICT",
    });
    await ok("code", "suspend", LAMP, "--reason", "damaged");
    expect((await ok("code", "resolve", LAMP))[0]).toMatchObject({
      record: { status: "suspended", reason: "damaged" },
    });
    await ok("code", "reinstate", LAMP);
    const versions = await ok("code", "history", LAMP);
    expect(versions.map((line) => (line["record"] as { version: number }).version)).toEqual([4, 3, 2, 1]);
    expect(await ok("code", "history", LAMP, "--limit", "2")).toHaveLength(2);
    expect((await ok("code", "resolve", LAMP, "--record-version", "1"))[0]).toMatchObject({
      record: { version: 1 },
    });
    await fails("notFound", "code", "history", `${LAMP}9`);
  });

  test("what cannot be taken back asks first", async () => {
    const code = LAMP.replace("001", "010");
    await ok("code", "issue", code, "--class", "lamp");
    expect(await fails("usage", "code", "retire", code, "--reason", "gone")).toMatchObject({
      code: "CONFIRMATION_NEEDED",
    });
    const no = await registry.call(["code", "retire", code, "--reason", "gone"], {
      isTerminal: true,
      answers: ["n"],
    });
    expect(no.exit).toBe(EXIT.failure);
    const yes = await registry.call(["code", "retire", code, "--reason", "gone"], {
      isTerminal: true,
      answers: ["y"],
    });
    expect(yes.exit).toBe(EXIT.ok);
    expect(await fails("conflict", "code", "suspend", code, "--reason", "x")).toMatchObject({
      code: "CODE_RETIRED",
    });
  });

  test("codes are superseded and handed over", async () => {
    const [old, next] = ["020", "021"].map((serial) => LAMP.replace("001", serial)) as [string, string];
    for (const code of [old, next]) await ok("code", "issue", code, "--class", "lamp");
    await ok("code", "supersede", old, "--by", next, "--yes");
    expect((await ok("code", "resolve", old))[0]).toMatchObject({
      record: { succession: { kind: "rename", codes: [next] } },
    });
    await ok("prefix", "keys", "generate", "water");
    await ok("prefix", "delegate", "MA.156.1303", "--to", "water");
    await ok("code", "transfer", next, "--to", "water", "--yes");
    const [proven, reported] = [
      await ok("code", "resolve", next),
      await ok("code", "resolve", next, "--no-verify"),
    ];
    expect(proven[0]).toMatchObject({ record: { holder: expect.stringMatching(/^[0-9a-f]{40}$/) } });
    expect(reported[0]!["record"]).toEqual(proven[0]!["record"]);
    // The new holder decides from now on, and its file is found by itself.
    await ok("code", "update", next, "--attribute", "material=steel");
    expect((await ok("code", "resolve", next))[0]).toMatchObject({
      record: { version: 3, attributes: { material: "steel" } },
    });
  });

  test("a list is complete and proven", async () => {
    const entries = await ok("code", "list", CITY, "--all");
    expect(entries.map((line) => line["code"])).toContain(LAMP);
    expect(entries.some((line) => line["type"] === "range")).toBe(true);
    expect(await ok("code", "list", CITY, "--limit", "2")).toHaveLength(2);
    const { out, err } = await registry.call(["code", "list", CITY, "--all"]);
    expect(out).toContain("range of 5,000");
    expect(err).toContain("proven to be all");
  });

  test("a dry run of a rule lists what would no longer conform, and changes nothing", async () => {
    const shape = ["--shape", "issue /60.<d8>.<n1-20>/<d6>", "--allow-class", "lamp"];
    const result = await registry.call(["prefix", "rule", CITY, ...shape, "--dry-run", "--json"]);
    expect(result.exit).toBe(EXIT.failure);
    const lines = result.json();
    expect(lines.at(-1)).toMatchObject({ dryRun: true, misfits: 1 });
    expect(lines[0]).toMatchObject({ rejection: "RULE_ATTRIBUTE" });
    const [, own] = await ok("prefix", "rule", CITY);
    expect(own).toMatchObject({ rule: { classes: ["lamp", "pole"] } });
  });
});

describe("several signers", () => {
  const PREFIX = "MA.156.1304";
  const CODE = `${PREFIX}/60.10000000.1/000001`;
  const keyFile = (number: number): string => join(registry.home, "holders", `board.key-${number}.json`);

  test("keys are split, and a transaction collects their signatures", async () => {
    await ok("prefix", "keys", "generate", "board", "--root", "2/2", "--split");
    await ok("prefix", "delegate", PREFIX, "--to", "board");
    const issue = ["code", "issue", CODE, "--class", "lamp"];
    expect(await fails("auth", ...issue, "--holder", keyFile(1))).toMatchObject({ code: "BELOW_THRESHOLD" });
    await ok(...issue, "--holder", keyFile(1), "--sign-only", "one.json");
    const other = ["code", "issue", `${CODE}9`, "--class", "lamp"];
    expect(await fails("usage", ...other, "--holder", keyFile(2), "--with", "one.json")).toMatchObject({
      code: "TRANSACTIONS_DIFFER",
    });
    await fails("usage", "code", "retire", "--with", "one.json", "--yes");
    const [signed] = await ok(
      "code",
      "issue",
      "--with",
      "one.json",
      "--holder",
      keyFile(2),
      "--sign-only",
      "two.json",
      "--yes",
    );
    expect(signed).toMatchObject({ status: "signed", signatures: 2 });
    const [done] = await ok("code", "issue", "--with", "two.json", "--yes");
    expect(done).toMatchObject({ code: CODE, status: "committed" });
  });

  test("signatures made apart are put together", async () => {
    const code = CODE.replace("000001", "000002");
    const issue = ["code", "issue", code, "--class", "lamp"];
    await ok(...issue, "--holder", keyFile(1), "--sign-only", "a.json");
    await ok(...issue, "--holder", keyFile(2), "--with", "a.json", "--sign-only", "b.json");
    await ok(...issue, "--holder", keyFile(1), "--with", "a.json", "--with", "b.json");
  });

  test("all keys of a holder are found where they lie together", async () => {
    await ok("code", "issue", CODE.replace("000001", "000003"), "--class", "lamp");
  });
});

describe("new keys", () => {
  test("a holder's keys are rotated, and the new ones are used from then on", async () => {
    const path = join(registry.home, "holders", "city.json");
    const before = JSON.parse(readFileSync(path, "utf8"));
    await ok("prefix", "keys", "rotate", "city", "--yes");
    const after = JSON.parse(readFileSync(path, "utf8"));
    expect(after.id).toBe(before.id);
    expect(after.keys).not.toEqual(before.keys);
    await ok("code", "issue", LAMP.replace("001", "030"), "--class", "lamp");
  });

  test("a recovery begins, can be contested, and waits its time", async () => {
    await ok("prefix", "keys", "generate", "park", "--recovery", "1/1", "--recovery-delay", "1");
    await ok("prefix", "delegate", "MA.156.1305", "--to", "park");
    await ok("prefix", "keys", "generate", "next");
    await ok("prefix", "keys", "recover", "begin", "park", "--to", "next", "--yes");
    const [shown] = await ok("prefix", "show", "MA.156.1305");
    expect(shown).toMatchObject({ holder: { pending: { keys: expect.any(Object) } } });
    expect(
      await fails("conflict", "prefix", "keys", "recover", "begin", "park", "--to", "next", "--yes"),
    ).toMatchObject({
      code: "RECOVERY_PENDING",
    });
    expect(await fails("conflict", "prefix", "keys", "recover", "complete", "park", "--yes")).toMatchObject({
      code: "RECOVERY_TOO_EARLY",
    });
    await ok("prefix", "keys", "recover", "contest", "park", "--yes");
    expect(await fails("conflict", "prefix", "keys", "recover", "complete", "park", "--yes")).toMatchObject({
      code: "RECOVERY_NOT_PENDING",
    });
    await fails("conflict", "prefix", "keys", "recover", "begin", "water", "--to", "next", "--yes");
  });
});

describe("the registry itself", () => {
  test("doctor finds a running node in order", async () => {
    const result = await registry.call(["doctor", "--json"]);
    const findings = result.json();
    expect(findings.filter((finding) => finding["level"] === "fail")).toEqual([]);
    expect(findings.map((finding) => finding["check"])).toEqual(
      expect.arrayContaining([
        "node",
        "libraries",
        "home",
        "config",
        "permissions",
        "holders",
        "disk",
        "store",
        "port",
        "registry",
      ]),
    );
  });

  test("whom to believe is asked once, and kept", async () => {
    const env = { CITYROOT_URL: readFileSync(join(registry.home, "address"), "utf8").trim() };
    const folder = join(registry.folder, "stranger");
    const argv = ["code", "resolve", CITY, "--json"];
    const place = { folder: "/", env: { ...env, XDG_CONFIG_HOME: folder } };
    const refused = await registry.call(argv, place);
    expect(refused.exit).toBe(EXIT.verification);
    expect(refused.problem()).toMatchObject({ code: "POLICY_UNKNOWN" });
    expect((await registry.call([...argv, "--yes"], place)).exit).toBe(EXIT.ok);
    expect((await registry.call(argv, place)).exit).toBe(EXIT.ok);
    expect(
      (await registry.call([...argv, "--policy", join(registry.home, "policy.json")], { ...place, env }))
        .exit,
    ).toBe(EXIT.ok);
  });

  test("a registry is audited, exported and made again", async () => {
    expect((await ok("log", "audit"))[0]).toMatchObject({ height: expect.any(Number) });
    await ok("log", "export", "all.cityroot");
    await fails("conflict", "log", "export", "all.cityroot");
    const [made] = await ok("log", "import", "all.cityroot", "--home", join(registry.folder, "replica"));
    expect(made).toMatchObject({ height: expect.any(Number) });
    await fails("notFound", "log", "audit", "--home", join(registry.folder, "nowhere"));
  });

  test("a registry whose port another one has is told so by start and by doctor", async () => {
    const home = join(registry.folder, "other");
    const port = new URL(addressOfHome(registry.home)).port;
    const name = ["--origin", "a.example/b", "--prefix", "MA.276", "--listen", `127.0.0.1:${port}`];
    await ok("init", "--home", home, ...name);
    expect(await fails("conflict", "start", "--home", home)).toMatchObject({
      code: "ADDRESS_UNAVAILABLE",
      field: "--listen",
      got: `127.0.0.1:${port}`,
    });
    const findings = (await registry.call(["doctor", "--home", home, "--json"])).json();
    const levels = Object.fromEntries(findings.map(({ check, level }) => [check, level]));
    expect(levels).toMatchObject({ port: "warn", registry: "warn" });
    const own = await fails("conflict", "start", "--listen", `127.0.0.1:${port}`);
    expect(own, "a home in use is named before its port").toMatchObject({ code: "HOME_IN_USE" });
  });

  test("an init that is refused leaves nothing behind", async () => {
    const home = join(registry.folder, "refused");
    expect(
      await fails("usage", "init", "--home", home, "--origin", "a b", "--prefix", "MA.276"),
    ).toMatchObject({ field: "--origin", got: "a b" });
    expect(existsSync(home)).toBe(false);
  });

  test("a second registry in the same home is refused", async () => {
    expect(await fails("conflict", "init", "--origin", "a.example/b", "--prefix", "MA.276")).toMatchObject({
      code: "HOME_EXISTS",
    });
  });
});
