import type { Code } from "@cityroot/codes/ma/code";
import type { Json } from "@cityroot/core/json";
import {
  type Operation,
  type OperationType,
  operationFromJson,
  operationToJson,
} from "@cityroot/core/operation/operation";
import type { RejectionName } from "@cityroot/core/rejection";
import type { Client } from "@cityroot/sdk/client";
import type { ResolvedRecord } from "@cityroot/sdk/resolution";
import { resolve } from "@cityroot/sdk/resolve";
import { sameJson } from "../registry/same-json.ts";
import type { Say } from "../text/say.ts";
import { findTaken } from "./find-taken.ts";
import type { Outcome, PlannedRow, RowResult } from "./plan-row.ts";

/** What the registry holds of a row: all that it says, or something else. */
export type Held = { readonly stands: true } | { readonly stands: false; readonly detail?: string };

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
  /** What is said of a row that repeats an earlier one, and of one that says something else of the same code. */
  readonly repeatDetail: (first: number) => string;
  readonly contradictDetail: (first: number) => string;
  /** All that a row says, where two rows of one code may say different things. */
  readonly contentOf?: (operation: Operation) => string;
  /** Names of the rows that the registry holds already, and what it holds of them. */
  readonly findTaken: (
    client: Client,
    rows: readonly PlannedRow[],
    signal: AbortSignal,
  ) => Promise<ReadonlyMap<string, Held>>;
  /**
   * Looks at rows before anything is signed: what is settled without it, and rows with what is known of them, in the order given.
   * Where it stands, a dry run asks nothing else.
   */
  readonly foresee?: (
    client: Client,
    rows: readonly PlannedRow[],
    circumstances: { readonly signal: AbortSignal; readonly isDry: boolean },
  ) => Promise<readonly (PlannedRow | RowResult)[]>;
  /** Whether what was signed for a row up to a height entered. */
  readonly hasEntered: (client: Client, row: PlannedRow, lastHeight: number) => Promise<boolean>;
  /** What a row is that was done. */
  readonly done: Outcome | ((row: PlannedRow) => Outcome);
  /** What a row is that would be done; `free` when absent. */
  readonly wouldBe?: (row: PlannedRow) => Outcome;
};

type Issue = Operation & { readonly type: "issue" };

/** Rows that issue one code each. */
export const issueKind = (say: Say): RowKind => ({
  type: "issue",
  done: "issued",
  labelOf: (operation) => (operation as Issue).code,
  sizeOf: (operation) => {
    const { code, class: name, attributes, links } = operation as Issue;
    return 3 * JSON.stringify([attributes, links]).length + code.length + name.length + 64;
  },
  taken: "CODE_TAKEN",
  takenDetail: (code) => say("row.issued", { code }),
  repeatDetail: (first) => say("row.sameCode", { row: first }),
  contradictDetail: (first) => say("row.otherContent", { row: first }),
  findTaken: async (client, rows, signal) => {
    const codes = rows.map(({ code }) => code as Code);
    const taken = await findTaken(client, codes, signal);
    const held = rows.filter(({ code }) => taken.has(code));
    return new Map(
      held.map(({ code, operation }) => [code, heldOf(say, taken.get(code)!, operation as Issue)]),
    );
  },
  hasEntered: hasIssued,
});

/** The same for a table, whose rows may say different things of one code. */
export const issueTableKind = (say: Say): RowKind => ({
  ...issueKind(say),
  contentOf: (operation) => JSON.stringify(operationToJson(operation)),
});

/** Whether what was signed to issue a code up to a height entered. */
export async function hasIssued(
  client: Client,
  { code, operation }: PlannedRow,
  lastHeight: number,
): Promise<boolean> {
  const { record } = await resolve(client, code, { delegations: false, asOf: { height: lastHeight } });
  return record !== null && record.class === (operation as Issue).class;
}

/** Whether a record is in use and says what an issue says, and no more; else what differs. */
function heldOf(say: Say, record: ResolvedRecord | null, issue: Issue): Held {
  const { code } = issue;
  if (record === null) return { stands: false, detail: say("row.inInterval", { code }) };
  const { class: name, attributes, links, commitments, status } = record;
  if (status !== "active")
    return { stands: false, detail: say("row.notActive", { code, status: say(`status.${status}`) }) };
  const json = { type: "issue", code, class: name, attributes, links, commitments };
  const told = operationFromJson(json as unknown as Json);
  // A record of a form that this program does not know is another one than it would issue.
  if (!told.ok) return { stands: false };
  const [there, here] = [operationToJson(told.value), operationToJson(issue)].map(partsOf);
  const names = [...new Set([...Object.keys(there!), ...Object.keys(here!)])];
  const differing = names.filter((part) => !sameJson(there![part] ?? null, here![part] ?? null));
  if (differing.length === 0) return { stands: true };
  return { stands: false, detail: say("row.differs", { code, parts: differing.join(", ") }) };
}

/** What an issue says, part by part. */
function partsOf({ attributes, ...rest }: { readonly [name: string]: Json }): {
  readonly [part: string]: Json;
} {
  return { ...rest, ...(attributes as { readonly [name: string]: Json }) };
}
