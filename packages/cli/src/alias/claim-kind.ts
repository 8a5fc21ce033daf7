import { equalBytes, hexToBytes } from "@cityroot/core/hex";
import type { Operation } from "@cityroot/core/operation/operation";
import type { Client } from "@cityroot/sdk/client";
import { findAliases, type ResolvedAlias } from "@cityroot/sdk/find-aliases";
import { eachAtOnce } from "../import/each-at-once.ts";
import type { PlannedRow } from "../import/plan-row.ts";
import type { RowKind } from "../import/row-kind.ts";
import type { Say } from "../text/say.ts";

/** A claim as it is signed. */
export type Claim = Operation & { readonly type: "claim-alias" };

/** See {@link claimKind}. */
export type ClaimKindParameters = {
  /** Who claims where a row does not say so. */
  readonly claimant: string;
  readonly foresee: Exclude<RowKind["foresee"], undefined>;
};

/** Rows that claim one thing each. */
export const claimKind = (say: Say, { claimant, foresee }: ClaimKindParameters): RowKind => ({
  type: "claim-alias",
  done: ({ foreseen }) => (foreseen?.isChange === true ? "changed" : "claimed"),
  wouldBe: ({ foreseen }) => (foreseen?.isChange === true ? "due" : "free"),
  labelOf: (operation) => labelOfClaim(operation as Claim, claimant),
  sizeOf: (operation) => {
    const { system, value, claimant: by, target, item } = operation as Claim;
    const itemBytes = item === null ? 0 : item.item.length + 40 * item.path.length;
    return system.length + 3 * value.length + by.length + target.length + itemBytes + 128;
  },
  taken: "ALIAS_STANDS",
  takenStands: true,
  takenDetail: (label) => say("row.claimed", { label }),
  repeatDetail: (first) => say("row.sameClaim", { row: first }),
  contradictDetail: (first) => say("row.otherClaim", { row: first }),
  foresee,
  findTaken: async (client, rows, signal) => {
    const standing = await eachAtOnce(rows, (row) => hasClaimed(client, row, signal));
    const held = rows.filter((_, at) => standing[at] === true);
    return new Map(held.map(({ code }) => [code, { stands: true }]));
  },
  // What stands now stood then, or was claimed since by who meant the same.
  hasEntered: (client, row) => hasClaimed(client, row),
});

/** What names a claim in results, and tells it from every other: with its claimant where that is not the usual one. */
export function labelOfClaim({ system, value, relation, target, claimant }: Claim, usual: string): string {
  const label = `${system} ${value} ${relation} ${target}`;
  return claimant === usual ? label : `${label} by ${claimant}`;
}

/** Whether a claim stands as a row makes it. */
export async function hasClaimed(
  client: Client,
  { operation }: PlannedRow,
  signal?: AbortSignal,
): Promise<boolean> {
  const claim = operation as Claim;
  const { system, value } = claim;
  const asked = { system, value, exact: true };
  const { aliases } = await findAliases(client, signal === undefined ? asked : { ...asked, signal });
  const own = ownOf(aliases, claim);
  return own !== undefined && own.standing !== "withdrawn" && saysSame(own, claim);
}

/** The claim that was made before, of all that are about its legacy code. */
export function ownOf(
  aliases: readonly ResolvedAlias[],
  { claimant, relation, target }: Pick<Claim, "claimant" | "relation" | "target">,
): ResolvedAlias | undefined {
  return aliases.find(
    (alias) => alias.claimant === claimant && alias.relation === relation && alias.target === target,
  );
}

/** Whether a claim that was made before is of the same days and rests on the same. */
export function saysSame(own: ResolvedAlias, { from, until, evidence }: Claim): boolean {
  const rests = own.evidence === null ? null : hexToBytes(own.evidence)!;
  const isEvidence = rests === null || evidence === null ? rests === evidence : equalBytes(rests, evidence);
  return own.from === from && own.until === until && isEvidence;
}
