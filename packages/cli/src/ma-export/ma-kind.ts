import type { Code } from "@cityroot/codes/ma/code";
import { encodeCbor } from "@cityroot/core/cbor";
import { type Operation, operationToCbor } from "@cityroot/core/operation/operation";
import type { Client } from "@cityroot/sdk/client";
import { resolve } from "@cityroot/sdk/resolve";
import { findTaken, findTakenRanges } from "../import/find-taken.ts";
import type { PlannedRow } from "../import/plan-row.ts";
import { ISSUE_KIND, type RowKind } from "../import/row-kind.ts";

type Issue = Operation & { readonly type: "issue" };

/** Rows that issue one code, or a range of them, or change whether one is in use. `placeOf` says where an earlier row is. */
export function maKind(placeOf: (row: number) => string): RowKind {
  return {
    ...ISSUE_KIND,
    labelOf: (operation) => (operation.type === "issue-range" ? operation.first : (operation as Issue).code),
    sizeOf: (operation) => encodeCbor(operationToCbor(operation)).length,
    done: ({ operation }) => (isIssue(operation) ? "issued" : "changed"),
    wouldBe: ({ operation }) => (isIssue(operation) ? "free" : "due"),
    hasEntered: (client, row, lastHeight) =>
      isIssue(row.operation)
        ? ISSUE_KIND.hasEntered(client, row, lastHeight)
        : hasChanged(client, row, lastHeight),
    countOf: (operation) => (operation.type === "issue-range" ? operation.count : 1),
    takenDetail: (code) => `${code}, or one of the range that begins with it, was issued already`,
    repeatDetail: (first) => `the same code as ${placeOf(first)}`,
    findTaken: async (client, rows, signal) => {
      const ranges = rows.flatMap(({ operation }) => (operation.type === "issue-range" ? [operation] : []));
      const singles = rows.filter(({ operation }) => operation.type === "issue");
      const codes = singles.map(({ code }) => code as Code);
      const [taken, overlapped] = await Promise.all([
        findTaken(client, codes, signal),
        findTakenRanges(client, ranges, signal),
      ]);
      // What stands as the export says was settled before.
      return new Map([...taken.keys(), ...overlapped].map((code) => [code, false]));
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
