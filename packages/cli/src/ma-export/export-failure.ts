import { CommandFailure } from "../failure.ts";
import type { Say } from "../text/say.ts";
import type { ExportFault } from "./load-export.ts";
import { UNIT_STATUSES } from "./unit.ts";

/** The refusal of an export that cannot be read: before anything of it is issued. */
export function exportFailure(say: Say, fault: ExportFault): CommandFailure {
  const { path } = fault.file;
  switch (fault.fault) {
    case "json": {
      const { line, column, reason } = fault.at;
      const field = `${path}:${line}:${column}`;
      return failure(say, { field, expected: "JSON", got: reason, fix: say("import.ma.json.fix") });
    }
    case "size": {
      const expected = say("import.ma.size", { size: fault.maxBytes });
      const fix = say("import.ma.size.fix");
      return failure(say, { field: path, expected, got: String(fault.sizeBytes), fix });
    }
    case "unit": {
      const { place, member, got } = fault;
      const field = `${path}: ${place === "" ? "" : `${place}.`}${member}`;
      const expected = member === "status_id" ? Object.keys(UNIT_STATUSES).join(", ") : "MA.156...";
      return failure(say, { field, expected, got, fix: say("import.ma.unit.fix") });
    }
  }
}

function failure(
  say: Say,
  details: { readonly field: string; readonly expected: string; readonly got: string; readonly fix: string },
): CommandFailure {
  const { field, expected, got } = details;
  const detail = say("error.malformed", { field, expected, got });
  return new CommandFailure({ code: "FILE_MALFORMED", exit: "usage", detail, ...details });
}
