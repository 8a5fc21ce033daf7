import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { decodeBlock, encodeBlock } from "@cityroot/core/block";
import { bytesToHex } from "@cityroot/core/hex";
import { proveAnswer } from "@cityroot/core/proof/prove";
import { afterAll, beforeAll, expect, test } from "vitest";
import { auditRegistry } from "../audit/audit-registry.ts";
import { makeTestHome, openStoredReader } from "../engine/embedded/stored-node.testing.ts";
import { signerOf } from "../engine/open-ledger.ts";
import { type Home, readHome } from "../home/home.ts";
import { openRegistryStore } from "../store/registry-store.ts";
import { decodePage, encodePage } from "../store/tree/page.ts";
import { decodeVersionRow, encodeVersionRow } from "../store/version-row.ts";
import { restoreSnapshot } from "./restore-snapshot.ts";
import {
  fillHome,
  offerRows,
  restoreRows,
  type SnapshotRows,
  TAKEN_AT,
  takeRows,
  testCode,
} from "./snapshot.testing.ts";

// Goal: a store that was restored is the one that was taken, byte by byte where it counts; rows of which any was changed
// are refused, whatever the manifest says of them, and leave nothing.

let path = "";
let home: Home;
let rows: SnapshotRows;

beforeAll(async () => {
  path = makeTestHome();
  home = readHome(path);
  await fillHome(path);
  rows = await takeRows(path);
});
afterAll(() => rmSync(path, { recursive: true, force: true }));

