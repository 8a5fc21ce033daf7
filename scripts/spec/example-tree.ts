// The worked examples of the state tree: its shape with every hash, runs, and the history of an entry.
import type { Code } from "@cityroot/codes/ma/code";
import { hashPair } from "@cityroot/core/hash";
import { bytesToHex } from "@cityroot/core/hex";
import { frontierRoot, leafHash } from "@cityroot/core/log/tree";
import { stateLeafHash } from "@cityroot/core/proof/leaf";
import { type Run, rootOfRun } from "@cityroot/core/proof/run";
import { stateRootOf } from "@cityroot/core/proof/trie";
import { firstVersion, nextVersion } from "@cityroot/core/state/history";
import { firstDifferingBit, keyToBytes, tallyKey } from "@cityroot/core/state/key";
import { encodePrefix, encodeTally, type Prefix } from "@cityroot/core/state/prefix";
import type { StateEntry } from "@cityroot/core/state/view";

/** The entries of the example, in order: tallies, since they are the shortest. */
const PREFIXES = ["MA.156", "MA.156.1301", "MA.156.1301/60", "MA.156.1301.02", "MA.156.130102", "MA.276"];
const ENTRIES: readonly StateEntry[] = PREFIXES.map((prefix, index) => ({
  key: tallyKey(prefix as Code),
  value: encodeTally(index + 1),
}));

/** A subtree of the example: the entries from `from` to before `to`. */
type Subtree = {
  readonly from: number;
  readonly to: number;
  readonly hash: Uint8Array;
  readonly at: number;
  readonly bit: number;
};

function subtreeOf(from: number, to: number): Subtree {
  if (to - from === 1) {
    const { key, value } = ENTRIES[from]!;
    return { from, to, hash: stateLeafHash(key, value), at: from, bit: 0 };
  }
  let at = from + 1;
  for (let index = from + 2; index < to; index++) if (bitBefore(index) < bitBefore(at)) at = index;
  const hash = hashPair(subtreeOf(from, at).hash, subtreeOf(at, to).hash);
  return { from, to, hash, at, bit: bitBefore(at) };
}

function bitBefore(index: number): number {
  return firstDifferingBit(ENTRIES[index - 1]!.key, ENTRIES[index]!.key);
}

function printSubtree(tree: Subtree, indent: string): string[] {
  if (tree.to - tree.from === 1) return [`${indent}${bytesToHex(tree.hash)}  leaf of ${PREFIXES[tree.from]}`];
  return [
    `${indent}${bytesToHex(tree.hash)}  parts at bit ${tree.bit}`,
    ...printSubtree(subtreeOf(tree.from, tree.at), `${indent}  `),
    ...printSubtree(subtreeOf(tree.at, tree.to), `${indent}  `),
  ];
}

type Step = { readonly bit: number; readonly side: 0 | 1; readonly hash: Uint8Array };

/** The run of the entries from `first` to `last`, with its steps. */
function runOf(first: number, last: number): { readonly run: Run; readonly steps: readonly Step[] } {
  const steps: Step[] = [];
  const tree = subtreeOf(0, ENTRIES.length);
  const walk = (node: Subtree): void => {
    if (node.from >= first && node.to <= last + 1) return;
    const left = subtreeOf(node.from, node.at);
    const right = subtreeOf(node.at, node.to);
    if (left.to <= first) steps.push({ bit: node.bit, side: 0, hash: left.hash });
    else walk(left);
    if (right.from > last) steps.push({ bit: node.bit, side: 1, hash: right.hash });
    else walk(right);
  };
  walk(tree);
  steps.sort((a, b) => b.bit - a.bit || a.side - b.side);
  const path = new Uint8Array(34 * steps.length);
  for (const [at, { bit, side, hash }] of steps.entries()) {
    path[34 * at] = (2 * bit + side) >> 8;
    path[34 * at + 1] = (2 * bit + side) & 255;
    path.set(hash, 34 * at + 2);
  }
  const run = { entries: ENTRIES.slice(first, last + 1), path };
  const edges = rootOfRun(run);
  if (edges === undefined || bytesToHex(edges.root) !== bytesToHex(tree.hash))
    throw new Error("the example's run is wrong");
  return { run, steps };
}

