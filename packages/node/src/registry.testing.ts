import { encodeBlock, logEntriesOf } from "@cityroot/core/block";
import { applyGenesis, type Genesis } from "@cityroot/core/genesis";
import { publicKeyOf, sign, verify } from "@cityroot/core/key/ed25519";
import { type Ledger, openLedger } from "@cityroot/core/ledger";
import type { TestHolder } from "@cityroot/core/ledger.testing";
import { type Checkpoint, signCheckpoint } from "@cityroot/core/log/checkpoint";
import { cosignText } from "@cityroot/core/log/cosignature";
import { pathOfNext } from "@cityroot/core/log/inclusion";
import { addSignatures, encodeNote, makeVerifierKey, SIGNATURE_TYPES } from "@cityroot/core/log/note";
import { encodeEntryBundle, TILE_WIDTH } from "@cityroot/core/log/tile";
import { appendLeaves, EMPTY_FRONTIER, leafHash, rootOf } from "@cityroot/core/log/tree";
import { type Policy, writePolicy } from "@cityroot/core/log/witness-policy";
import type { Operation } from "@cityroot/core/operation/operation";
import { accept, type Outcome, reject } from "@cityroot/core/outcome";
import type { ProofSource } from "@cityroot/core/proof/prove";
import { buildStateTree, type StateTree } from "@cityroot/core/proof/state-tree.testing";
import { decodeVersioned } from "@cityroot/core/state/entry";
import type { StateKey } from "@cityroot/core/state/key";
import { type MemoryState, memoryState } from "@cityroot/core/state/memory";
import type { Misbehaviour } from "@cityroot/core/state/misbehaviour";
import { type ReplayWindow, replayWindow } from "@cityroot/core/state/replay";
import {
  checkSignatures,
  decodeTransaction,
  encodeBody,
  encodeTransaction,
  signedMessageOf,
  type Transaction,
  transactionIdOf,
} from "@cityroot/core/transaction";
import { provenVersions, tileOf } from "./api/history.testing.ts";
import { memoryPayloads } from "./api/payloads.testing.ts";
import type { Engine, Place, SubmitResult } from "./engine/engine.ts";
import type { PayloadStore } from "./payload/payload-store.ts";
import type { Head, RegistryReader } from "./resolver/registry-reader.ts";

const ORIGIN = "registry.example/test";
const LOG_SEED = new Uint8Array(32).fill(200);
const WITNESS_NAME = "witness.example/one";
const WITNESS_SEED = new Uint8Array(32).fill(201);

/** A registry that lives in memory and is real in all else: ledger, signatures, log, proofs and history. */
export type MemoryRegistry = {
  readonly engine: Engine;
  readonly reader: RegistryReader;
  readonly payloads: PayloadStore;
  readonly policy: Policy;
  readonly state: MemoryState;
  /** Bytes of a signed transaction of a holder; it may enter in the next hundred blocks. */
  readonly transaction: (holder: TestHolder, ...operations: readonly Operation[]) => Uint8Array;
  /** Submits one transaction, as the next block a second later, and throws unless it entered. */
  readonly given: (holder: TestHolder, ...operations: readonly Operation[]) => Promise<Place>;
  /** Records this of validators, as the next block a second later. */
  readonly report: (...misbehaviour: readonly Misbehaviour[]) => void;
  /** From now on every read throws this error; null ends it. */
  readonly failReads: (error: Error | null) => void;
  /** From now on the engine takes nothing, for this reason; null ends it. */
  readonly refuseWrites: (reason: string | null) => void;
};

type Block = { readonly bytes: Uint8Array; readonly timeMs: number };

/** What a registry in memory holds. */
type Held = {
  readonly ledger: Ledger;
  readonly window: ReplayWindow;
  readonly state: MemoryState;
  readonly versions: Map<StateKey, Uint8Array[]>;
  readonly places: Map<string, Place>;
  readonly blocks: Block[];
  readonly entries: Uint8Array[];
  readonly leaves: Uint8Array[];
  head: Head;
  tree: StateTree;
  positions: ReadonlyMap<StateKey, number>;
};

