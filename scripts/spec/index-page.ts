// docs/spec/index.md: the chapters, and which sources and tests carry out each clause.
import { type Citation, isTest, readCitations, testBeside } from "./citations.ts";
import { type Clause, compareClauses } from "./clauses.ts";

/** The page, from the clauses of the whole specification and the citations of the sources. */
export function makeIndexPage(clauses: readonly Clause[]): string {
  const cited = [...groupByClause(readCitations())].sort(([a], [b]) =>
    compareClauses({ number: a }, { number: b }),
  );
  const titles = new Map(clauses.map(({ number, title }) => [number, title]));
  const rows = cited.map(([clause, paths]) => {
    const tests = [...new Set(paths.flatMap((path) => (isTest(path) ? [path] : (testBeside(path) ?? []))))];
    const sources = paths.filter((path) => !isTest(path));
    return `| ${clause} | ${titles.get(clause) ?? "(no such clause)"} | ${listOf(sources)} | ${listOf(tests)} |`;
  });
  return `# The specification

${GENERATED}

${chaptersOf(clauses).join("\n")}

The HTTP interface, which is not part of the protocol, is in [api.md](api.md), the DID method in [did-method.md](did-method.md), and names of codes in the DNS in [dns.md](dns.md). The reasons are in
[../decisions](../decisions/README.md). What another implementation has to agree on, as data, is in
[../../vectors](../../vectors/README.md).

## Where each clause is carried out

From the citations \`Spec §…\` in the sources, each with the test beside it. Tests in \`test/\` go across and are not listed.

| clause | title | sources | tests |
|---|---|---|---|
${rows.join("\n")}
`;
}

/** What stands on every generated page. */
export const GENERATED =
  "This page is generated: `node --conditions=source scripts/spec/make.ts`. Change the code or the script, not the page.";

function chaptersOf(clauses: readonly Clause[]): string[] {
  return clauses
    .filter(({ number }) => !number.includes("."))
    .map(({ number, title, page }) => `${number}. [${title}](${page})`);
}

function groupByClause(citations: readonly Citation[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const { clause, path } of citations) {
    const paths = groups.get(clause) ?? [];
    if (!paths.includes(path)) paths.push(path);
    groups.set(clause, paths);
  }
  return groups;
}

function listOf(paths: readonly string[]): string {
  return paths
    .map((path) => `[${path.replace("packages/", "").replace("/src/", "/")}](../../${path})`)
    .join("<br>");
}
