import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { callCli } from "./call-cli.testing.ts";
import { exitLines } from "./help.ts";
import { type Started, startProcess } from "./start-process.testing.ts";
import { sayIn } from "./text/say.ts";

/**
 * Goal: every command of the guide works as it stands, and the guide's exit codes are the program's.
 * Method: its blocks run in their order in a folder with a development registry; `# exit 5` says what a line ends with.
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
])(
  "every command of the guide works: %s",
  async (of, atLeast) => {
    const text = guide(of);
    for (const [, name, content] of text.matchAll(/^```csv file=(\S+)\n(.*?)^```$/gms)) {
      writeFileSync(join(folder, name!), content!);
    }
    const lines = [...text.matchAll(/^```sh\n(.*?)^```$/gms)].flatMap(([, block]) =>
      block!.trim().split("\n"),
    );
    expect(lines.length).toBeGreaterThan(atLeast);
    for (const line of lines) {
      const [command = "", exit = "0"] = line.split(/\s+# exit /);
      const words = wordsOf(command);
      expect(words.slice(0, 2), line).toEqual(["npx", "cityroot"]);
      if (words[2] === "dev") continue;
      const result = await callCli(words.slice(2), { folder });
      expect(`${result.exit}`, `${line}\n${result.out}${result.err}`).toBe(exit);
    }
  },
  120_000,
);

test("the guide's exit codes are the program's", () => {
  const rows = [...GUIDE.matchAll(/^\| (\d+) \| (.*) \|$/gm)].map(([, code, text]) => `${code} ${text}`);
  expect(rows).toEqual(exitLines(sayIn("en")).map((line) => line.trim().replace(/ +/, " ")));
});
