import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeFolder } from "./make-folder.ts";

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "cityroot-folder-"));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

test("a folder is made with those above it, and may be there already", () => {
  const path = join(root, "a/b/c");
  makeFolder(path, 0o700);
  expect(statSync(path).mode & 0o777).toBe(0o700);
  expect(statSync(join(root, "a")).mode & 0o777).toBe(0o700);
  makeFolder(path, 0o750);
  expect(statSync(path).mode & 0o777).toBe(0o700);
});

test("where a file stands in the way, or no folder can be, the system's own reason is thrown", () => {
  writeFileSync(join(root, "file"), "");
  expect(() => makeFolder(join(root, "file/below"), 0o700)).toThrow(/EEXIST.*file/);
  expect(() => makeFolder(join(root, "file"), 0o700)).toThrow(/EEXIST/);
});

test.runIf(existsSync("/proc/self"))("a file system that takes no folders ends nothing in a loop", () => {
  expect(() => makeFolder("/proc/cityroot/keys", 0o700)).toThrow(/ENOENT/);
});
