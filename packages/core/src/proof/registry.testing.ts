import type { Code } from "@cityroot/codes/ma/code";
import { type Block, encodeSeal, logEntriesOf, type Seal } from "../block.ts";
import {
  GENESIS_TIME_MS,
  type LedgerOptions,
  type TestHolder,
  type TestLedger,
  type TestRoot,
  testHolder,
  testLedger,
} from "../ledger.testing.ts";
import type { Checkpoint } from "../log/checkpoint.ts";
import { pathOfNext } from "../log/inclusion.ts";
import {
  appendLeaf,
  appendLeaves,
  EMPTY_FRONTIER,
  frontierRoot,
  type LogFrontier,
  leafHash,
} from "../log/tree.ts";
import type { BatchItem } from "../operation/batch-item.ts";
import type { Operation } from "../operation/operation.ts";
import type { Outcome } from "../outcome.ts";
import { REJECTIONS } from "../rejection.ts";
import { encodeTransaction, type Transaction } from "../transaction.ts";
import { encodeBundle, type SealedNote } from "./bundle.ts";
import { signTestCheckpoint, TEST_ORIGIN, TEST_POLICY } from "./checkpoint.testing.ts";
import type { Proven } from "./failure.ts";
import {
  type ItemBook,
  itemBook,
  keepVersions,
  type MemoryProofSource,
  memoryProofSource,
  type VersionBook,
} from "./memory-source.testing.ts";
import { type ProveOptions, proveAnswer } from "./prove.ts";
import { stateRootOf } from "./trie.ts";
import { type CheckpointMemory, type VerifiedAnswer, type VerifyOptions, verifyAnswer } from "./verify.ts";

/** A registry after one of its blocks: its state with the means to prove it, under a signed checkpoint. */
export type Snapshot = SealedNote & {
  readonly checkpoint: Checkpoint;
  readonly source: MemoryProofSource;
};

/** A test ledger that publishes a checkpoint after each block and forgets nothing. */
export type TestRegistry = {
  readonly ledger: TestLedger;
  readonly items: ItemBook;
  readonly versions: VersionBook;
  /** Applies transactions as the next block, a second later. */
  readonly block: (transactions: readonly Transaction[], timeMs?: number) => readonly Outcome<void>[];
  /** Applies one transaction of one holder as the next block; throws when it is refused. */
  readonly run: (holder: TestHolder, ...operations: readonly Operation[]) => void;
  /** The registry as it stood after a block; after the newest when absent. */
  readonly at: (height?: number) => Snapshot;
  /** Hashes of all leaves of the log up to now. */
  readonly leaves: () => readonly Uint8Array[];
};

/** Who holds the root prefix of test registries. */
export const NATION: TestHolder = testHolder("Nation", 1);
/** The root prefix of test registries. */
export const CHINA = "MA.156" as Code;

const ROOTS: readonly TestRoot[] = [{ prefix: CHINA, holder: NATION, rule: null }];

/** A registry whose one root prefix the {@link NATION} holds, unless others are given. */
export function testRegistry(options: LedgerOptions = {}, roots: readonly TestRoot[] = ROOTS): TestRegistry {
  const ledger = testLedger(roots, options);
  const versions = keepVersions(ledger.state);
  const items = itemBook();
  const snapshots: (() => Snapshot)[] = [];
  const leaves: Uint8Array[] = [];
  let frontier = EMPTY_FRONTIER;
  const publish = (content: Pick<Block, "timeMs" | "transactions" | "results">): void => {
    const entries = ledger.state.entries();
    const block: Block = { ...content, height: ledger.height(), stateRoot: stateRootOf(entries)! };
    const added = logEntriesOf(block).map(leafHash);
    leaves.push(...added);
    const before = appendLeaves(frontier, added.slice(0, -1));
    const sealed = sealTree(before, block);
    frontier = sealed.frontier;
    snapshots.push(
      once(() => {
        const source = memoryProofSource(entries, versions, items);
        return { ...signSealed(sealed.checkpoint, sealed.sealPath), source };
      }),
    );
  };
  let timeMs = GENESIS_TIME_MS;
  publish({ timeMs, transactions: [], results: [] });
  const block: TestRegistry["block"] = (transactions, blockTimeMs = timeMs + 1000) => {
    timeMs = blockTimeMs;
    const outcomes = ledger.block(transactions, timeMs);
    publish({
      timeMs,
      transactions: transactions.map((transaction) =>
        encodeTransaction(transaction.bodyBytes, transaction.signatures),
      ),
      results: outcomes.map((outcome) => (outcome.ok ? 0 : REJECTIONS[outcome.rejection.name].number)),
    });
    return outcomes;
  };
  return {
    ledger,
    items,
    versions,
    block,
    run: (holder, ...operations) => {
      const [outcome] = block([ledger.transaction(holder, operations)]);
      if (!outcome!.ok) throw new Error(`${outcome!.rejection.name}: ${outcome!.rejection.detail}`);
    },
    leaves: () => leaves,
    at: (height = ledger.height()) => snapshots[height]!(),
  };
}

