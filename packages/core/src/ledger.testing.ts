import type { Code } from "@cityroot/codes/ma/code";
import { applyGenesis, type Genesis, type RootPrefix } from "./genesis.ts";
import { bytesToHex } from "./hex.ts";
import { publicKeyOf, SIGNATURE_BYTES, sign } from "./key/ed25519.ts";
import { type Ledger, openLedger } from "./ledger.ts";
import { type HolderDeclaration, holderIdOf } from "./operation/delegate.ts";
import type { Operation } from "./operation/operation.ts";
import type { Outcome } from "./outcome.ts";
import { stateRootOf } from "./proof/trie.ts";
import type { RejectionName } from "./rejection.ts";
import { decodeHolder, type Holder, type KeySet } from "./state/holder.ts";
import { codeKey, holderKey, prefixKey } from "./state/key.ts";
import { type MemoryState, memoryState } from "./state/memory.ts";
import { decodePrefix, type Prefix } from "./state/prefix.ts";
import { decodeRecord, type Record } from "./state/record.ts";
import { type ReplayWindow, replayWindow } from "./state/replay.ts";
import {
  decodeTransaction,
  encodeBody,
  encodeTransaction,
  signedMessageOf,
  type Transaction,
  transactionIdOf,
} from "./transaction.ts";

/** An organisation with its secret keys, for tests. */
export type TestHolder = {
  readonly declaration: HolderDeclaration;
  readonly id: Uint8Array;
  readonly seeds: readonly Uint8Array[];
};

/** The secret key that a number stands for. */
export function seedOf(number: number): Uint8Array {
  return new Uint8Array(32).fill(number + 1);
}

const publicKeys = new Map<string, Uint8Array>();

/** The public key of a seed, worked out once. */
export function publicKeyOfSeed(seed: Uint8Array): Uint8Array {
  const name = bytesToHex(seed);
  const known = publicKeys.get(name) ?? publicKeyOf(seed);
  publicKeys.set(name, known);
  return known;
}

/** A key set of these secret keys: each role needs `needed` of all of them. */
export function keySetOfSeeds(seeds: readonly Uint8Array[], needed = 1): KeySet {
  const positions = seeds.map((_, at) => at);
  const threshold = { keys: positions, needed };
  return {
    keys: seeds.map((seed) => ({ algorithm: "ed25519", bytes: publicKeyOfSeed(seed) })),
    roles: { root: threshold, registrar: threshold, records: threshold },
    recovery: null,
  };
}

/** A holder with keys of its own; numbers keep holders apart. */
export function testHolder(
  name: string,
  number: number,
  keys?: KeySet,
  seeds?: readonly Uint8Array[],
): TestHolder {
  const own = seeds ?? [seedOf(number)];
  const declaration = { name: [["en", name]] as const, keys: keys ?? keySetOfSeeds(own) };
  return { declaration, id: holderIdOf(declaration), seeds: own };
}

/** "ok", or the name of the refusal. */
export type OutcomeName = "ok" | RejectionName;

/** What an outcome was, in one word. */
export function nameOf(outcome: Outcome<unknown>): OutcomeName {
  return outcome.ok ? "ok" : outcome.rejection.name;
}

/** A ledger in memory with its state, driven block by block. */
export type TestLedger = {
  readonly state: MemoryState;
  readonly ledger: Ledger;
  readonly height: () => number;
  /** Makes a signed transaction; signed by all seeds of the holder unless others are given. */
  readonly transaction: (
    holder: TestHolder,
    operations: readonly Operation[],
    options?: TransactionOptions,
  ) => Transaction;
  /** Applies transactions as the next block, a second later, and gives their outcomes. */
  readonly block: (transactions: readonly Transaction[], timeMs?: number) => readonly Outcome<void>[];
  /** Applies one transaction of one holder as the next block and gives its outcome. */
  readonly run: (holder: TestHolder, ...operations: readonly Operation[]) => Outcome<void>;
  /** As {@link run}, in one word. */
  readonly attempt: (holder: TestHolder, ...operations: readonly Operation[]) => OutcomeName;
  /** As {@link run}, and throws unless it was accepted: for what a test takes for granted. */
  readonly given: (holder: TestHolder, ...operations: readonly Operation[]) => void;
  readonly recordOf: (code: string) => Record | undefined;
  readonly prefixOf: (code: string) => Prefix | undefined;
  readonly holderOf: (holder: TestHolder) => Holder | undefined;
  /** State root over all entries. */
  readonly root: () => Uint8Array;
};

