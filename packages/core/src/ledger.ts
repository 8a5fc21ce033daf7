import { bytesToHex, equalBytes } from "./hex.ts";
import type { Role } from "./key/role.ts";
import { EXPIRY_BLOCKS_CROWDED, EXPIRY_BLOCKS_MAX } from "./limits.ts";
import { type AuthorityIndex, authorityIndex } from "./operation/authority.ts";
import type { ApplyContext } from "./operation/context.ts";
import type { Operation } from "./operation/operation.ts";
import { accept, type Outcome, reject } from "./outcome.ts";
import { type FindRules, type ProtocolRules, rulesOf } from "./protocol-rules.ts";
import type { Moment } from "./state/entry.ts";
import { decodeHolder, type Holder } from "./state/holder.ts";
import { holderKey, KEY_KINDS, replayKey } from "./state/key.ts";
import { type Misbehaviour, recordMisbehaviour } from "./state/misbehaviour.ts";
import type { Network } from "./state/network.ts";
import { type Overlay, overlay } from "./state/overlay.ts";
import { protocolAt, readParameters } from "./state/parameters.ts";
import { encodeReplay, type ReplayWindow, replaySlotOf } from "./state/replay.ts";
import type { MutableState, StateView } from "./state/view.ts";
import { type Envelope, positionOfKey, type Transaction } from "./transaction.ts";

/** What an engine drives: the same on every node, whatever orders the transactions. Spec §8. */
export type Ledger = {
  readonly network: Network;
  /**
   * Whether a transaction could enter at a height, without applying it: refuses what no order of transactions could
   * make good, and what is not signed with keys that its holder has by now, so that nobody else takes room in a
   * mempool. Signatures are the caller's to have checked. It takes an envelope alone: what fails here need not be read on.
   */
  readonly check: (view: StateView, transaction: Envelope, height: number) => Outcome<void>;
  /**
   * Sees that this program knows the version of the protocol that decides at a height, which only grows. Throws
   * `ProtocolVersionError`.
   */
  readonly demandRules: (view: StateView, height: number) => void;
  /** Writes what a consensus reports of its validators, before the transactions of the block. */
  readonly record: (state: MutableState, misbehaviour: readonly Misbehaviour[], block: Moment) => void;
  /** Applies one transaction as a part of a block that is being made; a refused one leaves no trace. */
  readonly apply: (state: MutableState, transaction: Transaction, block: Moment) => Outcome<void>;
  /** Ends a block with the replay entry of the transactions that entered with it. */
  readonly finish: (state: MutableState, entered: readonly Transaction[], block: Moment) => void;
  /** Writes what a consensus reports, applies transactions in their order as the next block, and ends it. */
  readonly applyBlock: (
    state: MutableState,
    transactions: readonly Transaction[],
    block: Moment,
    misbehaviour?: readonly Misbehaviour[],
  ) => readonly Outcome<void>[];
};

/** A ledger of a network whose state has this replay window, under the rules that this program knows, or others. */
export function openLedger(network: Network, window: ReplayWindow, findRules: FindRules = rulesOf): Ledger {
  const index = authorityIndex();
  const readHolder = holderReader();
  const rulesAt = rulesReader(findRules);
  const admit = (view: StateView, transaction: Envelope, height: number): Outcome<Holder> => {
    const envelope = checkEnvelope(network, window, transaction, height);
    if (!envelope.ok) return envelope;
    const holder = findHolder(readHolder, view, transaction);
    if (!holder.ok) return holder;
    const keys = checkKeys(holder.value, transaction);
    return keys.ok ? holder : keys;
  };
  const check: Ledger["check"] = (view, transaction, height) => {
    const admitted = admit(view, transaction, height);
    return admitted.ok ? accept(undefined) : admitted;
  };
  const apply: Ledger["apply"] = (state, transaction, block) => {
    window.expire(block.height);
    const signer = admit(state, transaction, block.height);
    if (!signer.ok) return signer;
    const rules = rulesAt(state, block.height);
    const applied = applyOperations({ index, rules, state, signer: signer.value, transaction, block });
    if (applied.ok) window.add(transaction.id, block.height, transaction.body.lastHeight);
    return applied;
  };
  const finish: Ledger["finish"] = (state, entered, block) => {
    const entry = {
      height: block.height,
      ids: entered.map((transaction) => transaction.id),
      lastHeights: entered.map((transaction) => transaction.body.lastHeight),
    };
    state.set(replayKey(replaySlotOf(block.height)), encodeReplay(entry));
  };
  return {
    network,
    check,
    demandRules: rulesAt,
    record: recordMisbehaviour,
    apply,
    finish,
    applyBlock: (state, transactions, block, misbehaviour = []) => {
      rulesAt(state, block.height);
      recordMisbehaviour(state, misbehaviour, block);
      const outcomes = transactions.map((transaction) => apply(state, transaction, block));
      finish(
        state,
        transactions.filter((_, at) => outcomes[at]!.ok),
        block,
      );
      return outcomes;
    },
  };
}

