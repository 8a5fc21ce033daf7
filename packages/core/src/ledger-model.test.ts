import type { Code } from "@cityroot/codes/ma/code";
import { ancestorsOf, parentOf } from "@cityroot/codes/ma/prefix";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { FUZZ_RUNS } from "./cbor.testing.ts";
import { bytesToHex } from "./hex.ts";
import { GENESIS_TIME_MS, nameOf, type OutcomeName, type TestLedger, testLedger } from "./ledger.testing.ts";
import { openLedger } from "./ledger.ts";
import {
  CODES,
  type HistoryPlan,
  HOLDERS,
  historyArb,
  makeTransaction,
  numberOfHolder,
  PREFIXES,
  PREPARATION,
} from "./ledger-model.testing.ts";
import { leafHash, nodeHash, rootOf } from "./log/tree.ts";
import { OPERATIONS, type OperationType } from "./operation/operation.ts";
import { standingOf } from "./operation/standing.ts";
import { stateRootOf } from "./proof/trie.ts";
import {
  decodeAlias,
  decodeAliased,
  keyOfAlias,
  keyOfAliased,
  stemOfAliased,
  stemOfClaimant,
  stemOfLegacy,
} from "./state/alias.ts";
import { decodeCodingSystem } from "./state/coding-system.ts";
import { decodeVersioned, ENTRY_TYPES } from "./state/entry.ts";
import { decodeInterval, type Interval, serialAfter } from "./state/interval.ts";
import {
  codeKey,
  codeOfKey,
  codingSystemKey,
  type KeyKind,
  kindOfKey,
  replayKey,
  type StateKey,
} from "./state/key.ts";
import { type MemoryState, memoryState } from "./state/memory.ts";
import { decodePrefix } from "./state/prefix.ts";
import { decodeRecord, entryTypeOf, isRecord } from "./state/record.ts";
import { readReplayWindow, replaySlotOf } from "./state/replay.ts";
import type { MutableState, StateEntry, StateView } from "./state/view.ts";
import { decodeTransaction, encodeTransaction, type Transaction } from "./transaction.ts";

/*
 * Goal: no sequence of transactions breaks what the ledger promises.
 * Method: random histories over a tiny world, so that they meet; after each transaction the promises are checked by
 * the simplest means, without what the operations use. Replay: set `seed` and `path` from the failure message.
 */

/** Everything that was written, in order, key by key. */
type History = Map<StateKey, Uint8Array[]>;

/** A state that keeps every write. */
function recordingState(
  state: MutableState,
  history: History,
): MutableState & { readonly written: StateEntry[] } {
  const written: StateEntry[] = [];
  return {
    ...state,
    written,
    set: (key, value) => {
      written.push({ key, value });
      history.set(key, [...(history.get(key) ?? []), value]);
      state.set(key, value);
    },
  };
}

/** Number of the holder of the nearest prefix at or above a code; -1 for none. */
function authorityAtOrAbove(view: StateView, code: Code): number {
  const nearest = [code, ...ancestorsOf(code)].find((node) => prefixAt(view, node) !== undefined);
  return nearest === undefined ? -1 : numberOfHolder(prefixAt(view, nearest)!.holder);
}

function prefixAt(view: StateView, code: Code) {
  const bytes = view.get(`\u0003${codeKey(code).slice(1)}` as StateKey);
  return bytes === undefined ? undefined : decodePrefix(bytes);
}

/** Who may write an entry that lies at a code. */
function writersOf(view: StateView, code: Code): readonly number[] {
  const bytes = view.get(codeKey(code));
  const handedTo = bytes !== undefined && isRecord(bytes) ? decodeRecord(bytes)?.holder : null;
  if (handedTo) return [numberOfHolder(handedTo)];
  const parent = parentOf(code);
  return [authorityAtOrAbove(view, code), parent === undefined ? -1 : authorityAtOrAbove(view, parent)];
}

const CODED: readonly (KeyKind | undefined)[] = ["code", "prefix", "rule", "tally"];

/** Only who had the say wrote, and a holder's entry was written by itself or by who declared it. */
function expectAuthorised(before: StateView, transaction: Transaction, written: readonly StateEntry[]): void {
  const writer = numberOfHolder(transaction.body.holder);
  for (const { key, value } of written) {
    const kind = kindOfKey(key);
    if (kind === "holder") {
      const isNew = before.get(key) === undefined && decodeVersioned(value)?.version.version === 1;
      const isOwn = key.slice(1) === String.fromCharCode(...transaction.body.holder);
      expect(isNew || isOwn, `holder entry by ${writer}`).toBe(true);
      continue;
    }
    if (kind === "validators" || kind === "parameters" || kind === "system") {
      expect(authorityAtOrAbove(before, PREFIXES[0] as Code), `${kind} by ${writer}`).toBe(writer);
      continue;
    }
    if (kind === "alias" || kind === "aliased") {
      expectClaimAuthorised(before, writer, { key, value });
      continue;
    }
    expect(CODED, `a transaction writes no ${kind}`).toContain(kind);
    const code = codeOfKey(key)!;
    expect(writersOf(before, code), `${kind} ${code} by ${writer}`).toContain(writer);
  }
}

