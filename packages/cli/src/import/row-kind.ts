import type { Code } from "@cityroot/codes/ma/code";
import { encodeCbor } from "@cityroot/core/cbor";
import { equalBytes } from "@cityroot/core/hex";
import type { Json } from "@cityroot/core/json";
import {
  type Operation,
  type OperationType,
  operationFromJson,
  operationToCbor,
} from "@cityroot/core/operation/operation";
import type { RejectionName } from "@cityroot/core/rejection";
import type { Client } from "@cityroot/sdk/client";
import type { ResolvedRecord } from "@cityroot/sdk/resolution";
import { resolve } from "@cityroot/sdk/resolve";
import { findTaken } from "./find-taken.ts";
import type { Outcome, PlannedRow } from "./plan-row.ts";

/** What rows of a table become, and what an import has to know of that. */
export type RowKind = {
  readonly type: OperationType;
  /** What names a row in results. */
  readonly labelOf: (operation: Operation) => string;
  /** No less than what the operation takes in CBOR. */
  readonly sizeOf: (operation: Operation) => number;
  /** The refusal of what the registry holds already. */
  readonly taken: RejectionName;
  /** How many codes an operation is about; one when absent. */
  readonly countOf?: (operation: Operation) => number;
  /** Set where that refusal alone means that the registry holds all that the row says, which is then nothing to mend. */
  readonly takenStands?: boolean;
  /** What is said of a row that is held already. */
  readonly takenDetail: (label: string) => string;
  /** What is said of a row that repeats an earlier one. */
  readonly repeatDetail: (first: number) => string;
  /** Names of the rows that the registry holds already, and whether it holds all that the row says. */
  readonly findTaken: (
    client: Client,
    rows: readonly PlannedRow[],
    signal: AbortSignal,
  ) => Promise<ReadonlyMap<string, boolean>>;
  /** Whether what was signed for a row up to a height entered. */
  readonly hasEntered: (client: Client, row: PlannedRow, lastHeight: number) => Promise<boolean>;
  /** What a row is that was done. */
  readonly done: Outcome | ((row: PlannedRow) => Outcome);
  /** What a row is that would be done; `free` when absent. */
  readonly wouldBe?: (row: PlannedRow) => Outcome;
};

type Issue = Operation & { readonly type: "issue" };

/** Rows that issue one code each. */
export const ISSUE_KIND: RowKind = {
  type: "issue",
  done: "issued",
  labelOf: (operation) => (operation as Issue).code,
  sizeOf: (operation) => {
    const { code, class: name, attributes, links } = operation as Issue;
    return 3 * JSON.stringify([attributes, links]).length + code.length + name.length + 64;
  },
  taken: "CODE_TAKEN",
  takenDetail: (code) => `${code} was issued already`,
  repeatDetail: (first) => `the same code as row ${first}`,
  findTaken: async (client, rows, signal) => {
    const codes = rows.map(({ code }) => code as Code);
    const taken = await findTaken(client, codes, signal);
    const held = rows.filter(({ code }) => taken.has(code));
    return new Map(held.map(({ code, operation }) => [code, saysAll(taken.get(code)!, operation as Issue)]));
  },
  hasEntered: async (client, { code, operation }, lastHeight) => {
    const { record } = await resolve(client, code, { delegations: false, asOf: { height: lastHeight } });
    return record !== null && record.class === (operation as Issue).class;
  },
};

/** Whether a record is in use and says what an issue says, and no more. */
function saysAll(record: ResolvedRecord | null, issue: Issue): boolean {
  if (record?.status !== "active") return false;
  const { class: name, attributes, links, commitments } = record;
  const json = { type: "issue", code: issue.code, class: name, attributes, links, commitments };
  const told = operationFromJson(json as unknown as Json);
  const bytesOf = (operation: Operation): Uint8Array => encodeCbor(operationToCbor(operation));
  return told.ok && equalBytes(bytesOf(told.value), bytesOf(issue));
}
