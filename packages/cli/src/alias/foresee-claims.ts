import type { Code } from "@cityroot/codes/ma/code";
import { hexToBytes } from "@cityroot/core/hex";
import type { Json } from "@cityroot/core/json";
import { ALIAS_CLAIMS_MAX } from "@cityroot/core/limits";
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
import { type Claim, ownOf, saysSame } from "./claim-kind.ts";
import type { ClaimsOfTable } from "./claims-of-table.ts";

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
  /** What the table's rows claim; every row that is looked at was added to it. */
  readonly table: Pick<ClaimsOfTable, "takeRivals">;
};

/**
 * Looks at claims before they are signed: what stands already, what was withdrawn, which change what stands, which contradict
 * others; in a dry run also which name a target that was never issued, and which are too many. Brings the proofs that items of
 * batches need. Calls are answered one after another, in the order of the rows.
 */
export function foreseeClaims(parameters: ForeseeParameters): Exclude<RowKind["foresee"], undefined> {
  const { table } = parameters;
  /** Rows that claim nothing, so that none is in conflict with them. */
  const idle = new Set<number>();
  const room = countClaims();
  let before: Promise<unknown> = Promise.resolve();
  const look: Exclude<RowKind["foresee"], undefined> = async (client, rows, { signal, isDry }) => {
    const targets = [...new Set(rows.map(({ operation }) => (operation as Claim).target))];
    const [issued, claimed] = await Promise.all([
      findTaken(client, targets, signal),
      claimedOf(client, rows, signal),
    ]);
    const judged = rows.map((row) => judgeClaim(parameters, row, claimed.get(row) ?? []));
    const sound = await eachAtOnce(judged, async (one, at) => {
      if ("outcome" in one || one.foreseen?.isChange !== true) return one;
      // What the table does not say is kept, and signed: that is taken from a proof.
      return judgeClaim(parameters, rows[at]!, await provenOf(client, rows[at]!, signal));
    });
    const told = sound.map((one, at): PlannedRow | RowResult => {
      const rivals = table.takeRivals(rows[at]!.row).filter((rival) => !idle.has(rival.row));
      const { target } = rows[at]!.operation as Claim;
      const isIssued = issued.has(target);
      const isIdle = !isIssued || ("outcome" in one && one.outcome !== "stands");
      if (isIdle) idle.add(rows[at]!.row);
      if ("outcome" in one) return one;
      if (isDry && !isIssued) return neverIssued(parameters, one);
      if (!room(one.operation as Claim, claimed.get(rows[at]!) ?? []) && isDry)
        return tooMany(parameters, one);
      return isIssued ? withRivals(parameters, one, rivals) : one;
    });
    return eachAtOnce(told, async (one) => ("outcome" in one ? one : withItem(client, one, issued, signal)));
  };
  return (client, rows, circumstances) => {
    const answer = before.then(() => look(client, rows, circumstances));
    before = answer.catch(() => {});
    return answer;
  };
}

/** What is claimed of the legacy code of one row, proven. */
async function provenOf(
  client: Client,
  { operation }: PlannedRow,
  signal: AbortSignal,
): Promise<readonly ResolvedAlias[]> {
  const { system, value } = operation as Claim;
  return (await findAliases(client, { system, value, exact: true, signal })).aliases;
}

/** Whether there is room for one claim more of a claimant about a legacy code, with those before it in the table. */
function countClaims(): (claim: Claim, aliases: readonly ResolvedAlias[]) => boolean {
  const made = new Map<string, number>();
  return (claim, aliases) => {
    if (ownOf(aliases, claim) !== undefined) return true;
    const { system, value, claimant } = claim;
    const name = `${system} ${value} ${claimant}`;
    const more = made.get(name) ?? 0;
    if (made.size >= COUNTED_MAX) made.clear();
    made.set(name, more + 1);
    return aliases.filter((alias) => alias.claimant === claimant).length + more < ALIAS_CLAIMS_MAX;
  };
}

/** Legacy codes whose claims are counted before it is begun anew. */
const COUNTED_MAX = 262_144;

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
    await eachAtOnce(same, async (row, at) => {
      const { meaning, aliases } = found[at]!;
      claimed.set(row, meaning === null ? await provenOf(client, row, signal) : aliases);
    });
  }
  return claimed;
}

/** A row by what is claimed of its legacy code: settled, or with what it changes and contradicts. */
export function judgeClaim(
  { say, said, renews }: Omit<ForeseeParameters, "table">,
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
  const foreseen = foreseenOf(say, standing, rivals);
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

function foreseenOf(
  say: Say,
  standing: ResolvedAlias | undefined,
  rivals: readonly Code[],
): Foreseen | undefined {
  const isChange = standing !== undefined;
  const changed = isChange ? [changeText(say, standing)] : [];
  if (rivals.length === 0) return isChange ? { notice: "CHANGED", detail: changed[0]!, isChange } : undefined;
  const told = [say("row.conflict", { targets: rivals.join(", ") }), ...changed];
  return { notice: "CONFLICT", detail: told.join("; "), isChange };
}

/** What a claim was that another takes the place of. */
function changeText(say: Say, { from, until, evidence, standing }: ResolvedAlias): string {
  const days = from === null && until === null ? "" : `${from ?? "…"} - ${until ?? "…"}`;
  const before = [days, evidence ?? ""].filter((part) => part !== "").join(", ");
  return say(standing === "disputed" ? "row.changedDisputed" : "row.changed", {
    before: before === "" ? say("row.noDays") : before,
  });
}

/** The row with what earlier rows of the table claim otherwise. */
function withRivals(
  { say }: ForeseeParameters,
  row: PlannedRow,
  [rival]: readonly { readonly row: number; readonly target: string }[],
): PlannedRow {
  if (rival === undefined) return row;
  const detail = say("row.conflictInTable", { row: rival.row, target: rival.target });
  const { isChange = false } = row.foreseen ?? {};
  const told = [detail, ...(isChange ? [row.foreseen!.detail] : [])];
  return { ...row, foreseen: { notice: "CONFLICT", detail: told.join("; "), isChange } };
}

function neverIssued({ say }: ForeseeParameters, { row, code, operation }: PlannedRow): RowResult {
  const detail = say("row.neverIssued", { code: (operation as Claim).target });
  return { row, code, outcome: "refused", rejection: "CODE_NEVER_ISSUED", detail };
}

function tooMany({ say }: ForeseeParameters, { row, code }: PlannedRow): RowResult {
  const detail = say("row.tooMany", { max: ALIAS_CLAIMS_MAX });
  return { row, code, outcome: "refused", rejection: "ALIAS_CLAIMS_TOO_MANY", detail };
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
  return { ...row, operation: proven };
}