/** A claim is made and taken back by who speaks as its claimant, and judged by who has a say in it. */
function expectClaimAuthorised(before: StateView, writer: number, { key, value }: StateEntry): void {
  const led = decodeAliased(value);
  if (led !== undefined) {
    expect(before.get(key), "what leads to a claim is written once").toBeUndefined();
    expect(key).toBe(keyOfAliased(led));
    expect(authorityAtOrAbove(before, led.claimant)).toBe(writer);
    return;
  }
  const claim = decodeAlias(value)!;
  expect(key).toBe(keyOfAlias(claim));
  const bytes = before.get(key);
  const was = bytes === undefined ? undefined : decodeAlias(bytes);
  const isJudged = was !== undefined && !claim.isWithdrawn && was.claimed.height === claim.claimed.height;
  const speakers = [authorityAtOrAbove(before, claim.claimant)];
  if (isJudged) {
    speakers.push(...writersOf(before, claim.target));
    const system = before.get(codingSystemKey(claim.system));
    const authority = system === undefined ? null : decodeCodingSystem(system)!.authority;
    if (authority !== null) speakers.push(authorityAtOrAbove(before, authority));
  }
  expect(speakers, `claim of ${claim.claimant} by ${writer}`).toContain(writer);
}

/** Every claim is found from its legacy code and from its target, and what leads to a claim leads to one. */
function expectClaimsFound(state: MemoryState): void {
  const entries = state.entries();
  const claims = entries.flatMap(({ value }) => decodeAlias(value) ?? []);
  const led = entries.flatMap(({ value }) => decodeAliased(value) ?? []);
  expect(led.map(keyOfAlias).sort()).toEqual(claims.map(keyOfAlias).sort());
  for (const claim of claims) {
    expect(keyOfAlias(claim).startsWith(stemOfClaimant(keyOfAlias(claim)))).toBe(true);
    expect(stemOfClaimant(keyOfAlias(claim)).startsWith(stemOfLegacy(claim))).toBe(true);
    expect(keyOfAliased(claim).startsWith(stemOfAliased(claim.target))).toBe(true);
    expect(state.get(keyOfAliased(claim))).toBeDefined();
    expect(standingOf(state, claim.target).kind).not.toBe("free");
  }
}

/** Intervals as they stand in the state, also those that records carry. */
function intervalsOf(state: readonly StateEntry[]): readonly Interval[] {
  return state.flatMap(({ key, value }) => {
    const code = kindOfKey(key) === "code" ? codeOfKey(key) : undefined;
    const interval = code === undefined ? undefined : decodeInterval(code, value);
    return interval === undefined ? [] : [interval];
  });
}

/** How each code stands, by looking at everything there is. */
function naiveStandings(state: readonly StateEntry[]): ReadonlyMap<Code, string> {
  const records = new Set(state.filter(({ value }) => isRecord(value)).map(({ key }) => key));
  const intervals = intervalsOf(state);
  const federated = state.flatMap(({ key, value }) =>
    isRecord(value) && decodeRecord(value)?.federation !== undefined ? [codeOfKey(key)!] : [],
  );
  const standingAt = (code: Code): string => {
    if (records.has(codeKey(code))) return "record";
    if (ancestorsOf(code).some((ancestor) => federated.includes(ancestor))) return "federated";
    const around = intervals.find((interval) => isOneOf(interval, code));
    return around === undefined ? "free" : around.type === "range" ? "in-range" : "in-batch";
  };
  return new Map(CODES.map((code) => [code, standingAt(code)]));
}

/** How a code stands that this network never issued. */
const NOT_ISSUED: readonly string[] = ["free", "federated"];

function isOneOf(interval: Interval, code: Code): boolean {
  if (interval.type === "range") {
    const steps = Array.from({ length: interval.count }, (_, step) => step);
    return steps.some((step) => serialAfter(interval.first, interval.digits, step) === code);
  }
  if (parentOf(code) !== parentOf(interval.first)) return false;
  return codeKey(code) >= codeKey(interval.first) && codeKey(code) <= codeKey(interval.last);
}