export type TransactionOptions = {
  readonly seeds?: readonly Uint8Array[];
  readonly lastHeight?: number;
  readonly nonce?: number;
  readonly network?: string;
};

export type LedgerOptions = {
  /** The replay window to start with. */
  readonly window?: ReplayWindow;
  /** Whether transactions carry real signatures, which take time; the ledger itself does not look at them. */
  readonly signs?: boolean;
};

/** Time of block 0 in tests: 2026-01-01 UTC. */
export const GENESIS_TIME_MS = 1_767_225_600_000;

/** A root prefix of a test: its holder with the secret keys. */
export type TestRoot = Omit<RootPrefix, "class" | "attributes" | "holder"> & { readonly holder: TestHolder };

/** A genesis whose root prefixes have these holders. */
export function testGenesis(roots: readonly TestRoot[]): Genesis {
  return {
    name: "test",
    timeMs: GENESIS_TIME_MS,
    roots: roots.map((root) => ({
      ...root,
      holder: root.holder.declaration,
      class: "country",
      attributes: [],
    })),
  };
}

/** A ledger whose root prefixes have these holders. */
export function testLedger(roots: readonly TestRoot[], ledgerOptions: LedgerOptions = {}): TestLedger {
  const state = memoryState();
  const network = applyGenesis(state, testGenesis(roots));
  if (!network.ok) throw new Error(network.rejection.detail);
  const ledger = openLedger(network.value, ledgerOptions.window ?? replayWindow());
  const makeSignature = ledgerOptions.signs === false ? () => new Uint8Array(SIGNATURE_BYTES) : sign;
  let height = 0;
  let time = GENESIS_TIME_MS;
  let nonce = 0;
  const transaction: TestLedger["transaction"] = (holder, operations, options = {}) => {
    nonce += 1;
    const bodyBytes = encodeBody({
      network: options.network ?? ledger.network.id,
      holder: holder.id,
      lastHeight: options.lastHeight ?? height + 10,
      nonce: options.nonce ?? nonce,
      operations,
    });
    const message = signedMessageOf(transactionIdOf(bodyBytes));
    const signatures = (options.seeds ?? holder.seeds).map((seed) => ({
      publicKey: publicKeyOfSeed(seed),
      signature: makeSignature(seed, message),
    }));
    const decoded = decodeTransaction(encodeTransaction(bodyBytes, signatures));
    if (!decoded.ok) throw new Error(`${decoded.rejection.name}: ${decoded.rejection.detail}`);
    return decoded.value;
  };
  const block: TestLedger["block"] = (transactions, timeMs = time + 1000) => {
    height += 1;
    time = timeMs;
    return ledger.applyBlock(state, transactions, { height, timeMs });
  };
  const run: TestLedger["run"] = (holder, ...operations) => block([transaction(holder, operations)])[0]!;
  const given: TestLedger["given"] = (holder, ...operations) => {
    const outcome = run(holder, ...operations);
    if (!outcome.ok) throw new Error(`${outcome.rejection.name}: ${outcome.rejection.detail}`);
  };
  return {
    ...{ state, ledger, height: () => height, transaction, block, run, given },
    attempt: (holder, ...operations) => nameOf(run(holder, ...operations)),
    recordOf: (code) => readEntry(state, codeKey(code as Code), decodeRecord),
    prefixOf: (code) => readEntry(state, prefixKey(code as Code), decodePrefix),
    holderOf: (holder) => readEntry(state, holderKey(holder.id), decodeHolder),
    root: () => stateRootOf(state.entries())!,
  };
}

function readEntry<T>(
  state: MemoryState,
  key: Parameters<MemoryState["get"]>[0],
  decode: (bytes: Uint8Array) => T | undefined,
): T | undefined {
  const bytes = state.get(key);
  return bytes === undefined ? undefined : decode(bytes);
}

/** An issue of a code of the class `asset`, with nothing more said. */
export function issueOf(code: string, changes: Partial<Operation & { type: "issue" }> = {}): Operation {
  const plain = { class: "asset", attributes: [], links: [], commitments: [] };
  return { type: "issue", code: code as Code, ...plain, ...changes };
}
