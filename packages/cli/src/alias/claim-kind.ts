import { equalBytes, hexToBytes } from "@cityroot/core/hex";
import type { Operation } from "@cityroot/core/operation/operation";
import type { Client } from "@cityroot/sdk/client";
import { findAliases, type ResolvedAlias } from "@cityroot/sdk/find-aliases";
import type { PlannedRow } from "../import/plan-row.ts";
import type { RowKind } from "../import/row-kind.ts";

type Claim = Operation & { readonly type: "claim-alias" };

/** Questions that are asked at once. */
const PARALLEL = 32;

/** Rows that claim one thing each. */
export const CLAIM_KIND: RowKind = {
  type: "claim-alias",
  done: "claimed",
  labelOf: (operation) => {
    const { system, value, relation, target } = operation as Claim;
    return `${system} ${value} ${relation} ${target}`;
  },
  sizeOf: (operation) => {
    const { system, value, claimant, target } = operation as Claim;
    return system.length + 3 * value.length + claimant.length + target.length + 128;
  },
  taken: "ALIAS_STANDS",
  takenStands: true,
  takenDetail: (label) => `${label} is claimed already`,
  repeatDetail: (first) => `the same claim as row ${first}`,
  findTaken: async (client, rows, signal) => {
    const taken = new Map<string, boolean>();
    for (let at = 0; at < rows.length; at += PARALLEL) {
      const part = rows.slice(at, at + PARALLEL);
      const standing = await Promise.all(part.map((row) => isStanding(client, row, signal)));
      for (const [index, row] of part.entries()) if (standing[index] === true) taken.set(row.code, true);
    }
    return taken;
  },
  // What stands now stood then, or was claimed since by who meant the same.
  hasEntered: (client, row) => isStanding(client, row),
};

async function isStanding(client: Client, { operation }: PlannedRow, signal?: AbortSignal): Promise<boolean> {
  const claim = operation as Claim;
  const { system, value } = claim;
  const asked = { system, value, exact: true };
  const { aliases } = await findAliases(client, signal === undefined ? asked : { ...asked, signal });
  return aliases.some((alias) => isSame(alias, claim));
}

function isSame(alias: ResolvedAlias, { claimant, relation, target, from, until, evidence }: Claim): boolean {
  const rests = alias.evidence === null ? null : hexToBytes(alias.evidence)!;
  const isEvidence = rests === null || evidence === null ? rests === evidence : equalBytes(rests, evidence);
  const isName = alias.claimant === claimant && alias.relation === relation && alias.target === target;
  const isDays = alias.from === from && alias.until === until;
  return isName && isDays && isEvidence && alias.standing !== "withdrawn";
}
