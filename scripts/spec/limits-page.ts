// docs/spec/limits.md: every bound of the protocol, with its value and its meaning, from the sources.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ROOT } from "./clauses.ts";
import { GENERATED } from "./index-page.ts";

/** A bound: where it is defined, what it is and what it means. */
export type Limit = {
  readonly name: string;
  readonly value: number;
  readonly meaning: string;
  readonly path: string;
};

const LIMITS_FILES = ["packages/core/src/limits.ts", "packages/codes/src/ma/limits.ts"];
/** Another file whose bounds decide what a transaction does. */
const PROTOCOL_FILES = [...LIMITS_FILES, "packages/core/src/state/interval.ts"];
const EXPORT = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\nexport const ([A-Z][A-Z0-9_]*)(?:: number)? = /g;

/** All bounds: those of the files of limits, and what other files of codes and core call a most or a least. */
export async function readLimits(): Promise<Limit[]> {
  const limits: Limit[] = [];
  for (const path of [...LIMITS_FILES, ...otherPaths()]) {
    const text = readFileSync(join(ROOT, path), "utf8");
    const documented = [...text.matchAll(EXPORT)].filter(
      ([, , name]) => LIMITS_FILES.includes(path) || /_(MAX|MIN)$/.test(name!),
    );
    if (documented.length === 0) continue;
    const module: { readonly [name: string]: unknown } = await import(pathToFileURL(join(ROOT, path)).href);
    for (const [, comment, name] of documented) {
      const value = module[name!];
      if (typeof value === "number") limits.push({ name: name!, value, meaning: meaningOf(comment!), path });
    }
  }
  return limits;
}

function otherPaths(): string[] {
  return ["codes", "core"].flatMap((name) =>
    readdirSync(join(ROOT, `packages/${name}/src`), { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".ts") && !/\.(test|testing)\.ts$/.test(path))
      .map((path) => `packages/${name}/src/${path}`)
      .filter((path) => !LIMITS_FILES.includes(path))
      .sort(),
  );
}

/** The sentences of a doc comment on one line. */
function meaningOf(comment: string): string {
  return comment
    .replace(/^\s*\*/gm, "")
    .replace(/\{@link ([^}]*)\}/g, "`$1`")
    .replace(/\s+/g, " ")
    .replaceAll("|", "\\|")
    .trim();
}

/** A number as people read it. */
export function groupDigits(value: number): string {
  return String(value).replace(/\B(?=(?:[0-9]{3})+$)/g, ",");
}

/** The page. */
export function makeLimitsPage(limits: readonly Limit[]): string {
  const protocol = limits.filter(({ path }) => PROTOCOL_FILES.includes(path));
  const others = limits.filter(({ path }) => !PROTOCOL_FILES.includes(path));
  return `# 10 Limits

${GENERATED}

A limit is the last value that is accepted; but \`EXPIRY_BLOCKS_MAX\` is the first distance that is refused (4.4.6).
Limits of the protocol are consensus: an implementation with others accepts
other transactions, and so comes to another state.

## 10.1 Limits of the protocol

${tableOf(protocol)}

## 10.2 Bounds of readers and provers

What readers of codes, addresses, notes, logs and policies take, and what provers work with. None of them decides what a
transaction does.

${tableOf(others)}
`;
}

function tableOf(limits: readonly Limit[]): string {
  const rows = limits.map(
    ({ name, value, meaning, path }) =>
      `| \`${name}\` | ${groupDigits(value)} | ${meaning} | [${path.split("/").pop()}](../../${path}) |`,
  );
  return ["| name | value | meaning | source |", "|---|---|---|---|", ...rows].join("\n");
}
