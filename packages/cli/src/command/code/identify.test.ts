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
  const { out } = await call("91350100M000100Y43", "--json");
  expect(JSON.parse(out)).toMatchObject({
    fits: [{ system: "uscc", check: "right", parts: [{ name: "authority" }, {}, {}, {}, {}] }],
    nearly: [],
  });
});

test("a wrong check character is told, with what was probably meant", async () => {
  const { exit, out } = await call("91350100M000100Y44", "--lang", "en");
  expect(exit).toBe(EXIT.notFound);
  expect(out).toContain("the check character should be 3, it is 4");
  expect(out).toContain("91350100M000100Y43");
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
