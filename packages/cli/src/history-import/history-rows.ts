import { type Code, isCode } from "@cityroot/codes/ma/code";
import type { Client } from "@cityroot/sdk/client";
import { mapRow } from "../import/map-row.ts";
import type { Plan, Planner } from "../import/plan-row.ts";
import type { TableRow } from "../import/table.ts";
import { findRecord, findStandings } from "./find-standings.ts";
import type { Ending, OrderedEndings } from "./order-endings.ts";
import { isOver, type Period } from "./period.ts";
import { planEnding } from "./plan-ending.ts";
import { type PlanContext, planPeriod } from "./plan-period.ts";
import type { Periods } from "./read-periods.ts";
import { KEY_COLUMN, type Reading } from "./reading.ts";

/** How the rows of a table of codes over the years are made. */
export type HistoryRowsParameters = {
  readonly client: Client;
  readonly reading: Reading;
  readonly periods: Periods;
  readonly ordered: OrderedEndings;
  readonly context: PlanContext;
  readonly today: Parameters<typeof isOver>[1];
  /** Opens the table from the beginning. */
  readonly open: () => Promise<AsyncIterable<readonly TableRow[]>>;
  readonly partRows: number;
  readonly signal: AbortSignal;
};

/** The rows of an import, and what is planned for those of the part that was given last. */
export type HistoryRows = {
  readonly parts: () => AsyncGenerator<readonly TableRow[]>;
  readonly plan: Planner;
};

/**
 * The rows of a table, each planned by what the ledger holds of it, and after them the endings that need all codes to be there.
 * Endings stand under the line of the period that ends.
 */
export function historyRows(parameters: HistoryRowsParameters): HistoryRows {
  let plans: ReadonlyMap<number, Plan> = new Map();
  const refused = new Set<string>();
  async function* parts(): AsyncGenerator<readonly TableRow[]> {
    for await (const part of await parameters.open()) {
      plans = await planRows(parameters, part);
      for (const [row, plan] of plans) {
        const period = parameters.periods.byRow.get(row);
        if (period !== undefined && isRefused(plan)) refused.add(period.code);
      }
      yield part;
    }
    const { endings } = parameters.ordered;
    for (let at = 0; at < endings.length; at += parameters.partRows) {
      const part = endings
        .slice(at, at + parameters.partRows)
        .flatMap((ending) => withoutRefused(ending, refused));
      plans = await planEndings(parameters, part);
      const rows = part.map(({ periods }) => periods[0]!.row);
      yield rows.filter((row) => plans.has(row)).map((row) => ({ row, values: {} }));
    }
  }
  return { parts, plan: ({ row }) => plans.get(row) };
}

/** Whether a row becomes nothing, so that nothing can be said of its end either. */
function isRefused(plan: Plan): boolean {
  return plan !== undefined && "refused" in plan && plan.refused.outcome === "refused";
}

/**
 * An ending of the periods that were not refused. None where a successor was: the period ends once that is mended, as one that is retired can
 * be given no successor any more.
 */
function withoutRefused({ periods, successors }: Ending, refused: ReadonlySet<string>): readonly Ending[] {
  const left = periods.filter(({ code }) => !refused.has(code));
  const isWhole = successors.every(({ code }) => !refused.has(code));
  return left.length > 0 && isWhole ? [{ periods: left, successors }] : [];
}

async function planRows(
  { client, reading, periods, ordered, context, today, signal }: HistoryRowsParameters,
  part: readonly TableRow[],
): Promise<ReadonlyMap<number, Plan>> {
  const plans = new Map<number, Plan>();
  const open: (readonly [Period, TableRow & { readonly values: object }])[] = [];
  for (const row of part) {
    const period = periods.byRow.get(row.row);
    const settled = periods.settled.get(row.row);
    if (settled !== undefined) plans.set(row.row, { refused: settled });
    else if (period !== undefined && "values" in row) open.push([period, row]);
  }
  const standings = await findStandings(
    client,
    reading.system,
    open.map(([period]) => period),
    signal,
  );
  for (const [period, { values }] of open) {
    const mapped = mapRow(reading.mapping, { ...values, [KEY_COLUMN]: period.key });
    if (mapped === undefined) continue;
    const ends = isOver(period, today) && !ordered.ended.has(period);
    const standing = standings.get(period.code);
    plans.set(period.row, planPeriod(context, period, mapped, { standing, ends }));
  }
  return plans;
}

async function planEndings(
  { client, reading, periods, context, signal }: HistoryRowsParameters,
  part: readonly Ending[],
): Promise<ReadonlyMap<number, Plan>> {
  const ended = part.flatMap(({ periods }) => periods);
  const standings = await findStandings(client, reading.system, ended, signal);
  const retired = await findRetired(client, part, signal);
  const plans = new Map<number, Plan>();
  for (const ending of part) {
    const plan = planEnding(context, ending, { standings, retired, byValue: periods.byValue });
    if (plan !== undefined) plans.set(ending.periods[0]!.row, plan);
  }
  return plans;
}

/** Successors that were retired before this import came to them. */
async function findRetired(
  client: Client,
  part: readonly Ending[],
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const codes = [...new Set(part.flatMap(({ successors }) => successors.map(({ code }) => code)))];
  const retired = new Set<string>();
  const look = async (code: Code): Promise<void> => {
    if ((await findRecord(client, code, signal))?.status === "retired") retired.add(code);
  };
  const sound = codes.filter((code): code is Code => isCode(code));
  for (let at = 0; at < sound.length; at += PARALLEL) {
    await Promise.all(sound.slice(at, at + PARALLEL).map(look));
  }
  return retired;
}

/** Questions that are asked at once. */
const PARALLEL = 32;
