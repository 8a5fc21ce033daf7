import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { zstdCompressSync } from "node:zlib";
import { networkOf } from "@cityroot/core/genesis";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Home, readHome } from "../../home/home.ts";
import { fillHome, offerRows, type SnapshotRows, takeRows } from "../../snapshot/snapshot.testing.ts";
import {
  CHUNK_BYTES,
  encodeManifest,
  type SnapshotManifest,
  snapshotHash,
} from "../../snapshot/snapshot-manifest.ts";
import { openRegistryStore } from "../../store/registry-store.ts";
import { makeTestHome } from "../embedded/stored-node.testing.ts";
import { signerOf } from "../open-ledger.ts";
import type { RequestOf } from "./abci/application.ts";
import { appHashOf } from "./block-executor.ts";
import { type RestoreEvent, restoringApplication } from "./restoring-application.ts";
import { CHUNK, OFFER } from "./snapshot-answers.ts";

// Goal: whatever peers send, a node ends with the state that the validators signed, or with none.

let path = "";
let home: Home;
let rows: SnapshotRows;
const HEIGHT = 9n;

beforeAll(async () => {
  path = makeTestHome();
  home = readHome(path);
  await fillHome(path);
  rows = await takeRows(path);
});
afterAll(() => rmSync(path, { recursive: true, force: true }));

function openRestoring(freeBytes?: number) {
  const base = mkdtempSync(`${tmpdir()}/cityroot-restoring-`);
  const folder = `${base}/data.joining`;
  const events: RestoreEvent[] = [];
  let restored = 0;
  const { application, close } = restoringApplication({
    ...{ network: networkOf(home.genesis), signer: signerOf(home), folder },
    ...(freeBytes !== undefined && { freeBytes: async () => freeBytes }),
    onEvent: (event) => events.push(event),
    onRestored: () => {
      restored += 1;
    },
    onHandOver: () => {},
  });
  return {
    ...{ application, folder, events },
    restored: () => restored,
    close: async () => {
      await close();
      rmSync(base, { recursive: true, force: true });
    },
  };
}

const trusted = (): Uint8Array => appHashOf(rows.manifest);

function offerOf(manifest: SnapshotManifest, change: object = {}): RequestOf<"offerSnapshot"> {
  const metadata = encodeManifest(manifest);
  const chunks = manifest.chunkDigests.length;
  const snapshot = { height: HEIGHT, format: 1, chunks, hash: snapshotHash(metadata), metadata, ...change };
  return { snapshot, appHash: trusted() } as RequestOf<"offerSnapshot">;
}

const chunkOf = (index: number, bytes: Uint8Array, sender = "peer"): RequestOf<"applySnapshotChunk"> =>
  ({ index, chunk: zstdCompressSync(bytes), sender }) as unknown as RequestOf<"applySnapshotChunk">;

test("a snapshot of the trusted state is taken whole, and its height is told", async () => {
  const node = openRestoring();
  const { manifest, chunks } = offerRows(rows);
  expect(await node.application.info({} as never)).toMatchObject({ lastBlockHeight: 0n });
  expect(await node.application.offerSnapshot(offerOf(manifest))).toEqual({ result: OFFER.accept });
  expect(await node.application.applySnapshotChunk(chunkOf(0, chunks[0]!))).toEqual({ result: CHUNK.accept });
  expect(node.restored()).toBe(1);
  const info = await node.application.info({} as never);
  expect(info).toMatchObject({ lastBlockHeight: HEIGHT, lastBlockAppHash: trusted(), appVersion: 1n });
  const store = openRegistryStore(node.folder);
  expect([store.head()!.height, store.consensusHeight()]).toEqual([rows.manifest.height, Number(HEIGHT)]);
  await store.close();
  await node.close();
});

