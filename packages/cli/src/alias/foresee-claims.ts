import type { Code } from "@cityroot/codes/ma/code";
import { hexToBytes } from "@cityroot/core/hex";
import type { Json } from "@cityroot/core/json";
import { itemProofField } from "@cityroot/core/operation/item-proof-field";
import type { Day } from "@cityroot/core/state/day";
import type { Client } from "@cityroot/sdk/client";
import { findAliases, type ResolvedAlias } from "@cityroot/sdk/find-aliases";
import { getItem } from "@cityroot/sdk/get-item";
import { lookUpAliases } from "@cityroot/sdk/look-up-aliases";
import { eachAtOnce } from "../import/each-at-once.ts";
import { findTaken, type TakenCodes } from "../import/find-taken.ts";
import type { Foreseen, PlannedRow, RowResult } from "../import/plan-row.ts";
import type { RowKind } from "../import/row-kind.ts";
import type { Say } from "../text/say.ts";
import { type Claim, labelOfClaim, ownOf, saysSame } from "./claim-kind.ts";

/** What a table says of its claims: what it does not say stays as it stands. */
export type SaidFields = {
  readonly from: boolean;
  readonly until: boolean;
  readonly evidence: boolean;
};

/** How the claims of a table are looked at. */
export type ForeseeParameters = {
  readonly say: Say;
  readonly said: SaidFields;
  /** Whether what was withdrawn is claimed again. */
  readonly renews: boolean;
};

/**
 * Looks at claims before they are signed: what stands already, what was withdrawn, which change what stands, which contradict
 * others; in a dry run also which name a target that was never issued. Brings the proofs that items of batches need.
 */
export function foreseeClaims(parameters: ForeseeParameters): Exclude<RowKind["foresee"], undefined> {
  return async (client, rows, { signal, isDry }) => {
    const targets = [...new Set(rows.map(({ operation }) => (operation as Claim).target))];
    const [issued, claimed] = await Promise.all([
      findTaken(client, targets, signal),
      claimedOf(client, rows, signal),
    ]);
    return eachAtOnce(rows, async (row) => {
      const { target } = row.operation as Claim;
      const judged = judgeClaim(parameters, row, claimed.get(row) ?? []);
      if ("outcome" in judged) return judged;
      if (isDry && !issued.has(target)) return neverIssued(parameters, judged);
      return withItem(client, judged, issued, signal);
    });
  };
}

/** What is claimed of the legacy code of each row: all of it, whichever way it takes. */
async function claimedOf(
  client: Client,
  rows: readonly PlannedRow[],
  signal: AbortSignal,
): Promise<ReadonlyMap<PlannedRow, readonly ResolvedAlias[]>> {
  const bySystem = Map.groupBy(rows, ({ operation }) => (operation as Claim).system);
  const claimed = new Map<PlannedRow, readonly ResolvedAlias[]>();
  for (const [system, same] of bySystem) {
    const values = same.map(({ operation }) => (operation as Claim).value);
    const found = await lookUpAliases(client, { system, values, exact: true, signal });
    await eachAtOnce([...same.entries()], async ([at, row]) => {
      const { value, meaning, aliases } = found[at]!;
      const all =
        meaning !== null
          ? aliases
          : (await findAliases(client, { system, value, exact: true, signal })).aliases;
      claimed.set(row, all);
    });
  }
  return claimed;
}

/** A row by what is claimed of its legacy code: settled, or with what it changes and contradicts. */
export function judgeClaim(
  { say, said, renews }: ForeseeParameters,
  row: PlannedRow,
  aliases: readonly ResolvedAlias[],
): PlannedRow | RowResult {
  const asked = row.operation as Claim;
  const own = ownOf(aliases, asked);
  if (own?.standing === "withdrawn" && !renews) {
    const detail = say("row.withdrawn", { height: own.since.height, time: own.since.time.slice(0, 10) });
    const { row: number, code } = row;
    return { row: number, code, outcome: "withdrawn", rejection: "", detail, notice: "WITHDRAWN" };
  }
  const standing = own === undefined || own.standing === "withdrawn" ? undefined : own;
  const claim = standing === undefined ? asked : keepUnsaid(asked, standing, said);
  if (standing !== undefined && saysSame(standing, claim)) {
    return { row: row.row, code: row.code, outcome: "stands", rejection: "", detail: "" };
  }
  const rivals = rivalsOf(claim, aliases);
  const foreseen = foreseenOf(say, { standing, rivals, inTable: row.foreseen });
  return { ...row, operation: claim, ...(foreseen !== undefined && { foreseen }) };
}

