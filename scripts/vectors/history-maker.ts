// Makes histories: signs transactions, gives them blocks, and holds what becomes of them against what the author said.
import type { Code } from "@cityroot/codes/ma/code";
import { genesisToJson, networkOf } from "@cityroot/core/genesis";
import { bytesToHex } from "@cityroot/core/hex";
import { sign } from "@cityroot/core/key/ed25519";
import {
  GENESIS_TIME_MS,
  publicKeyOfSeed,
  type TestHolder,
  testGenesis,
  testHolder,
} from "@cityroot/core/ledger.testing";
import type { Operation } from "@cityroot/core/operation/operation";
import type { Rule } from "@cityroot/core/rule/rule";
import type { Validator } from "@cityroot/core/state/validators";
import { encodeBody, encodeTransaction, signedMessageOf, transactionIdOf } from "@cityroot/core/transaction";
import {
  type HistoryFile,
  type HistoryInput,
  judgeHistory,
  type ReportedMisbehaviour,
  type SentTransaction,
} from "./history-case.ts";

/** The holders of the two root prefixes, `MA.156` and `MA.276`. */
export const NATION: TestHolder = testHolder("Nation", 1);
export const STRANGER: TestHolder = testHolder("Stranger", 3);
/** Holders that histories delegate to. */
export const CITY_HOLDER: TestHolder = testHolder("City", 2);
export const BUREAU_HOLDER: TestHolder = testHolder("Bureau", 4);

/** How a transaction departs from what it would be. */
export type SendOptions = {
  readonly seeds?: readonly Uint8Array[];
  readonly lastHeight?: number;
  readonly nonce?: number;
  readonly network?: string;
  /** Damages the signed bytes. */
  readonly damage?: (bytes: Uint8Array) => Uint8Array;
};

/** A history that is being made. */
export type HistoryMaker = {
  /** Height of the block that is being made. */
  readonly height: () => number;
  /** Sends a transaction in this block; `outcome` is what has to become of it. Gives its bytes, to be sent again. */
  readonly send: (
    outcome: SentTransaction["outcome"],
    about: string,
    holder: TestHolder,
    operations: readonly Operation[],
    options?: SendOptions,
  ) => string;
  /** Lets the consensus report of a validator with this block. */
  readonly report: (misbehaviour: ReportedMisbehaviour) => void;
  /** Sends bytes again. */
  readonly repeat: (outcome: SentTransaction["outcome"], about: string, bytes: string) => void;
  /** Ends the block; the next one comes a second later, or at another time. */
  readonly next: (timeMs?: number) => void;
  readonly timeMs: () => number;
  readonly finish: () => HistoryFile;
};

/** Begins a history. The rule is that of `MA.156`; the validators are those of its genesis, where it has any. */
export function beginHistory(
  about: string,
  rule: Rule | null = null,
  validators?: readonly Validator[],
): HistoryMaker {
  const roots = testGenesis([
    { prefix: "MA.156" as Code, holder: NATION, rule },
    { prefix: "MA.276" as Code, holder: STRANGER, rule: null },
  ]);
  const genesis = validators === undefined ? roots : { ...roots, validators };
  const network = networkOf(genesis).id;
  const blocks: HistoryInput["blocks"][number][] = [];
  let reported: ReportedMisbehaviour[] = [];
  let sent: { about: string; bytes: string; expected: SentTransaction["outcome"] }[] = [];
  const expected: SentTransaction["outcome"][] = [];
  let height = 1;
  let timeMs = GENESIS_TIME_MS + 1000;
  let nonce = 0;
  const repeat: HistoryMaker["repeat"] = (outcome, what, bytes) => {
    sent.push({ about: what, bytes, expected: outcome });
  };
  const next: HistoryMaker["next"] = (at = timeMs + 1000) => {
    blocks.push({
      height,
      timeMs,
      ...(reported.length > 0 && { misbehaviour: reported }),
      transactions: sent.map(({ about: what, bytes }) => ({ about: what, bytes })),
    });
    expected.push(...sent.map((one) => one.expected));
    sent = [];
    reported = [];
    height += 1;
    timeMs = at;
  };
  const send: HistoryMaker["send"] = (outcome, what, holder, operations, options = {}) => {
    nonce += 1;
    const bodyBytes = encodeBody({
      network: options.network ?? network,
      holder: holder.id,
      lastHeight: options.lastHeight ?? height + 10,
      nonce: options.nonce ?? nonce,
      operations,
    });
    const message = signedMessageOf(transactionIdOf(bodyBytes));
    const signatures = (options.seeds ?? holder.seeds).map((seed) => {
      return { publicKey: publicKeyOfSeed(seed), signature: sign(seed, message) };
    });
    const bytes = encodeTransaction(bodyBytes, signatures);
    const hex = bytesToHex(options.damage === undefined ? bytes : options.damage(bytes));
    repeat(outcome, what, hex);
    return hex;
  };
  const finish = (): HistoryFile => {
    if (sent.length > 0) next();
    const file = judgeHistory({ about, genesis: genesisToJson(genesis), blocks });
    const outcomes = file.blocks.flatMap(({ transactions }) => transactions);
    for (const [at, { about: what, outcome }] of outcomes.entries()) {
      if (outcome !== expected[at]) throw new Error(`${about}: ${what}: ${outcome}, not ${expected[at]}`);
    }
    return file;
  };
  const report: HistoryMaker["report"] = (misbehaviour) => {
    reported.push(misbehaviour);
  };
  return { height: () => height, timeMs: () => timeMs, send, report, repeat, next, finish };
}