/** Intervals lie apart, and exactly what lies within one says so. */
function expectIntervalsApart(state: readonly StateEntry[]): void {
  const intervals = [...intervalsOf(state)].sort((a, b) => (codeKey(a.first) < codeKey(b.first) ? -1 : 1));
  for (const [at, interval] of intervals.entries()) {
    const next = intervals[at + 1];
    if (next !== undefined) expect(codeKey(interval.last) < codeKey(next.first), interval.first).toBe(true);
  }
  for (const { key, value } of state) {
    if (kindOfKey(key) !== "code" || !isRecord(value)) continue;
    const around = intervals.find(
      (interval) => key >= codeKey(interval.first) && key <= codeKey(interval.last),
    );
    expect(decodeRecord(value)?.within ?? null, key).toBe(around?.first ?? null);
  }
}

/** The peaks over leaves: of every complete subtree from the left, the largest first. */
function peaksOver(leaves: readonly Uint8Array[]): string {
  let width = 1;
  while (2 * width <= leaves.length) width *= 2;
  if (leaves.length === 0) return "";
  const naiveRoot = (part: readonly Uint8Array[]): Uint8Array =>
    part.length === 1
      ? part[0]!
      : nodeHash(naiveRoot(part.slice(0, part.length / 2)), naiveRoot(part.slice(part.length / 2)));
  const peak = naiveRoot(leaves.slice(0, width));
  expect(bytesToHex(rootOf(leaves.slice(0, width)))).toBe(bytesToHex(peak));
  return bytesToHex(peak) + peaksOver(leaves.slice(width));
}

const VERSIONED: readonly (number | undefined)[] = [
  ENTRY_TYPES.holder,
  ENTRY_TYPES.prefix,
  ENTRY_TYPES.rules,
  ENTRY_TYPES.record,
  ENTRY_TYPES.validators,
  ENTRY_TYPES.parameters,
];

/** Versions count up by one, and each commits to all before it. */
function expectVersions(history: History, block: { readonly height: number; readonly timeMs: number }): void {
  for (const [key, values] of history) {
    const versions = values.filter((value) => VERSIONED.includes(entryTypeOf(value)));
    let since = 0;
    for (const [at, value] of versions.entries()) {
      const version = decodeVersioned(value)!.version;
      expect(version.version, key).toBe(at + 1);
      expect(version.since.height, key).toBeGreaterThanOrEqual(since);
      expect(version.since.height, key).toBeLessThanOrEqual(block.height);
      since = version.since.height;
      if (at === versions.length - 1) {
        expect(bytesToHex(version.peaks), key).toBe(peaksOver(versions.slice(0, at).map(leafHash)));
      }
    }
  }
}

type Told = { readonly type: OperationType; readonly outcome: OutcomeName };

/** A ledger at the beginning of a history, with all that was written so far. */
function beginHistory(plan: HistoryPlan): { readonly ledger: TestLedger; readonly history: History } {
  const roots = [{ prefix: PREFIXES[0] as Code, holder: HOLDERS[0]!, rule: null }];
  const ledger = testLedger(roots, { signs: false });
  const history: History = new Map(ledger.state.entries().map(({ key, value }) => [key, [value]]));
  const state = recordingState(ledger.state, history);
  const block = { height: 1, timeMs: GENESIS_TIME_MS + 1000 };
  const transactions = !plan.isPrepared
    ? []
    : PREPARATION.map(([number, operations]) => {
        const seeds = [HOLDERS[number]!.seeds[0]!];
        return ledger.transaction(HOLDERS[number]!, operations, { seeds });
      });
  const outcomes = ledger.ledger.applyBlock(state, transactions, block);
  expect(outcomes.map(nameOf).every((name) => name === "ok")).toBe(true);
  return { ledger, history };
}

/** Runs a history, checking after each transaction and block; tells each operation that was tried alone. */
function runHistory(plan: HistoryPlan): readonly Told[] {
  const { ledger, history } = beginHistory(plan);
  const sent: Transaction[] = [];
  const told: Told[] = [];
  const twin = copyOf(ledger.state.entries());
  let block = { height: 1, timeMs: GENESIS_TIME_MS + 1000 };
  for (const { afterMs, transactions: plans } of plan.blocks) {
    block = { height: block.height + 1, timeMs: block.timeMs + afterMs };
    const standings = [...naiveStandings(ledger.state.entries())];
    const context = {
      height: block.height,
      authorityOf: (code: Code) => authorityAtOrAbove(ledger.state, code),
      issued: standings.flatMap(([code, standing]) => (NOT_ISSUED.includes(standing) ? [] : [code])),
    };
    const transactions = plans.flatMap((one) => {
      const transaction = makeTransaction(ledger, one, context);
      sent.push(transaction);
      return one.expiry < 0 ? [transaction, sent[sent.length >> 1]!] : [transaction];
    });
    const outcomes = runBlock(ledger, { transactions, block, history });
    for (const [at, { body }] of transactions.entries()) {
      if (body.operations.length === 1) told.push({ type: body.operations[0]!.type, outcome: outcomes[at]! });
    }
    expectIntervalsApart(ledger.state.entries());
    expectTwin(ledger, twin, { transactions, block, outcomes });
  }
  expectVersions(history, block);
  return told;
}

