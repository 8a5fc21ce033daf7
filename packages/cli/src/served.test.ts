/**
 * Goal: a node that is told to answers handles, DIDs and DNS beside its own interface, with several workers at one address; and what
 * cannot be meant is refused before it starts.
 * Method: the command line in processes of its own, asked over real sockets by Node's own resolver.
 */
import { Resolver } from "node:dns/promises";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { addressOfHome } from "./registry/address.ts";
import { findFreePort } from "./registry/find-free-port.ts";
import { type RunningRegistry, startRegistry } from "./running-registry.testing.ts";
import { type Started, startProcess } from "./start-process.testing.ts";

const URL_ARGS = ["--public-url", "https://id.example.cn"];
const TIMEOUT_MS = 60_000;

let registry: RunningRegistry;
beforeAll(async () => {
  registry = await startRegistry("--shape", "any .<d2-4>**");
  await registry.stop();
}, TIMEOUT_MS);
afterAll(() => registry.close());

test("a node with two workers answers over HTTP and DNS alike", { timeout: TIMEOUT_MS }, async () => {
  const port = await findFreePort("127.0.0.1", 20_053);
  const dns = [
    "--dns",
    `127.0.0.1:${port}`,
    "--dns-zone",
    "id.example.cn",
    "--handle-prefix",
    "20.500.12345",
  ];
  const args = ["start", "--home", registry.home, "--json", "--workers", "2", ...URL_ARGS, ...dns];
  const node: Started = await startProcess(args, registry.folder);
  try {
    const resolver = new Resolver({ timeout: 2_000, tries: 2 });
    resolver.setServers([`127.0.0.1:${port}`]);
    const names = Array.from({ length: 20 }, () => resolver.resolveTxt("156.ma.id.example.cn"));
    for (const [strings] of await Promise.all(names)) expect(strings).toContain("code=MA.156");
    expect(await resolver.resolveNs("id.example.cn")).toEqual(["ns.id.example.cn"]);
    expect(await resolver.resolve4("ns.id.example.cn")).toEqual(["127.0.0.1"]);
    const address = addressOfHome(registry.home);
    const handle = await (await fetch(`${address}/api/handles/20.500.12345/MA.156`)).json();
    expect(handle).toMatchObject({ responseCode: 1 });
    const holder = (handle as { values: { type: string; data: { value: string } }[] }).values.find(
      ({ type }) => type === "HOLDER",
    );
    const did = await fetch(`${address}/1.0/identifiers/${holder!.data.value}`);
    expect(did.status).toBe(200);
    const metrics = await (await fetch(`${address}/metrics`)).text();
    expect(metrics).toContain("cityroot_dns_replies_total");
  } finally {
    await node.stop();
  }
});

test("what a node cannot serve is refused by its option, in both languages", {
  timeout: TIMEOUT_MS,
}, async () => {
  const refused = async (...argv: string[]): Promise<unknown> => {
    const { exit, problem } = await registry.call(["start", "--home", registry.home, "--json", ...argv]);
    expect(exit, argv.join(" ")).not.toBe(0);
    return problem();
  };
  expect(await refused("--dns-zone", "id.example.cn")).toMatchObject({ field: "--dns" });
  expect(await refused("--dns", "localhost:53")).toMatchObject({ field: "--dns", got: "localhost:53" });
  expect(await refused("--dns", "127.0.0.1:0")).toMatchObject({ field: "--dns" });
  expect(await refused("--dns", "127.0.0.1:5353")).toMatchObject({ field: "--dns-zone", got: "nothing" });
  expect(await refused("--dns", "127.0.0.1:5353", "--dns-zone", "a b")).toMatchObject({
    field: "--dns-zone",
  });
  expect(await refused("--dns", "127.0.0.1:5353", "--dns-zone", "id.cn")).toMatchObject({
    field: "--public-url",
    got: "nothing",
  });
  expect(await refused("--handle-prefix", "20.x")).toMatchObject({ field: "--handle-prefix", got: "20.x" });
  expect(await refused("--handle-prefix", "20.500")).toMatchObject({ field: "--public-url" });
  const zh = await registry.call(["start", "--home", registry.home, "--lang", "zh", "--dns", "localhost:53"]);
  expect(zh.err).toContain("DNS");
});

test("a configuration that says so without an address from outside is refused", {
  timeout: TIMEOUT_MS,
}, async () => {
  const path = join(registry.home, "config.json");
  const before = readFileSync(path, "utf8");
  writeFileSync(path, JSON.stringify({ ...JSON.parse(before), handlePrefix: "20.500.12345" }));
  const refused = await registry.call(["start", "--home", registry.home, "--json"]);
  writeFileSync(path, before);
  expect(refused.exit).not.toBe(0);
  expect(refused.err + refused.out).toContain("config.publicUrl");
});
