import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { HomeInUseError, lockHome } from "./home-lock.ts";

const PATH = fileURLToPath(new URL("./lock-process.testing.ts", import.meta.url));

let home = "";
beforeAll(() => {
  home = mkdtempSync(`${tmpdir()}/cityroot-`);
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

function startProcess(): ChildProcess {
  return fork(PATH, [], { execArgv: ["--conditions=source"], stdio: "inherit" });
}

async function take(child: ChildProcess): Promise<string> {
  child.send(home);
  const [answer] = await once(child, "message");
  return answer as string;
}

async function end(child: ChildProcess): Promise<void> {
  const exited = once(child, "exit");
  child.kill("SIGKILL");
  await exited;
}

test("a home is held once, and again when it was given back", () => {
  const leave = lockHome(home);
  expect(() => lockHome(home)).toThrow(HomeInUseError);
  expect(() => lockHome(home)).toThrow(
    `the home ${home} is in use by process ${process.pid}: stop that one first`,
  );
  leave();
  leave();
  lockHome(home)();
  expect(readdirSync(home)).toEqual(["home.lock"]);
});

test("what another process wrote of itself and left is no lock", () => {
  for (const text of ["", "nobody", `${process.pid}\n`]) {
    writeFileSync(`${home}/home.process`, text);
    const leave = lockHome(home);
    expect(readFileSync(`${home}/home.process`, "utf8")).toBe(`${process.pid}\n`);
    leave();
    expect(existsSync(`${home}/home.process`)).toBe(false);
  }
});

test("a holder that has not said its number yet is another process", () => {
  const leave = lockHome(home);
  for (const text of ["", "12"]) {
    writeFileSync(`${home}/home.process`, text);
    expect(() => lockHome(home)).toThrow(
      `the home ${home} is in use by another process: stop that one first`,
    );
  }
  leave();
});

test("a folder that is taken away with its lock and made anew is held by one", () => {
  const folder = `${home}/again`;
  mkdirSync(folder);
  const first = lockHome(folder);
  rmSync(folder, { recursive: true });
  first();
  mkdirSync(folder);
  const second = lockHome(folder);
  expect(() => lockHome(folder)).toThrow(HomeInUseError);
  second();
  rmSync(folder, { recursive: true });
});

test("who is about to ask for a home does not keep another from it", () => {
  lockHome(home)();
  const asking = new DatabaseSync(`${home}/home.lock`);
  // What every transaction of SQLite holds for a moment before it asks for more.
  asking.exec("BEGIN; SELECT * FROM sqlite_schema");
  lockHome(home)();
  asking.close();
});

test("a lock that is no lock is named", () => {
  writeFileSync(`${home}/home.lock`, "somebody wrote a text of his own here");
  expect(() => lockHome(home)).toThrow(`the home ${home} cannot be locked: `);
  rmSync(`${home}/home.lock`);
  expect(() => lockHome(`${home}/nowhere`)).toThrow(`the home ${home}/nowhere cannot be locked: `);
});

test("of many processes that want a home at once, one has it, and its end gives it to one other", async () => {
  const left = Array.from({ length: 6 }, startProcess);
  try {
    while (left.length > 0) {
      const answers = await Promise.all(left.map(take));
      const takers = left.filter((_, at) => answers[at] === "taken");
      expect(takers, `${answers}`).toHaveLength(1);
      expect(answers.filter((answer) => answer === "HomeInUseError")).toHaveLength(left.length - 1);
      await end(takers[0]!);
      left.splice(left.indexOf(takers[0]!), 1);
    }
  } finally {
    await Promise.all(left.map(end));
  }
});
