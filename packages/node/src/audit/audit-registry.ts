import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { bytesToHex, equalBytes } from "@cityroot/core/hex";
import { FIRST_LEAF, orderAfter } from "@cityroot/core/log/leaf-order";
import { isSealed } from "@cityroot/core/log/seal";
import { changedTiles, TILE_WIDTH } from "@cityroot/core/log/tile";
import { decodeFrontier, leafHash } from "@cityroot/core/log/tree";
import { checkPolicy, readPolicy } from "@cityroot/core/log/witness-policy";
import { stateLeafHash } from "@cityroot/core/proof/leaf";
import { decodeVersioned } from "@cityroot/core/state/entry";
import type { Home } from "../home/home.ts";
import { nativeSigner, verifyNative } from "../signature/native-ed25519.ts";
import { startSignaturePool } from "../signature/signature-pool.ts";
import { installNativeFunctions } from "../store/native-functions.ts";
import { openRegistryStore, type RegistryStore, type StoredHead } from "../store/registry-store.ts";
import { StoredPage } from "../store/tree/stored-page.ts";
import { loadUpperTree } from "../store/upper-snapshot.ts";
import { hasVersions } from "../store/version-row.ts";
import { HistoryError, replayBlocks } from "./replay-blocks.ts";

/** How far an audit has come. */
export type AuditProgress = {
  readonly phase: "blocks" | "pages";
  readonly done: number;
  readonly total: number;
};

/** What an audit found to hold. */
export type AuditReport = {
  readonly network: string;
  readonly height: number;
  readonly transactions: number;
  readonly logSize: number;
  readonly stateRoot: string;
  readonly logRoot: string;
  readonly pages: number;
  readonly entries: number;
  readonly versions: number;
};

/**
 * Replays the registry of a home from its genesis and compares every root, the log, the checkpoint's signature and
 * every stored page with what comes of it. Throws a {@link HistoryError} that says what differs first. Other processes
 * may go on using the home: it audits up to the block that was newest when it began.
 */
export async function auditRegistry(
  home: Home,
  onProgress: (progress: AuditProgress) => void = () => {},
  signatureProcesses: number = Math.max(1, availableParallelism() - 1),
): Promise<AuditReport> {
  installNativeFunctions();
  const store = openRegistryStore(home.dataFolder, { readOnly: true });
  const scratch = mkdtempSync(`${tmpdir()}/cityroot-audit-`);
  const signatures = startSignaturePool(signatureProcesses);
  try {
    const head = store.head();
    if (head === undefined) throw new HistoryError("the store holds no block");
    let transactions = 0;
    const replayed = openRegistryStore(scratch);
    try {
      const { name, seed, verifier } = home.checkpointKey;
      await replayBlocks({
        genesis: home.genesis,
        blocks: storedBlocks(store, head.height),
        store: replayed,
        folder: scratch,
        signer: { origin: home.config.origin, name, keyId: verifier.keyId, sign: nativeSigner(seed).sign },
        signatures,
        onBlock: (height, count) => {
          transactions += count;
          onProgress({ phase: "blocks", done: height, total: head.height });
        },
      });
      const again = replayed.head()!;
      if (!equalBytes(again.stateRoot, head.stateRoot))
        throw new HistoryError("the state root of the newest block differs");
      if (!equalBytes(again.logFrontier, head.logFrontier))
        throw new HistoryError("the log differs from the blocks");
      checkLog(store, replayed, again.logFrontier);
    } finally {
      await replayed.close();
    }
    const { checkpoint } = checkNote(home, head);
    // Pages are those of the newest block by now, which may be a later one.
    const pages = checkPages(store, home, store.head()!, onProgress);
    return {
      network: checkpoint.origin,
      height: head.height,
      transactions,
      logSize: checkpoint.size,
      stateRoot: bytesToHex(head.stateRoot),
      logRoot: bytesToHex(checkpoint.logRoot),
      ...pages,
    };
  } finally {
    signatures.close();
    await store.close();
    rmSync(scratch, { recursive: true, force: true });
  }
}

function* storedBlocks(store: RegistryStore, height: number): Iterable<Uint8Array> {
  for (let at = 0; at <= height; at++) {
    const block = store.readBlock(at);
    if (block === undefined) throw new HistoryError(`block ${at} is missing from the store`);
    yield block;
  }
}

