import type { Code } from "@cityroot/codes/ma/code";
import { encodeCbor } from "@cityroot/core/cbor";
import { type Operation, operationToCbor } from "@cityroot/core/operation/operation";
import type { Client } from "@cityroot/sdk/client";
import { resolve } from "@cityroot/sdk/resolve";
import { findTaken, findTakenRanges } from "../import/find-taken.ts";
import type { PlannedRow } from "../import/plan-row.ts";
import { hasIssued, issueKind, type RowKind } from "../import/row-kind.ts";
import type { Say } from "../text/say.ts";

type Issue = Operation & { readonly type: "issue" };

/** Rows that issue one code, or a range of them, or change whether one is in use. `placeOf` says where an earlier row is. */
export function maKind(say: Say, placeOf: (row: number) => string): RowKind {
  return {
    ...issueKind(say),
    labelOf: (operation) => (operation.type === "issue-range" ? operation.first : (operation as Issue).code),
    sizeOf: (operation) => encodeCbor(operationToCbor(operation)).length,
    done: ({ operation }) => (isIssue(operation) ? "issued" : "changed"),
    wouldBe: ({ operation }) => (isIssue(operation) ? "free" : "due"),
    hasEntered: (client, row, lastHeight) =>
      isIssue(row.operation) ? hasIssued(client, row, lastHeight) : hasChanged(client, row, lastHeight),
    countOf: (operation) => (operation.type === "issue-range" ? operation.count : 1),
    takenDetail: (code) => say("row.rangeIssued", { code }),
    repeatDetail: (first) => say("row.sameCodeAs", { place: placeOf(first) }),
    findTaken: async (client, rows, signal) => {
      const ranges = rows.flatMap(({ operation }) => (operation.type === "issue-range" ? [operation] : []));
      const singles = rows.filter(({ operation }) => operation.type === "issue");
      const codes = singles.map(({ code }) => code as Code);
      const [taken, overlapped] = await Promise.all([
        findTaken(client, codes, signal),
        findTakenRanges(client, ranges, signal),
      ]);
      // What stands as the export says was settled before.
      return new Map([...taken.keys(), ...overlapped].map((code) => [code, { stands: false }]));
    },
  };
}

function isIssue({ type }: Operation): boolean {
  return type === "issue" || type === "issue-range";
}

async function hasChanged(client: Client, { code, operation }: PlannedRow, height: number): Promise<boolean> {
  const { record } = await resolve(client, code, { delegations: false, asOf: { height } });
  return record?.status === (operation.type === "suspend" ? "suspended" : "active");
}
