import { encodeCbor } from "@cityroot/core/cbor";
import { OPERATIONS_MAX, TRANSACTION_BYTES_MAX } from "@cityroot/core/limits";
import { type Operation, operationToCbor } from "@cityroot/core/operation/operation";
import { decodeTransaction } from "@cityroot/core/transaction";
import type { Client } from "@cityroot/sdk/client";
import { isTransportError, type RegistryError } from "@cityroot/sdk/error";
import { type SubmitResult, submit } from "@cityroot/sdk/submit";
import type { PendingChunk, SealedGroup } from "./journal.ts";
import type { PlannedRow, RowResult } from "./plan-row.ts";
import type { Held, RowKind } from "./row-kind.ts";
import type { Sealer } from "./seal-transaction.ts";

/** What submitting a chunk takes. */
export type SubmitContext = {
  readonly client: Client;
  readonly kind: RowKind;
  readonly seal: Sealer;
  /** The last height for what is signed now. */
  readonly lastHeight: () => Promise<number>;
  readonly signal: AbortSignal;
};

/** Rows that go together, and how often rows of them were refused before. */
type Group = { readonly rows: readonly PlannedRow[]; readonly depth: number };

/** After so many refusals a group is taken apart rather than sent again without the row. */
const RETRIES_WHOLE = 2;
/** Rows of the parts that a group is taken apart into; a part that is refused is taken apart row by row. */
const PART_ROWS = 32;
/** Bytes that a transaction's rows may take, with room for its head and signatures. */
const GROUP_BYTES_MAX: number = TRANSACTION_BYTES_MAX - 65_536;
/** Most transactions of one request, and bytes. */
const REQUEST_TRANSACTIONS_MAX = 500;

/** Refusals of the envelope: no row is to blame, and no other row fares better. */
const ENVELOPE = new Set([
  "TRANSACTION_MALFORMED",
  "TRANSACTION_TOO_LARGE",
  "WRONG_NETWORK",
  "EXPIRY_TOO_FAR",
  "HOLDER_UNKNOWN",
  "SIGNATURE_INVALID",
  "KEY_UNKNOWN",
  "BELOW_THRESHOLD",
]);

/**
 * Issues the rows of a chunk, together where that goes, and says what became of each. A row that is refused is left out
 * and the others go on. `save` keeps what is sent, and is called before it is.
 */
export async function submitRows(
  context: SubmitContext,
  rows: readonly PlannedRow[],
  known: PendingChunk | undefined,
  save: (pending: PendingChunk) => void,
): Promise<readonly RowResult[]> {
  const results: RowResult[] = [...(known?.results ?? [])];
  const settled = new Set(results.map(({ row }) => row));
  let groups: Group[];
  let sealed: SealedGroup[] = [];
  if (known !== undefined && known.groups.length > 0) {
    sealed = [...known.groups];
    groups = sealed.map((group) => ({ rows: rowsOf(context.kind, group), depth: RETRIES_WHOLE }));
  } else {
    groups = packRows(
      context.kind,
      rows.filter(({ row }) => !settled.has(row)),
      OPERATIONS_TOGETHER,
    ).map((part) => ({ rows: part, depth: 0 }));
  }
  while (groups.length > 0) {
    if (sealed.length === 0) {
      const lastHeight = await context.lastHeight();
      sealed = groups.map((group) => sealGroup(context, group.rows, lastHeight));
      save({ results, groups: sealed });
    }
    const answers = await sendAll(context, sealed);
    const next: Group[] = [];
    for (const [at, group] of groups.entries()) {
      const outcome = await judge(context, group, sealed[at]!, answers[at]!);
      results.push(...outcome.results);
      next.push(...outcome.again);
    }
    groups = next;
    sealed = [];
  }
  return results;
}

/** The rows of a transaction that was signed before: its bytes say what was, whatever the file says now. */
function rowsOf(kind: RowKind, { rows, bytes, foreseen }: SealedGroup): readonly PlannedRow[] {
  const known = new Map(foreseen.map((one) => [one.row, { foreseen: one.foreseen }]));
  const transaction = decodeTransaction(bytes);
  if (!transaction.ok) throw new Error(`the journal holds no transaction: ${transaction.rejection.detail}`);
  const planned: PlannedRow[] = [];
  for (const [at, operation] of transaction.value.body.operations.entries()) {
    const row = rows[at]!;
    const last = planned.at(-1);
    if (last?.row === row)
      planned[planned.length - 1] = { ...last, after: [...(last.after ?? []), operation] };
    else planned.push({ row, code: kind.labelOf(operation), operation, ...known.get(row) });
  }
  return planned;
}

/** Most rows of one transaction. */
const OPERATIONS_TOGETHER = 1_000;

function operationsOf({ operation, after = [] }: PlannedRow): readonly Operation[] {
  return [operation, ...after];
}

function sealGroup({ seal }: SubmitContext, rows: readonly PlannedRow[], lastHeight: number): SealedGroup {
  return {
    rows: rows.flatMap((row) => operationsOf(row).map(() => row.row)),
    bytes: seal(rows.flatMap(operationsOf), lastHeight),
    foreseen: rows.flatMap(({ row, foreseen }) => (foreseen === undefined ? [] : [{ row, foreseen }])),
  };
}

/** Groups of at most so many rows, whose texts and operations stay within a transaction. */
function packRows(kind: RowKind, rows: readonly PlannedRow[], rowsMax: number): PlannedRow[][] {
  const groups: PlannedRow[][] = [];
  let sizeBytes = 0;
  let operations = 0;
  for (const row of rows) {
    const bytes = kind.sizeOf(row.operation) + sizeOfAll(row.after ?? []);
    const count = operationsOf(row).length;
    const last = groups.at(-1);
    const fits = sizeBytes + bytes <= GROUP_BYTES_MAX && operations + count <= OPERATIONS_MAX;
    if (last === undefined || last.length >= rowsMax || !fits) {
      groups.push([row]);
      sizeBytes = bytes;
      operations = count;
    } else {
      last.push(row);
      sizeBytes += bytes;
      operations += count;
    }
  }
  return groups;
}

