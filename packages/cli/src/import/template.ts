/** Text with `{column}` in it, or named groups or lists of such text. */
export type Template = string | readonly Template[] | { readonly [name: string]: Template };

/** One row of a table, by column name. */
export type Row = { readonly [column: string]: string };

/** A template's columns. */
export function columnsOf(template: Template): readonly string[] {
  if (typeof template === "string") return [...template.matchAll(/\{([^{}]+)\}/g)].map((match) => match[1]!);
  const parts: readonly Template[] = Array.isArray(template)
    ? (template as readonly Template[])
    : Object.values(template as { readonly [name: string]: Template });
  return parts.flatMap(columnsOf);
}

/** Puts a row's values in place of the columns' names; a column that the row lacks stays as it is written. */
export function fillText(template: string, row: Row): string {
  return template.replace(/\{([^{}]+)\}/g, (whole, column: string) => row[column] ?? whole);
}

/** Fills a template; what comes out empty is left out. */
export function fillTemplate(template: Template, row: Row): Template | undefined {
  if (typeof template === "string") {
    const text = fillText(template, row);
    return text === "" ? undefined : text;
  }
  if (Array.isArray(template)) {
    const list = (template as readonly Template[]).map((part) => fillTemplate(part, row));
    const filled = list.filter((part) => part !== undefined);
    return filled.length === 0 ? undefined : filled;
  }
  const group: { [name: string]: Template } = {};
  for (const [name, part] of Object.entries(template as { readonly [name: string]: Template })) {
    const value = fillTemplate(part, row);
    if (value !== undefined) group[name] = value;
  }
  return Object.keys(group).length === 0 ? undefined : group;
}
