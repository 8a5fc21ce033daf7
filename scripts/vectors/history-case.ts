// The form of the files in vectors/histories, and what it takes to judge them anew.
import { encodeSeal, logEntriesOf } from "@cityroot/core/block";
import { applyGenesis, genesisFromJson } from "@cityroot/core/genesis";
import { bytesToHex, hexToBytes } from "@cityroot/core/hex";
import type { Json } from "@cityroot/core/json";
import { verify } from "@cityroot/core/key/ed25519";
import { type Ledger, openLedger } from "@cityroot/core/ledger";
import { leafHash, rootOf } from "@cityroot/core/log/tree";
import type { Outcome } from "@cityroot/core/outcome";
import { stateRootOf } from "@cityroot/core/proof/trie";
import { numberOfRejection, type RejectionName } from "@cityroot/core/rejection";
import type { Moment } from "@cityroot/core/state/entry";
import { type MemoryState, memoryState } from "@cityroot/core/state/memory";
import type { Misbehaviour } from "@cityroot/core/state/misbehaviour";
import { replayWindow } from "@cityroot/core/state/replay";
import { checkSignatures, decodeTransaction, type Transaction } from "@cityroot/core/transaction";

/** A transaction as it was sent, and what became of it. */
export type SentTransaction = {
  /** What it tries, in a few words. */
  readonly about: string;
  /** Bytes in hexadecimal. */
  readonly bytes: string;
  /** "ok", or the name of the refusal. */
  readonly outcome: "ok" | RejectionName;
  /** 0, or the number of the refusal: the result that stands in the block. */
  readonly result: number;
  /** Index of the operation that was refused; absent when the envelope was. */
  readonly operation?: number;
};

/** What a consensus reports of a validator, with its address in hexadecimal. */
export type ReportedMisbehaviour = Omit<Misbehaviour, "address"> & { readonly address: string };

/** What comes before the transactions of a block; left out where it is nothing. */
type Reports = { readonly misbehaviour?: readonly ReportedMisbehaviour[] };

/** A block: its transactions in their order, and the two roots after it. */
export type HistoryBlock = Moment &
  Reports & {
    readonly transactions: readonly SentTransaction[];
    readonly stateRoot: string;
    readonly logRoot: string;
  };

/** A whole history, from its genesis on. */
export type HistoryFile = {
  /** The edge that it proves. */
  readonly about: string;
  readonly genesis: { readonly [name: string]: Json };
  /** Id of the network, which follows from the genesis. */
  readonly network: string;
  /** State root after the genesis. */
  readonly stateRoot: string;
  readonly blocks: readonly HistoryBlock[];
};

/** A history as far as it has to be given: what follows from it is left out. */
export type HistoryInput = {
  readonly about: string;
  readonly genesis: { readonly [name: string]: Json };
  readonly blocks: readonly (Moment &
    Reports & { readonly transactions: readonly Pick<SentTransaction, "about" | "bytes">[] })[];
};

/** Works out everything that follows from a history. Signatures are checked. */
export function judgeHistory({ about, genesis, blocks }: HistoryInput): HistoryFile {
  const read = genesisFromJson(genesis);
  if (!read.ok) throw new Error(read.rejection.detail);
  const state = memoryState();
  const network = applyGenesis(state, read.value);
  if (!network.ok) throw new Error(network.rejection.detail);
  const ledger = openLedger(network.value, replayWindow());
  const first = bytesToHex(rootOfState(state));
  const genesisSeal = { height: 0, timeMs: read.value.timeMs, stateRoot: hexToBytes(first)! };
  const log = [leafHash(encodeSeal(genesisSeal))];
  const judged = blocks.map((block) => judgeBlock(ledger, state, block, log));
  return { about, genesis, network: network.value.id, stateRoot: first, blocks: judged };
}

function judgeBlock(
  ledger: Ledger,
  state: MemoryState,
  { height, timeMs, transactions, misbehaviour }: HistoryInput["blocks"][number],
  log: Uint8Array[],
): HistoryBlock {
  const reported = (misbehaviour ?? []).map((one) => ({ ...one, address: hexToBytes(one.address)! }));
  ledger.record(state, reported, { height, timeMs });
  const entered: Transaction[] = [];
  const sent = transactions.map(({ about, bytes }): SentTransaction => {
    const outcome = judgeTransaction(ledger, state, { height, timeMs }, hexToBytes(bytes)!);
    if (outcome.ok) entered.push(outcome.value);
    return { about, bytes, ...outcomeForm(outcome) };
  });
  ledger.finish(state, entered, { height, timeMs });
  const stateRoot = rootOfState(state);
  const entries = logEntriesOf({
    height,
    timeMs,
    transactions: sent.map(({ bytes }) => hexToBytes(bytes)!),
    results: sent.map(({ result }) => result),
    stateRoot,
  });
  for (const entry of entries) log.push(leafHash(entry));
  return {
    height,
    timeMs,
    ...(misbehaviour !== undefined && { misbehaviour }),
    transactions: sent,
    stateRoot: bytesToHex(stateRoot),
    logRoot: bytesToHex(rootOf(log)),
  };
}

function judgeTransaction(
  ledger: Ledger,
  state: MemoryState,
  block: Moment,
  bytes: Uint8Array,
): Outcome<Transaction> {
  const decoded = decodeTransaction(bytes);
  if (!decoded.ok) return decoded;
  const signed = checkSignatures(decoded.value, verify);
  if (!signed.ok) return signed;
  const applied = ledger.apply(state, decoded.value, block);
  return applied.ok ? decoded : applied;
}

/** How an outcome stands in a file. */
export function outcomeForm(
  outcome: Outcome<unknown>,
): Pick<SentTransaction, "outcome" | "result" | "operation"> {
  if (outcome.ok) return { outcome: "ok", result: 0 };
  const { name, operation } = outcome.rejection;
  const form = { outcome: name, result: numberOfRejection(name) };
  return operation === undefined ? form : { ...form, operation };
}

function rootOfState(state: MemoryState): Uint8Array {
  return stateRootOf(state.entries())!;
}
