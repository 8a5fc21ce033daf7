import type { Foreseen } from "../import/plan-row.ts";
import type { Say } from "../text/say.ts";
import type { Claim } from "./claim-kind.ts";
import { overlap } from "./foresee-claims.ts";

/** Legacy codes whose claims are remembered: a department has fewer. */
const LEGACY_CODES_MAX = 262_144;

/** Claims that are remembered of one of them. */
const CLAIMS_MAX = 64;

type Row = Pick<Claim, "claimant" | "relation" | "target" | "from" | "until"> & { readonly row: number };

/** What a row comes to by the rows before it. */
export type TableVerdict =
  /** An earlier row makes the same claim for other days. */
  { readonly contradicts: number } | { readonly foreseen: Foreseen | undefined };

/** Remembers what the rows of a table claim, so that those are told that contradict each other. */
export type ClaimsOfTable = { readonly add: (row: number, claim: Claim) => TableVerdict };

/** A memory that is empty. What comes after its room is used up is judged by the ledger alone. */
export function claimsOfTable(say: Say, codesMax: number = LEGACY_CODES_MAX): ClaimsOfTable {
  const rows = new Map<string, Row[]>();
  return {
    add: (row, { system, value, claimant, relation, target, from, until }) => {
      const name = `${system} ${value}`;
      const before = rows.get(name);
      const claim = { row, claimant, relation, target, from, until };
      if (before === undefined) {
        if (rows.size < codesMax) rows.set(name, [claim]);
        return { foreseen: undefined };
      }
      const same = before.find(
        (one) => one.claimant === claimant && one.relation === relation && one.target === target,
      );
      if (same !== undefined && (same.from !== from || same.until !== until))
        return { contradicts: same.row };
      const rival = before.find(
        (one) =>
          relation === "same-as" && one.relation === relation && one.target !== target && overlap(one, claim),
      );
      if (same === undefined && before.length < CLAIMS_MAX) before.push(claim);
      if (rival === undefined) return { foreseen: undefined };
      const detail = say("row.conflictInTable", { row: rival.row, target: rival.target });
      return { foreseen: { notice: "CONFLICT", detail } };
    },
  };
}
