import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { openTable } from "./table.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

async function read(text: string) {
  const folder = mkdtempSync(join(tmpdir(), "cityroot-table-"));
  folders.push(folder);
  writeFileSync(join(folder, "table.csv"), text);
  const facts = { encoding: "utf-8", delimiter: ",", lines: 2, sizeBytes: text.length } as const;
  const { columns, parts } = await openTable(join(folder, "table.csv"), facts, 10);
  const rows = [];
  for await (const part of parts) rows.push(...part);
  return { columns, rows };
}

test("several columns of one name are numbered, and none takes the place of another", async () => {
  const { columns, rows } = await read("id,name, id ,id\n1,Lamp,2,3\n");
  expect(columns).toEqual(["id (1)", "name", "id (2)", "id (3)"]);
  expect(rows).toEqual([{ row: 2, values: { "id (1)": "1", name: "Lamp", "id (2)": "2", "id (3)": "3" } }]);
});

test("a column that has the numbered name of another is told apart too", async () => {
  const { columns } = await read("id,id,id (1)\n1,2,3\n");
  expect(columns).toEqual(["id (1) (1)", "id (2)", "id (1) (2)"]);
});

test("any text is a name of a column like any other", async () => {
  const { rows } = await read("__proto__,constructor\na,b\n");
  const [row] = rows;
  expect(row !== undefined && "values" in row ? Object.entries(row.values) : []).toEqual([
    ["__proto__", "a"],
    ["constructor", "b"],
  ]);
});
