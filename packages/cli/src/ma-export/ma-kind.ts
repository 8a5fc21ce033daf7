import type { Code } from "@cityroot/codes/ma/code";
import type { Operation } from "@cityroot/core/operation/operation";
import { findTaken, findTakenRanges } from "../import/find-taken.ts";
import { ISSUE_KIND, type RowKind } from "../import/row-kind.ts";

type Issue = Operation & { readonly type: "issue" };
type Range = Operation & { readonly type: "issue-range" };

/** Rows that issue one code, or a range of them. `placeOf` says where an earlier row is. */
export function maKind(placeOf: (row: number) => string): RowKind {
  return {
    ...ISSUE_KIND,
    labelOf: (operation) => (operation.type === "issue-range" ? operation.first : (operation as Issue).code),
    sizeOf: (operation) => {
      const { class: name, attributes, links } = operation as Issue | Range;
      return 3 * JSON.stringify([attributes, links]).length + name.length + 256;
    },
    countOf: (operation) => (operation.type === "issue-range" ? operation.count : 1),
    takenDetail: (code) => `${code}, or one of the range that begins with it, was issued already`,
    repeatDetail: (first) => `the same code as ${placeOf(first)}`,
    findTaken: async (client, rows, signal) => {
      const ranges = rows.flatMap(({ operation }) => (operation.type === "issue-range" ? [operation] : []));
      const singles = rows.filter(({ operation }) => operation.type === "issue");
      const codes = singles.map(({ code }) => code as Code);
      const [taken, overlapped] = await Promise.all([
        findTaken(client, codes, signal),
        findTakenRanges(client, ranges, signal),
      ]);
      return new Set([...taken, ...overlapped]);
    },
  };
}
