// Writes the generated pages of docs/spec: refusals, limits, examples, and the index of clauses.
// Run: node --conditions=source scripts/spec/make.ts
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readSpec, SPEC_FOLDER } from "./clauses.ts";
import { makeExamplesPage } from "./examples-page.ts";
import { makeIndexPage } from "./index-page.ts";
import { makeLimitsPage, readLimits } from "./limits-page.ts";
import { makeRefusalsPage } from "./refusals-page.ts";

/** The generated pages by name, as text. */
export async function makeSpecPages(): Promise<ReadonlyMap<string, string>> {
  const pages = new Map([
    ["refusals.md", makeRefusalsPage(readSpec())],
    ["limits.md", makeLimitsPage(await readLimits())],
    ["examples.md", makeExamplesPage()],
  ]);
  pages.set("index.md", makeIndexPage(readSpec(pages)));
  return pages;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [name, text] of await makeSpecPages()) writeFileSync(join(SPEC_FOLDER, name), text);
}
