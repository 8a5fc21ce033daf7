/** A line of a table as RFC 4180 has it. */
export function csvLine(values: readonly string[]): string {
  return `${values.map(quoteValue).join(",")}\n`;
}

function quoteValue(value: string): string {
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

/** A text that a spreadsheet does not take for a formula: for tables that people open, not for those that programs read. */
export function forPeople(value: string): string {
  return /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
}