/**
 * Finds the rules that decide at a height, once for each: what is set in a block holds for later ones alone, so that the
 * block itself changes nothing about them.
 */
function rulesReader(findRules: FindRules): (view: StateView, height: number) => ProtocolRules {
  let known: { readonly height: number; readonly rules: ProtocolRules } | undefined;
  return (view, height) => {
    if (known?.height !== height) {
      known = { height, rules: findRules(protocolAt(readParameters(view), height), height) };
    }
    return known.rules;
  };
}

/** Network, repetition, expiry, its distance, and room to remember it, in this order. Spec §4.4.6. */
function checkEnvelope(
  network: Network,
  window: ReplayWindow,
  transaction: Envelope,
  height: number,
): Outcome<void> {
  const { body, id } = transaction;
  if (body.network !== network.id) {
    return reject("WRONG_NETWORK", `this is the network ${network.id}`, {
      field: "network",
      expected: network.id,
      got: body.network.replace(/[^\x20-\x7e]/g, "?"),
    });
  }
  // A repetition is told before what may have changed since: who submits again learns that the first one entered, also
  // when it gave its holder other keys, or the window is full by now. One that has expired is no longer known as one.
  const entered = window.heightOf(id);
  if (entered !== undefined) {
    return reject("DUPLICATE", `this transaction entered in block ${entered}`, {
      field: "transaction",
      expected: "a transaction that did not enter yet",
      got: `one that entered in block ${entered}`,
    });
  }
  if (body.lastHeight < height) {
    return reject("EXPIRED", `the transaction could enter up to height ${body.lastHeight}`, {
      field: "lastHeight",
      expected: `at least ${height}`,
      got: `${body.lastHeight}`,
      fix: "sign it again with a later last height",
    });
  }
  const blocksMax = window.isCrowded() ? EXPIRY_BLOCKS_CROWDED : EXPIRY_BLOCKS_MAX;
  if (body.lastHeight - height >= blocksMax) {
    const now = window.isCrowded() ? " while so many transactions wait to expire" : "";
    return reject("EXPIRY_TOO_FAR", `a last height lies at most ${blocksMax - 1} blocks ahead${now}`, {
      field: "lastHeight",
      expected: `at most ${height + blocksMax - 1}`,
      got: `${body.lastHeight}`,
      fix: "sign it again with an earlier last height",
    });
  }
  if (!window.isFull(height)) return accept(undefined);
  return reject("REPLAY_WINDOW_FULL", "too many transactions wait to expire for one more in this block", {
    field: "transaction",
    expected: "room in the replay window",
    got: "none",
    fix: "try again after the next block",
  });
}

/** Reads a holder's entry. */
type ReadHolder = (view: StateView, id: Uint8Array) => Holder | undefined;

/** How many holders are remembered before remembering starts anew. */
const HOLDERS_REMEMBERED_MAX = 4_096;

/** Reads holders and remembers what their bytes mean: most transactions are of a holder that was seen before. */
function holderReader(): ReadHolder {
  const remembered = new Map<string, { readonly bytes: Uint8Array; readonly holder: Holder | undefined }>();
  return (view, id) => {
    const key = holderKey(id);
    const bytes = view.get(key);
    if (bytes === undefined) return undefined;
    const known = remembered.get(key);
    if (known !== undefined && equalBytes(known.bytes, bytes)) return known.holder;
    const holder = decodeHolder(bytes);
    if (remembered.size >= HOLDERS_REMEMBERED_MAX) remembered.clear();
    remembered.set(key, { bytes: new Uint8Array(bytes), holder });
    return holder;
  };
}

function findHolder(readHolder: ReadHolder, view: StateView, { body }: Envelope): Outcome<Holder> {
  const holder = readHolder(view, body.holder);
  if (holder !== undefined) return accept(holder);
  const got = bytesToHex(body.holder);
  return reject("HOLDER_UNKNOWN", `no holder has the id ${got}`, {
    field: "holder",
    expected: "the id of a holder that the ledger knows",
    got,
  });
}

