import { cpSync, existsSync, mkdirSync, readFileSync, watch, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { EXIT } from "../exit-code.ts";
import { type RunningRegistry, startRegistry } from "../running-registry.testing.ts";
import { spawnCli } from "../start-process.testing.ts";

/**
 * Goal: what a unit exported at the registry of MA codes is issued here once, however often and in whatever encoding it comes; what
 * is wrong in it is told by file and place; of people nothing is repeated.
 * Method: one registry with a city and a department; the fixtures, and files made from them, each case below a model of its own.
 */
let registry: RunningRegistry;
const UNIT = "MA.156.1301.02";
const LAMPS = `${UNIT}/60.10000000.1`;
const FIXTURES = fileURLToPath(new URL("fixtures/", import.meta.url));
const CLASSES = ["--class", "street-lamp", "--class", "10=portal"];

beforeAll(async () => {
  registry = await startRegistry("--shape", "any .<d2-4>**", "--shape", "any /<n1-50>**");
  for (const [holder, prefix] of [
    ["city", "MA.156.1301"],
    ["lights", UNIT],
  ] as const) {
    await ok("prefix", "keys", "generate", holder, "--name", `en=${holder}`);
    await ok("prefix", "delegate", prefix, "--to", holder, "--class", "department");
  }
}, 60_000);
afterAll(() => registry.close());

async function ok(...argv: string[]) {
  const result = await registry.call([...argv, "--json"]);
  expect(result.err, argv.join(" ")).toBe("");
  expect(result.exit, argv.join(" ")).toBe(EXIT.ok);
  return result.json();
}

/** Imports, and gives the line of JSON with the rows of the results: place, code, codes, outcome, rejection. */
async function imported(path: string, ...more: string[]) {
  const argv = ["code", "import-ma", path, "--as", UNIT, ...CLASSES, ...more, "--json"];
  const result = await registry.call(argv);
  expect(result.err, argv.join(" ")).toBe("");
  const done = result.json()[0]!;
  const text = readFileSync(done["results"] as string, "utf8");
  const [header, ...lines] = text.trimEnd().split("\n");
  expect(header).toBe("\ufefffile,place,code,codes,outcome,rejection,detail");
  const rows = lines.map((line) => line.split(","));
  return { exit: result.exit, done, text, rows: rows.map((row) => row.slice(0, 6).join(" ")) };
}

const resolved = async (code: string) => (await ok("code", "resolve", code))[0]!;

/** A folder of files in the registry's. */
function exported(name: string, files: { readonly [file: string]: string | Uint8Array }): string {
  const folder = join(registry.folder, name);
  mkdirSync(folder, { recursive: true });
  for (const [file, content] of Object.entries(files)) writeFileSync(join(folder, file), content);
  return folder;
}

const listOf = (codes: readonly string[]): string => codes.map((code) => `${code}\r\n`).join("");
const serials = (model: string, from: number, count: number, step = 1): string[] =>
  Array.from(
    { length: count },
    (_, at) => `${UNIT}/60.10000000.${model}/${String(from + at * step).padStart(6, "0")}`,
  );
const codesJson = (codes: readonly string[]): string => JSON.stringify({ result_code: 1, data: codes });

describe("the fixtures", () => {
  let folder: string;
  const EXPECTED = [
    `categories-1.json base_idcode_list[0] ${LAMPS} 1 DONE `,
    `categories-1.json base_idcode_list[1] ${UNIT}/60.10000000.2 1 DONE `,
    `categories-2.json base_idcode_list[0] ${UNIT}/60.10000000.2 1 refused CATEGORY_DIFFERS`,
    `categories-2.json base_idcode_list[1] ${UNIT}/73.10000000.6 1 refused CODE_OF_PERSON`,
    `categories-2.json base_idcode_list[2] ${UNIT}/10.46100000.portal 1 DONE `,
    ...["A001", "A002", "A003", "A007", "A009"].map(
      (serial, at) => `codes-504.txt ${at + 1} ${UNIT}/60.10000000.2/${serial} 1 DONE `,
    ),
    `codes-504.txt 6 ${LAMPS}/000040 1 DONE `,
    "codes-504.txt 7 MA.156.1003.1629/60.10000000.1/000001 1 refused CODE_ELSEWHERE",
    "codes-504.txt 9  1 refused CODE_MALFORMED",
    `codes-505.json data[0] ${LAMPS}/000001 39 DONE `,
    `codes-505.json data[39] ${LAMPS}/000040 1 duplicate `,
  ];
  beforeAll(() => {
    folder = join(registry.folder, "lamps");
    cpSync(join(FIXTURES, "lamps"), folder, { recursive: true });
  });

  test.each([
    ["would be issued", ["--dry-run"], "free"],
    ["are issued", [], "issued"],
    ["stand when they come again", [], "stands"],
    ["stand in a dry run too", ["--dry-run"], "stands"],
  ] as const)("%s, and what is wrong in them is told by file and place", async (_, more, outcome) => {
    const { exit, done, rows, text } = await imported(folder, ...more);
    expect(exit).toBe(EXIT.failure);
    expect(rows).toEqual(EXPECTED.map((row) => row.replace("DONE", outcome)));
    expect(done).toMatchObject({ [outcome]: 48, refused: 4, duplicate: 1 });
    expect(done).toMatchObject({
      units: [{ code: UNIT, status: 100 }],
      categories: { registered: 3, filed: 1, unsaid: 0 },
      findings: [
        { finding: "address", file: "address-504.json" },
        { finding: "noLink", place: "base_idcode_list[1].gotourl", got: "http://lamps.example.org/old" },
        { finding: "uploads", got: "40" },
      ],
    });
    expect(text).toContain('object.use: expected 2 ASCII digits; got ""6O""');
    expect(text).toContain("the same code as codes-504.txt 6");
    for (const person of ["某某", "13800138000"]) expect(text + JSON.stringify(done)).not.toContain(person);
  });

  test("resolve with what the export says of them", async () => {
    expect(await resolved(LAMPS)).toMatchObject({
      record: {
        class: "street-lamp",
        attributes: {
          name: { zh: "路灯（单臂）", en: "Street lamp, single arm" },
          legacy: [{ scheme: "ma-registered", value: "10030000000000002001" }],
        },
        links: [{ rel: "about", href: "https://lamps.example.org/scan" }],
      },
    });
    const inRange = await resolved(`${LAMPS}/000017`);
    expect(inRange).toMatchObject({
      standing: "in-range",
      record: { status: "active", attributes: { category: "60.10000000", model: "1" } },
    });
    expect(JSON.stringify(inRange)).not.toContain("ma-registered");
    expect(await resolved(`${UNIT}/10.46100000.portal`)).toMatchObject({ record: { class: "portal" } });
  });

  test("tell people the same in their language", async () => {
    const argv = ["code", "import-ma", folder, "--as", UNIT, ...CLASSES, "--dry-run"];
    const english = await registry.call(argv);
    expect(english.out).toContain("48 stand as they are · 1 twice in the file · 4 refused");
    expect(english.out).toContain("uploads-502.json: says that 40 codes were uploaded, and not which");
    const chinese = await registry.call([...argv, "--lang", "zh"]);
    expect(chinese.out).toMatch(/\p{Script=Han}.*48/u);
    const bar = await registry.call(argv, { isTerminal: true });
    expect(bar.err).toMatch(/\d+ of 54/);
  });
});

describe("an export that comes again", () => {
  test("has its new codes issued, in ranges around those that the ledger holds", async () => {
    const folder = exported("grown", { "codes.json": codesJson(serials("G", 20, 20)) });
    expect((await imported(folder)).rows).toEqual([
      `codes.json data[0] ${UNIT}/60.10000000.G/000020 20 issued `,
    ]);
    // Meanwhile one got a record of its own, one was retired, and one that the unit never uploaded was issued as something else.
    const code = (serial: number) => serials("G", serial, 1)[0]!;
    await ok("code", "update", code(25), "--attribute", "model=other");
    await ok("code", "retire", code(30), "--reason", "gone", "--yes");
    await ok("code", "issue", code(45), "--class", "camera");
    writeFileSync(join(folder, "codes.json"), codesJson(serials("G", 0, 60)));
    const { rows, text, exit } = await imported(folder);
    expect(rows).toEqual([
      `codes.json data[0] ${code(0)} 20 issued `,
      `codes.json data[20] ${code(20)} 5 stands `,
      `codes.json data[25] ${code(25)} 1 stands `,
      `codes.json data[26] ${code(26)} 4 stands `,
      `codes.json data[30] ${code(30)} 1 refused CODE_RETIRED`,
      `codes.json data[31] ${code(31)} 9 stands `,
      `codes.json data[40] ${code(40)} 5 issued `,
      `codes.json data[45] ${code(45)} 1 refused CODE_TAKEN`,
      `codes.json data[46] ${code(46)} 14 issued `,
    ]);
    expect(exit).toBe(EXIT.failure);
    expect(text).toContain("its record says something else: model");
    expect(text).toContain("class: expected street-lamp; got camera");
    const again = await imported(folder);
    expect(again.done).toMatchObject({ stands: 58, refused: 2 });
    expect(again.done).not.toHaveProperty("issued");
    expect(await resolved(code(59))).toMatchObject({ record: { class: "street-lamp" } });
  });

  test("finds a range that begins before its first code, and codes below others", async () => {
    const folder = exported("lead", { "codes.txt": listOf(serials("L", 10, 30)) });
    await imported(folder);
    await ok("code", "update", serials("L", 20, 1)[0]!, "--attribute", "model=other");
    await ok("code", "issue", `${serials("L", 20, 1)[0]}.1`, "--class", "part");
    await ok("code", "issue", `${serials("L", 45, 1)[0]}.1`, "--class", "part");
    writeFileSync(join(folder, "codes.txt"), listOf(serials("L", 20, 40)));
    const { rows } = await imported(folder);
    expect(rows.map((row) => row.split(" ").slice(2).join(" "))).toEqual([
      `${serials("L", 20, 1)} 1 stands `,
      `${serials("L", 21, 1)} 19 stands `,
      `${serials("L", 40, 1)} 5 issued `,
      `${serials("L", 45, 1)} 1 refused CODE_TAKEN`,
      `${serials("L", 46, 1)} 14 issued `,
    ]);
  });

  test("takes codes out of use and into it again as its unit is", async () => {
    const unit = readFileSync(join(FIXTURES, "older", "unit.json"), "utf8");
    const folder = join(registry.folder, "older");
    cpSync(join(FIXTURES, "older"), folder, { recursive: true });
    writeFileSync(join(folder, "codes.txt"), listOf(serials("9", 1, 12)));
    const out = await imported(folder, "--not-in-force", "leave-out");
    expect(out.rows).toEqual([]);
    expect(out.done).toMatchObject({ skipped: 13 });
    expect((await imported(folder)).done).toMatchObject({ issued: 13, units: [{ status: -2 }] });
    expect(await resolved(serials("9", 3, 1)[0]!)).toMatchObject({
      record: { status: "suspended", reason: "ma-unit-disabled" },
    });
    expect((await imported(folder)).done).toMatchObject({ stands: 13 });
    writeFileSync(join(folder, "unit.json"), unit.replace("-2", "100"));
    expect((await imported(folder, "--dry-run")).done).toMatchObject({ due: 13 });
    expect((await imported(folder)).done).toMatchObject({ changed: 13 });
    expect(await resolved(serials("9", 3, 1)[0]!)).toMatchObject({ record: { status: "active" } });
    expect((await imported(folder)).done).toMatchObject({ stands: 13 });
    writeFileSync(join(folder, "unit.json"), unit);
    expect((await imported(folder)).done).toMatchObject({ changed: 13 });
  });
});

describe("encodings", () => {
  const NAME = "路灯杆";
  /** {@link NAME} in GBK. */
  const GBK_NAME = Buffer.from("c2b7b5c6b8cb", "hex");
  const categories = (model: string): string =>
    JSON.stringify({
      result_code: 1,
      base_idcode_list: [
        {
          category_code: "10000000",
          code_pay_type: 2,
          model_number: NAME,
          complete_code: `${UNIT}/60.10000000.${model}/`,
        },
      ],
    });
  const inGbk = (text: string): Buffer => {
    const [before, after] = text.split(NAME) as [string, string];
    return Buffer.concat([Buffer.from(before), GBK_NAME, Buffer.from(after)]);
  };

  test.each([
    ["E1", "UTF-8 with a mark", (text: string) => Buffer.from(`\ufeff${text}`)],
    ["E2", "UTF-16 little", (text: string) => Buffer.from(`\ufeff${text}`, "utf16le")],
    ["E3", "UTF-16 big", (text: string) => Buffer.from(`\ufeff${text}`, "utf16le").swap16()],
    ["E4", "UTF-16 little without a mark", (text: string) => Buffer.from(text, "utf16le")],
    ["E5", "UTF-16 big without a mark", (text: string) => Buffer.from(text, "utf16le").swap16()],
    ["E6", "GBK", inGbk],
  ] as const)("%s: %s is found out", async (model, _, encode) => {
    const folder = exported(model, {
      "categories.json": encode(categories(model)),
      "codes.txt": model === "E6" ? listOf(serials(model, 1, 11)) : encode(listOf(serials(model, 1, 11))),
    });
    const { exit, done } = await imported(folder);
    expect(exit).toBe(EXIT.ok);
    expect(done).toMatchObject({ issued: 12 });
    expect(await resolved(serials(model, 7, 1)[0]!)).toMatchObject({
      record: { attributes: { name: { zh: NAME } } },
    });
  });

  test("of lists may be said, and a wrong one is seen in what comes", async () => {
    const folder = exported("E7", { "codes.txt": Buffer.from(listOf(serials("E7", 1, 2)), "utf16le") });
    const wrong = await imported(folder, "--encoding", "utf-16be", "--dry-run");
    expect(wrong.exit).toBe(EXIT.failure);
    expect(wrong.text).toContain("CODE_MALFORMED");
    expect((await imported(folder, "--encoding", "utf-16le")).done).toMatchObject({ issued: 2 });
  });
});

describe("what cannot be read is refused before anything is sent", () => {
  const unit = (member: string, value: string) =>
    JSON.stringify({ organunit_oid: UNIT, status_id: 100, [member]: value });
  test.each([
    ["cut.json", '{"result_code":1,\n"data":["MA', { code: "FILE_MALFORMED", expected: "JSON" }],
    ["unit.json", unit("status_id", "7"), { expected: "0, 100, -1, -2, -100", got: "7" }],
    ["unit.json", unit("organunit_oid", "MB.1"), { got: "MB.1" }],
  ])("%s: %s", async (file, text, problem) => {
    const folder = exported("unreadable", { "cut.json": "{}", "unit.json": "{}", [file]: text });
    const argv = ["code", "import-ma", folder, "--as", UNIT, ...CLASSES, "--json"];
    const refused = await registry.call(argv);
    expect(refused.exit).toBe(EXIT.usage);
    expect(refused.problem()).toMatchObject({ code: "FILE_MALFORMED", ...problem });
    expect(refused.problem()["field"]).toContain(join(folder, file));
    expect(refused.problem()["fix"]).toEqual(expect.stringMatching(/./));
    if (file === "cut.json") expect(refused.problem()["field"]).toContain(":2:");
  });

  test.each([
    [["none", "--as", UNIT, "--class", "a"], { code: "FILE_NOT_FOUND", field: "paths" }],
    [["lamps", "--as", "MA..1", "--class", "a"], { field: "--as", got: "MA..1" }],
    [["lamps", "--as", UNIT, "--class", "Street lamp"], { field: "--class", got: "Street lamp" }],
    [["lamps", "--as", UNIT], { code: "ARGUMENT_MISSING", field: "--class" }],
  ])("%j", async (argv, problem) => {
    const refused = await registry.call(["code", "import-ma", ...argv, "--json"]);
    expect(refused.exit).not.toBe(EXIT.ok);
    expect(refused.problem()).toMatchObject(problem);
  });

  test("files that hold no codes are told each, and stop nothing", async () => {
    const folder = exported("strange", {
      "a-list.json": "[1]",
      "b-other.json": '{"x":1}',
      "c-refused.json": '{"result_code":0,"result_msg":"签名错误"}',
      "d.zip": "PK",
      "e.md": "read me",
      "f-codes.txt": `${serials("S", 1, 1)}\n${"x".repeat(3_000)}\n${LAMPS}\n60.10000000\n`,
    });
    mkdirSync(join(folder, "g"), { recursive: true });
    const { done, rows } = await imported(folder, "--class", "60=lamp");
    expect((done["findings"] as { finding: string }[]).map(({ finding }) => finding).sort()).toEqual(
      ["archive", "folder", "noUnit", "other", "refusedCall", "unknown", "unknown"].sort(),
    );
    expect(rows.map((row) => row.split(" ").slice(4).join(" "))).toEqual([
      "issued ",
      "refused LINE_TOO_LONG",
      "refused CODE_TAKEN",
      "refused CODE_MALFORMED",
    ]);
  });
});

test("after a kill the next run goes on, and no code is issued or counted twice", async () => {
  // Every second serial, so that each is a row; then some that count up, of which a part is issued before.
  const codes = [...serials("K", 0, 5_000, 2), ...serials("M", 0, 40)];
  await ok("code", "range", serials("M", 10, 1)[0]!, "--count", "5", "--class", "street-lamp");
  const folder = exported("killed", { "codes.txt": listOf(codes) });
  const argv = ["code", "import-ma", folder, "--as", UNIT, ...CLASSES, "--json"];
  for (const settled of [2, 3]) {
    const started = spawnCli(argv, registry.folder);
    let seen = 0;
    const watcher = watch(registry.folder, { recursive: true }, (_, name) => {
      if (name?.endsWith("import.json") !== true || ++seen !== settled) return;
      watcher.close();
      started.process.kill("SIGKILL");
    });
    await started.ended;
    watcher.close();
    expect(existsSync(`${folder}.import/import.json`), `after ${settled}`).toBe(true);
  }
  const { done, rows, exit } = await imported(folder);
  expect(exit).toBe(EXIT.ok);
  expect(done).toMatchObject({ issued: 5_035, stands: 5 });
  expect(rows).toHaveLength(5_003);
  expect((await imported(folder)).done).toMatchObject({ stands: 5_040 });
}, 60_000);
