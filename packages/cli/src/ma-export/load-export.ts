import { statSync } from "node:fs";
import type { Code } from "@cityroot/codes/ma/code";
import type { Json } from "@cityroot/core/json";
import { type Encoding, lookAtText, readText } from "../import/text-encoding.ts";
import { type Answer, answerOf } from "./answer.ts";
import { type JsonFault, parseJson, wholeOf } from "./answer-json.ts";
import type { Category } from "./category.ts";
import { type CategoryRow, categoryBook } from "./category-book.ts";
import type { ExportFile } from "./find-files.ts";
import type { Finding, Findings } from "./finding.ts";
import { type Unit, unitOf } from "./unit.ts";

/** A file that holds codes. Its rows are numbered from `base + 1` on, so that a number tells file and place. */
export type Source = {
  readonly file: ExportFile;
  readonly kind: "categories" | "codes" | "list";
  readonly encoding: Encoding;
  readonly base: number;
  /** Of an answer: the member that holds the rows. */
  readonly path: string;
  /** Of categories: what each became. */
  readonly rows: readonly CategoryRow[];
};

/** All of an export but the codes of its lists, which are read when they are wanted. */
export type LoadedExport = {
  readonly units: readonly Unit[];
  readonly categories: ReadonlyMap<Code, Category>;
  readonly sources: readonly Source[];
  /** About how many codes there are. */
  readonly total: number;
};

/** Why an export cannot be read at all. */
export type ExportFault =
  | { readonly fault: "json"; readonly file: ExportFile; readonly at: JsonFault }
  | {
      readonly fault: "size";
      readonly file: ExportFile;
      readonly sizeBytes: number;
      readonly maxBytes: number;
    }
  | {
      readonly fault: "unit";
      readonly file: ExportFile;
      readonly place: string;
      readonly member: string;
      readonly got: string;
    };

/** Longest answer: a list of more codes comes as text. */
export const ANSWER_BYTES_MAX = 67_108_864;
/** All lists together: rows are numbered in 32 bits, and no row is shorter than a byte. */
const LISTS_BYTES_MAX = 4_000_000_000;

/** Reads what an export says, and looks at its lists. `encoding` is what the user said. */
export async function loadExport(
  files: readonly ExportFile[],
  encoding: Encoding | undefined,
  findings: Findings,
): Promise<LoadedExport | ExportFault> {
  const units: Unit[] = [];
  const book = categoryBook(findings);
  const answers: { readonly source: Omit<Source, "base">; readonly rows: number }[] = [];
  const lists: typeof answers = [];
  let lines = 0;
  for (const file of files) {
    if (file.kind !== "answer" && file.kind !== "list") {
      findings.add({ finding: file.kind, file: file.name, place: "", got: "" });
      continue;
    }
    const { size } = statSync(file.path);
    const maxBytes = file.kind === "answer" ? ANSWER_BYTES_MAX : LISTS_BYTES_MAX;
    if (size > maxBytes) return { fault: "size", file, sizeBytes: size, maxBytes };
    const facts = await lookAtText(file.path, encoding);
    if (file.kind === "list") {
      lines += facts.lines;
      const source = { file, kind: "list", encoding: facts.encoding, path: "", rows: [] } as const;
      lists.push({ source, rows: size + 1 });
      continue;
    }
    const parsed = parseJson(await wholeText(file.path, facts.encoding));
    if ("fault" in parsed) return { fault: "json", file, at: parsed.fault };
    const answer = answerOf(parsed.json);
    const fault = takeUnits(answer, file, units, findings);
    if (fault !== undefined) return fault;
    tellRest(answer, file, findings);
    if (answer.kind !== "categories" && answer.kind !== "codes") continue;
    const { kind, path, items } = answer;
    const rows = kind === "categories" ? items.map((item, at) => book.add(item, file, `${path}[${at}]`)) : [];
    lines += items.length;
    const source = { file, kind, encoding: facts.encoding, path, rows };
    (kind === "categories" ? answers : lists).push({ source, rows: items.length + 1 });
  }
  if (units.length === 0) findings.add({ finding: "noUnit", file: "", place: "", got: "" });
  let base = 0;
  const sources: Source[] = [];
  for (const { source, rows } of [...answers, ...lists]) {
    sources.push({ ...source, base });
    base += rows;
    if (base > LISTS_BYTES_MAX) {
      return { fault: "size", file: source.file, sizeBytes: base, maxBytes: LISTS_BYTES_MAX };
    }
  }
  return { units, categories: book.categories, sources, total: lines };
}

/** The whole text of a file without a byte order mark. */
export async function wholeText(path: string, encoding: Encoding): Promise<string> {
  let text = "";
  for await (const piece of readText(path, encoding)) text += piece;
  return text;
}

/** A row as people find it: its file, and its line or member there. */
export function placeOf(
  sources: readonly Source[],
  row: number,
): { readonly file: string; readonly place: string } {
  const source = sources.findLast(({ base }) => base < row);
  if (source === undefined) return { file: "", place: String(row) };
  const number = row - source.base;
  const place = source.kind === "list" ? String(number) : `${source.path}[${number - 1}]`;
  return { file: source.file.name, place };
}

function takeUnits(
  answer: Answer,
  file: ExportFile,
  units: Unit[],
  findings: Findings,
): ExportFault | undefined {
  if (answer.kind !== "units") return undefined;
  for (const [at, item] of answer.items.entries()) {
    const read = unitOf(item);
    const place = answer.path === "" ? "" : `${answer.path}[${at}]`;
    if (!("unit" in read)) return { fault: "unit", file, place, ...read };
    const { status, code } = read.unit;
    if (status === undefined) findings.add({ finding: "noStatus", file: file.name, place, got: code });
    units.push(read.unit);
  }
  return undefined;
}

/** Tells of an answer that holds neither codes nor units. */
function tellRest(answer: Answer, file: ExportFile, findings: Findings): void {
  const said = restOf(answer);
  if (said !== undefined) findings.add({ ...said, file: file.name, place: "" });
}

function restOf(answer: Answer): Pick<Finding, "finding" | "got"> | undefined {
  switch (answer.kind) {
    case "address":
      return { finding: "address", got: answer.address };
    case "uploads":
      return { finding: "uploads", got: String(sumOf(answer.items)) };
    case "refused":
      return { finding: "refusedCall", got: answer.reason };
    case "other":
      return { finding: "otherCall", got: answer.member };
    case "unknown":
      return { finding: "unknown", got: answer.got };
    default:
      return undefined;
  }
}

function sumOf(uploads: readonly Json[]): number {
  return uploads.reduce<number>((sum, upload) => sum + (wholeOf(upload, "code_num") ?? 0), 0);
}
