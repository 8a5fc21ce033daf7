import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { callCli } from "./call-cli.testing.ts";
import { exitLines } from "./help.ts";
import { type Started, startProcess } from "./start-process.testing.ts";
import { sayIn } from "./text/say.ts";

/**
 * Goal: every command of the guide works as it stands, and the guide's exit codes are the program's.
 * Method: its files are written and its commands run in their order, in a folder with a development registry; `# exit 5` says what a line ends with.
 */
const guide = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../../../docs/guide/${name}.md`, import.meta.url)), "utf8");
const GUIDE = guide("cli");
const folder = mkdtempSync(join(tmpdir(), "cityroot-guide-"));
let registry: Started;

beforeAll(async () => {
  registry = await startProcess(["dev", "--listen", "127.0.0.1:0", "--json"], folder);
}, 120_000);
afterAll(async () => {
  await registry.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** The words of a line as a shell takes them: quotes of both kinds, no variables. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)].map(([word]) =>
    word.replace(/'([^']*)'|"([^"]*)"/g, "$1$2"),
  );
}

test.each([
  ["cli", 30],
  ["aliases", 20],
  ["history", 11],
  ["ma-export", 8],
])(
  "every command of the guide works: %s",
  async (of, atLeast) => {
    let ran = 0;
    for (const [, kind, name, content] of guide(of).matchAll(
      /^```(csv|json|text|sh)(?: file=(\S+))?\n(.*?)^```$/gms,
    )) {
      if (name !== undefined) {
        mkdirSync(dirname(join(folder, name)), { recursive: true });
        writeFileSync(join(folder, name), content!);
      }
      for (const line of kind === "sh" ? content!.trim().split("\n") : []) {
        const [command = "", exit = "0"] = line.split(/\s+# exit /);
        const words = wordsOf(command);
        expect(words.slice(0, 2), line).toEqual(["npx", "cityroot"]);
        ran += 1;
        if (words[2] === "dev") continue;
        const result = await callCli(words.slice(2), { folder });
        expect(`${result.exit}`, `${line}\n${result.out}${result.err}`).toBe(exit);
      }
    }
    expect(ran).toBeGreaterThan(atLeast);
  },
  120_000,
);

test("the guide's exit codes are the program's", () => {
  const rows = [...GUIDE.matchAll(/^\| (\d+) \| (.*) \|$/gm)].map(([, code, text]) => `${code} ${text}`);
  expect(rows).toEqual(exitLines(sayIn("en")).map((line) => line.trim().replace(/ +/, " ")));
});
