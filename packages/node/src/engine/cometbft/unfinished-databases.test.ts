import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { removeUnfinishedDatabases } from "./unfinished-databases.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cityroot-databases-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const make = (name: string, ...files: readonly string[]): void => {
  mkdirSync(join(folder, name));
  for (const file of files) writeFileSync(join(folder, name, file), "");
};

test("only what has no entry point and was never written to is removed", () => {
  make("half.db", "LOCK", "LOG", "MANIFEST-000000");
  make("pending.db", "LOCK", "LOG", "MANIFEST-000000", "CURRENT.0");
  make("empty.db");
  make("whole.db", "CURRENT", "LOCK", "LOG", "MANIFEST-000000", "000001.log");
  // What lost its entry point holds something all the same: that is for a person to look at.
  make("lost.db", "LOCK", "MANIFEST-000007", "000008.log");
  make("tables.db", "LOCK", "000003.ldb");
  make("backup.db", "CURRENT.bak", "LOCK", "MANIFEST-000007");
  make("cs.wal", "wal");
  writeFileSync(join(folder, "priv_validator_state.json"), "{}");
  writeFileSync(join(folder, "file.db"), "");
  const kept = readdirSync(folder).filter((name) => !["half.db", "pending.db", "empty.db"].includes(name));
  expect([...removeUnfinishedDatabases(folder)].sort()).toEqual(["empty.db", "half.db", "pending.db"]);
  expect(readdirSync(folder)).toEqual(kept);
  expect(removeUnfinishedDatabases(folder)).toEqual([]);
});

test("a folder that is not there yet has none", () => {
  expect(removeUnfinishedDatabases(join(folder, "none"))).toEqual([]);
});