/** The stored tiles and bundles of the log begin as those that the blocks make; they may have grown meanwhile. */
function checkLog(store: RegistryStore, replayed: RegistryStore, logFrontier: Uint8Array): void {
  const frontier = decodeFrontier(logFrontier);
  if (!frontier.ok) throw new HistoryError("the log's frontier is malformed");
  checkLeaves(store, frontier.value.size);
  const check = (what: string, found: Uint8Array | undefined, wanted: Uint8Array | undefined): void => {
    if (wanted === undefined || found === undefined || !equalBytes(found.subarray(0, wanted.length), wanted))
      throw new HistoryError(`${what} of the log differs from the blocks`);
  };
  for (const { level, index } of changedTiles(0, frontier.value.size)) {
    check(`tile ${level}/${index}`, store.readTile(level, index), replayed.readTile(level, index));
    if (level > 0) continue;
    check(`entry bundle ${index}`, store.readEntryBundle(index), replayed.readEntryBundle(index));
  }
}

/** The leaves of the log, read alone, are those of one block after the other, each with one seal at its end. */
function checkLeaves(store: RegistryStore, size: number): void {
  let order = FIRST_LEAF;
  for (let leaf = 0; leaf < size; ) {
    const index = Math.floor(leaf / TILE_WIDTH);
    const bundle = store.readEntryBundle(index);
    if (bundle === undefined) throw new HistoryError(`entry bundle ${index} of the log is missing`);
    const end = Math.min(size, leaf + TILE_WIDTH);
    for (let at = 0; leaf < end; leaf++) {
      const from = at + 2;
      at = from <= bundle.length ? from + bundle.readUInt16BE(at) : from;
      const next = orderAfter(order, bundle.subarray(from, at));
      if (next === undefined)
        throw new HistoryError(`leaf ${leaf} of the log is not what follows the one before`);
      order = next;
    }
  }
  if (order.index !== 0) throw new HistoryError("the log does not end with a seal");
}

function checkNote(home: Home, head: StoredHead) {
  const policy = readPolicy({ ...home.policy, witnesses: [], quorum: 0 });
  const verdict = policy.ok ? checkPolicy(head.note, policy.value, verifyNative) : undefined;
  if (verdict?.ok !== true)
    throw new HistoryError(`the checkpoint is refused: ${verdict?.reason ?? "no policy"}`);
  const { checkpoint } = verdict;
  if (!equalBytes(checkpoint.stateRoot, head.stateRoot))
    throw new HistoryError("the checkpoint is of another state");
  if (!isSealed(checkpoint, head.sealPath))
    throw new HistoryError("the checkpoint's log does not end with its seal");
  return verdict;
}

/** Every stored entry is what was hashed, and every history is what its entry says. */
function checkPages(
  store: RegistryStore,
  home: Home,
  head: StoredHead,
  onProgress: (progress: AuditProgress) => void,
): Pick<AuditReport, "pages" | "entries" | "versions"> {
  const { tree } = loadUpperTree(store, home.dataFolder, head);
  let entries = 0;
  let versions = 0;
  for (let number = 0; number < tree.pageCount; number++) {
    const page = new StoredPage(store.readPage(number));
    if (!page.hashed().isRoot(tree.hashOfPage(number))) {
      throw new HistoryError(`page ${number} of the store is damaged: its root differs`);
    }
    for (let at = 0; at < page.count; at++) {
      const value = page.valueAt(at);
      if (!equalBytes(stateLeafHash(page.keyAt(at), value), page.hashAt(at))) {
        throw new HistoryError(`page ${number} of the store is damaged: an entry is not what was hashed`);
      }
      if (hasVersions(value)) versions += checkHistory(store, value, page.earlierAt(at));
    }
    entries += page.count;
    if (number % 1024 === 0) onProgress({ phase: "pages", done: number, total: tree.pageCount });
  }
  return { pages: tree.pageCount, entries, versions };
}

/** The rows of an entry's earlier versions make the peaks that the entry carries; gives their number. */
function checkHistory(store: RegistryStore, value: Uint8Array, newest: number): number {
  const version = decodeVersioned(value)?.version;
  if (version === undefined) throw new HistoryError("an entry of the state is of no known form");
  const count = newest === 0 ? 0 : store.readVersion(newest).index + 1;
  if (count !== version.version - 1)
    throw new HistoryError("an entry's history is not as long as its version says");
  let at = newest;
  for (let end = version.peaks.length; end > 0; end -= 32) {
    const row = store.readVersion(at);
    const top = row.hashes.length - 1;
    if (!equalBytes(row.hashes[top]!, version.peaks.subarray(end - 32, end))) {
      throw new HistoryError("an entry's history does not lead to the peaks that it carries");
    }
    at = row.lefts[top]!;
  }
  for (let row = newest; row !== 0; ) {
    const earlier = store.readVersion(row);
    if (!equalBytes(leafHash(earlier.bytes), earlier.hashes[0]!))
      throw new HistoryError("an earlier version is damaged");
    row = earlier.lefts[0]!;
  }
  return count;
}
