import type { Code } from "@cityroot/codes/ma/code";
import { applyGenesis, type Genesis, type RootPrefix } from "./genesis.ts";
import { publicKeyOf, sign } from "./key/ed25519.ts";
import { type Ledger, openLedger } from "./ledger.ts";
import { type HolderDeclaration, holderIdOf } from "./operation/delegate.ts";
import type { Operation } from "./operation/operation.ts";
import type { Outcome } from "./outcome.ts";
import type { KeySet } from "./state/holder.ts";
import { type MemoryState, memoryState } from "./state/memory.ts";
import { replayWindow } from "./state/replay.ts";
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

/** A key set of these secret keys: each role needs `needed` of all of them. */
export function keySetOfSeeds(seeds: readonly Uint8Array[], needed = 1): KeySet {
  const positions = seeds.map((_, at) => at);
  const threshold = { keys: positions, needed };
  return {
    keys: seeds.map((seed) => ({ algorithm: "ed25519", bytes: publicKeyOf(seed) })),
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
};

export type TransactionOptions = {
  readonly seeds?: readonly Uint8Array[];
  readonly lastHeight?: number;
  readonly nonce?: number;
  readonly network?: string;
};

/** Time of block 0 in tests: 2026-01-01 UTC. */
export const GENESIS_TIME_MS = 1_767_225_600_000;

/** A ledger whose root prefixes have these holders. */
export function testLedger(
  roots: readonly (Omit<RootPrefix, "class" | "attributes" | "holder"> & { holder: TestHolder })[],
): TestLedger {
  const genesis: Genesis = {
    name: "test",
    timeMs: GENESIS_TIME_MS,
    roots: roots.map((root) => ({
      ...root,
      holder: root.holder.declaration,
      class: "country",
      attributes: [],
    })),
  };
  const state = memoryState();
  const network = applyGenesis(state, genesis);
  if (!network.ok) throw new Error(network.rejection.detail);
  const ledger = openLedger(network.value, replayWindow());
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
      publicKey: publicKeyOf(seed),
      signature: sign(seed, message),
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
  return { state, ledger, height: () => height, transaction, block, run };
}

/** An issue of a code of the class `asset`, with nothing more said. */
export function issueOf(code: string, changes: Partial<Operation & { type: "issue" }> = {}): Operation {
  const plain = { class: "asset", attributes: [], links: [], commitments: [] };
  return { type: "issue", code: code as Code, ...plain, ...changes };
}
