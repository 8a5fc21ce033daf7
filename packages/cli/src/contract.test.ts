import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { callCli } from "./call-cli.testing.ts";
import { COMMAND_LIST } from "./command-list.ts";
import { EXIT } from "./exit-code.ts";
import { sayIn } from "./text/say.ts";

/**
 * Goal: what scripts and people rely on holds for every command, also one that is added tomorrow.
 * Method: walk the list of commands and call each.
 */
const folder = mkdtempSync(join(tmpdir(), "cityroot-cli-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const PATHS = COMMAND_LIST.map(({ path }) => path.join(" "));

describe.each(PATHS)("%s", (name) => {
  const words = name.split(" ");

  test.each(["en", "zh"] as const)("has help with examples in %s", async (language) => {
    const { exit, out, err } = await callCli([...words, "--help", "--lang", language], { folder });
    expect(exit).toBe(EXIT.ok);
    expect(err).toBe("");
    const say = sayIn(language);
    expect(out).toContain(say("help.examples"));
    expect(out, "a line that can be run").toMatch(new RegExp(`\\$ npx cityroot ${name}`));
    for (const line of [say("exit.ok"), say("exit.verification"), say("exit.interrupted")]) {
      expect(out, "exit codes are documented").toContain(line);
    }
    expect(out, "no text is left to be filled in").not.toMatch(/\{[a-z]+[A-Z][a-zA-Z]*\}/);
  });

  test("refuses an unknown option as a usage error, in JSON when asked", async () => {
    const { exit, out, problem } = await callCli([...words, "--json", "--no-such-option"], { folder });
    expect(exit).toBe(EXIT.usage);
    expect(out).toBe("");
    expect(problem()).toMatchObject({ code: "USAGE", got: "--no-such-option" });
    expect(problem()["type"]).toMatch(/^urn:cityroot:problem:/);
  });

  test("examples name only options that it has", async () => {
    const { load } = COMMAND_LIST.find(({ path }) => path.join(" ") === name)!;
    const { command } = await load();
    const { out } = await callCli([...words, "--help"], { folder });
    expect(command.examples.length).toBeGreaterThan(0);
    for (const example of command.examples) {
      for (const option of example.match(/--[a-z-]+/g) ?? []) {
        if (!example.startsWith(`cityroot ${name} `)) continue;
        expect(out, `${option} of the example: ${example}`).toContain(option);
      }
    }
  });
});

test("nouns alone show what there is", async () => {
  for (const noun of [
    "prefix",
    "prefix keys",
    "code",
    "proof",
    "log",
    "network",
    "storage",
    "witness",
    "reconcile",
    "alias",
    "coding-system",
  ]) {
    const { exit, out } = await callCli(noun.split(" "), { folder });
    expect(exit, noun).toBe(EXIT.ok);
    expect(out, noun).toContain("Commands:");
  }
});

test("the name alone shows help, and --version the version", async () => {
  expect((await callCli([], { folder })).out).toContain("Commands:");
  expect((await callCli(["--version"], { folder })).out).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test("an unknown command suggests the one that was meant", async () => {
  const { exit, problem } = await callCli(["code", "isue", "--json"], { folder });
  expect(exit).toBe(EXIT.usage);
  expect(problem()["fix"]).toContain("issue");
});

test("an unknown language is refused", async () => {
  const { exit } = await callCli(["doctor", "--lang", "xx"], { folder });
  expect(exit).toBe(EXIT.usage);
});

test("errors for people name field, expectation, what came and the fix", async () => {
  const { exit, err } = await callCli(["code", "resolve", "MA.1", "--url", "http://127.0.0.1:1"], { folder });
  expect(exit).toBe(EXIT.usage);
  expect(err).toContain("error: The code is malformed");
  for (const part of ["field: ", "expected: ", "got: ", "code: CODE_MALFORMED"]) expect(err).toContain(part);
});

test("a registry that cannot be reached is told from one that refuses", async () => {
  const { exit, problem } = await callCli(
    ["code", "resolve", "MA.156", "--json", "--yes", "--url", "http://127.0.0.1:1"],
    { folder },
  );
  expect(exit).toBe(EXIT.unavailable);
  expect(problem()["code"]).toBe("TRANSPORT_NETWORK");
});

test("colours come at a terminal, not in a pipe, not with NO_COLOR, never in JSON", async () => {
  const mark = String.fromCharCode(27);
  const coloured = async (argv: string[], isTerminal: boolean, env = {}) => {
    const { out, err } = await callCli(argv, { folder, isTerminal, env });
    return (out + err).includes(mark);
  };
  expect(await coloured(["--help"], true)).toBe(true);
  expect(await coloured(["--help"], false)).toBe(false);
  expect(await coloured(["--help", "--color"], false)).toBe(true);
  expect(await coloured(["--help", "--no-color"], true)).toBe(false);
  expect(await coloured(["--help"], true, { NO_COLOR: "1" })).toBe(false);
  expect(await coloured(["--help"], true, { TERM: "dumb" })).toBe(false);
  expect(await coloured(["doctor", "--json", "--color"], true)).toBe(false);
});

test("an input that commander refuses is named with what came", async () => {
  const refused = async (...argv: string[]) => (await callCli([...argv, "--json"], { folder })).problem();
  expect(await refused("code", "resolve")).toMatchObject({ field: "code", got: "nothing" });
  expect(await refused("code", "list", "MA.156", "--limit")).toMatchObject({ field: "--limit" });
  expect(await refused("code", "resolve", "MA.1", "MA.2")).toMatchObject({ expected: "1", got: "2" });
  expect(await refused("completion", "tcsh")).toMatchObject({ field: "shell", got: "tcsh" });
  expect(await refused("start", "--log-level", "loud")).toMatchObject({ field: "--log-level", got: "loud" });
});

test("usage names every argument by its own name, and what can stand there", async () => {
  const { out } = await callCli(["prefix", "keys", "recover", "--help"], { folder });
  expect(out).toContain("recover [step] [holder]");
  expect(out).toContain("(begin, contest, complete)");
});
