import type { Code } from "@cityroot/codes/ma/code";
import { expect, test } from "vitest";
import type { Alias, AliasStatement } from "./alias.ts";
import { type AliasMeaning, meaningOf } from "./alias-meaning.ts";
import type { Day } from "./day.ts";

const A = "MA.156.1" as Code;
const B = "MA.156.2" as Code;
const TODAY = "2026-11-23" as Day;

function statement(verdict: AliasStatement["verdict"]): AliasStatement {
  return { verdict, holder: new Uint8Array(20), evidence: null, since: { height: 1, timeMs: 0 } };
}

function claim(target: Code, changes: Partial<Alias> = {}): Alias {
  return {
    ...{ version: 1, since: { height: 1, timeMs: 0 }, peaks: new Uint8Array(0) },
    ...{ system: "gbt2260", value: "130101", claimant: A, relation: "same-as", target },
    ...{ claimed: { height: 1, timeMs: 0 }, from: null, until: null, evidence: null },
    ...{ isWithdrawn: false, byTarget: null, bySystem: null },
    ...changes,
  };
}

const days = (from: string | null, until: string | null) => ({ from: from as Day, until: until as Day });

test.each<readonly [about: string, claims: readonly Alias[], meaning: AliasMeaning]>([
  ["nothing claimed", [], { kind: "none" }],
  ["one claim", [claim(A)], { kind: "one", target: A, isConfirmed: false }],
  [
    "one that is confirmed by the authority",
    [claim(A, { bySystem: statement("confirmed") })],
    { kind: "one", target: A, isConfirmed: true },
  ],
  [
    "two who say the same, one of them confirmed",
    [claim(A), claim(A, { claimant: B, byTarget: statement("confirmed") })],
    { kind: "one", target: A, isConfirmed: true },
  ],
  ["two who differ", [claim(B), claim(A)], { kind: "conflict", targets: [A, B] }],
  [
    "two who differ, one of them confirmed: still a conflict",
    [claim(A, { byTarget: statement("confirmed") }), claim(B)],
    { kind: "conflict", targets: [A, B] },
  ],
  [
    "two who differ, one of them disputed",
    [claim(A, { bySystem: statement("confirmed"), byTarget: statement("disputed") }), claim(B)],
    { kind: "one", target: B, isConfirmed: false },
  ],
  [
    "two who differ, one withdrawn",
    [claim(A, { isWithdrawn: true }), claim(B)],
    { kind: "one", target: B, isConfirmed: false },
  ],
  ["other relations alone", [claim(A, { relation: "part-of" })], { kind: "none" }],
  [
    "one that ended before another began",
    [claim(A, days("1980-01-01", "1999-12-31")), claim(B, days("2000-01-01", null))],
    { kind: "one", target: B, isConfirmed: false },
  ],
  ["one that ended", [claim(A, days(null, "1999-12-31"))], { kind: "ended", targets: [A] }],
])("%s", (_about, claims, meaning) => {
  expect(meaningOf(claims, TODAY)).toEqual(meaning);
  expect(meaningOf(claims.toReversed(), TODAY)).toEqual(meaning);
});

test("a code that was given to another place means the one on one day and the other on the next", () => {
  const claims = [claim(A, days("1980-01-01", "1999-12-31")), claim(B, days("2000-01-01", null))];
  expect(meaningOf(claims, "1999-12-31" as Day)).toMatchObject({ kind: "one", target: A });
  expect(meaningOf(claims, "2000-01-01" as Day)).toMatchObject({ kind: "one", target: B });
  expect(meaningOf(claims, "1979-12-31" as Day)).toEqual({ kind: "ended", targets: [A, B] });
});