/** Every signature's key is one that the holder has now. Refusal: KEY_UNKNOWN. */
function checkKeys(holder: Holder, transaction: Envelope): Outcome<void> {
  for (const [at, { publicKey }] of transaction.signatures.entries()) {
    if (positionOfKey(holder.keys.keys, publicKey) >= 0) continue;
    return reject("KEY_UNKNOWN", `signature ${at} is of a key that the holder does not have, or no longer`, {
      field: `signatures[${at}]`,
      expected: "a current key of the holder",
      got: bytesToHex(publicKey),
    });
  }
  return accept(undefined);
}

/** A transaction that is being applied: its signer as it stood when it began. */
type Application = {
  readonly index: AuthorityIndex;
  readonly rules: ProtocolRules;
  readonly state: MutableState;
  readonly signer: Holder;
  readonly transaction: Transaction;
  readonly block: Moment;
};

/** Applies a transaction's operations, all or none. */
function applyOperations({ index, rules, state, signer, transaction, block }: Application): Outcome<void> {
  const changes = overlay(state);
  const { body } = transaction;
  const holderId = bytesToHex(body.holder);
  // Signatures count against the keys that the holder had when the transaction began.
  const counts = new Map<Role | "recovery", SignedCount>();
  const countOf = (role: Role | "recovery"): SignedCount => {
    const known = counts.get(role);
    if (known !== undefined) return known;
    const count = countSigned(signer, transaction, role);
    counts.set(role, count);
    return count;
  };
  const hasSigned = (role: Role | "recovery"): boolean => countOf(role).isEnough;
  const context = (holder: Holder): ApplyContext => {
    return { state: changes, block, holderId, holderBytes: body.holder, holder, hasSigned, authority: index };
  };
  let current = context(signer);
  let refused: Outcome<void> = accept(undefined);
  for (const [at, operation] of body.operations.entries()) {
    const role = rules.roleOf(operation, current);
    const allowed = role.ok ? checkThreshold(role.value, countOf(role.value)) : role;
    const applied = allowed.ok ? rules.apply(operation, current) : allowed;
    if (!applied.ok) {
      refused = { ok: false, rejection: { ...applied.rejection, operation: at } };
      break;
    }
    // The operations that change the signer itself: the next one finds it as it is by then.
    if (operation.type === "rotate-keys" || operation.type === "recover-keys") {
      current = context(decodeHolder(changes.get(holderKey(body.holder))!)!);
    }
  }
  // What the index learned from changes that are dropped now is no more.
  if (refused.ok) keep(state, changes);
  else if (changes.writes.some((write) => isAuthority(write.key)) || body.operations.some(isFederate)) {
    index.forget();
  }
  return refused;
}

/** Makes an overlay's writes in their order. A count has no versions: of its thousand steps only the last is kept. */
function keep(state: MutableState, changes: Overlay): void {
  for (const { key, value } of changes.writes) {
    const isStep = key.charCodeAt(0) === KEY_KINDS.tally && changes.get(key) !== value;
    if (!isStep) state.set(key, value);
  }
}

function isAuthority(key: string): boolean {
  const kind = key.charCodeAt(0);
  return kind === KEY_KINDS.prefix || kind === KEY_KINDS.rule;
}

/** Whether an operation changes who serves what lies below a prefix, which stands in the prefix's record. */
function isFederate({ type }: Operation): boolean {
  return type === "federate";
}

/** How many of a role's keys signed, and whether that is enough. */
type SignedCount = { readonly signed: number; readonly needed: number; readonly isEnough: boolean };

/** Counts the signatures of a role's keys. Spec §4.2. */
function countSigned(holder: Holder, transaction: Transaction, role: Role | "recovery"): SignedCount {
  const threshold = role === "recovery" ? holder.keys.recovery : holder.keys.roles[role];
  if (threshold === null) return { signed: 0, needed: 1, isEnough: false };
  const { keys, needed } = threshold;
  const signed = transaction.signatures.filter(({ publicKey }) =>
    keys.includes(positionOfKey(holder.keys.keys, publicKey)),
  ).length;
  return { signed, needed, isEnough: signed >= needed };
}

/** Enough of a role's keys signed. Refusal: BELOW_THRESHOLD. Spec §4.2. */
function checkThreshold(role: Role | "recovery", { signed, needed, isEnough }: SignedCount): Outcome<void> {
  if (isEnough) return accept(undefined);
  return reject("BELOW_THRESHOLD", `${signed} of ${needed} signatures needed for the role ${role}`, {
    field: "signatures",
    expected: `${needed} signatures of ${role} keys`,
    got: `${signed}`,
  });
}
