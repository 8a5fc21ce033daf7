import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { openTable, type TableRow } from "./table.ts";
import { lookAtText } from "./text-encoding.ts";

const folder = mkdtempSync(join(tmpdir(), "cityroot-text-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const TEXT = "编号,名称\n1,路灯\n2,井盖\n";
/** The same text in GBK: its two-byte codes for these characters. */
const GBK = Buffer.from("b1e0bac52cc3fbb3c60a312cc2b7b5c60a322cbeaeb8c70a", "hex");

const FILES: readonly (readonly [string, Uint8Array, string])[] = [
  ["UTF-8", Buffer.from(TEXT), "utf-8"],
  ["UTF-8 with a mark", Buffer.from(`\ufeff${TEXT}`), "utf-8"],
  ["UTF-16 little", Buffer.from(`\ufeff${TEXT}`, "utf16le"), "utf-16le"],
  ["UTF-16 big", Buffer.from(`\ufeff${TEXT}`, "utf16le").swap16(), "utf-16be"],
  ["UTF-16 little without a mark", Buffer.from(TEXT, "utf16le"), "utf-16le"],
  ["UTF-16 big without a mark", Buffer.from(TEXT, "utf16le").swap16(), "utf-16be"],
  ["GBK", GBK, "gb18030"],
];

test.each(FILES)("reads %s", async (_, bytes, encoding) => {
  const path = join(folder, "table.csv");
  writeFileSync(path, bytes);
  const facts = await lookAtText(path, undefined);
  expect(facts.encoding).toBe(encoding);
  const { columns, parts } = await openTable(path, facts, 10);
  expect(columns).toEqual(["编号", "名称"]);
  const rows: TableRow[] = [];
  for await (const part of parts) rows.push(...part);
  expect(rows).toEqual([
    { row: 2, values: { 编号: "1", 名称: "路灯" } },
    { row: 3, values: { 编号: "2", 名称: "井盖" } },
  ]);
});

test("finds Chinese beyond the first bytes of a file that begins in ASCII", async () => {
  const path = join(folder, "late.csv");
  writeFileSync(
    path,
    Buffer.concat([Buffer.from(`id,name\n${"1,lamp\n".repeat(200_000)}2,`), GBK.subarray(5, 9)]),
  );
  expect((await lookAtText(path, undefined)).encoding).toBe("gb18030");
});

test("a stray zero byte makes no UTF-16 of a file", async () => {
  const path = join(folder, "stray.csv");
  for (const text of [
    "id,name\n1,la\0mp\n22,lamp\n",
    "id,name\n1,la\0mp\n2,lamp\n",
    `id,name\n${"\0".repeat(9)}${"1,lamp\n".repeat(9)}`,
  ]) {
    writeFileSync(path, text);
    expect((await lookAtText(path, undefined)).encoding, text).toBe("utf-8");
  }
});

test.each([
  ["a;b;c\n1;2;3\n", ";"],
  ["a\tb\n1\t2\n", "\t"],
  ["a\n1\n", ","],
])("finds the separator of %j", async (text, delimiter) => {
  const path = join(folder, "separated.csv");
  writeFileSync(path, text);
  expect((await lookAtText(path, undefined)).delimiter).toBe(delimiter);
});

test("an empty file has no columns", async () => {
  const path = join(folder, "empty.csv");
  writeFileSync(path, "");
  const facts = await lookAtText(path, undefined);
  expect((await openTable(path, facts, 10)).columns).toEqual([]);
});

test("a ragged row is told by its number of fields", async () => {
  const path = join(folder, "ragged.csv");
  writeFileSync(path, "a,b\n1\n");
  const { parts } = await openTable(path, await lookAtText(path, undefined), 10);
  for await (const part of parts)
    expect(part).toEqual([{ row: 2, fault: "row-ragged", got: "1", first: "1" }]);
});
