import { isCode } from "@cityroot/codes/ma/code";
import type { ResolvedAlias } from "@cityroot/sdk/find-aliases";
import { expect, test } from "vitest";
import { sayIn } from "../text/say.ts";
import { meaningLine } from "./alias-lines.ts";
import { endedMeaningOf } from "./ended-meaning.ts";

/**
 * Goal: of a legacy code that means nothing on a day it is told whether it was abolished, is used again later, or is not yet used,
 * with the codes and the days next to the one that was asked about.
 * Method: claims with days written down, in any order, asked about days on which none of them holds.
 */
const OLD = "MA.156/80.10000000.1/1";
const OLDER = "MA.156/80.10000000.1/0";
const NEW = "MA.156/80.10000000.1/2";

function claim(target: string, from: string | null, until: string | null, more: object = {}): ResolvedAlias {
  if (!isCode(target)) throw new Error(`${target} is no code`);
  const moment = { height: 1, time: "2026-01-01T00:00:00Z" };
  return {
    ...{ system: "gbt2260", value: "130102", claimant: target, relation: "same-as", target, from, until },
    ...{ standing: "claimed", claimed: moment, evidence: null, byTarget: null, bySystem: null },
    ...{ version: 1, since: moment },
    ...more,
  } as ResolvedAlias;
}

const PAST = claim(OLD, "1984-01-01", "1999-12-31");
const LATER = claim(NEW, "2005-01-01", null);

test("it was abolished where it meant something before, and nothing later", () => {
  const older = claim(OLDER, null, "1983-12-31");
  for (const aliases of [[PAST], [PAST, older], [older, PAST]]) {
    expect(endedMeaningOf(aliases, "2020-06-01")).toEqual({
      ...{ kind: "abolished", last: [OLD], until: "1999-12-31" },
    });
  }
});

test("it is unused between two things that it means, and not yet used before the first", () => {
  const again = claim(OLD, "2015-01-01", null);
  expect(endedMeaningOf([again, LATER, PAST], "2002-01-01")).toEqual({
    ...{ kind: "unused", last: [OLD], until: "1999-12-31", next: [NEW], from: "2005-01-01" },
  });
  expect(endedMeaningOf([LATER, PAST], "1970-01-01")).toEqual({
    ...{ kind: "not-yet", next: [OLD], from: "1984-01-01" },
  });
});

test("the days of claims belong to them: the day before the first and after the last lie outside", () => {
  expect(endedMeaningOf([PAST], "1983-12-31")).toMatchObject({ kind: "not-yet" });
  expect(endedMeaningOf([PAST], "1984-01-01")).toBeUndefined();
  expect(endedMeaningOf([PAST], "1999-12-31")).toBeUndefined();
  expect(endedMeaningOf([PAST], "2000-01-01")).toMatchObject({ kind: "abolished" });
});

test("what two claims say of the last day is told once each, in the order of the texts", () => {
  const other = claim(OLDER, "1990-01-01", "1999-12-31");
  expect(endedMeaningOf([PAST, other, PAST], "2020-01-01")).toMatchObject({ last: [OLDER, OLD] });
});

test("claims that are disputed or withdrawn, or say something else than same-as, count for nothing", () => {
  const none = [
    claim(NEW, null, null, { standing: "disputed" }),
    claim(NEW, "2019-01-01", null, { standing: "withdrawn" }),
    claim(NEW, "2000-01-01", null, { relation: "replaced-by" }),
  ];
  expect(endedMeaningOf(none, "2020-01-01")).toBeUndefined();
  expect(endedMeaningOf([...none, PAST], "2020-01-01")).toMatchObject({ kind: "abolished", last: [OLD] });
});

test("each is said in one sentence", () => {
  const line = (aliases: readonly ResolvedAlias[], day: string): string => {
    const context = { say: sayIn("en"), colors: { bold: String, red: String } } as unknown as Parameters<
      typeof meaningLine
    >[0];
    return meaningLine(context, { kind: "ended", targets: [] }, day, aliases);
  };
  expect(line([PAST], "2020-01-01")).toBe(`2020-01-01: abolished; until 1999-12-31 it was ${OLD}`);
  expect(line([PAST, LATER], "2002-01-01")).toBe(
    `2002-01-01: nothing; until 1999-12-31 it was ${OLD}, and from 2005-01-01 on ${NEW}`,
  );
  expect(line([LATER], "2002-01-01")).toBe(`2002-01-01: nothing yet; from 2005-01-01 on it is ${NEW}`);
  expect(() => line([PAST], "1990-01-01")).toThrow("1990-01-01");
});
