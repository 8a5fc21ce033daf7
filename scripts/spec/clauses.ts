// The clauses of docs/spec as they are written, and the names that stand in them.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Root of the workspace, with a slash at the end. */
export const ROOT: string = fileURLToPath(new URL("../../", import.meta.url));
/** Where the specification is. */
export const SPEC_FOLDER: string = join(ROOT, "docs/spec");

/** A clause: its number, the heading that it stands under, the page that it is on, and its text. */
export type Clause = {
  readonly number: string;
  readonly title: string;
  readonly page: string;
  readonly text: string;
};

const HEADING = /^#{1,3} ([0-9]+(?:\.[0-9]+)*) (.*)$/;
const PARAGRAPH = /^\*\*([0-9]+(?:\.[0-9]+)+)\*\*/;

/** The clauses of one page, in their order. */
export function clausesOf(page: string, text: string): Clause[] {
  const clauses: { number: string; title: string; page: string; text: string }[] = [];
  let title = "";
  for (const line of text.split("\n")) {
    const heading = HEADING.exec(line);
    const number = heading?.[1] ?? PARAGRAPH.exec(line)?.[1];
    if (heading !== null) title = heading[2]!;
    if (number !== undefined) clauses.push({ number, title, page, text: "" });
    const clause = clauses.at(-1);
    if (clause !== undefined) clause.text += `${line}\n`;
  }
  return clauses;
}

/** Pages of the specification: those with a chapter's number in their name, and those that are given besides. */
export function readSpec(made: ReadonlyMap<string, string> = new Map()): Clause[] {
  const written = readdirSync(SPEC_FOLDER).filter((name) => /^[0-9]{2}-.*\.md$/.test(name));
  const pages = [
    ...written.map((name): [string, string] => [name, readFileSync(join(SPEC_FOLDER, name), "utf8")]),
    ...made,
  ];
  return pages.flatMap(([name, text]) => clausesOf(name, text)).sort(compareClauses);
}

/** In order of their numbers. */
export function compareClauses(a: Pick<Clause, "number">, b: Pick<Clause, "number">): number {
  const left = a.number.split(".").map(Number);
  const right = b.number.split(".").map(Number);
  for (let at = 0; at < left.length && at < right.length; at++) {
    if (left[at] !== right[at]) return left[at]! - right[at]!;
  }
  return left.length - right.length;
}

/** Names in capitals that stand in a text as code, each once. */
export function namesIn(text: string): string[] {
  return [
    ...new Set(
      [...text.matchAll(/`([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|DUPLICATE|EXPIRED)`/g)].map((match) => match[1]!),
    ),
  ];
}

/** Limits that stand in a text with their values. */
export function limitsIn(text: string): { readonly name: string; readonly value: number }[] {
  return [...text.matchAll(/`([A-Z][A-Z0-9_]+)`\s\(([0-9,]+)\)/g)].map((match) => ({
    name: match[1]!,
    value: Number(match[2]!.replaceAll(",", "")),
  }));
}