/** Opens a registry of a genesis. Its blocks are a second apart unless a clock is given. */
export function memoryRegistry(genesis: Genesis, clock?: () => number): MemoryRegistry {
  const held = begin(genesis);
  const payloads = memoryPayloads();
  const policy = testPolicy();
  let readError: Error | null = null;
  let writeReason: string | null = null;
  let nonce = 0;
  const timeOf = ({ head }: Held): number => clock?.() ?? head.checkpoint.timeMs + 1_000;
  const demand = <T>(value: T): T => {
    if (readError !== null) throw readError;
    return value;
  };
  const submit: Engine["submit"] = async (list) => {
    const results: SubmitResult[] = [];
    const fresh: { readonly at: number; readonly transaction: Transaction }[] = [];
    for (const [at, bytes] of list.entries()) {
      const decoded = decodeTransaction(bytes);
      const id = decoded.ok ? decoded.value.id : null;
      const place = id === null ? undefined : placeOf(held, id);
      const checked = decoded.ok && place === undefined ? checkSignatures(decoded.value, verify) : decoded;
      if (place !== undefined) results[at] = { id, outcome: accept(place) };
      else if (!checked.ok) results[at] = { id, outcome: checked };
      else if (writeReason !== null) results[at] = { id, outcome: reject("NODE_UNAVAILABLE", writeReason) };
      else if (decoded.ok) fresh.push({ at, transaction: decoded.value });
    }
    const outcomes = addBlock(
      held,
      fresh.map(({ transaction }) => transaction),
      timeOf(held),
    );
    for (const [index, { at, transaction }] of fresh.entries()) {
      results[at] = { id: transaction.id, outcome: outcomes[index]! };
    }
    return results;
  };
  const close = async (): Promise<void> => {
    writeReason = "the node is stopping";
  };
  const transaction: MemoryRegistry["transaction"] = (holder, ...operations) => {
    nonce += 1;
    const lastHeight = held.head.checkpoint.height + 100;
    const network = held.ledger.network.id;
    const body = encodeBody({ network, holder: holder.id, lastHeight, nonce, operations });
    const message = signedMessageOf(transactionIdOf(body));
    const signatures = holder.seeds.map((seed) => ({
      publicKey: publicKeyOf(seed),
      signature: sign(seed, message),
    }));
    return encodeTransaction(body, signatures);
  };
  return {
    engine: { submit, take: submit, refusesBecause: () => writeReason, close },
    reader: readerOf(held, genesis, policy, payloads, demand),
    payloads,
    policy,
    state: held.state,
    transaction,
    given: async (holder, ...operations) => {
      const [result] = await submit([transaction(holder, ...operations)]);
      if (result?.outcome.ok) return result.outcome.value;
      throw new Error(`refused: ${JSON.stringify(result?.outcome)}`);
    },
    report: (...misbehaviour) => {
      addBlock(held, [], timeOf(held), misbehaviour);
    },
    failReads: (error) => {
      readError = error;
    },
    refuseWrites: (reason) => {
      writeReason = reason;
    },
  };
}

function testPolicy(): Policy {
  return {
    origin: ORIGIN,
    logKeys: [makeVerifierKey(ORIGIN, SIGNATURE_TYPES.ed25519, publicKeyOf(LOG_SEED))],
    witnesses: [makeVerifierKey(WITNESS_NAME, SIGNATURE_TYPES.cosignature, publicKeyOf(WITNESS_SEED))],
    quorum: 1,
  };
}

function begin(genesis: Genesis): Held {
  const state = memoryState();
  const network = applyGenesis(state, genesis);
  if (!network.ok) throw new Error(network.rejection.detail);
  const window = replayWindow();
  const held = {
    ledger: openLedger(network.value, window),
    window,
    state,
    versions: new Map(),
    places: new Map(),
    blocks: [],
    entries: [],
    leaves: [],
  } as unknown as Held;
  for (const { key, value } of state.entries()) held.versions.set(key, [value]);
  closeBlock(held, [], { height: 0, timeMs: genesis.timeMs });
  return held;
}

/** Applies transactions as the next block. Those that are refused leave no trace, and a block of nothing is none. */
function addBlock(
  held: Held,
  transactions: readonly Transaction[],
  timeMs: number,
  misbehaviour: readonly Misbehaviour[] = [],
): Outcome<Place>[] {
  const { checkpoint } = held.head;
  const block = { height: checkpoint.height + 1, timeMs: Math.max(timeMs, checkpoint.timeMs + 1) };
  const recording = {
    ...held.state,
    set: (key: StateKey, value: Uint8Array) => {
      held.state.set(key, value);
      const kept = held.versions.get(key) ?? [];
      const version = decodeVersioned(value)?.version.version ?? 1;
      kept[version - 1] = value;
      held.versions.set(key, kept);
    },
  };
  held.ledger.record(recording, misbehaviour, block);
  const entered: Transaction[] = [];
  const outcomes = transactions.map((transaction): Outcome<Place> => {
    const outcome = held.ledger.apply(recording, transaction, block);
    if (!outcome.ok) {
      const place = outcome.rejection.name === "DUPLICATE" ? placeOf(held, transaction.id) : undefined;
      return place === undefined ? outcome : accept(place);
    }
    const place = { height: block.height, index: entered.length };
    entered.push(transaction);
    held.places.set(nameOf(transaction.id), place);
    return accept(place);
  });
  if (entered.length === 0 && misbehaviour.length === 0) return outcomes;
  held.ledger.finish(recording, entered, block);
  closeBlock(held, entered, block, misbehaviour);
  return outcomes;
}

