import type { Fault, Parsed } from "@cityroot/codes/fault";
import { type Code, parseCode, partsOf } from "@cityroot/codes/ma/code";
import { warningsOf } from "@cityroot/codes/ma/medical";
import { isBelow } from "@cityroot/codes/ma/prefix";
import type { Json } from "@cityroot/core/json";
import { type SeenCodes, seenCodes } from "../import/seen-codes.ts";
import type { TableRow } from "../import/table.ts";
import { answerOf } from "./answer.ts";
import { parseJson } from "./answer-json.ts";
import { type Classes, classOf } from "./class-option.ts";
import { codeOfLine, LINE_CHARACTERS_MAX } from "./code-line.ts";
import type { Findings } from "./finding.ts";
import { readLines } from "./lines.ts";
import { type LoadedExport, type Source, wholeText } from "./load-export.ts";
import { type Run, runMaker } from "./runs.ts";
import { notInForce } from "./unit.ts";

/** How the rows of an export are made. */
export type ExportRowsParameters = {
  readonly loaded: LoadedExport;
  /** Codes have to lie below it. */
  readonly prefix: Code;
  readonly classes: Classes;
  /** Leaves out codes of units that are not in force; else they are issued and suspended at once. */
  readonly leaveOut: boolean;
  /** Makes no ranges. */
  readonly singly: boolean;
  readonly findings: Findings;
  readonly partRows: number;
};

/** The rows of an export, as of a table, and a memory of which codes are twice in it. */
export type ExportRows = {
  readonly parts: () => AsyncGenerator<readonly TableRow[]>;
  readonly seen: SeenCodes;
  /** Whether a row that is not submitted yet repeats the code of an earlier one. */
  readonly isRepeat: (row: number) => boolean;
};

/**
 * A row of an export as a row of a table. `refused` and `detail` where it cannot become a code; `skip` where there is
 * nothing to do; else `code`, `count` for a range, `class`, and `reason` where it is not in force.
 */
export type ExportRow = {
  readonly code: string;
  readonly count?: string;
  readonly class?: string;
  readonly reason?: string;
  readonly skip?: "yes";
  readonly refused?: string;
  readonly detail?: string;
};

/** The use whose codes stand for persons: name cards of staff. Published with the calls. */
const PERSONAL_USES: readonly string[] = ["73"];
const OBJECT_NODES = 3;

/** Makes rows of the codes of an export: checked one by one, codes that count up together as a range. */
export function exportRows(parameters: ExportRowsParameters): ExportRows {
  const repeats = new Map<number, number>();
  const seen: SeenCodes = {
    add: (_, row) => {
      const first = repeats.get(row);
      repeats.delete(row);
      return first;
    },
    isComplete: () => true,
  };
  return { seen, isRepeat: (row) => repeats.has(row), parts: () => partsOfRows(parameters, repeats) };
}

async function* partsOfRows(
  parameters: ExportRowsParameters,
  repeats: Map<number, number>,
): AsyncGenerator<readonly TableRow[]> {
  const { loaded, partRows } = parameters;
  const codes = seenCodes();
  let part: TableRow[] = [];
  for (const source of loaded.sources) {
    for await (const rows of rowsOf(parameters, source, codes, repeats)) {
      for (const row of rows) {
        part.push(row);
        if (part.length < partRows) continue;
        yield part;
        part = [];
      }
    }
  }
  if (part.length > 0) yield part;
}

async function* rowsOf(
  parameters: ExportRowsParameters,
  source: Source,
  codes: SeenCodes,
  repeats: Map<number, number>,
): AsyncGenerator<readonly TableRow[]> {
  if (source.kind === "categories") {
    yield source.rows.map((row, at) => tableRow(source.base + at + 1, categoryRow(parameters, row)));
    return;
  }
  const maker = runMaker();
  const { loaded, findings, singly } = parameters;
  for await (const texts of textsOf(source)) {
    const rows: TableRow[] = [];
    const end = (runs: readonly Run[]): void => {
      for (const { row, code, count } of runs) {
        rows.push(tableRow(row, withCount(judgeCode(parameters, code), count)));
      }
    };
    for (const { number, parsed, detail } of texts) {
      const row = source.base + number;
      if (!parsed?.ok) {
        end(maker.end());
        const refused = parsed === undefined ? "LINE_TOO_LONG" : "CODE_MALFORMED";
        rows.push(tableRow(row, { code: "", refused, detail }));
        continue;
      }
      const code = parsed.value;
      const isCategory = loaded.categories.has(code);
      const first = isCategory ? undefined : codes.add(code, row);
      if (first !== undefined) repeats.set(row, first);
      for (const warning of warningsOf(code)) {
        const place = source.kind === "list" ? String(number) : `${source.path}[${number - 1}]`;
        findings.add({ finding: "doubtful", file: source.file.name, place, got: `${code} ${told(warning)}` });
      }
      const judged = isCategory ? { code, skip: "yes" as const } : judgeCode(parameters, code);
      const isPlain =
        judged.refused === undefined && judged.reason === undefined && judged.skip === undefined;
      if (isPlain && first === undefined && !singly) end(maker.push({ row, code, alone: false }));
      else {
        end(maker.end());
        rows.push(tableRow(row, judged));
      }
    }
    yield rows;
  }
  const rest = maker.end();
  yield rest.map(({ row, code, count }) => tableRow(row, withCount(judgeCode(parameters, code), count)));
}

