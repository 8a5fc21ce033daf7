import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import { resolve as resolvePath } from "node:path";
import { type Code, parseCode } from "@cityroot/codes/ma/code";
import type { Rule } from "@cityroot/core/rule/rule";
import type { Client } from "@cityroot/sdk/client";
import { resolve } from "@cityroot/sdk/resolve";
import type { CommandDefinition } from "../../command-definition.ts";
import type { Context } from "../../context.ts";
import { CommandFailure } from "../../failure.ts";
import { pathFrom } from "../../global-options.ts";
import { CHUNK_ROWS, IMPORT_TIMEOUT_MS, runRows } from "../../import/run-table.ts";
import { ENCODINGS, type Encoding } from "../../import/text-encoding.ts";
import type { Input } from "../../input.ts";
import { type Classes, classesOf } from "../../ma-export/class-option.ts";
import { exportFailure } from "../../ma-export/export-failure.ts";
import { exportRows } from "../../ma-export/export-rows.ts";
import { type ExportFile, FILES_MAX, findFiles } from "../../ma-export/find-files.ts";
import { findingList } from "../../ma-export/finding.ts";
import { closingOf } from "../../ma-export/finding-lines.ts";
import { type LoadedExport, loadExport, placeOf } from "../../ma-export/load-export.ts";
import { maKind } from "../../ma-export/ma-kind.ts";
import { exportPlanner } from "../../ma-export/plan-export.ts";
import { standingRows } from "../../ma-export/standing-rows.ts";
import { optionMalformed } from "../../option-malformed.ts";
import { connect } from "../../registry/connect.ts";
import { findHolder } from "../../registry/find-holder.ts";
import { fetchBindingRules } from "../../registry/rule-options.ts";

export const command: CommandDefinition = {
  arguments: [{ name: "<paths...>", text: "argument.maExport" }],
  options: [
    { flags: "--as <prefix>", text: "option.maPrefix" },
    { flags: "--class <class|object=class>", text: "option.maClass", repeats: true },
    { flags: "--not-in-force <what>", text: "option.maNotInForce", choices: ["suspend", "leave-out"] },
    { flags: "--without-names", text: "option.maWithoutNames" },
    { flags: "--singly", text: "option.maSingly" },
    { flags: "--dry-run", text: "option.importDryRun" },
    { flags: "--encoding <encoding>", text: "option.encoding", choices: ENCODINGS },
    { flags: "--parallel <number>", text: "option.parallel" },
    { flags: "--results <file>", text: "option.results" },
    { flags: "--restart", text: "option.restart" },
    { flags: "--holder <name>", text: "option.holder" },
  ],
  examples: [
    "cityroot code import-ma ma-export --as MA.156.1301.02 --class street-lamp --dry-run",
    "cityroot code import-ma unit.json categories.json codes.txt --as MA.156.1301.02 --class 60.10000000=street-lamp",
  ],
  run: async (context, input) => {
    const prefix = prefixOf(context, input);
    const classes = readClasses(context, input);
    const paths = input
      .argumentList("paths")
      .map((path) => resolvePath(pathFrom(context.io.workingFolder, path)));
    const files = filesOf(context, paths);
    const findings = findingList();
    const loaded = await loadExport(files, input.text("encoding") as Encoding | undefined, findings);
    if ("fault" in loaded) throw exportFailure(context.say, loaded);
    const client = await connect(context, { timeoutMs: IMPORT_TIMEOUT_MS });
    const rules = await rulesOf(context, client, prefix);
    const needsKey = !input.flag("dry-run") || input.text("holder") !== undefined;
    const about = { code: prefix, seat: "at-or-above" } as const;
    const holder = needsKey ? await findHolder(context, input, client, about) : undefined;
    const leaveOut = input.text("not-in-force") === "leave-out";
    // A rule with check characters allows no range.
    const singly = input.flag("singly") || rules.some(({ rule }) => rule.checkCharacter);
    const withoutNames = input.flag("without-names");
    const rows = exportRows({
      ...{ loaded, prefix, classes, leaveOut, singly, findings },
      partRows: CHUNK_ROWS,
    });
    const { parts, heldOf } = standingRows(client, rows, context.io.interrupt);
    const said = (row: number): string => {
      const { file, place } = placeOf(loaded.sources, row);
      return `${file} ${place}`;
    };
    return runRows(context, input, {
      ...{ client, holder, seen: rows.seen },
      path: paths[0]!,
      open: async () => parts(),
      total: loaded.total,
      subject: subjectOf(files, [prefix, [...classes], leaveOut, singly, withoutNames]),
      plan: exportPlanner({
        ...{ categories: loaded.categories, withoutNames, rules, heldOf },
        now: context.io.now,
      }),
      kind: maKind(context.say, said),
      // Serials that count up have to come in order.
      isSequence: rules.some(({ rule }) => rule.sequence),
      form: formOf(loaded),
      closing: () => closingOf(context, loaded, findings),
    });
  },
};

function prefixOf({ say }: Context, input: Input): Code {
  const text = input.needed("as");
  const parsed = parseCode(text);
  if (parsed.ok) return parsed.value;
  const { expected = "", fix } = parsed.fault;
  throw optionMalformed(say, { field: "--as", expected, got: text, ...(fix === undefined ? {} : { fix }) });
}

function readClasses({ say }: Context, input: Input): Classes {
  const classes = classesOf(input.neededTexts("class"));
  if (!("malformed" in classes)) return classes;
  const expected = "street-lamp, 60=asset, 60.10000000=street-lamp";
  throw optionMalformed(say, { field: "--class", expected, got: classes.malformed });
}

function filesOf({ say }: Context, paths: readonly string[]): readonly ExportFile[] {
  const found = findFiles(paths);
  if ("missing" in found) {
    throw new CommandFailure({
      code: "FILE_NOT_FOUND",
      exit: "failure",
      detail: say("error.file", { path: found.missing, reason: say("error.noFile") }),
      field: "paths",
      expected: say("error.file.expected"),
      got: found.missing,
      fix: say("error.file.fix"),
    });
  }
  if (found.files.length <= FILES_MAX) return found.files;
  throw optionMalformed(say, {
    field: "paths",
    expected: say("error.count.expected", { min: 1, max: FILES_MAX }),
    got: String(found.files.length),
  });
}

/** The rules that bind what is issued below a prefix. */
async function rulesOf(
  context: Context,
  client: Client,
  prefix: Code,
): Promise<readonly { readonly prefix: Code; readonly rule: Rule }[]> {
  const { chain } = await resolve(client, prefix, { follow: false, signal: context.io.interrupt });
  return fetchBindingRules(
    client,
    (chain ?? []).map((link) => link.prefix),
  );
}

/** What a journal is of: with other files, or another reading of them, it is another import. */
function subjectOf(files: readonly ExportFile[], reading: unknown): { readonly [name: string]: string } {
  const stats = files.map(({ path, name }) => {
    const { size, mtimeMs } = statSync(path);
    return [name, size, mtimeMs];
  });
  const digest = (value: unknown): string => createHash("sha256").update(JSON.stringify(value)).digest("hex");
  return { files: digest(stats), reading: digest(reading) };
}

function formOf({ sources }: LoadedExport): NonNullable<Parameters<typeof runRows>[2]["form"]> {
  return {
    columns: ["file", "place", "code", "codes", "outcome", "rejection", "detail"],
    fieldsOf: ({ row, code, codes = 1, outcome, rejection, detail }) => {
      const { file, place } = placeOf(sources, row);
      return [file, place, code, String(codes), outcome, rejection, detail];
    },
  };
}