/** A checkpoint of the test log whose tree ends with its own seal, after the leaves of `before`. */
export function sealTree(
  before: LogFrontier,
  { height, timeMs, stateRoot }: Seal,
): {
  readonly frontier: LogFrontier;
  readonly checkpoint: Checkpoint;
  readonly sealPath: readonly Uint8Array[];
} {
  const frontier = appendLeaf(before, leafHash(encodeSeal({ height, timeMs, stateRoot })));
  const { size } = frontier;
  const logRoot = frontierRoot(frontier);
  const checkpoint = { origin: TEST_ORIGIN, size, logRoot, height, timeMs, stateRoot };
  return { frontier, checkpoint, sealPath: pathOfNext(before) };
}

/** What the test network publishes of a state that is sealed as the only leaf of a log. */
export function sealAlone(seal: Seal): SealedNote & { readonly checkpoint: Checkpoint } {
  const { checkpoint, sealPath } = sealTree(EMPTY_FRONTIER, seal);
  return signSealed(checkpoint, sealPath);
}

function signSealed(
  checkpoint: Checkpoint,
  sealPath: readonly Uint8Array[],
): SealedNote & { readonly checkpoint: Checkpoint } {
  return { checkpoint, note: signTestCheckpoint(checkpoint), sealPath };
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** Bytes of the bundle that an honest server gives. */
export function proveBytes(snapshot: Snapshot, code: string, options?: ProveOptions): Uint8Array {
  return encodeBundle(proveAnswer(snapshot.source, code as Code, snapshot, options));
}

/** Checks a bundle as a client of the test network does. */
export function verifyBytes(
  bytes: Uint8Array,
  code: string,
  options: Omit<VerifyOptions, "policy"> = {},
): Proven<VerifiedAnswer> {
  return verifyAnswer(bytes, code as Code, { policy: TEST_POLICY, ...options });
}

/** What an honest server and a client make of a code together. */
export function resolve(
  snapshot: Snapshot,
  code: string,
  options: ProveOptions & { readonly seen?: CheckpointMemory } = {},
): Proven<VerifiedAnswer> {
  const { asOf, seen } = options;
  return verifyBytes(proveBytes(snapshot, code, options), code, {
    ...(asOf !== undefined && { asOf }),
    ...(seen !== undefined && { seen }),
  });
}

const NOTHING_SAID = { class: "lamp", attributes: [], links: [], commitments: [] } as const;

/** An operation that issues one code. */
export function issueOne(code: string): Operation {
  return { type: "issue", code: code as Code, ...NOTHING_SAID };
}

/** An operation that issues a range. */
export function issueMany(first: string, digits: number, count: number): Operation {
  return { type: "issue-range", first: first as Code, digits, count, ...NOTHING_SAID };
}

/** An operation that issues a batch of codes, which are in order. */
export function issueItems(items: ItemBook, codes: readonly string[]): Operation {
  const batch = items.add(codes.map(itemOf));
  const payload = { payloadDigest: new Uint8Array(32), payloadBytes: 1 };
  return { type: "issue-batch", ...batch, ...payload, ...NOTHING_SAID };
}

function itemOf(code: string, index: number): BatchItem {
  return { code: code as Code, attributes: [["name", [["en", `item ${index}`]]]] as never, links: [] };
}

/** An operation that changes what a record says. */
export function updateOne(code: string, changes: Partial<Operation & { type: "update" }> = {}): Operation {
  const nothing = { attributes: [], links: null, commitments: null, version: null, item: null };
  return { type: "update", code: code as Code, ...nothing, ...changes };
}

/** An operation that gives a prefix to a holder. */
export function delegateTo(prefix: string, holder: TestHolder): Operation {
  return {
    type: "delegate",
    prefix: prefix as Code,
    holder: holder.declaration,
    rule: null,
    class: "division",
    attributes: [],
  };
}