test("offers that are of another state, or no manifests, are refused with those who made them", async () => {
  const node = openRestoring();
  const { manifest } = rows;
  const cases: readonly (readonly [string, RequestOf<"offerSnapshot">, number])[] = [
    ["another form", offerOf(manifest, { format: 2 }), OFFER.rejectFormat],
    ["no manifest", offerOf(manifest, { metadata: new Uint8Array([1, 2]) }), OFFER.rejectSender],
    ["another hash", offerOf(manifest, { hash: new Uint8Array(32) }), OFFER.rejectSender],
    ["another number of chunks", offerOf(manifest, { chunks: 7 }), OFFER.rejectSender],
    [
      "more rows than there are bytes",
      offerOf({ ...manifest, versionCount: 2 ** 53 - 1 }),
      OFFER.rejectSender,
    ],
    ["another height", offerOf({ ...manifest, height: manifest.height + 1 }), OFFER.rejectSender],
    ["another state", offerOf({ ...manifest, stateRoot: new Uint8Array(32) }), OFFER.rejectSender],
    ["no snapshot", { appHash: trusted() } as RequestOf<"offerSnapshot">, OFFER.reject],
  ];
  for (const [what, offer, result] of cases)
    expect(await node.application.offerSnapshot(offer), what).toEqual({ result });
  expect(existsSync(node.folder)).toBe(false);
  await node.close();
});

test("a snapshot that is said to be longer than the disk has room is not begun", async () => {
  const node = openRestoring(1_000_000);
  const length = 100_000;
  const manifest = {
    ...rows.manifest,
    streamBytes: length * CHUNK_BYTES,
    versionCount: 10_000_000_000,
    chunkDigests: new Array<Uint8Array>(length).fill(new Uint8Array(32)),
  };
  expect(await node.application.offerSnapshot(offerOf(manifest))).toEqual({ result: OFFER.reject });
  expect(existsSync(node.folder)).toBe(false);
  expect(await node.application.offerSnapshot(offerOf(rows.manifest))).toEqual({ result: OFFER.accept });
  await node.close();
});

test("a chunk that is not the one named is fetched again, from others than its sender", async () => {
  const node = openRestoring();
  const { manifest, chunks } = offerRows(rows);
  await node.application.offerSnapshot(offerOf(manifest));
  const again = { result: CHUNK.retry, refetchChunks: [0], rejectSenders: ["liar"] };
  const bad: readonly (readonly [string, RequestOf<"applySnapshotChunk">])[] = [
    ["other rows", chunkOf(0, Buffer.alloc(chunks[0]!.length), "liar")],
    ["fewer rows", chunkOf(0, chunks[0]!.subarray(1), "liar")],
    ["nothing", chunkOf(0, new Uint8Array(0), "liar")],
    ["what unpacks to more than a chunk", chunkOf(0, Buffer.alloc(64 * 1024 * 1024), "liar")],
    ["what does not unpack", { index: 0, chunk: Buffer.from("noise"), sender: "liar" } as never],
  ];
  for (const [what, chunk] of bad)
    expect(await node.application.applySnapshotChunk(chunk), what).toEqual(again);
  expect(node.events.filter(({ kind }) => kind === "refused")).toHaveLength(bad.length);
  expect(await node.application.applySnapshotChunk(chunkOf(0, chunks[0]!))).toEqual({ result: CHUNK.accept });
  expect(node.restored()).toBe(1);
  await node.close();
});

test("rows that do not make the trusted state are refused with the snapshot, and another one is taken", async () => {
  const node = openRestoring();
  const lie = offerRows({ ...rows, pages: rows.pages.slice(1) });
  await node.application.offerSnapshot(offerOf(lie.manifest));
  const refused = await node.application.applySnapshotChunk(chunkOf(0, lie.chunks[0]!, "liar"));
  expect(refused).toEqual({ result: CHUNK.rejectSnapshot, rejectSenders: ["liar"] });
  expect([node.restored(), existsSync(node.folder)]).toEqual([0, false]);
  const { manifest, chunks } = offerRows(rows);
  // The one that is begun and not ended leaves nothing.
  await node.application.offerSnapshot(offerOf(manifest));
  await node.application.offerSnapshot(offerOf(manifest));
  expect(await node.application.applySnapshotChunk(chunkOf(0, chunks[0]!))).toEqual({ result: CHUNK.accept });
  expect(node.restored()).toBe(1);
  await node.close();
});
