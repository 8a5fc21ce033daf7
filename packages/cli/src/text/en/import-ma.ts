/** What is said of codes that are brought in from the registry of MA codes. */
export const IMPORT_MA = {
  "command.code.import-ma":
    "Issue codes that a unit has at the registry of MA codes, from the files that it exported there.",
  "argument.maExport":
    "a folder, or files: answers of the registry's calls (.json) and lists of codes (.txt)",
  "option.maPrefix": "the prefix below which the codes are yours",
  "option.maClass":
    "class of the codes, or of those of a use, category and model: street-lamp, 60.10000000=street-lamp",
  "option.maNotInForce":
    "what becomes of codes of a unit that is not in force: suspend (issued and suspended at once), leave-out; suspend when absent",
  "option.maWithoutNames": "take no names and descriptions",
  "option.maSingly": "issue each code alone, also where they count up: no ranges",
  "import.ma.archive": "packed; unpack it first and give the .txt in it",
  "import.ma.folder": "a folder within the folder is not looked into; give it by its path",
  "import.ma.other": "passed over: neither an answer (.json) nor a list (.txt)",
  "import.ma.address":
    "says only where the list of codes is; fetch and unpack it, and give the .txt in it: {got}",
  "import.ma.uploads":
    "says that {got} codes were uploaded, and not which; export the lists too (calls 504 or 505)",
  "import.ma.refusedCall": "the registry refused this call: {got}",
  "import.ma.otherCall": "an answer with nothing to import ({got})",
  "import.ma.unknown": "no answer of a form that is published; it has {got}",
  "import.ma.noUnit":
    "No answer about the unit (call 306): nothing says whether its codes are in force; they are taken as being.",
  "import.ma.noStatus": "does not say whether {got} is in force; its codes are taken as being",
  "import.ma.noWay": "does not say in a published way whether it was registered or filed: {got}",
  "import.ma.noLink": "no address that a record can hold, which has to begin with https://: {got}",
  "import.ma.doubtful": "taken, but doubtful: {got}",
  "import.ma.more": "{count} more findings of this kind, the first of them with --json",
  "import.ma.categories":
    "Categories: {registered} registered, {filed} filed, {unsaid} of which it is not said.",
  "import.ma.json.fix": "export the file again: nothing was issued",
  "import.ma.size": "at most {size} bytes",
  "import.ma.size.fix": "export the codes as text (call 504), or give fewer files at once",
  "import.ma.unit.fix":
    "look up at the registry what it means; without this file the codes are taken as in force",
} as const;
