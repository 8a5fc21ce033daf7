import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import type { CommandDefinition, OptionDefinition } from "../../command-definition.ts";
import type { Context } from "../../context.ts";
import { CommandFailure } from "../../failure.ts";
import { pathFrom } from "../../global-options.ts";
import { openTable } from "../../import/table.ts";
import { ENCODINGS, type Encoding, lookAtText } from "../../import/text-encoding.ts";
import type { Input } from "../../input.ts";
import { optionMalformed } from "../../option-malformed.ts";
import { csvLine, forPeople } from "../../reconcile/csv-text.ts";
import { byOf } from "../../reconcile/decide.ts";
import { guessSystem, type SystemGuess } from "../../reconcile/guess-system.ts";
import { openJournal } from "../../reconcile/journal.ts";
import { mappingOf, mappingText, SIDES, type Side } from "../../reconcile/list-mapping.ts";
import {
  type ListReading,
  REFUSED_KINDS,
  type ReadList,
  readList,
  TooManyRowsError,
} from "../../reconcile/read-list.ts";
import { makeWorkbench } from "../../reconcile/workbench.ts";
import { writeFileWhole } from "../../registry/write-file.ts";

export const command: CommandDefinition = {
  arguments: [{ name: "<folder>", text: "argument.workbench" }],
  options: [
    { flags: "--left <file>", text: "option.leftList", required: true },
    { flags: "--right <file>", text: "option.rightList", required: true },
    ...SIDES.flatMap((side): OptionDefinition[] => [
      { flags: `--${side}-map <field=column>`, text: "option.listMap", repeats: true },
      { flags: `--${side}-system <system>`, text: "option.listSystem" },
      { flags: `--${side}-where <column=value>`, text: "option.listWhere", repeats: true },
      { flags: `--${side}-encoding <encoding>`, text: "option.encoding", choices: ENCODINGS },
      { flags: `--${side}-delimiter <character>`, text: "option.delimiter" },
    ]),
    { flags: "--by <name>", text: "option.stepBy" },
  ],
  examples: [
    "cityroot reconcile open stops --left bvg.csv --right bureau.csv",
    "cityroot reconcile open lamps --left a.csv --left-system ma --right b.csv --right-map code=编号 --right-map name.zh=名称 --right-where status=1",
  ],
  run: async (context, input) => {
    const { io, say } = context;
    const folder = pathFrom(io.workingFolder, input.argument("folder"));
    if (existsSync(folder)) throw folderTaken(say, folder);
    const left = await lookAtList(context, input, "left");
    const right = await lookAtList(context, input, "right");
    await makeWorkbench(folder, { left, right }, (temporary, digests) => {
      for (const side of SIDES)
        writeProblems(join(temporary, `${side}.problems.csv`), (side === "left" ? left : right).list);
      openJournal(temporary).add({
        at: new Date(io.now()).toISOString(),
        by: byOf(context, input),
        deed: { kind: "open", ...digests },
      });
    });
    context.done({ workbench: folder, left: jsonOf(left), right: jsonOf(right) }, () => [
      ...context.facts([...factsOf(context, "left", left), ...factsOf(context, "right", right)]),
      say("reconcile.opened", { folder }),
    ]);
    for (const [side, looked] of [
      ["left", left],
      ["right", right],
    ] as const)
      warnOf(context, side, looked, folder);
    return undefined;
  },
};

type Looked = {
  readonly path: string;
  readonly reading: ListReading;
  readonly list: ReadList;
  readonly guess: SystemGuess;
};

