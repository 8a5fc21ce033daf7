import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ATTRIBUTES } from "@cityroot/core/attribute/attribute";
import { REJECTIONS } from "@cityroot/core/rejection";
import { expect, test } from "vitest";
import { COMMAND_LIST, nounsOf } from "../command-list.ts";
import { languageOf } from "./language.ts";
import { CATALOGUES, sayIn } from "./say.ts";

const KEYS = Object.keys(CATALOGUES.en) as (keyof typeof CATALOGUES.en)[];
const SOURCE = fileURLToPath(new URL("../", import.meta.url));

function placeholders(text: string): string[] {
  return [...text.matchAll(/\{([a-zA-Z]+)\}/g)].map((match) => match[1]!).sort();
}

test("both languages fill in the same values", () => {
  for (const key of KEYS) {
    expect(placeholders(CATALOGUES.zh[key]), key).toEqual(placeholders(CATALOGUES.en[key]));
  }
});

test("every Chinese text is Chinese, unless it is a name or an example", () => {
  const without = KEYS.filter((key) => !/\p{Script=Han}/u.test(CATALOGUES.zh[key]));
  expect(without.sort()).toEqual(["confirm.hint", "doctor.check.node", "progress.of"]);
});

test("every refusal, attribute, command and noun has a text", () => {
  const wanted = [
    ...Object.keys(REJECTIONS).map((name) => `rejection.${name}`),
    ...Object.keys(ATTRIBUTES).map((name) => `attribute.${name}`),
    ...COMMAND_LIST.map(({ path }) => `command.${path.join(".")}`),
    ...nounsOf(COMMAND_LIST).map((path) => `command.${path.join(".")}`),
  ];
  for (const key of wanted) expect(KEYS, key).toContain(key);
});

test("no text is left over", () => {
  const source = readdirSync(SOURCE, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !file.startsWith("text/") && !file.includes(".test"))
    .map((file) => readFileSync(join(SOURCE, file), "utf8"))
    .join("\n");
  const families =
    /^(alias\.(relation|standing|verdict|ended)|reconcile\.(step|count|is|did|done|reason)|identify\.mended|identify\.carrier|identify\.why|exit|status|standing|interval|role|attribute|rejection|command|import|confirm\.recover|done\.recover|row\.fault|notice|doctor\.check|doctor|dev|list|rule)\./;
  const unused = KEYS.filter((key) => !families.test(key) && !source.includes(`"${key}"`));
  expect(unused).toEqual([]);
});

test("a text whose value is missing shows its name", () => {
  expect(sayIn("en")("error.missing")).toBe("{field} is missing");
  expect(sayIn("zh")("error.missing", { field: "code" })).toBe("缺少 code");
});

test("the language is that of the environment, in the order of POSIX", () => {
  expect(languageOf({})).toBe("en");
  expect(languageOf({ LANG: "zh_CN.UTF-8" })).toBe("zh");
  expect(languageOf({ LANG: "zh_CN.UTF-8", LC_ALL: "C" })).toBe("en");
  expect(languageOf({ LANG: "C", CITYROOT_LANG: "zh" })).toBe("zh");
});
