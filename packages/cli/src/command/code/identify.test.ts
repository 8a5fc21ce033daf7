import { expect, test } from "vitest";
import { callCli } from "../../call-cli.testing.ts";
import { EXIT } from "../../exit-code.ts";

const call = (...words: string[]) => callCli(["code", "identify", ...words], { folder: "/" });

test("a value is shown part by part, in both languages", async () => {
  const english = await call("9135 0100 M000 100y 43", "--lang", "en");
  expect(english.exit).toBe(EXIT.ok);
  expect(english.out).toContain("Unified social credit code");
  expect(english.out).toContain("91350100M000100Y43");
  expect(english.out).toContain("industry and commerce");
  expect(english.out).toContain("spaces, letter case");
  expect((await call("91350100M000100Y43", "--lang", "zh")).out).toContain("统一社会信用代码");
});

test("in JSON it is what the registry answers", async () => {
  const { fits } = JSON.parse((await call("91350100M000100Y43", "--json")).out) as {
    fits: { system: string }[];
  };
  expect(fits.find(({ system }) => system === "uscc")).toMatchObject({
    check: "right",
    parts: [{ name: "authority" }, {}, {}, {}, {}],
  });
});

test("a wrong check character is told, with what was probably meant", async () => {
  const { out } = await call("91350100M000100Y44", "--lang", "en");
  expect(out).toContain("Nearly: Unified social credit code");
  expect(out).toContain("the check character should be 3, it is 4");
  expect(out).toContain("91350100M000100Y43");
  expect((await call("9135O1OOM000100Y43", "--lang", "zh")).out).toMatch(/可能是 +91350100M000100Y43/);
});

test("what fits nothing is said to, without its control characters", async () => {
  const { exit, out } = await call("\u001b[31m???", "--lang", "en");
  expect(exit).toBe(EXIT.notFound);
  expect(out).not.toContain("\u001b[31m");
});

test("the number of a person is refused and not repeated", async () => {
  const { exit, out, err } = await call("11010519491231002X", "--lang", "en");
  expect(exit).toBe(EXIT.denied);
  expect(out + err).not.toContain("110105");
  expect((await call("11010519491231002X", "--json")).problem()).toMatchObject({ code: "PERSONAL_NUMBER" });
});

test("a division is told as of a year: what it was then, and that it is no more", async () => {
  const { out } = await call("91110103600000000T", "--lang", "en", "--year", "1995");
  expect(out).not.toContain("Division");
  const then = await call(await usccIn("110103"), "--lang", "en", "--year", "1995");
  expect(then.out).toContain("Division 110103 in 1995");
  expect(then.out).toContain("北京市 市辖区 崇文区 (… to 2010)");
  expect((await call(await usccIn("110103"), "--lang", "zh")).out).toContain(
    "已撤销；原为 北京市 市辖区 崇文区",
  );
  const json = JSON.parse((await call(await usccIn("139999"), "--json", "--year", "2020")).out);
  expect(json.divisions).toEqual([{ code: "139999", year: 2020, meaning: { kind: "never" } }]);
  expect((await call("1", "--year", "1948", "--json")).problem()).toMatchObject({ field: "--year" });
});

/** A social credit code of a division: what was probably meant by one without a right check character. */
async function usccIn(division: string): Promise<string> {
  const { out } = await call(`91${division}5513850820`, "--json");
  const wrong = JSON.parse(out) as {
    fits: { canonical: string }[];
    nearly: { system: string; meant: string }[];
  };
  // Without one, it happens to be right for some.
  const near = wrong.nearly.find(({ system }) => system === "uscc");
  return near?.meant ?? wrong.fits[0]!.canonical;
}

test("what a scanned text, an address or a message carries is shown field by field", async () => {
  const { exit, out } = await call("(01)09521234543213(10)ABC(8018)952123450000000005", "--lang", "en");
  expect(exit).toBe(EXIT.ok);
  expect(out).toContain("Elements of GS1");
  expect(out).toMatch(/10 +Batch or lot +ABC/);
  expect(out).toContain("tells of a person and is not shown");
  expect(out).not.toContain("95212345000000");
  expect(out).toContain("https://id.gs1.org/01/09521234543213/10/ABC");
  expect(out).toContain("gtin-13");
  const address = await call("https://x.cn/a?code=110103", "--lang", "zh", "--year", "1995");
  expect(address.out).toContain("网址");
  expect(address.out).toContain("崇文区");
  const cut = await call("[)>\u241e06\u241d25SMA.156.1301", "--lang", "en");
  expect(cut.out).toContain("Doubtful");
  expect(cut.out).toContain("MA.156.1301");
  const wrong = await call("(01)09521234543210", "--lang", "en");
  expect(wrong.exit).toBe(EXIT.notFound);
  expect(wrong.out).toContain("(01): expected 3, got 0");
});
