import { copyFileSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { type Database, open, type RootDatabase } from "lmdb";
import { afterEach, beforeEach, expect, test } from "vitest";
import { prepareStoreFile } from "./store-file.ts";

let folder = "";
let path = "";
let root: RootDatabase<Buffer>;
let table: Database<Buffer, number>;

beforeEach(() => {
  folder = mkdtempSync(`${tmpdir()}/cityroot-store-file-`);
  path = `${folder}/registry.mdb`;
  root = open({
    path,
    noSubdir: true,
    maxDbs: 8,
    encoding: "binary",
    cache: false,
    overlappingSync: false,
    eventTurnBatching: false,
  });
  table = root.openDB<Buffer, number>({ name: "table", keyEncoding: "uint32", encoding: "binary" });
});
afterEach(async () => {
  await root.close();
  rmSync(folder, { recursive: true });
});

let random = 1;
/** A number below another, the same ones in each run. */
function drawBelow(end: number): number {
  random = (Math.imul(random, 1_103_515_245) + 12_345) & 0x7fff_ffff;
  return random % end;
}

/** Puts and removes values of all lengths, so that pages become unused, also the last ones. */
async function change(step: number): Promise<void> {
  await root.transaction(() => {
    for (let rest = 1 + drawBelow(40); rest > 0; rest--) {
      const choice = drawBelow(10);
      if (choice < 6) table.put(drawBelow(900), Buffer.alloc(1 + drawBelow(9_000), 1 + drawBelow(255)));
      else if (choice < 8) table.remove(drawBelow(900));
      else if (choice < 9) table.put(1_000 + step, Buffer.alloc(1 + drawBelow(200_000), 7));
      else table.remove(1_000 + drawBelow(step + 1));
    }
  });
}

/** All that a file holds; undefined where it cannot be read. */
async function readAll(file: string): Promise<string | undefined> {
  const store = open({ path: file, noSubdir: true, maxDbs: 8, encoding: "binary", cache: false });
  try {
    const values = store.openDB<Buffer, number>({ name: "table", keyEncoding: "uint32", encoding: "binary" });
    const held: string[] = [];
    for (const { key, value } of values.getRange()) {
      held.push(`${key}:${value.length}:${value[0]}:${value.at(-1)}`);
    }
    return held.join();
  } catch {
    return undefined;
  } finally {
    await store.close();
  }
}

/** Bytes up to the last page, read as a writer that opens the file sees them. */
function neededBytes(): number {
  const copy = `${folder}/needed.mdb`;
  copyFileSync(path, copy);
  prepareStoreFile(copy, false);
  return statSync(copy).size;
}

/**
 * Goal: a reader opens what a writer left, and nothing that would end its process.
 * Method: a file that lacks pages at its end is given empty ones and read: if it was let through, all is there.
 */
test("a reader takes a file that lacks unused pages, and none that lacks others", async () => {
  const verdicts = { short: 0, let: 0, refused: 0 };
  const cut = `${folder}/cut.mdb`;
  for (let step = 0; step < 400; step++) {
    await change(step);
    expect(() => prepareStoreFile(path, true), `step ${step}`).not.toThrow();
    const needed = neededBytes();
    if (statSync(path).size < needed) verdicts.short += 1;
    if (step % 4 !== 0) continue;
    const held = await readAll(path);
    const missing = 1 + drawBelow(step % 2 === 0 ? 200_000 : needed - 8_192);
    copyFileSync(path, cut);
    truncateSync(cut, Math.min(statSync(cut).size, Math.max(needed - missing, 8_192)));
    try {
      prepareStoreFile(cut, true);
    } catch (cause) {
      expect((cause as Error).message, `step ${step}`).toMatch(
        /^its file was cut off: it has \d+ of \d+ bytes/,
      );
      verdicts.refused += 1;
      continue;
    }
    verdicts.let += 1;
    truncateSync(cut, needed);
    expect(await readAll(cut), `step ${step}, ${missing} bytes missing`).toBe(held);
  }
  expect(
    Object.values(verdicts).every((count) => count > 0),
    JSON.stringify(verdicts),
  ).toBe(true);
});

test("a reader changes nothing, and a file that is none is told as that", async () => {
  await change(1);
  truncateSync(path, 20_000);
  const before = readFileSync(path);
  expect(() => prepareStoreFile(path, true)).toThrow("its file was cut off");
  expect(readFileSync(path).equals(before)).toBe(true);
  truncateSync(path, 100);
  expect(() => prepareStoreFile(path, true)).toThrow("its file is no store");
  prepareStoreFile(`${folder}/none.mdb`, true);
});