function copyOf(entries: readonly StateEntry[]): MemoryState {
  const copy = memoryState();
  for (const { key, value } of entries) copy.set(key, value);
  return copy;
}

type BlockRun = {
  readonly transactions: readonly Transaction[];
  readonly block: { readonly height: number; readonly timeMs: number };
  readonly history: History;
};

/** Applies a block transaction by transaction, and checks what each left. */
function runBlock(ledger: TestLedger, { transactions, block, history }: BlockRun): readonly OutcomeName[] {
  const entered: Transaction[] = [];
  const outcomes: OutcomeName[] = [];
  let standings = naiveStandings(ledger.state.entries());
  for (const transaction of transactions) {
    const before = copyOf(ledger.state.entries());
    const state = recordingState(ledger.state, history);
    const outcome = ledger.ledger.apply(state, transaction, block);
    outcomes.push(nameOf(outcome));
    if (!outcome.ok) {
      expect(state.written, `written by a transaction with ${nameOf(outcome)}`).toEqual([]);
      continue;
    }
    entered.push(transaction);
    expectAuthorised(before, transaction, state.written);
    for (const { key } of before.entries())
      if (ledger.state.get(key) === undefined) expect.fail(`${key} is gone`);
    const after = naiveStandings(ledger.state.entries());
    for (const [code, was] of standings) expectKept(ledger, code, was, after.get(code)!);
    standings = after;
  }
  expectClaimsFound(ledger.state);
  ledger.ledger.finish(ledger.state, entered, block);
  return outcomes;
}

/** What was issued stays so, and the ledger finds it as the naive search does. */
function expectKept(ledger: TestLedger, code: Code, was: string, is: string): void {
  const found = standingOf(ledger.state, code).kind;
  if (found !== is) expect.fail(`${code} is ${is}, found as ${found}`);
  if (was === "federated" && is !== was) expect(is, `${code}, which another network served`).toBe("free");
  if (!NOT_ISSUED.includes(was) && NOT_ISSUED.includes(is)) expect.fail(`${code} was ${was} and is ${is}`);
  if (was === "record" && is !== "record") expect.fail(`${code} was ${was} and is ${is}`);
}

type TwinRun = Omit<BlockRun, "history"> & { readonly outcomes: readonly OutcomeName[] };

/** Another node, started anew before each block from its state alone, decides the same and has the same state. */
function expectTwin(ledger: TestLedger, twin: MemoryState, run: TwinRun): void {
  const { transactions, block, outcomes } = run;
  const opened = openLedger(ledger.ledger.network, readReplayWindow(twin, block.height - 1));
  const received = transactions.map(({ bodyBytes, signatures }) => {
    const decoded = decodeTransaction(encodeTransaction(bodyBytes, signatures));
    if (!decoded.ok) throw new Error(decoded.rejection.detail);
    return decoded.value;
  });
  expect(opened.applyBlock(twin, received, block).map(nameOf)).toEqual(outcomes);
  expect(bytesToHex(stateRootOf(twin.entries())!)).toBe(bytesToHex(ledger.root()));
  expect(twin.get(replayKey(replaySlotOf(block.height)))).toBeDefined();
}

test("whatever holders do, the ledger keeps its promises", () => {
  fc.assert(
    fc.property(historyArb, (plan) => {
      runHistory(plan);
    }),
    { numRuns: Math.ceil(FUZZ_RUNS / 400) },
  );
});

test("the histories are worth trying: every operation is accepted in some, and refused for many reasons", () => {
  const told = fc.sample(historyArb, { seed: 2, numRuns: 450 }).flatMap(runHistory);
  const accepted = new Set(told.filter(({ outcome }) => outcome === "ok").map(({ type }) => type));
  expect([...accepted].sort()).toEqual(Object.keys(OPERATIONS).sort());
  expect(new Set(told.map(({ outcome }) => outcome)).size).toBeGreaterThan(15);
});
