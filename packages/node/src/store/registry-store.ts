import { existsSync } from "node:fs";
import { type Database, open, type RootDatabase } from "lmdb";
import { makeFolder } from "../make-folder.ts";
import { commit } from "./commit.ts";
import { openPageShelves } from "./page-shelves.ts";
import { openShownState, type PageKeeper, type ShownState } from "./shown-state.ts";
import { StoreDamagedError } from "./store-damaged-error.ts";
import { prepareStoreFile } from "./store-file.ts";
import { decodeHead, encodeHead } from "./stored-head.ts";
import { readValue, wholeValue, withSum } from "./summed-value.ts";
import { decodeVersionRow, type VersionRow } from "./version-row.ts";

/** What the store says of its newest block: read first, so that all else that is read belongs to it. */
export type StoredHead = {
  readonly height: number;
  readonly timeMs: number;
  readonly stateRoot: Uint8Array;
  /** The log's compact range: `encodeFrontier` of the core. */
  readonly logFrontier: Uint8Array;
  /** Bytes of the signed checkpoint. */
  readonly note: Uint8Array;
  /** Path of the block's seal in the log, which is the last leaf: 32 bytes each. */
  readonly sealPath: readonly Uint8Array[];
  /** Number that the next version row gets. */
  readonly nextVersion: number;
};

/** All that a block makes durable, in one transaction of the store. */
export type BlockWrite = {
  readonly head: StoredHead;
  readonly pages: readonly (readonly [number, Uint8Array])[];
  readonly delta: Uint8Array;
  readonly versions: readonly (readonly [number, Uint8Array])[];
  readonly block: Uint8Array;
  /** Tiles of the log, by level and index, as wide as they are now. */
  readonly tiles: readonly (readonly [level: number, index: number, Uint8Array])[];
  readonly entryBundles: readonly (readonly [number, Uint8Array])[];
  /** Height of the consensus that decided the block, where that counts on its own. */
  readonly consensusHeight?: number;
};

/** Rows of a store, by their tables: what a block adds to them, or a part of a snapshot. */
export type StoreRows = Pick<BlockWrite, "pages" | "versions" | "tiles" | "entryBundles"> & {
  readonly blocks: readonly (readonly [height: number, Uint8Array])[];
};

/**
 * The tables of a registry on disk, and nothing of what they mean together. Every value is kept with a sum over it and
 * its key: reading what is no longer what was written throws a {@link StoreDamagedError} that names it.
 */
export type RegistryStore = ShownState & {
  /** The same object while the head stays. */
  readonly head: () => StoredHead | undefined;
  readonly readPage: (page: number) => Buffer;
  readonly pageCount: () => number;
  /** A delta, unless it was dropped or is damaged: then the tree is to be had another way. */
  readonly readDelta: (height: number) => Buffer | undefined;
  readonly readVersion: (number: number) => VersionRow;
  readonly readBlock: (height: number) => Buffer | undefined;
  readonly readTile: (level: number, index: number) => Buffer | undefined;
  readonly readEntryBundle: (index: number) => Buffer | undefined;
  /** Writes a block whole or not at all; settles when it would survive a crash. One at a time, in order of height. */
  readonly write: (block: BlockWrite) => Promise<void>;
  /** Writes rows whose head comes later: until {@link writeHead} nobody can open the store. */
  readonly writeRows: (rows: StoreRows) => Promise<void>;
  /** Makes a store of rows that are all there one that stands at a block, and at a height of the consensus. */
  readonly writeHead: (head: StoredHead, consensusHeight: number) => Promise<void>;
  /** Height that the consensus reached, which also counts blocks that change nothing; 0 before its first. */
  readonly consensusHeight: () => number;
  /** Writes the height of a block of the consensus that changes nothing. */
  readonly writeConsensusHeight: (height: number) => Promise<void>;
  /** Drops the deltas up to a height, which a snapshot of the upper tree covers. */
  readonly dropDeltas: (to: number) => Promise<void>;
  readonly close: () => Promise<void>;
};

