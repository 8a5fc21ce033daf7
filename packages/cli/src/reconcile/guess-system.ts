import { identify } from "@cityroot/codes/systems/identify";
import { systemOf } from "@cityroot/codes/systems/systems";
import type { ReadList } from "./read-list.ts";

/** How many codes are looked at. */
const SAMPLE = 500;

/** Which coding systems all codes of a list fit, as far as they were looked at. */
export type SystemGuess = {
  /** The one that is taken: it alone fits, or its check characters agree everywhere. */
  readonly system: string;
  /** All that fit. */
  readonly fits: readonly string[];
};

/** Guesses the system of a list's own codes; `column` is what its column is called. */
export function guessSystem({ rows }: ReadList, column: string): SystemGuess {
  let fits: readonly string[] | undefined;
  let checked: readonly string[] | undefined;
  const step = Math.max(1, Math.floor(rows.length / SAMPLE));
  for (let at = 0; at < rows.length; at += step) {
    const found = identify(rows[at]!.code.value).fits;
    const ids = found.map(({ system }) => system.id);
    const right = found.filter(({ reading }) => reading.check === "right").map(({ system }) => system.id);
    fits = fits === undefined ? ids : fits.filter((id) => ids.includes(id));
    checked = checked === undefined ? right : checked.filter((id) => right.includes(id));
    if (fits.length === 0) break;
  }
  const all = fits ?? [];
  const named = column.toLowerCase();
  if (systemOf(named) !== undefined && all.includes(named)) return { system: named, fits: all };
  if (checked?.length === 1) return { system: checked[0]!, fits: all };
  return { system: all.length === 1 ? all[0]! : "", fits: all };
}
