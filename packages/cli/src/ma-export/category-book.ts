import type { Code } from "@cityroot/codes/ma/code";
import type { Json } from "@cityroot/core/json";
import { type Category, categoryOf } from "./category.ts";
import type { ExportFile } from "./find-files.ts";
import type { Findings } from "./finding.ts";

/** What became of a category of an answer: `again` was said before. */
export type CategoryRow =
  | { readonly code: Code }
  | { readonly again: Code }
  | { readonly refused: string; readonly code: string; readonly detail: string };

/** The categories of an export, each once however many answers say it. */
export type CategoryBook = {
  readonly categories: ReadonlyMap<Code, Category>;
  readonly add: (json: Json, file: ExportFile, place: string) => CategoryRow;
};

/** Most categories of one export. */
const CATEGORIES_MAX = 100_000;

/** A book that is empty. */
export function categoryBook(findings: Findings): CategoryBook {
  const categories = new Map<Code, Category>();
  const places = new Map<Code, string>();
  const add: CategoryBook["add"] = (json, file, place) => {
    const read = categoryOf(json);
    if ("refused" in read) {
      const { member, got, expected } = read.refused;
      const detail = `${member}: expected ${expected}; got ${JSON.stringify(got.slice(0, 80))}`;
      return { refused: "CATEGORY_MALFORMED", code: "", detail };
    }
    const { category, leftOut } = read;
    const { code } = category;
    const known = categories.get(code);
    if (known === undefined && categories.size === CATEGORIES_MAX) {
      return { refused: "CATEGORIES_TOO_MANY", code, detail: `more than ${CATEGORIES_MAX} categories` };
    }
    const joined = known === undefined ? category : joinCategories(known, category);
    if (typeof joined === "string") {
      return {
        refused: "CATEGORY_DIFFERS",
        code,
        detail: `its ${joined} is not that of ${places.get(code)}`,
      };
    }
    categories.set(code, joined);
    if (known !== undefined) return { again: code };
    places.set(code, `${file.name} ${place}`);
    for (const { member, got } of leftOut) {
      const finding = member === "gotourl" ? "noLink" : "noWay";
      findings.add({ finding, file: file.name, place: `${place}.${member}`, got });
    }
    return { code };
  };
  return { categories, add };
}

/** What two answers say of one category, or the name of what they disagree about. */
function joinCategories(known: Category, other: Category): Category | string {
  const names = ["way", "id", "description", "target"] as const;
  const differing = names.find((name) => differs(known[name], other[name]));
  if (differing !== undefined) return differing;
  if (differs(known.name.zh, other.name.zh) || differs(known.name.en, other.name.en)) return "name";
  return {
    code: known.code,
    way: known.way ?? other.way,
    id: known.id ?? other.id,
    name: { ...known.name, ...other.name },
    description: known.description ?? other.description,
    target: known.target ?? other.target,
  };
}

function differs(known: string | undefined, other: string | undefined): boolean {
  return known !== undefined && other !== undefined && known !== other;
}