/** Where a transaction entered, while it could still be repeated. */
function placeOf({ places, window }: Held, id: Uint8Array): Place | undefined {
  return window.heightOf(id) === undefined ? undefined : places.get(nameOf(id));
}

function closeBlock(
  held: Held,
  transactions: readonly Transaction[],
  block: { readonly height: number; readonly timeMs: number },
  misbehaviour: readonly Misbehaviour[] = [],
): void {
  const entries = held.state.entries();
  held.tree = buildStateTree(entries);
  held.positions = new Map(entries.map(({ key }, at) => [key, at]));
  const body = {
    ...block,
    transactions: transactions.map(({ bodyBytes, signatures }) => encodeTransaction(bodyBytes, signatures)),
    results: transactions.map(() => 0),
    misbehaviour,
  };
  const content = { ...body, stateRoot: held.tree.root };
  held.blocks.push({ bytes: encodeBlock(content), timeMs: block.timeMs });
  for (const entry of logEntriesOf(content)) {
    held.entries.push(entry);
    held.leaves.push(leafHash(entry));
  }
  const before = appendLeaves(EMPTY_FRONTIER, held.leaves.slice(0, -1));
  const checkpoint = {
    ...block,
    origin: ORIGIN,
    size: held.leaves.length,
    logRoot: rootOf(held.leaves),
    stateRoot: held.tree.root,
  };
  held.head = headOf(checkpoint, pathOfNext(before));
}

function headOf(checkpoint: Checkpoint, sealPath: readonly Uint8Array[]): Head {
  const signed = signCheckpoint(checkpoint, ORIGIN, LOG_SEED);
  const timeS = Math.floor(checkpoint.timeMs / 1_000) + 1;
  const cosigned = addSignatures(signed, [cosignText(signed.text, WITNESS_NAME, WITNESS_SEED, timeS)]);
  return { checkpoint, note: encodeNote(cosigned), sealPath };
}

function readerOf(
  held: Held,
  genesis: Genesis,
  policy: Policy,
  payloads: PayloadStore,
  demand: <T>(value: T) => T,
): RegistryReader {
  const { state } = held;
  return {
    network: held.ledger.network,
    genesis,
    policy: writePolicy(policy),
    newest: () => demand(held.head).checkpoint,
    head: () => demand(held.head),
    source: sourceOf(held, payloads, demand),
    versions: (key, limit, before = Number.MAX_SAFE_INTEGER) => {
      const kept = demand(held.versions.get(key) ?? []);
      const numbered = kept.map((bytes, at) => ({ version: at + 1, bytes }));
      return numbered
        .filter(({ version }) => version < before)
        .reverse()
        .slice(0, limit);
    },
    entriesFrom: (from, limit) =>
      demand(
        state
          .entries()
          .filter(({ key }) => key >= from)
          .slice(0, limit),
      ),
    block: (height) => demand(held.blocks[height]?.bytes),
    tile: (level, index) => demand(tileOf(held.leaves, level, index)),
    entryBundle: (index) => {
      const entries = held.entries.slice(TILE_WIDTH * index, TILE_WIDTH * (index + 1));
      return demand(entries.length === 0 ? undefined : encodeEntryBundle(entries));
    },
    close: async () => {},
  };
}

function sourceOf(held: Held, payloads: PayloadStore, demand: <T>(value: T) => T): ProofSource {
  const { state } = held;
  const positionOf = (key: StateKey): number => held.positions.get(key)!;
  return {
    get: (key) => demand(state.get(key)),
    before: (key) => demand(state.before(key)),
    after: (key) => demand(state.after(key)),
    runOf: (first, last) => demand(held.tree.runOf(positionOf(first), positionOf(last))),
    versionsOf: (key, current, asOf) => provenVersions(key, held.versions.get(key) ?? [], current, asOf),
    itemsOf: (batch, code) => demand(payloads.itemsOf(batch, code)),
  };
}

function nameOf(id: Uint8Array): string {
  return Buffer.from(id).toString("hex");
}
