import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { zstdDecompressSync } from "node:zlib";
import type { Code } from "@cityroot/codes/ma/code";
import { sha256 } from "@cityroot/core/hash";
import { issueOf } from "@cityroot/core/ledger.testing";
import type { Operation } from "@cityroot/core/operation/operation";
import { attributesOf, rangeOf, retireOf, updateOf } from "@cityroot/core/operation/operation.testing";
import { NATION, openStoredNode, signTransaction } from "../engine/embedded/stored-node.testing.ts";
import { signerOf } from "../engine/open-ledger.ts";
import { readHome } from "../home/home.ts";
import { openRegistryStore } from "../store/registry-store.ts";
import { restoreSnapshot } from "./restore-snapshot.ts";
import { rowReader, rowWriter } from "./row-stream.ts";
import { CHUNK_BYTES, decodeManifest, type SnapshotManifest } from "./snapshot-manifest.ts";
import { chunkName, MANIFEST_NAME, writeSnapshot } from "./write-snapshot.ts";

/** Height of the consensus after which test snapshots are taken. */
export const TAKEN_AT = 7;

export const STEM = "MA.156.1301.02/60.10000000.1";

/** Fills the registry of a home with records, some of which have earlier versions, and with a range: many blocks. */
export async function fillHome(path: string, records = 60): Promise<void> {
  const node = await openStoredNode(path);
  const named = (name: string) => ({ attributes: attributesOf([["name", [["en", name]]]]) });
  const serials = Array.from({ length: records }, (_, at) => `${STEM}/${1_000 + at}`);
  const steps: Operation[][] = [
    serials.map((code) => issueOf(code)),
    [rangeOf(`${STEM}/R000`, 3, 500)],
    ...Array.from({ length: 9 }, (_, round) => [
      updateOf(`${STEM}/1000`, named(`round ${round}`)),
      updateOf(`${STEM}/1001`, named(`round ${round}`)),
    ]),
    [updateOf(`${STEM}/1001`, named("once more")), retireOf(`${STEM}/1002`)],
  ];
  try {
    for (const [nonce, operations] of steps.entries()) {
      const [result] = await node.engine.submit([
        signTransaction(NATION, operations, { lastHeight: 1_000, nonce }),
      ]);
      if (!result!.outcome.ok) throw new Error(JSON.stringify(result!.outcome.rejection));
    }
  } finally {
    await node.close();
  }
}

/** A snapshot taken apart: its rows by their kinds. */
export type SnapshotRows = {
  readonly manifest: SnapshotManifest;
  readonly versions: readonly Buffer[];
  readonly pages: readonly Buffer[];
  readonly blocks: readonly Buffer[];
};

/** Takes a snapshot of the store of a home and reads its rows. */
export async function takeRows(path: string): Promise<SnapshotRows> {
  const folder = mkdtempSync(`${tmpdir()}/cityroot-snapshot-`);
  const store = openRegistryStore(readHome(path).dataFolder, { readOnly: true });
  try {
    writeSnapshot(store, store.head()!, folder, TAKEN_AT);
    const manifest = decodeManifest(readFileSync(`${folder}/${TAKEN_AT}/${MANIFEST_NAME}`))!;
    const reader = rowReader();
    const rows = manifest.chunkDigests.flatMap((_, index) =>
      reader
        .take(zstdDecompressSync(readFileSync(`${folder}/${TAKEN_AT}/${chunkName(index)}`)))!
        .map((row) => Buffer.from(row)),
    );
    const firstBlock = manifest.versionCount + manifest.pageCount;
    return {
      manifest,
      versions: rows.slice(0, manifest.versionCount),
      pages: rows.slice(manifest.versionCount, firstBlock),
      blocks: rows.slice(firstBlock),
    };
  } finally {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The chunks of rows, and a manifest that is of them: as a liar would offer them. */
export function offerRows(
  { manifest, versions, pages, blocks }: SnapshotRows,
  chunkBytes: number = CHUNK_BYTES,
): { readonly manifest: SnapshotManifest; readonly chunks: readonly Buffer[] } {
  const chunks: Buffer[] = [];
  const writer = rowWriter(chunkBytes, (chunk) => chunks.push(Buffer.from(chunk)));
  for (const row of [...versions, ...pages, ...blocks]) writer.add(row);
  const streamBytes = writer.end();
  return {
    chunks,
    manifest: {
      ...manifest,
      versionCount: versions.length,
      pageCount: pages.length,
      streamBytes,
      chunkDigests: chunks.map(sha256),
    },
  };
}

/** Restores rows into a folder, as whoever takes them for another's; throws what they are refused for. */
export async function restoreRows(path: string, rows: SnapshotRows, folder: string): Promise<void> {
  const { manifest, chunks } = offerRows(rows);
  const signer = signerOf(readHome(path));
  const restore = restoreSnapshot({ manifest, consensusHeight: TAKEN_AT, folder, signer });
  try {
    for (const chunk of chunks) {
      if (!restore.isNext(chunk)) throw new Error("the chunk is none of the manifest's");
      await restore.take(chunk);
    }
    await restore.finish(() => null);
  } catch (cause) {
    await restore.abandon();
    throw cause;
  }
}

/** A code of the test registry. */
export function testCode(serial: string): Code {
  return `${STEM}/${serial}` as Code;
}
