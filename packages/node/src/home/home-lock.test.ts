import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { HomeInUseError, lockHome } from "./home-lock.ts";

const PATH = fileURLToPath(new URL("./lock-process.testing.ts", import.meta.url));

let home = "";
beforeAll(() => {
  home = mkdtempSync(`${tmpdir()}/cityroot-`);
});
beforeEach(() => rmSync(`${home}/lock`, { force: true }));
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
  lockHome(home)();
  expect(readdirSync(home)).toEqual([]);
});

test("a lock that says nothing, or names a process that is gone or another of the same number, is taken over", () => {
  for (const text of ["", "\n", "nobody", "0 1", "-5 1", "4194305 12", `${process.pid} 1`, "99999999999 1"]) {
    writeFileSync(`${home}/lock`, text);
    const leave = lockHome(home);
    expect(readFileSync(`${home}/lock`, "utf8"), JSON.stringify(text)).toMatch(
      new RegExp(`^${process.pid} `),
    );
    leave();
    expect(existsSync(`${home}/lock`), JSON.stringify(text)).toBe(false);
  }
});

test("who gives back late does not take away the lock of who came after", () => {
  const first = lockHome(home);
  rmSync(`${home}/lock`);
  const second = lockHome(home);
  first();
  expect(() => lockHome(home)).toThrow(HomeInUseError);
  second();
});

test("of many processes that want a home at once, one has it, also when it was left locked", async () => {
  const children = Array.from({ length: 5 }, startProcess);
  const left: ChildProcess[] = [];
  try {
    for (let round = 0; children.length > 1; round++) {
      const answers = await Promise.all(children.map(take));
      const takers = children.filter((_, at) => answers[at] === "taken");
      expect(takers, `round ${round}: ${answers}`).toHaveLength(1);
      expect(answers.filter((answer) => answer === "HomeInUseError")).toHaveLength(children.length - 1);
      // Killed, it leaves its lock, which all others find at once.
      await end(takers[0]!);
      children.splice(children.indexOf(takers[0]!), 1);
    }
  } finally {
    await Promise.all([...children, ...left].map(end));
  }
});
