import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { JournalDiffersError, openJournal } from "./journal.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cityroot-journal-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const SUBJECT = { sizeBytes: 7, mapping: { code: "MA.{id}" } };
const RESULT = { row: 2, code: "MA.1", outcome: "issued", rejection: "", detail: "" } as const;

test("keeps what is on its way, byte for byte, until it is settled", () => {
  const path = join(folder, "import");
  const foreseen = [
    { row: 3, foreseen: { notice: "CONFLICT", detail: "it is another, too", isChange: false } },
  ] as const;
  const groups = [{ rows: [2, 3], bytes: new Uint8Array([0, 255, 7]), foreseen }];
  const first = openJournal(path, SUBJECT);
  expect(first.state().chunks).toBe(0);
  first.save(0, { results: [RESULT], groups });
  const second = openJournal(path, SUBJECT);
  expect(second.pending(0)).toEqual({ results: [RESULT], groups });
  second.settle({ chunks: 1, resultBytes: 40, counts: { issued: 2 }, reasons: [] });
  const third = openJournal(path, SUBJECT);
  expect(third.state()).toEqual({ chunks: 1, resultBytes: 40, counts: { issued: 2 }, reasons: [] });
  expect(third.pending(0)).toBeUndefined();
  expect(readdirSync(path)).toEqual(["import.json"]);
  third.remove();
  expect(existsSync(path)).toBe(false);
});

test("is of one file, mapping, holder and network alone", () => {
  const path = join(folder, "import");
  openJournal(path, SUBJECT).settle({ chunks: 1, resultBytes: 1, counts: {}, reasons: [] });
  expect(() => openJournal(path, { ...SUBJECT, sizeBytes: 8 })).toThrow(JournalDiffersError);
});

test("says of what it is before anything of it is sent", () => {
  const path = join(folder, "import");
  openJournal(path, SUBJECT);
  expect(() => openJournal(path, { ...SUBJECT, sizeBytes: 8 })).not.toThrow();
  openJournal(path, SUBJECT).save(0, { results: [], groups: [] });
  expect(() => openJournal(path, { ...SUBJECT, sizeBytes: 8 })).toThrow(JournalDiffersError);
  expect(openJournal(path, SUBJECT).pending(0)).toEqual({ results: [], groups: [] });
});
