import type { Code } from "@cityroot/codes/ma/code";
import { parentOf } from "@cityroot/codes/ma/prefix";
import { serialAfter } from "@cityroot/core/state/interval";
import type { Client } from "@cityroot/sdk/client";
import { list } from "@cityroot/sdk/list";
import { findTaken } from "../import/find-taken.ts";
import type { TableRow } from "../import/table.ts";
import type { ExportRow, ExportRows } from "./export-rows.ts";
import { type Held, heldOf, heldOfSerials } from "./held.ts";
import { serialDigitsOf } from "./runs.ts";

/** Rows of an export, cut where the ledger holds some of a row's codes and not others. */
export type StandingRows = {
  readonly parts: () => AsyncGenerator<readonly TableRow[]>;
  /** What the ledger says of the codes of a row of the part that was given last; undefined where they are not issued. */
  readonly heldOf: (row: number) => Held | undefined;
};

/** Questions that are asked at once. */
const PARALLEL = 32;
/** Codes above others of which it is remembered that they had none below. */
const EMPTY_MAX = 10_000;

type OpenRow = { readonly row: number; readonly values: ExportRow };

/**
 * Looks up what the ledger holds of the rows of an export, part by part. A part has the same codes at every run, in as many rows as
 * the ledger needs then. Codes below which nothing was issued when they were first looked at need no further question.
 */
export function standingRows(client: Client, rows: ExportRows, signal: AbortSignal): StandingRows {
  const empty = new Map<string, boolean>();
  const isEmpty = async (code: Code): Promise<boolean> => {
    const parent = parentOf(code);
    if (parent === undefined) return false;
    const known = empty.get(parent);
    if (known !== undefined) return known;
    let entries = 0;
    for await (const part of list(client, parent, { after: parent, limit: 1, signal })) {
      entries = part.entries.length;
      break;
    }
    if (empty.size >= EMPTY_MAX) empty.clear();
    empty.set(parent, entries === 0);
    return entries === 0;
  };
  let held = new Map<number, Held>();
  async function* parts(): AsyncGenerator<readonly TableRow[]> {
    for await (const part of rows.parts()) {
      const open: OpenRow[] = [];
      for (const one of part) {
        const values = "values" in one ? (one.values as unknown as ExportRow) : undefined;
        if (values === undefined || values.skip !== undefined || values.refused !== undefined) continue;
        if (rows.isRepeat(one.row) || (await isEmpty(values.code as Code))) continue;
        open.push({ row: one.row, values });
      }
      held = new Map();
      const cut = await cutRows(client, open, held, signal);
      yield part.flatMap((one) => cut.get(one.row) ?? [one]);
    }
  }
  return { parts, heldOf: (row) => held.get(row) };
}

async function cutRows(
  client: Client,
  open: readonly OpenRow[],
  held: Map<number, Held>,
  signal: AbortSignal,
): Promise<ReadonlyMap<number, readonly TableRow[]>> {
  const cut = new Map<number, readonly TableRow[]>();
  const singles = open.filter(({ values }) => values.count === undefined);
  const codes = singles.map(({ values }) => values.code as Code);
  const taken = await findTaken(client, codes, signal);
  const look = async ({ row, values }: OpenRow): Promise<void> => {
    const code = values.code as Code;
    if (values.count === undefined) {
      const found = await heldOf(client, code, signal);
      if (found !== undefined) held.set(row, found);
      return;
    }
    const digits = serialDigitsOf(code);
    const pieces = await heldOfSerials(client, { first: code, digits, count: Number(values.count) }, signal);
    const rows: TableRow[] = [];
    const add = (offset: number, count: number, found: Held | undefined): void => {
      const { count: _, ...one } = { ...values, code: serialAfter(code, digits, offset)! };
      const counted = count === 1 ? one : { ...one, count: String(count) };
      rows.push({ row: row + offset, values: counted as { readonly [name: string]: string } });
      if (found !== undefined) held.set(row + offset, found);
    };
    for (const { offset, count, held: found } of pieces) {
      // Each code that is taken into use again is an operation of its own.
      if (found?.status !== "suspended") add(offset, count, found);
      else for (let at = 0; at < count; at++) add(offset + at, 1, found);
    }
    cut.set(row, rows);
  };
  const due = open.filter(({ values }) => values.count !== undefined || taken.has(values.code));
  for (let at = 0; at < due.length; at += PARALLEL) {
    await Promise.all(due.slice(at, at + PARALLEL).map(look));
  }
  return cut;
}
