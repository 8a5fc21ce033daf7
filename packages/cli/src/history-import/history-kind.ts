import type { Code } from "@cityroot/codes/ma/code";
import { encodeCbor } from "@cityroot/core/cbor";
import { type Operation, operationToCbor } from "@cityroot/core/operation/operation";
import type { Client } from "@cityroot/sdk/client";
import { findAliases } from "@cityroot/sdk/find-aliases";
import { resolve } from "@cityroot/sdk/resolve";
import { hasClaimed } from "../alias/claim-kind.ts";
import { findTaken } from "../import/find-taken.ts";
import type { PlannedRow } from "../import/plan-row.ts";
import { hasIssued, issueKind, type RowKind } from "../import/row-kind.ts";
import type { Say } from "../text/say.ts";

/** Rows of a table of codes over the years: codes with what legacy codes meant, changes of these, and endings. */
export const historyKind = (say: Say): RowKind => ({
  ...issueKind(say),
  labelOf,
  sizeOf: (operation) => encodeCbor(operationToCbor(operation)).length,
  countOf: (operation) => (operation.type === "supersede" ? operation.codes.length : 1),
  done: ({ operation, after = [] }) => {
    if (operation.type === "issue") return "issued";
    return [operation, ...after].some(tellsSuccessor) ? "succeeded" : "changed";
  },
  wouldBe: ({ operation }) => (operation.type === "issue" ? "free" : "due"),
  findTaken: async (client, rows, signal) => {
    const codes = rows.flatMap(({ operation }) => (operation.type === "issue" ? [operation.code] : []));
    const taken = await findTaken(client, codes, signal);
    // What stands as the table says was settled before.
    return new Map([...taken.keys()].map((code) => [code, { stands: false }]));
  },
  hasEntered: async (client, row, lastHeight) => {
    switch (row.operation.type) {
      case "issue":
        return hasIssued(client, row, lastHeight);
      case "claim-alias":
        return hasClaimed(client, row);
      case "withdraw-alias":
        return isWithdrawn(client, row.operation);
      default:
        return hasEnded(client, row, lastHeight);
    }
  },
});

/** The code that a row is about; of an ending the first of those that end. */
function labelOf(operation: Operation): string {
  switch (operation.type) {
    case "issue":
    case "retire":
      return operation.code;
    case "claim-alias":
    case "withdraw-alias":
      return operation.target;
    case "supersede":
      return operation.codes[0]!;
    default:
      throw new Error(`${operation.type} is nothing that a row of a history becomes`);
  }
}

function tellsSuccessor(operation: Operation): boolean {
  return (
    operation.type === "supersede" ||
    (operation.type === "claim-alias" && operation.relation === "replaced-by")
  );
}

async function isWithdrawn(
  client: Client,
  { system, value, claimant, relation, target }: Operation & { readonly type: "withdraw-alias" },
): Promise<boolean> {
  const { aliases } = await findAliases(client, { system, value, exact: true });
  const claim = aliases.find(
    (alias) => alias.claimant === claimant && alias.relation === relation && alias.target === target,
  );
  return claim?.standing === "withdrawn";
}

async function hasEnded(client: Client, { code }: PlannedRow, height: number): Promise<boolean> {
  const { record } = await resolve(client, code as Code, { delegations: false, asOf: { height } });
  return record?.status === "retired";
}