/** A claim with what stands where the table says nothing. */
function keepUnsaid(claim: Claim, own: ResolvedAlias, said: SaidFields): Claim {
  const { from, until, evidence } = own;
  return {
    ...claim,
    from: said.from ? claim.from : (from as Day | null),
    until: said.until ? claim.until : (until as Day | null),
    evidence: said.evidence ? claim.evidence : evidence === null ? null : hexToBytes(evidence)!,
  };
}

/** Codes that others, or the claimant before, say to be the same on days on which the claim does. */
export function rivalsOf(
  claim: Pick<ResolvedAlias, "relation" | "target" | "from" | "until">,
  aliases: readonly Pick<ResolvedAlias, "relation" | "target" | "from" | "until" | "standing">[],
): readonly Code[] {
  if (claim.relation !== "same-as") return [];
  const rivals = aliases.filter(
    ({ relation, standing, target, ...days }) =>
      relation === "same-as" &&
      (standing === "claimed" || standing === "confirmed") &&
      target !== claim.target &&
      overlap(days, claim),
  );
  return [...new Set(rivals.map(({ target }) => target))].sort((a, b) => (a < b ? -1 : 1));
}

type Days = { readonly from: string | null; readonly until: string | null };

/** Whether two spans of days have one in common. */
export function overlap(a: Days, b: Days): boolean {
  const isBefore = (until: string | null, from: string | null): boolean =>
    until !== null && from !== null && until < from;
  return !isBefore(a.until, b.from) && !isBefore(b.until, a.from);
}

type Circumstances = {
  readonly standing: ResolvedAlias | undefined;
  readonly rivals: readonly Code[];
  /** What the table itself shows of the row. */
  readonly inTable: Foreseen | undefined;
};

function foreseenOf(say: Say, { standing, rivals, inTable }: Circumstances): Foreseen | undefined {
  // What the table shows is told whether or not its rows before are claimed yet.
  if (inTable !== undefined) return inTable;
  if (rivals.length > 0) {
    return { notice: "CONFLICT", detail: say("row.conflict", { targets: rivals.join(", ") }) };
  }
  if (standing === undefined) return undefined;
  const { from, until, evidence } = standing;
  const days = from === null && until === null ? "" : `${from ?? "…"} - ${until ?? "…"}`;
  const before = [days, evidence ?? ""].filter((part) => part !== "").join(", ");
  const detail = say(standing.standing === "disputed" ? "row.changedDisputed" : "row.changed", {
    before: before === "" ? say("row.noDays") : before,
  });
  return { notice: "CHANGED", detail };
}

function neverIssued({ say }: ForeseeParameters, { row, code, operation }: PlannedRow): RowResult {
  const detail = say("row.neverIssued", { code: (operation as Claim).target });
  return { row, code, outcome: "refused", rejection: "CODE_NEVER_ISSUED", detail };
}

/** The row with the proof that its target is an item of a batch, where it has no record of its own. */
async function withItem(
  client: Client,
  row: PlannedRow,
  issued: TakenCodes,
  signal: AbortSignal,
): Promise<PlannedRow> {
  const claim = row.operation as Claim;
  const record = issued.get(claim.target);
  const mayBeItem = record === null || (record !== undefined && record.within !== null);
  if (!mayBeItem) return row;
  const json = await getItem(client, claim.target, { signal });
  const item = itemProofField.fromJson(json as Json, "item");
  if (!item.ok) throw new Error(`the registry's proof of an item cannot be read: ${item.rejection.detail}`);
  const proven: Claim = { ...claim, item: item.value };
  return { ...row, code: labelOfClaim(proven), operation: proven };
}
