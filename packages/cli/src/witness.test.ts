import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeAddCheckpoint } from "@cityroot/core/log/add-checkpoint";
import { parseVerifierKey, printVerifierKey } from "@cityroot/core/log/note";
import { type SignedLog, signedLog } from "@cityroot/core/log/signed-log.testing";
import { afterAll, expect, test } from "vitest";
import { type CallPlace, callCli } from "./call-cli.testing.ts";
import { EXIT } from "./exit-code.ts";
import { startProcess } from "./start-process.testing.ts";

/**
 * Goal: whoever runs a witness gets along with the commands alone, and is told what is wrong.
 * Method: one witness, run as a process, of a log whose two histories part at size 5.
 */
const folder = mkdtempSync(join(tmpdir(), "cityroot-witness-cli-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const log = signedLog(20);
const fork = signedLog(20, { forkAt: 5, history: " of another history" });
const LOG_KEY = printVerifierKey(log.key);

const call = (argv: readonly string[], place: CallPlace = {}) =>
  callCli(["witness", ...argv, "--home", "w"], { folder, ...place });

async function fails(exit: keyof typeof EXIT, ...argv: string[]) {
  const result = await call([...argv, "--json"]);
  expect(result.exit, `${argv.join(" ")}: ${result.err}`).toBe(EXIT[exit]);
  expect(result.out, argv.join(" ")).toBe("");
  return result.problem();
}

async function ask(address: string, of: SignedLog, oldSize: number, size: number): Promise<number> {
  const body = encodeAddCheckpoint({ oldSize, path: of.pathOf(oldSize, size), note: of.noteAt(size) });
  return (await fetch(`${address}/add-checkpoint`, { method: "POST", body: body as BodyInit })).status;
}

test("a witness that is not there is named, with what makes it", async () => {
  for (const argv of [["start"], ["show"], ["evidence"], ["add-log", LOG_KEY]]) {
    expect(await fails("notFound", ...argv)).toMatchObject({
      code: "WITNESS_MISSING",
      field: "--home",
      got: join(folder, "w"),
      fix: expect.stringContaining("witness init"),
    });
  }
  const { err } = await call(["show", "--lang", "zh"]);
  expect(err).toContain("没有见证方");
});

test("init draws a key, prints its public part, and makes nothing twice", async () => {
  expect(await fails("usage", "init")).toMatchObject({ code: "ARGUMENT_MISSING", field: "--name" });
  expect(await fails("usage", "init", "--name", "a name")).toMatchObject({
    field: "--name",
    got: "a name",
    fix: "--name witness.example/w1",
  });
  expect(await fails("usage", "init", "--name", "w", "--listen", "x:y:z")).toMatchObject({
    field: "--listen",
  });
  const made = await call(["init", "--name", "witness.example/w1", "--listen", "127.0.0.1:0", "--json"]);
  const [{ witness }] = made.json() as [{ witness: string }];
  expect(parseVerifierKey(witness)).toMatchObject({
    ok: true,
    value: { name: "witness.example/w1", type: 4 },
  });
  const path = join(folder, "w", "keys", "witness.json");
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const { seed } = JSON.parse(readFileSync(path, "utf8"));
  expect(made.out + made.err).not.toContain(seed);
  expect(await fails("conflict", "init", "--name", "w")).toMatchObject({ code: "WITNESS_EXISTS" });
  // Quiet, the key alone is left, for scripts.
  const quiet = await callCli(["witness", "init", "--name", "w2", "--home", "w2", "--quiet"], { folder });
  expect(quiet.out).toMatch(/^w2\+[0-9a-f]{8}\+\S+\n$/);
});

test("a home is that of a registry or of a witness", async () => {
  const registry = ["--origin", "a", "--prefix", "MA.156", "--home", "r"];
  expect((await callCli(["init", ...registry], { folder })).exit).toBe(EXIT.ok);
  const { exit, problem } = await callCli(["witness", "init", "--name", "w", "--home", "r", "--json"], {
    folder,
  });
  expect(exit).toBe(EXIT.conflict);
  expect(problem()).toMatchObject({ code: "HOME_EXISTS" });
});

test("add-log takes verifier keys alone, and says what is wrong with others", async () => {
  expect(await fails("usage", "add-log", "registry.example")).toMatchObject({
    code: "KEY_MALFORMED",
    field: "key",
    expected: "name+id+key",
    got: "registry.example",
    fix: expect.stringContaining("policy.json"),
  });
  expect(await fails("usage", "add-log", LOG_KEY.replace(/\+[0-9a-f]{8}\+/, "+00000000+"))).toMatchObject({
    got: "00000000",
  });
  expect(await fails("usage", "add-log", LOG_KEY, "--origin", "a b")).toMatchObject({ field: "--origin" });
  const [{ witness }] = (await call(["show", "--json"])).json() as unknown as [{ witness: string }];
  expect(await fails("usage", "add-log", witness), "its own key").toMatchObject({ code: "CONFIG_MALFORMED" });
  expect((await call(["add-log", LOG_KEY, "--json"])).json()).toMatchObject([
    { origin: log.key.name, added: true },
  ]);
  expect((await call(["add-log", LOG_KEY, "--json"])).json()).toMatchObject([{ added: false }]);
  const rotated = printVerifierKey(signedLog(1, { seed: 2 }).key);
  expect((await call(["add-log", rotated])).out).toContain(log.key.name);
  expect((await call(["show", "--json"])).json()).toMatchObject([
    { logs: [{ origin: log.key.name, keys: [LOG_KEY, rotated], size: null }] },
  ]);
});

test("it cosigns while it runs, shows what it cosigned, and keeps and shows evidence of a fork", async () => {
  const started = await startProcess(
    ["witness", "start", "--home", "w", "--json", "--log-level", "fatal"],
    folder,
  );
  const { address, logs } = JSON.parse(started.written().split("\n")[0]!);
  expect(logs).toBe(1);
  expect(await ask(address, log, 0, 9)).toBe(200);
  expect((await call(["show"])).out).toMatch(/log\.example\/a\s+9\s+20/);
  expect((await call(["evidence"])).out).toContain("No log was caught");
  expect((await call(["evidence", "--json"])).out).toBe("");
  expect(await fails("conflict", "add-log", LOG_KEY)).toMatchObject({ code: "HOME_IN_USE" });
  expect(await fails("conflict", "start")).toMatchObject({ code: "HOME_IN_USE" });
  expect(await ask(address, fork, 9, 12)).toBe(422);
  const found = await call(["evidence", "--json"]);
  expect(found.exit).toBe(EXIT.verification);
  expect(found.json()).toMatchObject([
    { origin: log.key.name, verdict: "other-beginning", fork: true, cosigned: 9, submitted: 12 },
  ]);
  expect((await call(["evidence"])).out).toContain("told two histories");
  expect(await started.stop("SIGTERM")).toBe(0);
  // A file of evidence stands alone.
  const file = String(found.json()[0]!["file"]);
  rmSync(join(folder, "elsewhere"), { recursive: true, force: true });
  const alone = await callCli(["witness", "evidence", file, "--home", "nowhere"], { folder });
  expect(alone.exit).toBe(EXIT.verification);
  const forged = JSON.parse(readFileSync(file, "utf8"));
  writeFileSync(join(folder, "forged.json"), JSON.stringify({ ...forged, submitted: forged.cosigned }));
  const nothing = await callCli(["witness", "evidence", "forged.json", "--json"], { folder });
  expect(nothing).toMatchObject({ exit: EXIT.ok });
  expect(nothing.json()).toMatchObject([{ verdict: "unproven", fork: false }]);
  for (const change of [{ origin: "registry.example/other" }, { timeMs: 9e15 }]) {
    writeFileSync(join(folder, "slander.json"), JSON.stringify({ ...forged, ...change }));
    expect(await fails("usage", "evidence", "slander.json"), JSON.stringify(change)).toMatchObject({
      code: "EVIDENCE_MALFORMED",
    });
  }
});

test("what is no evidence is named", async () => {
  expect(await fails("failure", "evidence", "missing.json")).toMatchObject({ code: "FILE_NOT_FOUND" });
  for (const text of ["", "{}", "null", '{"format":"cityroot-evidence/1","origin":"a","timeMs":1}']) {
    writeFileSync(join(folder, "none.json"), text);
    expect(await fails("usage", "evidence", "none.json"), text).toMatchObject({
      code: "EVIDENCE_MALFORMED",
      field: "files",
    });
  }
});

test("it does not start where it may have forgotten what it signed, or cannot be configured", async () => {
  const config = join(folder, "w", "witness.json");
  const good = readFileSync(config, "utf8");
  const wrong = { ...JSON.parse(good), requestsPerSecond: -1 };
  writeFileSync(config, JSON.stringify(wrong));
  expect(await fails("usage", "start")).toMatchObject({
    code: "CONFIG_MALFORMED",
    field: "witness.requestsPerSecond",
    got: "-1",
  });
  writeFileSync(config, good);
  rmSync(join(folder, "w", "records"), { recursive: true });
  // Adding a key is no way round it.
  await call(["add-log", printVerifierKey(signedLog(1, { seed: 3 }).key)]);
  for (const argv of [["start"], ["show"]]) {
    expect(await fails("verification", ...argv)).toMatchObject({
      code: "RECORD_LOST",
      fix: expect.stringContaining("new key"),
    });
  }
});