function sizeOfAll(operations: readonly Operation[]): number {
  return operations.reduce((sum, operation) => sum + encodeCbor(operationToCbor(operation)).length, 0);
}

async function sendAll(
  context: SubmitContext,
  sealed: readonly SealedGroup[],
): Promise<readonly SubmitResult[]> {
  const answers: SubmitResult[] = [];
  for (let at = 0; at < sealed.length; at += REQUEST_TRANSACTIONS_MAX) {
    const part = sealed.slice(at, at + REQUEST_TRANSACTIONS_MAX).map(({ bytes }) => bytes);
    answers.push(...(await sendPatiently(context, part)));
  }
  return answers;
}

const TRIES_MAX = 8;

/** Sends; what is not answered in time is sent again, which the registry takes for what it is. */
async function sendPatiently(
  { client, signal }: SubmitContext,
  part: readonly Uint8Array[],
): Promise<readonly SubmitResult[]> {
  for (let tries = 1; ; tries++) {
    try {
      return await submit(client, part, { signal, attempts: 12, waitMs: 500 });
    } catch (error) {
      if (tries === TRIES_MAX || !isTransportError(error) || error.failure !== "timeout") throw error;
    }
  }
}

type Judgement = { readonly results: readonly RowResult[]; readonly again: readonly Group[] };

async function judge(
  context: SubmitContext,
  group: Group,
  sealed: SealedGroup,
  answer: SubmitResult,
): Promise<Judgement> {
  const { kind, client, signal } = context;
  const { rows, depth } = group;
  if (answer.status === "committed") return { results: rows.map((row) => doneRow(kind, row)), again: [] };
  const { error } = answer;
  if (error.rejection === "EXPIRED") return judgeExpired(context, group, sealed);
  if (ENVELOPE.has(error.rejection) || error.operation === undefined) throw error;
  const badRow = sealed.rows[error.operation];
  const bad = rows.find(({ row }) => row === badRow);
  if (bad === undefined) throw error;
  let others = rows.filter((row) => row !== bad);
  const results: RowResult[] = [];
  if (error.rejection === kind.taken) {
    // Where one is held already, many may be: the table, or an earlier one like it, was imported before.
    const looksAtAll = depth === 0 && others.length >= PART_ROWS;
    const isKnown = kind.takenStands === true && !looksAtAll;
    const taken: ReadonlyMap<string, Held> = isKnown
      ? new Map()
      : await kind.findTaken(client, looksAtAll ? rows : [bad], signal);
    const held = kind.takenStands === true ? STANDS : taken.get(bad.code);
    results.push(held === undefined ? refusedRow(kind, bad, error) : takenRow(kind, bad, held));
    for (const row of others) {
      const known = taken.get(row.code);
      if (known !== undefined) results.push(takenRow(kind, row, known));
    }
    others = others.filter(({ code }) => !taken.has(code));
  } else results.push(refusedRow(kind, bad, error));
  if (others.length === 0) return { results, again: [] };
  if (depth < RETRIES_WHOLE) return { results, again: [{ rows: others, depth: depth + 1 }] };
  const size = others.length > PART_ROWS ? PART_ROWS : 1;
  return { results, again: packRows(kind, others, size).map((part) => ({ rows: part, depth: depth + 1 })) };
}

/**
 * A transaction that can no longer enter: it may have entered before an interrupt and been forgotten since. All of it
 * entered or nothing, so its first row tells; what did not enter is signed anew.
 */
async function judgeExpired(
  { client, kind }: SubmitContext,
  { rows, depth }: Group,
  sealed: SealedGroup,
): Promise<Judgement> {
  const transaction = decodeTransaction(sealed.bytes);
  const lastHeight = transaction.ok ? transaction.value.body.lastHeight : 0;
  const isOurs = await kind.hasEntered(client, rows[0]!, lastHeight);
  if (isOurs) return { results: rows.map((row) => doneRow(kind, row)), again: [] };
  return { results: [], again: [{ rows, depth }] };
}

function doneRow(kind: RowKind, row: PlannedRow): RowResult {
  const outcome = typeof kind.done === "function" ? kind.done(row) : kind.done;
  return { ...subjectOf(kind, row), outcome, rejection: "", detail: "", ...noticeOf(row) };
}

/** What people should know of a row that is done, or would be. */
export function noticeOf({ foreseen }: PlannedRow): Pick<RowResult, "notice" | "detail"> | undefined {
  return foreseen && { notice: foreseen.notice, detail: foreseen.detail };
}

const STANDS: Held = { stands: true };

function takenRow(kind: RowKind, row: PlannedRow, held: Held): RowResult {
  const { taken, takenDetail } = kind;
  const subject = subjectOf(kind, row);
  if (held.stands) return { ...subject, outcome: "stands", rejection: "", detail: "" };
  return { ...subject, outcome: "refused", rejection: taken, detail: held.detail ?? takenDetail(row.code) };
}

function refusedRow(kind: RowKind, row: PlannedRow, error: RegistryError): RowResult {
  const detail = error.message.replace(`${error.rejection}: `, "");
  return { ...subjectOf(kind, row), outcome: "refused", rejection: error.rejection, detail };
}

function subjectOf(
  { countOf }: RowKind,
  { row, code, operation }: PlannedRow,
): Pick<RowResult, "row" | "code" | "codes"> {
  return countOf === undefined ? { row, code } : { row, code, codes: countOf(operation) };
}