async function inFolder<T>(run: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(`${tmpdir()}/cityroot-restore-`);
  try {
    return await run(`${folder}/data`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test("a restored store has the head, the rows and the log of the one that was taken", async () => {
  await inFolder(async (folder) => {
    await restoreRows(path, rows, folder);
    const restored = openRegistryStore(folder);
    const taken = openRegistryStore(home.dataFolder, { readOnly: true });
    expect(restored.head()).toEqual(taken.head());
    expect(restored.consensusHeight()).toBe(TAKEN_AT);
    expect(restored.pageCount()).toBe(taken.pageCount());
    for (let page = 0; page < taken.pageCount(); page++)
      expect(restored.readPage(page).equals(taken.readPage(page)), `page ${page}`).toBe(true);
    for (let number = 1; number < taken.head()!.nextVersion; number++)
      expect(restored.readVersion(number), `version row ${number}`).toEqual(taken.readVersion(number));
    for (let height = 0; height <= taken.head()!.height; height++)
      expect(restored.readBlock(height), `block ${height}`).toEqual(taken.readBlock(height));
    expect(restored.readTile(0, 0)).toEqual(taken.readTile(0, 0));
    expect(restored.readEntryBundle(0)).toEqual(taken.readEntryBundle(0));
    await restored.close();
    await taken.close();
    // An audit replays every block and holds every page and history against what comes out.
    const report = await auditRegistry({ ...home, dataFolder: folder }, undefined, 0);
    expect(report.height).toBe(rows.manifest.height);
    expect(report.versions).toBe(rows.manifest.versionCount);
    const reader = openStoredReader({ ...home, dataFolder: folder });
    const before = openStoredReader(home);
    const { note, sealPath } = reader.head();
    for (const serial of ["1000", "1001", "1002", "1059", "R400", "9999"]) {
      for (const asOf of [{ version: 1 }, { version: 3 }, { height: 5 }, { height: 1_000 }]) {
        const show = (of: typeof reader) =>
          proveAnswer(of.source, testCode(serial), { note, sealPath }, { asOf, delegations: true });
        expect(show(reader), `${serial} as of ${JSON.stringify(asOf)}`).toEqual(show(before));
      }
    }
    await reader.close();
    await before.close();
  });
});

test("the same store gives the same manifest", async () => {
  const again = await takeRows(path);
  expect(again.manifest).toEqual(rows.manifest);
  expect(bytesToHex(again.manifest.stateRoot)).toBe(bytesToHex(rows.manifest.stateRoot));
});

const changed = <T>(all: readonly T[], at: number, change: (one: T) => T): T[] =>
  all.map((one, index) => (index === at ? change(one) : one));

const flipped = (at: number) => (bytes: Buffer) => {
  const copy = Buffer.from(bytes);
  copy[at < 0 ? copy.length + at : at]! ^= 1;
  return copy;
};

/** A page in which an entry names another row of versions. */
const withEarlier = (earlier: (was: number) => number) => (bytes: Buffer) => {
  const page = decodePage(Buffer.from(bytes));
  for (const [at, was] of page.earlier.entries()) page.earlier[at] = earlier(was);
  return encodePage(page);
};

const lies: { readonly [what: string]: () => Partial<SnapshotRows> } = {
  "a page is left out": () => ({ pages: rows.pages.slice(1) }),
  "a page comes twice": () => ({ pages: [...rows.pages, rows.pages[0]!] }),
  "a value of a page is another": () => ({
    pages: changed(rows.pages, 0, (bytes) => {
      const page = decodePage(Buffer.from(bytes));
      page.values[0]![page.values[0]!.length - 1]! ^= 1;
      return encodePage(page);
    }),
  }),
  "a leaf hash is another": () => ({ pages: changed(rows.pages, 0, flipped(-10)) }),
  "an entry is left out": () => ({
    pages: changed(rows.pages, 0, (bytes) => {
      const page = decodePage(Buffer.from(bytes));
      for (const part of [page.keys, page.values, page.hashes, page.earlier]) part.pop();
      return encodePage(page);
    }),
  }),
  "entries do not name their histories": () => ({ pages: rows.pages.map(withEarlier(() => 0)) }),
  "an entry names a history of another": () => ({
    pages: rows.pages.map(withEarlier((was) => (was > 1 ? was - 1 : was))),
  }),
  "a version row is left out": () => ({ versions: rows.versions.slice(0, -1) }),
  "no version rows are there": () => ({ versions: [] }),
  "a version is another": () => ({ versions: changed(rows.versions, 2, flipped(-1)) }),
  "a version ends at another time": () => ({
    versions: changed(rows.versions, rows.versions.length - 1, (bytes) => {
      const row = decodeVersionRow(Buffer.from(bytes));
      return encodeVersionRow({ ...row, until: { ...row.until, timeMs: row.until.timeMs + 1 } });
    }),
  }),
  "a version in the midst ends at another time": () => ({
    versions: changed(rows.versions, 2, (bytes) => {
      const row = decodeVersionRow(Buffer.from(bytes));
      return encodeVersionRow({ ...row, until: { ...row.until, height: row.until.height + 1 } });
    }),
  }),
  "a block is left out": () => ({ blocks: rows.blocks.slice(0, -1) }),
  "a block comes twice": () => ({ blocks: [...rows.blocks, rows.blocks[0]!] }),
  "a transaction of a block is another": () => ({
    blocks: changed(rows.blocks, 1, (bytes) => {
      const block = decodeBlock(bytes)!;
      return Buffer.from(encodeBlock({ ...block, transactions: [new Uint8Array([1])] }));
    }),
  }),
  "a block records what no validator did": () => ({
    blocks: changed(rows.blocks, 1, (bytes) => {
      const one = { kind: "duplicate-vote" as const, address: new Uint8Array(20), power: 1 };
      const misbehaviour = [{ ...one, height: 1, timeMs: 1, totalPower: 1 }];
      return Buffer.from(encodeBlock({ ...decodeBlock(bytes)!, misbehaviour }));
    }),
  }),
  "two blocks change places": () => ({
    blocks: [rows.blocks[0]!, rows.blocks[2]!, rows.blocks[1]!, ...rows.blocks.slice(3)],
  }),
  "a block says another result": () => ({
    blocks: changed(rows.blocks, 1, (bytes) => {
      const block = decodeBlock(bytes)!;
      return Buffer.from(encodeBlock({ ...block, results: [3] }));
    }),
  }),
  "the last block is another": () => ({ blocks: changed(rows.blocks, rows.blocks.length - 1, flipped(-1)) }),
  "bytes are no page": () => ({ pages: changed(rows.pages, 0, () => Buffer.from([1, 2, 3])) }),
  "bytes are no version row": () => ({ versions: changed(rows.versions, 0, () => Buffer.from([1, 2, 3])) }),
  "bytes are no block": () => ({ blocks: changed(rows.blocks, 0, () => Buffer.from([1, 2, 3])) }),
};

test.each(Object.keys(lies))("rows are refused where %s", async (what) => {
  await inFolder(async (folder) => {
    const lie = { ...rows, ...lies[what]!() };
    await expect(restoreRows(path, lie, folder)).rejects.toMatchObject({ name: "SnapshotRefusedError" });
    expect(existsSync(folder)).toBe(false);
  });
});

test("rows that are said to come take no memory before they do", async () => {
  await inFolder(async (folder) => {
    const { manifest } = offerRows(rows);
    const before = process.memoryUsage().arrayBuffers;
    const many = { ...manifest, versionCount: 8_000_000_000, streamBytes: 100_000_000_000 };
    const signer = signerOf(home);
    const restore = restoreSnapshot({ manifest: many, consensusHeight: TAKEN_AT, folder, signer });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100_000_000);
    await restore.abandon();
  });
});
