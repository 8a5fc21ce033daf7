import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { EXIT } from "./exit-code.ts";
import { type RunningRegistry, startRegistry } from "./running-registry.testing.ts";
import { type Started, startProcess } from "./start-process.testing.ts";

/**
 * Goal: an operator sees with one command what is whole, missing or damaged on each node, and mends it.
 * Method: a registry with two batches, and a second home that is made of its export.
 */
let registry: RunningRegistry;
let address = "";
const replica = (): string => join(registry.folder, "replica");

beforeAll(async () => {
  registry = await startRegistry();
  address = readFileSync(join(registry.home, "address"), "utf8").trim();
  const issue = async (object: string, count: number): Promise<void> => {
    const lines = Array.from({ length: count }, (_, at) =>
      JSON.stringify({ code: `MA.156/60.10000000.${object}/${String(at).padStart(6, "0")}` }),
    );
    writeFileSync(join(registry.folder, `${object}.ndjson`), `${lines.join("\n")}\n`);
    const { exit, err } = await registry.call([
      ...["code", "batch", `${object}.ndjson`, "--class", "lamp", "--yes"],
    ]);
    expect(exit, err).toBe(EXIT.ok);
  };
  await issue("1", 3_000);
  await issue("2", 5);
  for (const argv of [
    ["log", "export", "all"],
    ["log", "import", "all", "--home", replica()],
  ]) {
    const { exit, err } = await registry.call(argv);
    expect(exit, err).toBe(EXIT.ok);
  }
}, 60_000);
afterAll(() => registry?.close());

const audit = (...argv: string[]) => registry.call(["storage", "audit", ...argv]);

/** The files with items of the second home. */
function itemFiles(): string[] {
  const folder = join(replica(), "payloads");
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".items"))
    .map((name) => join(folder, name))
    .sort((a, b) => readFileSync(b).length - readFileSync(a).length);
}

function setReplicas(replicas: readonly string[]): void {
  const path = join(replica(), "config.json");
  const config = JSON.parse(readFileSync(path, "utf8")) as object;
  const alone = { workers: 0, signatureProcesses: 0, listen: { host: "127.0.0.1", port: 0 } };
  writeFileSync(path, JSON.stringify({ ...config, ...alone, payloads: { replicas, recheckDays: 0 } }));
}

test("what is whole is said to be, per prefix, and the command ends well", async () => {
  const { exit, out } = await audit("--home", replica(), "--lang", "en");
  expect(out).toContain("Every payload is whole.");
  expect(exit).toBe(EXIT.ok);
  const [report] = (await audit("--json")).json();
  expect(report).toMatchObject({
    isWhole: true,
    nodes: [
      {
        node: registry.home,
        checked: "recomputed",
        unreachable: null,
        prefixes: [{ prefix: "MA.156", referred: 2, whole: 2, missing: 0, damaged: 0, unfit: 0 }],
        faults: [],
      },
    ],
  });
  expect((await audit("--home", replica(), "--lang", "zh")).out).toContain("所有载荷均完好。");
});

test("what is missing or damaged is found, mended from another node, and the exit code tells", async () => {
  const [large, small] = itemFiles();
  const bytes = readFileSync(large!);
  bytes[bytes.length - 10]! ^= 4;
  writeFileSync(large!, bytes);
  rmSync(small!);
  setReplicas([]);
  const found = await audit("--home", replica(), "--json");
  expect(found.exit).toBe(EXIT.verification);
  expect(found.json()[0]).toMatchObject({
    isWhole: false,
    nodes: [
      {
        prefixes: [{ whole: 0, missing: 1, damaged: 1 }],
        faults: expect.arrayContaining([
          expect.objectContaining({ standing: "missing" }),
          expect.objectContaining({ standing: "damaged", detail: expect.stringContaining("") }),
        ]),
      },
    ],
  });
  const text = await audit("--home", replica(), "--lang", "en");
  expect(text.out).toMatch(/missing: [0-9a-f]{64}, of the batch from MA.156\/60.10000000.2\/000000/);
  // Nobody is named who could have it.
  expect((await audit("--home", replica(), "--mend")).exit).toBe(EXIT.verification);
  const mended = await audit("--home", replica(), "--mend", "--server", address, "--json");
  expect(mended.exit, mended.out).toBe(EXIT.ok);
  expect(mended.json()[0]).toMatchObject({ isWhole: true, nodes: [{ mended: 2 }, { node: address }] });
  expect((await audit("--home", replica())).exit).toBe(EXIT.ok);
});

test("other nodes are asked how they stand, or their copies are computed again", async () => {
  await expect
    .poll(async () => (await audit("--server", address, "--json")).json()[0], { timeout: 20_000 })
    .toMatchObject({
      isWhole: true,
      nodes: [{ node: address, checked: "reported", prefixes: [{ referred: 2, whole: 2 }] }],
    });
  const computed = await audit("--server", address, "--download", "--json");
  expect(computed.json()[0]).toMatchObject({ nodes: [{ checked: "recomputed", prefixes: [{ whole: 2 }] }] });
  const nobody = "http://127.0.0.1:1";
  const unreachable = await audit("--home", replica(), "--server", nobody, "--lang", "en");
  expect(unreachable.exit).toBe(EXIT.unavailable);
  expect(unreachable.out).toContain(`${nobody} could not be asked: `);
  const wrong = await audit("--server", "node-2", "--json");
  expect(wrong.exit).toBe(EXIT.usage);
  expect(wrong.problem()).toMatchObject({ field: "--server", got: "node-2" });
});

test("a node fetches by itself what it lacks, and answers again", async () => {
  const [large] = itemFiles();
  const aside = join(registry.folder, "aside");
  mkdirSync(aside, { recursive: true });
  renameSync(large!, join(aside, "items"));
  setReplicas([address]);
  let node: Started | undefined;
  try {
    node = await startProcess(
      ["start", "--home", replica(), "--json", "--log-level", "fatal"],
      registry.folder,
    );
    const own = readFileSync(join(replica(), "address"), "utf8").trim();
    await expect
      .poll(async () => (await (await fetch(`${own}/readyz`)).json()) as object, { timeout: 20_000 })
      .toMatchObject({ payloads: { referred: 2, whole: 2, missing: 0 } });
    const resolved = await fetch(`${own}/v1/codes/MA.156/60.10000000.1/000007`);
    expect(await resolved.json()).toMatchObject({ standing: "in-batch" });
    const metrics = await (await fetch(`${own}/metrics`)).text();
    expect(metrics).toContain("cityroot_payloads_referred 2");
    expect(metrics).toContain("cityroot_payloads_held 2");
    expect(metrics).toContain("cityroot_payloads_missing 0");
  } finally {
    await node?.stop();
  }
  expect(readFileSync(large!).equals(readFileSync(join(aside, "items")))).toBe(true);
}, 60_000);
