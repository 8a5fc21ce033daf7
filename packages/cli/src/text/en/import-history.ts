/** What is said of tables of codes over the years. */
export const IMPORT_HISTORY = {
  "command.code.import-history":
    "Issue a code to everything that legacy codes meant over the years, and claim from when to when.",
  "option.historySystem": "the coding system of the legacy codes, such as gbt2260, or one of your own",
  "option.historyValue": "the legacy code, such as {code} (default: the column value or code)",
  "option.historyFrom":
    "its first day or year, such as {from_year} (default: the column from or from_year); empty is since ever",
  "option.historyUntil":
    "its last day or year, such as {until_year} (default: the column until or until_year); empty is until today",
  "option.historySuccessor":
    "the legacy codes that took its place, parted by ; (default: the column successor, if there is one)",
  "option.historySuccessors":
    "file with the columns period and successor, such as the proposals that you went through",
  "option.historyRenames":
    "take what a code means next, without a gap, for the successor of what it meant under another name",
  "import.changed": "{count} changed",
  "import.succeeded": "{count} got their successors",
  "import.due": "{count} would be changed",
  "import.stands": "{count} stand as they are",
  "import.void": "{count} hold on no day",
  "import.history.counts":
    "{periods} periods of {codes} codes: {inUse} in use, {abolished} abolished; {reused} codes have more than one.",
  "import.history.successors": "Successors: {known} known, proposals for {proposed} in {path}",
  "import.history.more": "{count} more in {path}",
  "import.history.kind.overlap": "overlaps",
  "import.history.kind.gap": "gaps",
  "import.history.kind.reversed": "reversed",
  "import.history.kind.successor-unknown": "successors unknown",
  "import.history.kind.successor-unclear": "successors unclear",
  "import.history.kind.successor-of-current": "successors of what is in use",
  "import.history.kind.successor-circular": "successors in a circle",
  "import.history.overlap":
    "rows {other} and {row}: {value} means both from {from} to {until}; in conflict then",
  "import.history.gap":
    "rows {other} and {row}: {value} means nothing from {from} to {until}; taken for two different things",
  "import.history.reversed":
    "row {row}: {value} ends before it begins ({from} to {until}); nothing is imported of it",
  "import.history.successor-unknown":
    "row {row}: {value}: the table has nothing that {got} could be after {until}",
  "import.history.successor-unclear": "row {row}: {value}: {got} means several things after {until}",
  "import.history.successor-of-current": "row {row}: {value} names a successor ({got}), and does not end",
  "import.history.successor-circular": "row {row}: {value}: its successors lead in a circle",
  "import.history.successors.another": "another file than that of the proposals, which every run writes anew",
  "import.history.successors.expected": "periods of the table, such as 130102-1983",
  "import.history.successors.fix":
    "take a copy of the file of proposals of a dry run, and delete the rows that are wrong",
  "error.historyColumn": "the table has no column {column}",
  "error.historyColumn.fix": "say which columns to take with --value, --from, --until and --successor",
  "error.historyPeriod": "the table has a column period; {period} stands for the code with its first year",
  "error.historyPeriod.fix": "give the column another name",
  "error.historyRows": "a table of codes over the years has at most {max} rows",
  "error.historyRows.fix": "import the table in parts, each with all rows of its codes",
} as const;