function categoryRow(parameters: ExportRowsParameters, row: Source["rows"][number]): ExportRow {
  if ("again" in row) return { code: row.again, skip: "yes" };
  if ("refused" in row) return row;
  return judgeCode(parameters, row.code);
}

/** What becomes of a code, as far as that does not depend on the registry. */
function judgeCode({ prefix, classes, loaded, leaveOut }: ExportRowsParameters, code: Code): ExportRow {
  if (!isBelow(code, prefix)) {
    return { code, refused: "CODE_ELSEWHERE", detail: `expected a code below ${prefix}` };
  }
  const parts = partsOf(code);
  if (parts.profile === "general" && parts.object.length < OBJECT_NODES) {
    return { code, refused: "CODE_INCOMPLETE", detail: "expected use, category and model" };
  }
  if (parts.profile === "general" && PERSONAL_USES.includes(parts.object[0]!)) {
    const detail = `codes of the use ${parts.object[0]} stand for persons, who have no place on the ledger`;
    return { code, refused: "CODE_OF_PERSON", detail };
  }
  const name = classOf(classes, parts);
  if (name === undefined) {
    const object = parts.object.slice(0, OBJECT_NODES - 1).join(".");
    return { code, refused: "CLASS_UNKNOWN", detail: `say its class: --class ${object}=CLASS` };
  }
  const reason = notInForce(loaded.units, code);
  if (reason === null) return { code, class: name };
  return leaveOut ? { code, skip: "yes" } : { code, class: name, reason };
}

function withCount(row: ExportRow, count: number): ExportRow {
  return count === 1 ? row : { ...row, count: String(count) };
}

function tableRow(row: number, values: ExportRow): TableRow {
  return { row, values: values as { readonly [name: string]: string } };
}

/** What stands at a place of a list or an answer; `parsed` is undefined where a line is too long to be looked at. */
type Text = { readonly number: number; readonly parsed: Parsed<Code> | undefined; readonly detail: string };

async function* textsOf(source: Source): AsyncGenerator<readonly Text[]> {
  const { file, encoding } = source;
  if (source.kind === "codes") {
    yield (await itemsOf(source)).map((item, at) => textAt(at + 1, item));
    return;
  }
  for await (const lines of readLines(file.path, encoding)) {
    yield lines
      .filter(({ text }) => text === undefined || text.trim() !== "")
      .map(({ number, text }) => {
        if (text !== undefined) return textAt(number, text);
        return { number, parsed: undefined, detail: `expected at most ${LINE_CHARACTERS_MAX} characters` };
      });
  }
}

/** The file is read again, so that a list of codes is held only while its turn is. */
async function itemsOf({ file, encoding }: Source): Promise<readonly Json[]> {
  const read = parseJson(await wholeText(file.path, encoding));
  const answer = "json" in read ? answerOf(read.json) : undefined;
  if (answer?.kind !== "codes") throw new Error(`${file.path} changed while it was read`);
  return answer.items;
}

function textAt(number: number, item: Json): Text {
  const parsed = typeof item === "string" ? codeOfLine(item) : parseCode("");
  if (parsed.ok) return { number, parsed, detail: "" };
  const isText = typeof item === "string";
  return { number, parsed, detail: isText ? told(parsed.fault) : `expected text; got ${typeof item}` };
}

function told({ field, expected, got, fix }: Fault): string {
  const parts = [
    field && `${field}:`,
    expected && `expected ${expected};`,
    got !== undefined && `got ${JSON.stringify(got)}`,
    fix && `(${fix})`,
  ];
  return parts.filter((part) => typeof part === "string" && part !== "").join(" ");
}
