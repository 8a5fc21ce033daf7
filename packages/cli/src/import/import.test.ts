import { existsSync, readFileSync, watch, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { EXIT } from "../exit-code.ts";
import { type RunningRegistry, startRegistry } from "../running-registry.testing.ts";
import { spawnCli } from "../start-process.testing.ts";

/**
 * Goal: every row of a table has one outcome, told in the results; what is good is issued whatever else the table
 * holds; and an interrupt, however hard, loses and repeats nothing.
 * Method: a real node; tables with everything that can be wrong in them; processes killed at their work.
 */
let registry: RunningRegistry;
const PREFIX = "MA.156.1301/60.10000000.1";
const MAP = ["--map", "class=lamp", "--map", `code=${PREFIX}/{id}`, "--map", "name.zh={name}"];

beforeAll(async () => {
  registry = await startRegistry("--shape", "any .<d4>/60.<d8>.<n1-20>/<d6>", "--network", "import");
});
afterAll(() => registry.close());

function write(name: string, text: string): string {
  const path = join(registry.folder, name);
  writeFileSync(path, text);
  return path;
}

/** The results of an import, by row. */
function resultsOf(path: string): Map<number, readonly string[]> {
  const [header, ...lines] = readFileSync(path, "utf8").trimEnd().split("\n");
  expect(header).toBe("\ufeffrow,code,outcome,rejection,detail");
  const rows = lines.map((line) => line.split(",")).map((fields) => [Number(fields[0]), fields] as const);
  expect(new Set(rows.map(([row]) => row)).size, "each row once").toBe(rows.length);
  expect(
    rows.map(([row]) => row),
    "in order",
  ).toEqual(rows.map(([row]) => row).sort((a, b) => a - b));
  return new Map(rows);
}

function serials(from: number, count: number): string {
  return Array.from(
    { length: count },
    (_, at) => `${String(from + at).padStart(6, "0")},灯${from + at}\n`,
  ).join("");
}

test("good rows are issued, whatever stands between them", async () => {
  const path = write(
    "mixed.csv",
    `id,name\n000001,一\n000002\n0003,三\n000004, 四\n000001,again\n"000005"x,五\n000006,"六""六"\n000007,\n000008,十\n000001,一\n`,
  );
  const dry = await registry.call(["code", "import", path, ...MAP, "--dry-run", "--json"]);
  expect(dry.err).toBe("");
  expect(dry.json()[0]).toMatchObject({ dryRun: true, free: 4, refused: 5, duplicate: 1 });
  const result = await registry.call(["code", "import", path, ...MAP, "--json"]);
  expect(result.exit).toBe(EXIT.failure);
  expect(result.json()[0]).toMatchObject({ issued: 4, refused: 5, duplicate: 1 });
  const rows = resultsOf(`${path}.results.csv`);
  const told = [...rows.values()].map(([row, , outcome, rejection]) => [Number(row), outcome, rejection]);
  expect(told).toEqual([
    [2, "issued", ""],
    [3, "refused", "ROW_RAGGED"],
    [4, "refused", "RULE_SHAPE"],
    [5, "refused", "ATTRIBUTE_MALFORMED"],
    [6, "refused", "ROW_CONTRADICTS"],
    [7, "refused", "QUOTE_MALFORMED"],
    [8, "issued", ""],
    [9, "issued", ""],
    [10, "issued", ""],
    [11, "duplicate", ""],
  ]);
  // A row that cannot be read is found again by what it begins with.
  expect(rows.get(3)?.[1]).toBe("000002");
  expect(existsSync(`${path}.import`), "the journal is gone").toBe(false);
});

test("a dry run changes nothing and tells what is taken", async () => {
  const path = write("dry.csv", `id,name\n000001,a\n000900,b\n`);
  for (const time of [1, 2]) {
    const { exit, json } = await registry.call(["code", "import", path, ...MAP, "--dry-run", "--json"]);
    expect(exit, `time ${time}`).toBe(EXIT.failure);
    expect(json()[0], `time ${time}`).toMatchObject({ free: 1, taken: 1 });
  }
});

test("a dry run knows the codes of ranges", async () => {
  const range = ["code", "range", `${PREFIX}/500000`, "--count", "500", "--class", "lamp", "--json"];
  expect((await registry.call(range)).exit).toBe(EXIT.ok);
  for (const [from, rows, taken] of [
    [499_990, 1_000, 500],
    [500_100, 50, 50],
    [500_490, 20, 10],
  ] as const) {
    const path = write("range.csv", `id,name\n${serials(from, rows)}`);
    const { json } = await registry.call(["code", "import", path, ...MAP, "--dry-run", "--json"]);
    expect(json()[0], `from ${from}`).toMatchObject({ taken });
  }
});

test("a table in GBK is read as such", async () => {
  const gbk = Buffer.concat([
    Buffer.from("id,name\n000910,"),
    Buffer.from("c2b7b5c6", "hex"),
    Buffer.from("\n"),
  ]);
  const path = join(registry.folder, "gbk.csv");
  writeFileSync(path, gbk);
  expect((await registry.call(["code", "import", path, ...MAP, "--json"])).exit).toBe(EXIT.ok);
  const [shown] = (await registry.call(["code", "resolve", `${PREFIX}/000910`, "--json"])).json();
  expect(shown).toMatchObject({ record: { attributes: { name: { zh: "路灯" } } } });
});

test("rows that are taken are told from the rest, many at once", async () => {
  const path = write("taken.csv", `id,name\n${serials(1_000, 3_000)}`);
  expect((await registry.call(["code", "import", path, ...MAP, "--json"])).json()[0]).toMatchObject({
    issued: 3_000,
  });
  write("taken.csv", `id,name\n${serials(0, 6_000)}`);
  const again = await registry.call(["code", "import", path, ...MAP, "--json"]);
  const expected = { issued: 6_000 - 3_000 - 5, stands: 3_000, refused: 5 };
  expect(again.json()[0]).toMatchObject(expected);
});

test("rows that the registry holds as they are stand, and a table is mended and imported again", async () => {
  const path = write("mended.csv", "id,name\n770930,a\n770931,b\n770932, c\n");
  const first = await registry.call(["code", "import", path, ...MAP, "--json"]);
  expect(first.json()[0]).toMatchObject({ issued: 2, refused: 1 });
  const mended = write("mended.csv", "id,name\n770930,a\n770931,b\n770932,c\n");
  const dry = await registry.call(["code", "import", mended, ...MAP, "--dry-run", "--json"]);
  expect([dry.exit, dry.json()[0]]).toMatchObject([EXIT.ok, { stands: 2, free: 1 }]);
  const second = await registry.call(["code", "import", mended, ...MAP, "--json"]);
  expect([second.exit, second.json()[0]]).toMatchObject([EXIT.ok, { stands: 2, issued: 1 }]);
  expect(resultsOf(`${mended}.results.csv`).get(2)?.slice(2, 4)).toEqual(["stands", ""]);
  // Another name, and a code that is no longer in use.
  const retired = ["code", "retire", `${PREFIX}/770932`, "--reason", "gone", "--yes", "--json"];
  expect((await registry.call(retired)).exit).toBe(EXIT.ok);
  const other = write("mended.csv", "id,name\n770930,z\n770931,b\n770932,c\n");
  const third = await registry.call(["code", "import", other, ...MAP, "--json"]);
  expect([third.exit, third.json()[0]]).toMatchObject([EXIT.failure, { stands: 1, refused: 2 }]);
  const told = readFileSync(`${other}.results.csv`, "utf8").split("\n");
  expect(told[1]).toContain("with other: name; change it with: cityroot code update");
  expect(told[3]).toContain("is retired now");
  const dryAgain = await registry.call(["code", "import", other, ...MAP, "--dry-run", "--json"]);
  expect([dryAgain.exit, dryAgain.json()[0]]).toMatchObject([EXIT.failure, { stands: 1, taken: 2 }]);
});

test.each([
  ["a workbook", Buffer.from("504b030414000600", "hex"), "TABLE_IS_WORKBOOK", "save its sheet as CSV"],
  ["an old workbook", Buffer.from("d0cf11e0a1b11ae1", "hex"), "TABLE_IS_WORKBOOK", "save its sheet as CSV"],
  ["nothing", Buffer.alloc(0), "TABLE_EMPTY", "the first line names the columns"],
  [
    "a title above it",
    Buffer.from("Lamps of 2026,,\nid,name,place\n"),
    "MAPPING_MALFORMED",
    "looks like a title",
  ],
  ["no such column", Buffer.from("number,name\n"), "MAPPING_MALFORMED", "as the table's first line does"],
])("of %s in place of a table it is told what to do", async (_, bytes, code, fix) => {
  const path = join(registry.folder, "no-table.csv");
  writeFileSync(path, bytes);
  const refused = await registry.call(["code", "import", path, ...MAP, "--json"]);
  expect([refused.exit, refused.problem()]).toMatchObject([EXIT.usage, { code }]);
  expect(refused.problem()["fix"]).toContain(fix);
});

test("a column that is read in another encoding, and a space at an end, are told", async () => {
  const path = join(registry.folder, "other.csv");
  writeFileSync(path, Buffer.concat([Buffer.from("c2b7b5c6", "hex"), Buffer.from(",name\n000980,a \n")]));
  const wrong = ["code", "import", path, ...MAP, "--encoding", "utf-8", "--json"];
  expect((await registry.call(wrong)).problem()["fix"]).toContain("another one");
  const spaced = write("spaced.csv", "id,name\n770980 ,a\n770981,b \n");
  const refused = await registry.call(["code", "import", spaced, ...MAP, "--json"]);
  expect(refused.json()[0]).toMatchObject({ refused: 2 });
  expect(readFileSync(`${spaced}.results.csv`, "utf8").match(/which --trim takes away/g)).toHaveLength(2);
  const trimmed = await registry.call(["code", "import", spaced, ...MAP, "--trim", "--json"]);
  expect(trimmed.json()[0]).toMatchObject({ issued: 2 });
});

test("a row that says something else than the first of its code is refused, also when it comes again", async () => {
  const path = write("thrice.csv", "id,name\n770955,Red\n770955,Blue\n770955,Blue\n770955,Red\n");
  for (const [more, outcome] of [
    [["--dry-run"], "free"],
    [[], "issued"],
  ] as const) {
    const { json } = await registry.call(["code", "import", path, ...MAP, ...more, "--json"]);
    expect(json()[0]).toMatchObject({ [outcome]: 1, refused: 2, duplicate: 1 });
  }
});

test("a row that repeats another is no failure", async () => {
  const path = write("twice.csv", "id,name\n770950,a\n770950,a\n");
  for (const outcome of ["issued", "stands"]) {
    const { exit, json } = await registry.call(["code", "import", path, ...MAP, "--json"]);
    expect([exit, json()[0]]).toMatchObject([EXIT.ok, { [outcome]: 1, duplicate: 1 }]);
  }
});

test("why rows are refused is told in the language of the user", async () => {
  const path = write("words.csv", "id,name\n770960\n7709,b\n");
  const { out } = await registry.call(["code", "import", path, ...MAP, "--lang", "zh"]);
  expect(out).toContain("字段数不符（ROW_RAGGED，1 行），首见于第 2 行：共 1 个字段，应为 2 个");
  expect(out).toContain("规则不允许此种形式的编码（RULE_SHAPE，1 行）");
  expect(readFileSync(`${path}.results.csv`, "utf8")).toContain("共 1 个字段");
});

test("a row without what the last node is made of issues nothing above it", async () => {
  const path = write("no-node.csv", "id,name,part\n770940,a,\n");
  const map = MAP.map((one) => one.replace("{id}", "{id}/{part}"));
  expect(map).not.toEqual(MAP);
  for (const more of [["--dry-run"], []]) {
    const result = await registry.call(["code", "import", path, ...map, ...more, "--json"]);
    expect([result.exit, result.json()[0]]).toMatchObject([EXIT.failure, { refused: 1 }]);
  }
  expect(resultsOf(`${path}.results.csv`).get(2)?.[3]).toBe("COLUMN_EMPTY");
});

test("a mapping that is wrong, a file that is not there and a foreign journal are told before anything is sent", async () => {
  const path = write("wrong.csv", "id,name\n000920,a\n");
  const none = await registry.call(["code", "import", path, "--map", "class=lamp", "--json"]);
  expect(none.exit).toBe(EXIT.usage);
  expect(none.problem()).toMatchObject({ code: "MAPPING_MALFORMED" });
  const column = await registry.call(["code", "import", path, ...MAP, "--map", "name.en={title}", "--json"]);
  expect(column.problem()).toMatchObject({ field: "{title}", expected: "id, name" });
  const missing = await registry.call(["code", "import", "none.csv", ...MAP, "--json"]);
  expect(missing.exit).toBe(EXIT.failure);
});

/** Waits until an import has settled some chunks, and then ends its process. */
function killAfter(
  folder: string,
  settled: number,
  signal: NodeJS.Signals,
  argv: readonly string[],
): Promise<number | null> {
  const started = spawnCli(argv, folder);
  let seen = 0;
  const watcher = watch(folder, { recursive: true }, (_, name) => {
    if (name?.endsWith("import.json") !== true || ++seen !== settled) return;
    watcher.close();
    started.process.kill(signal);
  });
  return started.ended.finally(() => watcher.close());
}

test.each([
  ["an interrupt", "SIGINT", EXIT.interrupted],
  ["a kill", "SIGKILL", null],
] as const)("after %s the next run goes on, and issues nothing twice", async (_, signal, exit) => {
  const from = signal === "SIGINT" ? 100_000 : 200_000;
  const rows = 12_000;
  // Some rows come twice, chunks apart.
  const path = write(`long-${signal}.csv`, `id,name\n${serials(from, rows)}${serials(from + 10, 3)}`);
  const argv = ["code", "import", path, ...MAP, "--json"];
  for (const settled of [2, 3]) {
    expect(await killAfter(registry.folder, settled, signal, argv), `after ${settled}`).toBe(exit);
    expect(existsSync(`${path}.import/import.json`)).toBe(true);
  }
  const last = await registry.call(argv);
  expect(last.json()[0]).toMatchObject({ issued: rows, duplicate: 3 });
  const results = resultsOf(`${path}.results.csv`);
  expect(results.size).toBe(rows + 3);
  const wrong = [...results.values()].filter(
    ([row, , outcome]) => Number(row) <= rows + 1 && outcome !== "issued",
  );
  expect(wrong, "no row of its own is taken for another's").toEqual([]);
});

test("a table of claims goes on after a kill, with what was known of its rows", async () => {
  const rows = 6_000;
  const range = ["code", "range", `${PREFIX}/800000`, "--count", String(rows), "--class", "lamp", "--json"];
  expect((await registry.call(range)).exit).toBe(EXIT.ok);
  const claimed = ["alias", "claim", "kill", "{id}", "--target", `${PREFIX}/{id}`, "--json"];
  const [first, last] = ["800001", "805999"];
  for (const id of [first, last]) {
    const other = claimed.map((word) =>
      word.replace(`${PREFIX}/{id}`, `${PREFIX}/800000`).replace("{id}", id),
    );
    expect((await registry.call(other)).exit).toBe(EXIT.ok);
  }
  const withdrawn = ["alias", "withdraw", "kill", first, "--target", `${PREFIX}/800000`, "--json"];
  expect((await registry.call(withdrawn)).exit).toBe(EXIT.ok);
  // One row comes twice, chunks apart.
  const path = write("claims.csv", `id,name\n${serials(800_000, rows)}${serials(800_002, 1)}`);
  const argv = [...claimed, "--file", path];
  expect(await killAfter(registry.folder, 1, "SIGKILL", argv)).toBeNull();
  const done = await registry.call(argv);
  expect(done.json()[0]).toMatchObject({ claimed: rows, duplicate: 1, conflict: 1 });
  const results = resultsOf(`${path}.kill.results.csv`);
  expect(results.size).toBe(rows + 1);
  expect(results.get(rows + 1)?.[4]).toContain("it is claimed to be");
  const found = await registry.call(["alias", "list", "kill", first, "--json"]);
  expect(found.json()[0]).toMatchObject({ meaning: { kind: "one", target: `${PREFIX}/800001` } });
});

test("a journal of another version of the file is not gone on with", async () => {
  const path = write("changed.csv", `id,name\n${serials(300_000, 6_000)}`);
  const argv = ["code", "import", path, ...MAP, "--json"];
  await killAfter(registry.folder, 1, "SIGKILL", argv);
  write("changed.csv", `id,name\n${serials(310_000, 5)}`);
  const refused = await registry.call(argv);
  expect(refused.exit).toBe(EXIT.conflict);
  expect(refused.problem()).toMatchObject({ code: "JOURNAL_DIFFERS" });
  const restarted = await registry.call([...argv, "--restart"]);
  expect(restarted.json()[0]).toMatchObject({ issued: 5 });
});

test("items of a batch are issued at once and resolve each alone", async () => {
  const path = write("batch.csv", `id,name\n${serials(400_000, 500)}`);
  const argv = [
    "code",
    "batch",
    path,
    "--class",
    "lamp",
    "--map",
    `code=${PREFIX}/{id}`,
    "--map",
    "name.zh={name}",
    "--json",
  ];
  const result = await registry.call(argv);
  expect(result.err).toBe("");
  expect(result.json()[0]).toMatchObject({ type: "issue-batch", count: 500 });
  const [shown] = (await registry.call(["code", "resolve", `${PREFIX}/400123`, "--json"])).json();
  expect(shown).toMatchObject({ standing: "in-batch", record: { attributes: { name: { zh: "灯400123" } } } });
  // What one of them takes the place of: its proof is fetched and sent along.
  const [old, next] = [`${PREFIX}/999999`, `${PREFIX}/400123`];
  expect((await registry.call(["code", "issue", old, "--class", "lamp"])).exit).toBe(EXIT.ok);
  const superseded = await registry.call(["code", "supersede", old, "--by", next, "--yes", "--json"]);
  expect(superseded.exit, superseded.err).toBe(EXIT.ok);
  expect((await registry.call(["code", "resolve", old, "--json"])).json()[0]).toMatchObject({
    record: { status: "retired", succession: { kind: "rename", codes: [next] } },
  });
  const retire = await registry.call([
    "code",
    "retire",
    `${PREFIX}/400123`,
    "--reason",
    "gone",
    "--yes",
    "--json",
  ]);
  expect(retire.err).toBe("");
  expect(retire.exit).toBe(EXIT.ok);
});
