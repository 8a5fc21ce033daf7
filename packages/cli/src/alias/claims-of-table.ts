import { equalOrNull } from "@cityroot/core/operation/claim-alias";
import type { Claim } from "./claim-kind.ts";
import { overlap } from "./foresee-claims.ts";

/** Claims that are remembered: a department has fewer. */
const CLAIMS_MAX = 262_144;

/** Claims about one legacy code that a further one is held against. */
const RIVALS_MAX = 64;

type Row = Pick<Claim, "target" | "from" | "until" | "evidence"> & { readonly row: number };

/** An earlier row that says another thing. */
export type RivalRow = Pick<Row, "row" | "target">;

/** Remembers what the rows of a table claim, so that those are told that contradict each other. */
export type ClaimsOfTable = {
  /** The earlier row that makes the same claim for other days or on other evidence; undefined where none does. */
  readonly add: (row: number, claim: Claim) => number | undefined;
  /** Earlier rows that claim the row's legacy code to be something else on days on which it does; forgets them. */
  readonly takeRivals: (row: number) => readonly RivalRow[];
};

/** A memory that is empty. What comes after its room is used up is judged by the ledger alone. */
export function claimsOfTable(claimsMax: number = CLAIMS_MAX): ClaimsOfTable {
  const claims = new Map<string, Row>();
  const byLegacy = new Map<string, Row[]>();
  const rivals = new Map<number, readonly RivalRow[]>();
  return {
    add: (row, { system, value, claimant, relation, target, from, until, evidence }) => {
      const legacy = `${system} ${value}`;
      const name = `${legacy} ${claimant} ${relation} ${target}`;
      const claim = { row, target, from, until, evidence };
      const same = claims.get(name);
      if (same !== undefined) {
        const isSame = same.from === from && same.until === until && equalOrNull(same.evidence, evidence);
        return isSame ? undefined : same.row;
      }
      if (claims.size >= claimsMax) return undefined;
      claims.set(name, claim);
      if (relation !== "same-as") return undefined;
      const before = byLegacy.get(legacy);
      if (before === undefined) {
        byLegacy.set(legacy, [claim]);
        return undefined;
      }
      const others = before.filter((one) => one.target !== target && overlap(one, claim));
      if (others.length > 0)
        rivals.set(
          row,
          others.map((one) => ({ row: one.row, target: one.target })),
        );
      if (before.length < RIVALS_MAX) before.push(claim);
      return undefined;
    },
    takeRivals: (row) => {
      const found = rivals.get(row) ?? [];
      rivals.delete(row);
      return found;
    },
  };
}
