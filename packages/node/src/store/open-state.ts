import type { Moment } from "@cityroot/core/state/entry";
import type { RegistryStore, StoredHead } from "./registry-store.ts";
import { StateTree, type TreeChanges } from "./tree/state-tree.ts";
import { UpperTree } from "./tree/upper.ts";
import {
  loadUpperTree,
  removeLeftSnapshots,
  removeOlderSnapshots,
  type UpperAt,
  writeSnapshot,
} from "./upper-snapshot.ts";
import { encodeVersionRow, hasVersions, makeVersionRow, type VersionRow } from "./version-row.ts";

/** What a block left to be written: the tree's changes and the versions that it replaced. */
export type StateChanges = TreeChanges & {
  readonly versions: readonly (readonly [number, Uint8Array])[];
  readonly nextVersion: number;
};

/** The state that an engine changes block by block, over a store. */
export type OpenState = {
  readonly tree: StateTree;
  /** Begins a block: versions that it replaces end with it. */
  readonly begin: (block: Moment) => void;
  /** Ends a block: all that has to be written, and what to call once that is durable. */
  readonly finish: () => { readonly changes: StateChanges; readonly written: () => void };
  /** Settles when nothing is being written beside the blocks: the store can be closed then. */
  readonly settle: () => Promise<void>;
};

/** Least bytes of deltas after which the upper tree is written anew; a larger tree waits for a part of its own size. */
const SNAPSHOT_BYTES_MIN = 4 * 1024 * 1024;

/** Opens the state at the store's head, or an empty one where the store is empty. */
export function openState(
  store: RegistryStore,
  folder: string,
  head: StoredHead | undefined,
  snapshotBytesMin: number = SNAPSHOT_BYTES_MIN,
): OpenState {
  removeLeftSnapshots(folder, head?.height ?? -1);
  const at = head === undefined ? emptyUpper() : loadUpperTree(store, folder, head);
  let nextVersion = head?.nextVersion ?? 1;
  let now: Moment = { height: 0, timeMs: 0 };
  let rows: [number, Uint8Array][] = [];
  // Rows that are not durable yet are read from here.
  const pending = new Map<number, VersionRow>();
  const readRow = (number: number): VersionRow => pending.get(number) ?? store.readVersion(number);
  const tree = new StateTree(at.tree, {
    readPage: store.readPage,
    keepVersion: (value, earlier) => {
      if (!hasVersions(value)) return 0;
      const row = makeVersionRow(value, earlier, now, readRow);
      const number = nextVersion++;
      pending.set(number, row);
      rows.push([number, encodeVersionRow(row)]);
      return number;
    },
  });
  const snapshots = snapshotKeeper(store, folder, at, snapshotBytesMin);
  return {
    tree,
    begin: (block) => {
      now = block;
    },
    finish: () => {
      const versions = rows;
      rows = [];
      const changes = { ...tree.finish(), versions, nextVersion };
      const release = tree.retire();
      const afterWrite = snapshots.take(now.height, changes);
      const written = (): void => {
        release();
        for (const [number] of versions) pending.delete(number);
        afterWrite();
      };
      return { changes, written };
    },
    settle: snapshots.settle,
  };
}

function emptyUpper(): UpperAt {
  return { tree: new UpperTree(), height: -1, snapshot: -1, deltaBytes: 0 };
}

type SnapshotKeeper = {
  readonly take: (height: number, changes: TreeChanges) => () => void;
  readonly settle: () => Promise<void>;
};

/** Sees to it that the deltas after the newest snapshot stay few, so that a start stays quick. */
function snapshotKeeper(
  store: RegistryStore,
  folder: string,
  { tree, snapshot, deltaBytes }: UpperAt,
  bytesMin: number,
): SnapshotKeeper {
  let bytesSince = deltaBytes;
  let isWriting = false;
  let writing: Promise<void> = Promise.resolve();
  let from = snapshot;
  return {
    take: (height, { delta }) => {
      bytesSince += 8 + delta.joins.length * 7 + delta.pages.length * 36;
      const due = bytesSince > Math.max(bytesMin, tree.pageCount * 12);
      if (!due || isWriting) return () => {};
      isWriting = true;
      bytesSince = 0;
      const bytes = tree.snapshot();
      const previous = from;
      return () => {
        writing = writeSnapshot(folder, height, bytes)
          .then(() => {
            from = height;
            // Readers may stand at an earlier head, and start there from the snapshot before it.
            const needed = removeOlderSnapshots(folder, store.shown()?.head.height ?? height);
            // Others may still follow from the snapshot before: what led up to that one goes.
            return store.dropDeltas(Math.min(previous, needed));
          })
          // The deltas are all still there: a start takes longer until a snapshot succeeds.
          .catch(() => {})
          .finally(() => {
            isWriting = false;
          });
      };
    },
    settle: () => writing,
  };
}