async function lookAtList(context: Context, input: Input, side: Side): Promise<Looked> {
  const { say, io } = context;
  const path = pathFrom(io.workingFolder, input.needed(side));
  if (!existsSync(path) || !statSync(path).isFile()) {
    throw new CommandFailure({
      code: "FILE_NOT_FOUND",
      exit: "failure",
      detail: say("error.file", { path, reason: say("error.noFile") }),
      field: `--${side}`,
      expected: say("error.file.expected"),
      got: path,
      fix: say("error.file.fix"),
    });
  }
  const found = await lookAtText(path, input.text(`${side}-encoding`) as Encoding | undefined);
  const delimiter = input.text(`${side}-delimiter`)?.replace("\\t", "\t") ?? found.delimiter;
  const facts = { ...found, delimiter };
  const { columns } = await openTable(path, facts, 1);
  const mapping = mappingOf(context, side, input.texts(`${side}-map`), columns);
  const where = Object.fromEntries(
    input.texts(`${side}-where`).map((text) => whereOf(context, side, text, columns)),
  );
  const bar = context.progress(say("reconcile.reading", { side: say(`reconcile.${side}`) }), facts.lines);
  const given = input.text(`${side}-system`);
  if (given !== undefined && !/^[a-z0-9][a-z0-9-]{0,63}$/.test(given)) {
    throw optionMalformed(say, { field: `--${side}-system`, expected: "a-z, 0-9, -", got: given });
  }
  try {
    const read = (system: string) =>
      readList(path, { facts, mapping, system, where }, (rows) => bar.update(rows));
    const first = await read(given ?? "");
    const guess =
      given === undefined ? guessSystem(first, mapping.code.slice(1, -1)) : { system: given, fits: [] };
    // What a system says of its codes is only known once the system is.
    const list = guess.system === "" || given !== undefined ? first : await read(guess.system);
    return { path, reading: { facts, mapping, system: guess.system, where }, list, guess };
  } catch (error) {
    if (!(error instanceof TooManyRowsError)) throw error;
    throw optionMalformed(say, {
      field: `--${side}`,
      expected: say("reconcile.rowsMax", { max: error.message }),
      got: path,
    });
  } finally {
    bar.stop();
  }
}

function whereOf(
  { say }: Context,
  side: Side,
  text: string,
  columns: readonly string[],
): readonly [column: string, value: string] {
  const at = text.indexOf("=");
  const column = text.slice(0, Math.max(0, at));
  if (columns.includes(column)) return [column, text.slice(at + 1)];
  throw optionMalformed(say, {
    field: `--${side}-where`,
    expected: `COLUMN=VALUE: ${columns.join(", ")}`,
    got: text,
  });
}

function folderTaken(say: Context["say"], folder: string): CommandFailure {
  return new CommandFailure({
    code: "WORKBENCH_EXISTS",
    exit: "conflict",
    detail: say("reconcile.exists", { folder }),
    field: "folder",
    expected: say("reconcile.exists.expected"),
    got: folder,
    fix: say("reconcile.exists.fix"),
  });
}

/** What was wrong, row by row. */
function writeProblems(path: string, { problems }: ReadList): void {
  if (problems.length === 0) return;
  const lines = problems.map(({ row, kind, field, expected, got }) =>
    csvLine([String(row), kind, field, expected, got].map(forPeople)),
  );
  writeFileWhole(path, csvLine(["row", "problem", "field", "expected", "got"]) + lines.join(""), 0o600);
}

function countsOf({ problems }: ReadList): { readonly [kind: string]: number } {
  const counts: { [kind: string]: number } = {};
  for (const { kind } of problems) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

function jsonOf({ path, reading, list, guess }: Looked): object {
  const { facts, mapping, system, where } = reading;
  return {
    ...{ file: path, encoding: facts.encoding, delimiter: facts.delimiter, mapping, system, where },
    ...{ fits: guess.fits, rows: list.rows.length, skipped: list.skipped, problems: countsOf(list) },
  };
}

function factsOf(
  context: Context,
  side: Side,
  { path, reading, list, guess }: Looked,
): (readonly [string, string])[] {
  const { say, language } = context;
  const { facts, mapping, system } = reading;
  const several =
    guess.fits.length > 1 ? say("reconcile.system.several", { fits: guess.fits.join(", "), side }) : "";
  return [
    [say(`reconcile.${side}`), `${path} (${facts.encoding})`],
    [say("reconcile.columns"), mappingText(mapping)],
    [say("reconcile.system"), system || several || say("reconcile.system.unknown")],
    [say("reconcile.rows"), list.rows.length.toLocaleString(language)],
  ];
}

function warnOf(context: Context, side: Side, { list }: Looked, folder: string): void {
  if (list.problems.length === 0) return;
  const { say } = context;
  const refused = list.problems.filter(({ kind }) => REFUSED_KINDS.includes(kind)).length;
  const doubtful = list.problems.length - refused;
  const path = join(folder, `${side}.problems.csv`);
  context.warn(
    "ROWS_DOUBTFUL",
    say("reconcile.problems", { side: say(`reconcile.${side}`), refused, doubtful, path }),
  );
}