function printRun(first: number, last: number): string[] {
  const { run, steps } = runOf(first, last);
  return [
    ...run.entries.map((_, at) => `entry  ${PREFIXES[first + at]}`),
    ...steps.map(
      ({ bit, side, hash }) =>
        `step   ${(2 * bit + side).toString(16).padStart(4, "0")} ${bytesToHex(hash)}  bit ${bit}, ${side === 0 ? "left" : "right"}`,
    ),
  ];
}

/** Section 12.2. */
export function printTreeExample(): string {
  const root = stateRootOf(ENTRIES)!;
  const tree = subtreeOf(0, ENTRIES.length);
  if (bytesToHex(tree.hash) !== bytesToHex(root)) throw new Error("the example's tree is wrong");
  const rows = ENTRIES.map(({ key, value }, at) => {
    const bit = at === 0 ? "" : String(bitBefore(at));
    return `| ${PREFIXES[at]} | \`${bytesToHex(keyToBytes(key))}\` | \`${bytesToHex(value)}\` | ${bit} |`;
  });
  return `## 12.2 A state tree

**12.2.1** Six tallies (5.7), in the order of their keys. The last column is the bit at which a key parts from the one
before it (5.8.3).

| prefix | key | value | bit |
|---|---|---|---|
${rows.join("\n")}

Note the order: \`MA.156.1301\`, what lies below it after "/", what lies below it after ".", and only then
\`MA.156.130102\`, which is not below it.

**12.2.2** The leaf hash of the first (5.8.1) is the hash of 64 zero bytes, its key's length \`${lengthOf(0)}\`, its key and
its value. The whole tree, each node before its left and its right child:

\`\`\`text
${printSubtree(tree, "").join("\n")}
\`\`\`

The first hash is the state root. The bits in the way from the root to a leaf ascend; 5.8.5 makes the same tree from left
to right.

**12.2.3** The run that proves the entry of \`${PREFIXES[2]}\`, and what it says in bytes of path (5.9.1):

\`\`\`text
${printRun(2, 2).join("\n")}
\`\`\`

**12.2.4** The run that proves that \`MA.156.1301.01\` has no tally: its two neighbours side by side.

\`\`\`text
${printRun(2, 3).join("\n")}
\`\`\`

**12.2.5** The run that proves the complete list of tallies at or below \`MA.156.1301\`: all of them, with the entry before and
the entry after.

\`\`\`text
${printRun(0, 4).join("\n")}
\`\`\`
`;
}

function lengthOf(at: number): string {
  return ENTRIES[at]!.key.length.toString(16).padStart(4, "0");
}

/** Section 12.3. */
export function printHistoryExample(): string {
  const since = (height: number) => ({ height, timeMs: 1_767_225_600_000 + 1000 * height });
  const holder = new Uint8Array(20).fill(0xaa);
  const versions: Prefix[] = [{ ...firstVersion(since(1)), holder, status: "active" }];
  for (const [index, status] of (["suspended", "active", "retired"] as const).entries()) {
    const before = versions.at(-1)!;
    versions.push({ ...nextVersion(before, encodePrefix(before), since(index + 2)), holder, status });
  }
  const rows = versions.flatMap((version) => {
    const bytes = encodePrefix(version);
    return [
      `version ${version.version}, ${version.status}`,
      `  bytes  ${bytesToHex(bytes)}`,
      `  leaf   ${bytesToHex(leafHash(bytes))}`,
    ];
  });
  const last = versions.at(-1)!;
  const peaks = [last.peaks.subarray(0, 32), last.peaks.subarray(32, 64)];
  const root = frontierRoot({ size: last.version - 1, peaks });
  return `## 12.3 A history

**12.3.1** A prefix of the holder \`aa\` times 20, delegated at height 1, suspended, reinstated, retired at heights 2, 3, 4; a
block a second from 2026-01-01. The leaf is the one that the version becomes when it is replaced (5.4.2).

\`\`\`text
${rows.join("\n")}
\`\`\`

**12.3.2** Version 4 carries two peaks, over versions 1 and 2 together and over version 3. The root over the history
(5.4.4), to which the paths of versions 1, 2 and 3 lead, is \`${bytesToHex(root)}\`.
`;
}