/** Opens the tables in a folder; a reader of another process's store opens it read-only. */
export function openRegistryStore(
  folder: string,
  options: { readonly readOnly?: boolean } = {},
): RegistryStore {
  const readOnly = options.readOnly ?? false;
  const path = `${folder}/registry.mdb`;
  // A reader makes nothing: what is not there is told as that.
  if (readOnly && !existsSync(path)) throw new Error(`there is no store in ${folder}`);
  try {
    if (!readOnly) makeFolder(folder, 0o700);
    prepareStoreFile(path, readOnly);
    const root = open({
      path,
      noSubdir: true,
      maxDbs: 12,
      maxReaders: 256,
      encoding: "binary",
      cache: false,
      // Every commit is flushed before it is acknowledged; see docs/decisions on durability.
      overlappingSync: false,
      // A block is a batch of its own; what the library would gather besides fails where nobody can hear it.
      eventTurnBatching: false,
      readOnly,
    });
    return tablesOf(root, folder, readOnly);
  } catch (cause) {
    throw new Error(`the store in ${folder} cannot be opened: ${(cause as Error).message}`, { cause });
  }
}

const HEAD_KEY = "head";
const CONSENSUS_KEY = "consensus";

/** The tables of rows that blocks add to. */
type RowTables = {
  readonly pages: Database<Buffer, number>;
  readonly versions: Database<Buffer, number>;
  readonly blocks: Database<Buffer, number>;
  readonly tiles: Database<Buffer, [number, number]>;
  readonly entryBundles: Database<Buffer, number>;
};

function putRows(tables: RowTables, rows: StoreRows, put: (made: Promise<boolean>) => void): void {
  for (const [number, bytes] of rows.pages) put(tables.pages.put(number, withSum(bytes, number)));
  for (const [number, bytes] of rows.versions) put(tables.versions.put(number, withSum(bytes, number)));
  for (const [level, index, bytes] of rows.tiles)
    put(tables.tiles.put([level, index], withSum(bytes, tileSeed(level, index))));
  for (const [index, bytes] of rows.entryBundles) put(tables.entryBundles.put(index, withSum(bytes, index)));
  for (const [height, bytes] of rows.blocks) put(tables.blocks.put(height, withSum(bytes, height)));
}

function rowReaders({
  pages,
  versions,
  blocks,
  tiles,
  entryBundles,
}: RowTables): Pick<
  RegistryStore,
  "readPage" | "pageCount" | "readVersion" | "readBlock" | "readTile" | "readEntryBundle"
> {
  const demand = (bytes: Buffer | undefined, what: string): Buffer => {
    if (bytes === undefined) throw new StoreDamagedError(`${what} is missing from the store`);
    return bytes;
  };
  return {
    readPage: (page) => {
      const what = `page ${page}`;
      return demand(readValue(pages, page, page, what), what);
    },
    pageCount: () => pages.getCount(),
    readVersion: (number) => {
      const what = `version row ${number}`;
      return decodeVersionRow(demand(readValue(versions, number, number, what), what));
    },
    readBlock: (height) => readValue(blocks, height, height, `block ${height}`),
    readTile: (level, index) =>
      readValue(tiles, [level, index], tileSeed(level, index), `tile ${level}/${index}`),
    readEntryBundle: (index) => readValue(entryBundles, index, index, `entry bundle ${index}`),
  };
}

