import type { Code } from "@cityroot/codes/ma/code";
import type { Operation, OperationType } from "@cityroot/core/operation/operation";
import type { RejectionName } from "@cityroot/core/rejection";
import type { Client } from "@cityroot/sdk/client";
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
  /** Set where that refusal means that the registry holds all that the row says, which is then nothing to mend. */
  readonly takenStands?: boolean;
  /** What is said of a row that is held already. */
  readonly takenDetail: (label: string) => string;
  /** What is said of a row that repeats an earlier one. */
  readonly repeatDetail: (first: number) => string;
  /** Names of the rows that the registry holds already. */
  readonly findTaken: (
    client: Client,
    rows: readonly PlannedRow[],
    signal: AbortSignal,
  ) => Promise<ReadonlySet<string>>;
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
  findTaken: (client, rows, signal) =>
    findTaken(
      client,
      rows.map(({ code }) => code as Code),
      signal,
    ),
  hasEntered: async (client, { code, operation }, lastHeight) => {
    const { record } = await resolve(client, code, { delegations: false, asOf: { height: lastHeight } });
    return record !== null && record.class === (operation as Issue).class;
  },
};
