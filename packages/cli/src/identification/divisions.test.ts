import { expect, test } from "vitest";
import { callCli } from "../call-cli.testing.ts";

test.each([
  [["130000", "--year", "2024"], "  河北省"],
  [["130102", "--year", "2024"], "  河北省 石家庄市 长安区 (1983 to …)"],
  [["110103", "--year", "1990"], "  北京市 市辖区 崇文区 (… to 2010)"],
  [["110103", "--year", "2024"], "  abolished; it was 北京市 市辖区 崇文区 (… to 2010)"],
])("%j tells what the division was, with the years where they are known", async (argv, line) => {
  const { out, exit } = await callCli(["code", "identify", ...argv]);
  expect(exit).toBe(0);
  expect(out.split("\n")).toContain(line);
});
