import type { StoreRows } from "../store/registry-store.ts";
import { StoreDamagedError } from "../store/store-damaged-error.ts";
import type { UpperTree } from "../store/tree/upper.ts";
import { decodeVersionRow, type VersionRow } from "../store/version-row.ts";
import { blockCheck } from "./check-blocks.ts";
import { misbehaviourCheck } from "./check-misbehaviour.ts";
import { pageCheck } from "./check-pages.ts";
import { versionCheck } from "./check-versions.ts";
import type { SnapshotManifest } from "./snapshot-manifest.ts";
import { SnapshotRefusedError } from "./snapshot-refused-error.ts";

/** What rows that were all found good lead to. */
export type CheckedState = {
  /** The tree above the pages. */
  readonly tree: UpperTree;
  /** Path of the newest block's seal in the log. */
  readonly sealPath: readonly Uint8Array[];
};

/** Holds the rows of a snapshot, which come in their order, against its head. Throws a {@link SnapshotRefusedError}. */
export type RowCheck = {
  /** Checks the next rows, and gives them as a store has them, with what the log grew by. */
  readonly add: (rows: readonly Buffer[]) => StoreRows;
  /** Says that rows of versions can be read from the store from now on. */
  readonly written: (versions: StoreRows["versions"]) => void;
  /** Checks that no row is missing. */
  readonly finish: () => CheckedState;
};

/** Checks the rows of a snapshot; `readVersion` reads those that are in the store by now. */
export function rowCheck(
  { height, stateRoot, logFrontier, versionCount, pageCount }: SnapshotManifest,
  readVersion: (number: number) => VersionRow,
): RowCheck {
  // Rows that are not durable yet are read from here.
  const pending = new Map<number, VersionRow>();
  const versions = versionCheck(versionCount, (number) => pending.get(number) ?? readVersion(number));
  const misbehaviour = misbehaviourCheck();
  const pages = pageCheck(pageCount, stateRoot, versions, misbehaviour);
  const blocks = blockCheck(height, logFrontier, misbehaviour);
  const firstBlock = versionCount + pageCount;
  let row = 0;
  let tree: UpperTree | undefined;

  const addVersion = (bytes: Buffer, number: number): void => {
    pending.set(number, decodeVersionRow(bytes));
    versions.add(bytes);
  };
  const add = (rows: readonly Buffer[]): StoreRows => {
    const begun = row;
    row += rows.length;
    /** The rows of one kind, numbered from 0, that are among these. */
    const part = (from: number, to: number): [number, Buffer][] =>
      rows
        .slice(Math.max(0, from - begun), Math.max(0, to - begun))
        .map((bytes, at) => [Math.max(0, begun - from) + at, bytes]);
    const versionRows = part(0, versionCount).map(([at, bytes]): [number, Buffer] => [at + 1, bytes]);
    for (const [number, bytes] of versionRows) addVersion(bytes, number);
    const pageRows = part(versionCount, firstBlock);
    for (const [, bytes] of pageRows) pages.add(bytes);
    if (row >= firstBlock) tree ??= pages.finish();
    const blockRows = part(firstBlock, Number.POSITIVE_INFINITY);
    const growth = blockRows.length === 0 ? undefined : blocks.add(blockRows.map(([, bytes]) => bytes));
    const { tiles, entryBundles } = growth ?? { tiles: [], entryBundles: [] };
    return { versions: versionRows, pages: pageRows, blocks: blockRows, tiles, entryBundles };
  };
  return {
    add: (rows) => refuseDamaged(() => add(rows)),
    written: (written) => {
      for (const [number] of written) pending.delete(number);
    },
    finish: () => {
      if (tree === undefined) throw new SnapshotRefusedError(`there are ${row} rows, and more is to come`);
      return { tree, sealPath: blocks.finish() };
    },
  };
}

/** Runs a check; rows that no store would have written are refused as any others. */
function refuseDamaged<T>(check: () => T): T {
  try {
    return check();
  } catch (cause) {
    if (cause instanceof StoreDamagedError) throw new SnapshotRefusedError(cause.message, { cause });
    throw cause;
  }
}
