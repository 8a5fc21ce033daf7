import type { Code } from "@cityroot/codes/ma/code";
import type { Day } from "@cityroot/core/state/day";
import { expect, test } from "vitest";
import type { Claim } from "./claim-kind.ts";
import { claimsOfTable } from "./claims-of-table.ts";

const claim = (value: string, target: string, more: Partial<Claim> = {}): Claim => ({
  ...{ type: "claim-alias", system: "mast", value, claimant: "MA.156" as Code, relation: "same-as" },
  ...{ target: target as Code, from: null, until: null, evidence: null, item: null },
  ...more,
});
const days = (from: string | null, until: string | null) => ({ from: from as Day, until: until as Day });
const EVIDENCE = (byte: number) => new Uint8Array(32).fill(byte);

test("rows that name one thing, or several of other relations or days, do not contradict each other", () => {
  const table = claimsOfTable();
  const rows = [
    claim("1", "MA.156.1", days(null, "1999-12-31")),
    claim("1", "MA.156.2", days("2000-01-01", null)),
    claim("1", "MA.156.3", { relation: "part-of" }),
    claim("2", "MA.156.3", { evidence: EVIDENCE(1) }),
    claim("2", "MA.156.3", { evidence: EVIDENCE(1) }),
    claim("1", "MA.156.9", { system: "other" }),
    // Of another claimant it is another claim.
    claim("2", "MA.156.3", { claimant: "MA.276" as Code }),
  ];
  for (const [row, one] of rows.entries()) {
    expect(table.add(row, one), `row ${row}`).toBeUndefined();
    expect(table.takeRivals(row), `row ${row}`).toEqual([]);
  }
});

test("a row that says another thing of the same days leads to all earlier ones that do", () => {
  const table = claimsOfTable();
  table.add(2, claim("1", "MA.156.1", days(null, "2000-01-01")));
  table.add(3, claim("1", "MA.156.3"));
  expect(table.add(4, claim("1", "MA.156.2", days("2000-01-01", null)))).toBeUndefined();
  expect(table.takeRivals(4)).toEqual([
    { row: 2, target: "MA.156.1" },
    { row: 3, target: "MA.156.3" },
  ]);
  expect(table.takeRivals(4), "told once").toEqual([]);
});

test("a row that makes an earlier one's claim for other days, or on other evidence, contradicts it", () => {
  const table = claimsOfTable();
  table.add(2, claim("1", "MA.156.1", days("1990-01-01", "1999-12-31")));
  expect(table.add(3, claim("1", "MA.156.1", days("2005-01-01", null)))).toBe(2);
  table.add(4, claim("2", "MA.156.1", { evidence: EVIDENCE(1) }));
  expect(table.add(5, claim("2", "MA.156.1", { evidence: EVIDENCE(2) }))).toBe(4);
  expect(table.add(6, claim("2", "MA.156.1"))).toBe(4);
});

test("what is remembered is bounded, and much about one code takes no more time than about many", () => {
  const small = claimsOfTable(1);
  small.add(2, claim("1", "MA.156.1"));
  small.add(3, claim("2", "MA.156.1"));
  expect(small.add(4, claim("2", "MA.156.1", days("2000-01-01", null)))).toBeUndefined();
  const table = claimsOfTable();
  // This would not end in time if each row were held against all before it.
  for (let row = 5; row < 100_000; row++) table.add(row, claim("1", `MA.156.${row}`));
  expect(table.takeRivals(99_999)).toHaveLength(64);
  expect(table.add(100_000, claim("1", "MA.156.99999", days("2000-01-01", null)))).toBe(99_999);
});
