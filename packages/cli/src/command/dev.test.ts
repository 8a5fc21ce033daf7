import { mkdtempSync, readFileSync, rmSync, statSync, watch } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { callCli } from "../call-cli.testing.ts";
import { EXIT } from "../exit-code.ts";
import { spawnCli, startProcess } from "../start-process.testing.ts";

/**
 * Goal: one command makes a registry with the sample data, goes on where it was interrupted, and stops when asked.
 * Method: real processes in a folder of their own, the first one killed while it loads.
 */
const folder = mkdtempSync(join(tmpdir(), "cityroot-dev-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ARGV = ["dev", "--listen", "127.0.0.1:0", "--json"];
const SAMPLE_CODES = 16_646;

test("a development registry loads, also after it was killed at it, and starts again at once", async () => {
  const first = spawnCli(ARGV, folder);
  const watcher = watch(folder, { recursive: true }, (_, name) => {
    if (name?.endsWith("berlin-stops.csv/import.json") !== true) return;
    watcher.close();
    first.process.kill("SIGKILL");
  });
  expect(await first.ended).toBeNull();

  const second = await startProcess(ARGV, folder);
  const line = JSON.parse(
    second
      .written()
      .split("\n")
      .find((text) => text.startsWith("{"))!,
  );
  expect(line).toMatchObject({ codes: SAMPLE_CODES, address: expect.stringMatching(/^http:/) });
  expect(line.prefixes).toContainEqual(expect.objectContaining({ code: "MA.276", status: "sample" }));
  const place = { folder };
  const [city] = (await callCli(["code", "resolve", "MA.156.1301", "--json"], place)).json();
  expect(city).toMatchObject({ standing: "record", record: { attributes: { name: { zh: "石家庄市" } } } });
  const never = await callCli(
    ["code", "resolve", "MA.156.1301.10/80.10000000.1/999999999999", "--json"],
    place,
  );
  expect(never.exit).toBe(EXIT.notFound);
  const bureau = await callCli(["prefix", "show", "MA.156.1301.10", "--json"], place);
  expect(bureau.json()[0]).toMatchObject({ reported: { issued: 5_152 } });
  expect(statSync(join(folder, ".cityroot", "holders", "MA.156.json")).mode & 0o777).toBe(0o600);
  expect(await second.stop(), "stops in order").toBe(EXIT.ok);

  const third = await startProcess(ARGV, folder);
  expect(third.written()).toContain(`"codes":${SAMPLE_CODES}`);
  expect(await third.stop("SIGTERM")).toBe(EXIT.ok);
  expect(JSON.parse(readFileSync(join(folder, ".cityroot", "starter.json"), "utf8"))).toMatchObject({
    isComplete: true,
  });
});

test("a port that is taken is told, and another one used", async () => {
  const server = createServer();
  const port = await new Promise<number>((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as { port: number }).port));
  });
  const started = spawnCli(["dev", "--listen", `127.0.0.1:${port}`], folder);
  try {
    await started.waitFor(`Port ${port} is taken`);
    await started.waitFor("Try, in another terminal");
    const address = readFileSync(join(folder, ".cityroot", "address"), "utf8").trim();
    expect(new URL(address).port).not.toBe(String(port));
  } finally {
    expect(await started.stop()).toBe(EXIT.ok);
    server.close();
  }
});

test("two processes do not work on one home", async () => {
  const started = await startProcess(ARGV, folder);
  try {
    const other = spawnCli(ARGV, folder);
    expect(await other.ended).toBe(EXIT.conflict);
    expect(other.written()).toContain("HOME_IN_USE");
  } finally {
    await started.stop();
  }
});
