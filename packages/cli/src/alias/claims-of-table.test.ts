import type { Code } from "@cityroot/codes/ma/code";
import type { Day } from "@cityroot/core/state/day";
import { expect, test } from "vitest";
import { sayIn } from "../text/say.ts";
import type { Claim } from "./claim-kind.ts";
import { claimsOfTable } from "./claims-of-table.ts";

const say = sayIn("en");
const claim = (value: string, target: string, more: Partial<Claim> = {}): Claim => ({
  ...{ type: "claim-alias", system: "mast", value, claimant: "MA.156" as Code, relation: "same-as" },
  ...{ target: target as Code, from: null, until: null, evidence: null, item: null },
  ...more,
});
const days = (from: string | null, until: string | null) => ({ from: from as Day, until: until as Day });

test("rows that name one thing, or several of other relations or days, do not contradict each other", () => {
  const table = claimsOfTable(say);
  const nothing = { foreseen: undefined };
  expect(table.add(2, claim("1", "MA.156.1", days(null, "1999-12-31")))).toEqual(nothing);
  expect(table.add(3, claim("1", "MA.156.2", days("2000-01-01", null)))).toEqual(nothing);
  expect(table.add(4, claim("1", "MA.156.3", { relation: "part-of" }))).toEqual(nothing);
  expect(table.add(5, claim("2", "MA.156.3"))).toEqual(nothing);
  expect(table.add(6, claim("2", "MA.156.3"))).toEqual(nothing);
  expect(table.add(7, claim("1", "MA.156.9", { system: "other" }))).toEqual(nothing);
});

test("a row that says another thing of the same days is in conflict with the earlier one", () => {
  const table = claimsOfTable(say);
  table.add(2, claim("1", "MA.156.1", days(null, "2000-01-01")));
  expect(table.add(3, claim("1", "MA.156.2", days("2000-01-01", null)))).toEqual({
    foreseen: { notice: "CONFLICT", detail: "row 2 claims that it is MA.156.1" },
  });
});

test("a row that makes an earlier one's claim for other days contradicts it", () => {
  const table = claimsOfTable(say);
  table.add(2, claim("1", "MA.156.1", days("1990-01-01", "1999-12-31")));
  expect(table.add(3, claim("1", "MA.156.1", days("2005-01-01", null)))).toEqual({ contradicts: 2 });
  // Of another claimant it is another claim.
  expect(table.add(4, claim("1", "MA.156.1", { claimant: "MA.276" as Code }))).toEqual({
    foreseen: undefined,
  });
});

test("what is remembered is bounded, in codes and in claims of each", () => {
  const table = claimsOfTable(say, 1);
  table.add(2, claim("1", "MA.156.1"));
  table.add(3, claim("2", "MA.156.1"));
  expect(table.add(4, claim("2", "MA.156.2"))).toEqual({ foreseen: undefined });
  // This would not end in time if each row were held against all before it.
  for (let row = 5; row < 100_000; row++) table.add(row, claim("1", `MA.156.${row}`));
});
