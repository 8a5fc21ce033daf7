import { checkNoPerson } from "@cityroot/core/operation/alias-field";
import type { Day } from "@cityroot/core/state/day";
import { canonicalLegacy, dayOf } from "../alias/alias-options.ts";
import { faultText, type Voice } from "../alias/fault-text.ts";
import { type MappedRow, mapRow } from "../import/map-row.ts";
import type { Mapping } from "../import/mapping.ts";
import { type RowResult, refusalOf, tableFault } from "../import/plan-row.ts";
import type { TableRow } from "../import/table.ts";
import { fillText } from "../import/template.ts";
import type { Period } from "./period.ts";

/** The column that rows have beside their own: {@link Period.key}. */
export const KEY_COLUMN = "period";

/** How rows of a table become periods; `{column}` in texts stands for a value of the row. */
export type Reading = {
  /** Coding system of the legacy codes. */
  readonly system: string;
  readonly value: string;
  readonly from: string;
  readonly until: string;
  /** Which legacy codes took its place; undefined where the table does not say. */
  readonly successor: string | undefined;
  readonly mapping: Mapping;
  readonly isUnchecked: boolean;
};

/** A row as a period that has no key yet; its code holds `{period}` still. */
export type ReadPeriod = Omit<Period, "key">;

/** A row that becomes no period: what is told of it, or undefined where the mapping passes it over. */
export type Unread = { readonly settled: RowResult | undefined };

/** Reads a row. What is wrong in it is told and never mended. */
export function readPeriod(
  voice: Voice,
  reading: Reading,
  columns: readonly string[],
  row: TableRow,
): { readonly period: ReadPeriod } | Unread {
  if ("fault" in row) return { settled: tableFault(voice.say, row, columns) };
  const { values } = row;
  const mapped = mapRow(reading.mapping, values);
  if (mapped === undefined) return { settled: undefined };
  const { system } = reading;
  const text = fillText(reading.value, values).trim();
  const firewall = checkNoPerson({ system, value: text });
  // What is or holds the number of a person is not repeated.
  if (!firewall.ok) return { settled: refusalOf(row.row, "", firewall.rejection) };
  const refuse = (rejection: string, detail: string): Unread => ({
    settled: { row: row.row, code: text, outcome: "refused", rejection, detail },
  });
  if (text === "") return refuse("VALUE_MALFORMED", voice.say("row.noValue"));
  const legacy = reading.isUnchecked ? { value: text } : canonicalLegacy(system, text);
  if ("fault" in legacy) {
    return refuse("VALUE_MALFORMED", faultText(voice, legacy.fault));
  }
  const [from, until] = [
    dayIn(fillText(reading.from, values), "first"),
    dayIn(fillText(reading.until, values), "last"),
  ];
  for (const [field, day, template] of [
    ["from", from, reading.from],
    ["until", until, reading.until],
  ] as const) {
    if (day !== undefined) continue;
    const got = fillText(template, values);
    return refuse("DAY_MALFORMED", voice.say("row.day", { field, got }));
  }
  return {
    period: {
      row: row.row,
      value: legacy.value,
      name: nameOf(mapped),
      ...{ from: from!, until: until! },
      code: mapped.code,
      successor: reading.successor === undefined ? "" : fillText(reading.successor, values).trim(),
    },
  };
}

/** A day of a cell; null for an empty one, undefined for what is none. */
function dayIn(text: string, end: "first" | "last"): Day | null | undefined {
  const trimmed = text.trim();
  return trimmed === "" ? null : (dayOf(trimmed, end) as Day | undefined);
}

/** The name in the first of its languages. */
function nameOf({ attributes }: MappedRow): string {
  const name = attributes["name"];
  if (typeof name === "string") return name;
  const [first] = typeof name === "object" && name !== null ? Object.values(name) : [];
  return typeof first === "string" ? first : "";
}
