import type { Json } from "@cityroot/core/json";
import { coerceAttributes } from "./coerce-attributes.ts";
import type { Mapping } from "./mapping.ts";
import { fillTemplate, fillText, type Row, type Template } from "./template.ts";

/** What a row says: a code and its description in the JSON form of an operation; undefined where it is filtered out. */
export type MappedRow = {
  readonly code: string;
  readonly class: string;
  readonly attributes: { readonly [name: string]: Json };
  readonly links: readonly Json[];
};

/** Makes a code and its description of a row. */
export function mapRow(mapping: Mapping, values: Row): MappedRow | undefined {
  for (const column in mapping.filters) if (values[column] !== mapping.filters[column]) return undefined;
  const row = withComputed(mapping, mapping.trim ? trimValues(values) : values);
  const attributes = (fillTemplate(mapping.attributes, row) ?? {}) as { readonly [name: string]: Template };
  return {
    code: fillText(mapping.code, row),
    class: fillText(mapping.class, row),
    attributes: coerceAttributes(attributes),
    links: mapping.links.map((link) => fillTemplate(link, row)).filter(hasTarget) as readonly Json[],
  };
}

/** The row without spaces at the ends of its values. */
export function trimValues(values: Row): Row {
  const row: { [column: string]: string } = Object.create(null);
  for (const column in values) row[column] = values[column]!.trim();
  return row;
}

/** A link whose address came out empty is left out. */
function hasTarget(link: Template | undefined): boolean {
  return typeof link === "object" && "href" in link;
}

function withComputed({ computed }: Mapping, values: Row): Row {
  const names = Object.keys(computed);
  if (names.length === 0) return values;
  const row: { [column: string]: string } = { ...values };
  for (const name of names) {
    const { from, trimEnd } = computed[name]!;
    let value = values[from] ?? "";
    while (value.endsWith(trimEnd)) value = value.slice(0, -trimEnd.length);
    row[name] = value;
  }
  return row;
}
