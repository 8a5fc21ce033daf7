import { equalBytes } from "@cityroot/core/hex";
import { decodeVersioned } from "@cityroot/core/state/entry";
import { firstDifferingBit } from "@cityroot/core/state/key";
import { StoredPage } from "../store/tree/stored-page.ts";
import { UpperTree } from "../store/tree/upper.ts";
import { hasVersions } from "../store/version-row.ts";
import type { MisbehaviourCheck } from "./check-misbehaviour.ts";
import type { VersionCheck } from "./check-versions.ts";
import { SnapshotRefusedError } from "./snapshot-refused-error.ts";

/** Holds the pages of the state, which come in the order of their numbers, against the state root. */
export type PageCheck = {
  readonly add: (bytes: Buffer) => void;
  /** Checks that all pages together have the state root, and gives the tree above them. */
  readonly finish: () => UpperTree;
};

/** A page in few words: enough to build the tree above it. */
type PageEdge = { readonly number: number; readonly first: string; readonly root: Uint8Array };

/** Checks so many pages. */
export function pageCheck(
  count: number,
  stateRoot: Uint8Array,
  versions: VersionCheck,
  misbehaviour: Pick<MisbehaviourCheck, "addEntry">,
): PageCheck {
  const edges: PageEdge[] = [];
  return {
    add: (bytes) => {
      const number = edges.length;
      if (number >= count) throw new SnapshotRefusedError(`there are more than ${count} pages`);
      const page = new StoredPage(bytes);
      page.demandEncoding(number);
      for (let at = 0; at < page.count; at++) {
        const value = page.valueAt(at);
        checkHistory(value, page.earlierAt(at), versions);
        misbehaviour.addEntry(page.keyAt(at), value);
      }
      edges.push({ number, first: page.keyAt(0), root: page.hashed().root() });
    },
    finish: () => {
      if (edges.length !== count)
        throw new SnapshotRefusedError(`there are ${edges.length} pages in place of ${count}`);
      versions.finish();
      const tree = treeOver(edges);
      // Leaves and nodes cannot pass for one another: one root, one shape, one sequence of entries.
      if (!equalBytes(tree.rehash(), stateRoot))
        throw new SnapshotRefusedError("the pages do not lead to the state root");
      return tree;
    },
  };
}

function checkHistory(value: Uint8Array, earlier: number, versions: VersionCheck): void {
  if (!hasVersions(value) || isFirst(value)) {
    if (earlier !== 0) throw new SnapshotRefusedError("an entry without earlier versions names one");
    return;
  }
  const version = decodeVersioned(value)?.version;
  if (version === undefined) throw new SnapshotRefusedError("an entry of the state is of no known form");
  versions.claim(earlier, version);
}

/** Whether a versioned entry is its first version: the number 1 after its type, as almost all of them. */
function isFirst(value: Uint8Array): boolean {
  return value[2] === 1;
}

function treeOver(edges: PageEdge[]): UpperTree {
  edges.sort((a, b) => (a.first < b.first ? -1 : 1));
  const bits = edges.map(({ first }, at) => {
    if (at === 0) return -1;
    const before = edges[at - 1]!.first;
    if (before === first) throw new SnapshotRefusedError("two pages begin with the same entry");
    return firstDifferingBit(before, first);
  });
  return UpperTree.ofPages(
    edges.map(({ number }) => number),
    bits,
    edges.map(({ root }) => root),
  );
}
