import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { callCli } from "../call-cli.testing.ts";
import { startProcess } from "../start-process.testing.ts";

/**
 * Goal: every command of the guide works as it stands.
 * Method: its blocks run in their order in a folder of their own with a development registry; `# exit 5` says what a line ends with.
 */
const GUIDE = readFileSync(
  fileURLToPath(new URL("../../../../docs/guide/reconcile.md", import.meta.url)),
  "utf8",
);

test("every command of the guide works, and finds what the guide says", async () => {
  const folder = mkdtempSync(join(tmpdir(), "cityroot-guide-"));
  const registry = await startProcess(["dev", "--listen", "127.0.0.1:0", "--json"], folder);
  try {
    for (const [, name, content] of GUIDE.matchAll(/^```csv file=(\S+)\n(.*?)^```$/gms)) {
      writeFileSync(join(folder, name!), content!);
    }
    const lines = [...GUIDE.matchAll(/^```sh\n(.*?)^```$/gms)].flatMap(([, block]) =>
      block!.trim().split("\n"),
    );
    expect(lines.length).toBeGreaterThan(10);
    const outs = new Map<string, string>();
    for (const line of lines) {
      const [command = "", exit = "0"] = line.split(/\s+# exit /);
      const words = [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, word]) => quoted ?? word!);
      if (words[2] === "dev") continue;
      const result = await callCli(words.slice(2), { folder });
      expect(`${result.exit}`, `${line}\n${result.out}${result.err}`).toBe(exit);
      outs.set(command, result.out);
    }
    expect(outs.get("npx cityroot reconcile propose lamps")).toContain("3 proposed · 2 ambiguous");
    expect(outs.get("npx cityroot reconcile confirm lamps --min-score 700")).toContain("3 pairs confirmed");
    const claims = readFileSync(join(folder, "claims.csv"), "utf8").trim().split("\n");
    expect(claims).toHaveLength(5);
    expect(claims[1]).toMatch(
      /^MA\.156\.1301\.02,city-component,1301020105000101,same-as,MA\.156\.1301\.02\/60\.10000000\.1\/000001,[0-9a-f]{64},2026-12-01,$/,
    );
    const listed = outs.get(
      "npx cityroot alias list --system city-component --value 1301020105000102 --day 2027",
    );
    expect(listed).toContain("2027-12-31: MA.156.1301.02/60.10000000.1/000002, confirmed");
    expect(listed).toContain(claims[2]!.split(",")[5]);
  } finally {
    await registry.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}, 120_000);
