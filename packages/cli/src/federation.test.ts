/**
 * Goal: a registry hands a prefix to another one from the command line, and from then on a code below is resolved over both.
 * Method: two registries that the command line made, each with a process, a store and keys of its own.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { EXIT } from "./exit-code.ts";
import { type RunningRegistry, startRegistry } from "./running-registry.testing.ts";

const PREFIX = "MA.156.1301";
const LAMP = `${PREFIX}.02/60.10000000.1/000001`;
const NEVER = `${PREFIX}.02/60.10000000.1/000002`;

let nation: RunningRegistry;
let city: RunningRegistry;
beforeAll(async () => {
  nation = await startRegistry();
  city = await startRegistry("--prefix", PREFIX, "--origin", "registry.example/city");
}, 120_000);
afterAll(async () => {
  await nation?.close();
  await city?.close();
});

const addressOf = ({ home }: RunningRegistry): string => readFileSync(join(home, "address"), "utf8").trim();
const ok = async (registry: RunningRegistry, ...argv: string[]) => {
  const result = await registry.call([...argv, "--json"]);
  expect(result.err, argv.join(" ")).toBe("");
  expect(result.exit, argv.join(" ")).toBe(EXIT.ok);
  return result.json()[0] as { readonly [name: string]: unknown };
};
const fails = async (registry: RunningRegistry, exit: keyof typeof EXIT, ...argv: string[]) => {
  const result = await registry.call([...argv, "--json"]);
  expect(result.exit, `${argv.join(" ")}: ${result.err}`).toBe(EXIT[exit]);
  return result.problem();
};

test("a prefix is handed to another registry, and its codes are resolved over both", async () => {
  await ok(city, "code", "issue", LAMP, "--class", "street-lamp");
  await ok(nation, "prefix", "keys", "generate", "city", "--name", "en=City");
  await ok(nation, "prefix", "delegate", PREFIX, "--to", "city");
  const before = await nation.call(["code", "resolve", LAMP, "--json"]);
  expect(before.exit).toBe(EXIT.notFound);

  const url = addressOf(city);
  const federate = ["prefix", "federate", PREFIX];
  const other = await fails(nation, "usage", ...federate, "--to", url, "--genesis", "00".repeat(32), "--yes");
  expect(other).toMatchObject({ field: "--genesis" });
  expect(await fails(nation, "usage", ...federate, "--to", url, "--end", "--yes")).toMatchObject({
    field: "--to",
  });
  await fails(nation, "usage", ...federate, "--yes");
  await fails(nation, "usage", ...federate, "--to", addressOf(nation), "--yes");
  // One address that is of another registry.
  await fails(nation, "verification", ...federate, "--to", url, "--to", addressOf(nation), "--yes");
  const policy = join(nation.folder, "policy.json");
  const made = await ok(city, "code", "resolve", PREFIX);
  expect(made).toMatchObject({ standing: "record" });
  const network = (await (await fetch(`${url}/v1/network`)).json()) as {
    id: string;
    genesis: string;
    policy: object;
  };
  writeFileSync(policy, JSON.stringify(network.policy));
  const given = ["--to", url, "--genesis", network.genesis, "--to-policy", policy];
  const done = await ok(nation, ...federate, ...given, "--yes");
  expect(done).toMatchObject({
    type: "federate",
    status: "committed",
    federation: { network: network.id, genesis: network.genesis, endpoints: [url], policy: network.policy },
  });

  expect(await fails(nation, "conflict", "code", "issue", LAMP, "--class", "x")).toMatchObject({
    code: "PREFIX_FEDERATED",
  });
  const resolve = ["code", "resolve", LAMP, "--allow-private-hosts"];
  const found = await ok(nation, ...resolve);
  expect(found).toMatchObject({
    standing: "record",
    record: { class: "street-lamp" },
    referrals: [{ prefix: PREFIX, network: network.id, endpoint: url, verified: {} }],
  });
  const { out } = await nation.call(resolve);
  expect(out).toContain(`${PREFIX} to ${network.id} at ${url}`);
  const never = await nation.call(["code", "resolve", NEVER, "--allow-private-hosts", "--json"]);
  expect(never.exit).toBe(EXIT.notFound);
  expect(never.json()[0]).toMatchObject({ standing: "never-issued", referrals: [{ network: network.id }] });
}, 120_000);

test("the referral alone is shown where nobody is to be asked, and proven offline", async () => {
  const shown = await nation.call(["code", "resolve", LAMP, "--no-follow", "--json"]);
  expect(shown.exit).toBe(EXIT.unavailable);
  expect(shown.json()[0]).toMatchObject({ standing: "federated", referral: { prefix: PREFIX } });
  expect((await nation.call(["code", "resolve", LAMP, "--no-follow"])).out).toContain(
    "served by another network",
  );
  expect((await nation.call(["code", "resolve", LAMP, "--no-verify", "--json"])).json()[0]).toMatchObject({
    standing: "federated",
    verified: null,
  });
  // This machine's own addresses are asked only where that is said.
  const kept = await nation.call(["code", "resolve", LAMP, "--json"]);
  expect(kept.exit).toBe(EXIT.denied);
  expect(kept.problem()).toMatchObject({
    code: "TRANSPORT_NOT_ALLOWED",
    got: addressOf(city),
    fix: expect.stringContaining("--allow-private-hosts"),
  });
  await nation.call(["code", "resolve", LAMP, "--proof", "lamp.proof", "--json"]);
  const verified = await ok(nation, "proof", "verify", "lamp.proof", "--code", LAMP);
  expect(verified).toMatchObject({ standing: "federated" });
}, 60_000);

test("the registry is the same after a restart, and replayed from its first block", async () => {
  await nation.restart();
  expect(await ok(nation, "code", "resolve", LAMP, "--allow-private-hosts")).toMatchObject({
    standing: "record",
  });
  expect((await nation.call(["log", "audit", "--json"])).exit).toBe(EXIT.ok);
}, 60_000);

test("it is ended, and this registry issues there again", async () => {
  await ok(nation, "prefix", "federate", PREFIX, "--end", "--yes");
  expect((await nation.call(["code", "resolve", NEVER, "--json"])).exit).toBe(EXIT.notFound);
  await ok(nation, "code", "issue", NEVER, "--class", "street-lamp");
  const { code } = await fails(
    nation,
    "conflict",
    "prefix",
    "federate",
    PREFIX,
    "--to",
    addressOf(city),
    "--yes",
  );
  expect(code).toBe("PREFIX_NOT_EMPTY");
}, 60_000);