function tablesOf(root: RootDatabase<Buffer>, folder: string, readOnly: boolean): RegistryStore {
  const byNumber = (name: string): Database<Buffer, number> =>
    root.openDB<Buffer, number>({ name, keyEncoding: "uint32", encoding: "binary", cache: false });
  const meta = root.openDB<Buffer, string>({ name: "meta", encoding: "binary", cache: false });
  const pages = byNumber("page");
  const deltas = byNumber("delta");
  const versions = byNumber("version");
  const blocks = byNumber("block");
  const tiles = root.openDB<Buffer, [number, number]>({ name: "tile", encoding: "binary", cache: false });
  const entryBundles = byNumber("entries");
  const tables = { pages, versions, blocks, tiles, entryBundles };
  const readers = rowReaders(tables);
  const putConsensusHeight = (height: number): Promise<boolean> => {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleLE(height);
    return meta.put(CONSENSUS_KEY, withSum(bytes, 0));
  };
  let newest: { readonly bytes: Buffer; readonly head: StoredHead } | undefined;
  const head = (): StoredHead | undefined => {
    // A reading transaction lasts until the next turn of events: what was acknowledged meanwhile has to be seen.
    root.resetReadTxn();
    const bytes = readValue(meta, HEAD_KEY, 0, "the head");
    if (bytes !== undefined) {
      // It is asked for before every answer, and changes with every block.
      if (newest === undefined || !bytes.equals(newest.bytes)) newest = { bytes, head: decodeHead(bytes) };
      return newest.head;
    }
    // A store without a head is a new one, or it would be taken for one and written over.
    if (blocks.getBinary(0) === undefined) return undefined;
    throw new StoreDamagedError("the head is missing from the store");
  };
  const state = openShownState({
    ...{ meta, head, readPage: readers.readPage },
    shelves: openPageShelves(byNumber("shelf"), pages),
    commit: (change) => commit(root, folder, change),
  });
  return {
    head,
    ...state,
    ...readers,
    readDelta: (height) => {
      const kept = deltas.getBinaryFast(height);
      return kept === undefined ? undefined : wholeValue(kept, height);
    },
    write: async (block) => {
      const changed = block.pages.map(([number]) => number);
      const written = commit(root, folder, (put) => {
        const { height } = block.head;
        state.begin(changed, put);
        putRows(tables, { ...block, blocks: [[height, block.block]] }, put);
        put(deltas.put(height, withSum(block.delta, height)));
        put(meta.put(HEAD_KEY, withSum(encodeHead(block.head), 0)));
        if (block.consensusHeight !== undefined) put(putConsensusHeight(block.consensusHeight));
      });
      await settleKeeping(state, written);
      // A read that began before the commit would go on showing what was before it.
      root.resetReadTxn();
    },
    writeRows: async (rows) => {
      await commit(root, folder, (put) => putRows(tables, rows, put));
      root.resetReadTxn();
    },
    writeHead: async (head, consensusHeight) => {
      await commit(root, folder, (put) => {
        put(meta.put(HEAD_KEY, withSum(encodeHead(head), 0)));
        put(putConsensusHeight(consensusHeight));
      });
      root.resetReadTxn();
    },
    consensusHeight: () => {
      const bytes = readValue(meta, CONSENSUS_KEY, 0, "the height of the consensus");
      return bytes === undefined ? 0 : bytes.readDoubleLE(0);
    },
    writeConsensusHeight: (height) => commit(root, folder, (put) => put(putConsensusHeight(height))),
    dropDeltas: async (to) => {
      const heights = [...deltas.getKeys({ end: to + 1 })];
      await commit(root, folder, (put) => {
        for (const height of heights) put(deltas.remove(height));
      });
    },
    close: async () => {
      // A write that failed was told of then; it does not keep the store open.
      if (!readOnly) await Promise.resolve(root.flushed).catch(() => {});
      await root.close();
    },
  };
}

/** Tells the keeper of a block's pages whether the block was written. */
async function settleKeeping({ end }: Pick<PageKeeper, "end">, written: Promise<void>): Promise<void> {
  try {
    await written;
  } catch (cause) {
    end(false);
    throw cause;
  }
  end(true);
}

function tileSeed(level: number, index: number): number {
  return (level * 2 ** 26 + index) % 2 ** 32;
}
