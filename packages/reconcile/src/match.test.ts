import fc from "fast-check";
import { expect, test } from "vitest";
import { assetLists } from "./assets.testing.ts";
import { judgePairs, type Proposal } from "./match.ts";
import { berlinStops, noisyList } from "./noisy-list.testing.ts";
import type { Row } from "./row.ts";
import { qualityOf, runMatching } from "./run-matching.testing.ts";
import { DEFAULT_SETTINGS as settings } from "./settings.ts";

const row = (number: number, name: string, more: Partial<Row> = {}): Row => ({
  number,
  code: { system: "", value: "" },
  codes: [],
  names: [{ language: "", text: name }],
  place: "",
  ...more,
});
const kindsOf = (proposal: Proposal | undefined): string[] =>
  (proposal?.reasons ?? []).map(({ kind, points }) => `${kind} ${points}`);

test("equal codes of one system are found and say so, whatever the names are", () => {
  const left = [row(2, "Alpha", { code: { system: "uscc", value: "91350100M000100Y43" } }), row(3, "Gamma")];
  const right = [
    row(2, "甲", { codes: [{ system: "uscc", value: "91350100m000100y43 " }] }),
    row(3, "Delta"),
  ];
  const { proposals, unmatched } = runMatching({ left, right, settings });
  expect(proposals).toMatchObject([{ left: 2, right: 2, kind: "proposed", score: 600 }]);
  expect(kindsOf(proposals[0])).toEqual(["code 600", "name 0"]);
  expect(unmatched).toEqual({ left: [3], right: [3] });
});

test("a code within a code of another system is a hint, and no more", () => {
  const left = [row(2, "长安区", { code: { system: "gbt2260", value: "130102" }, place: "河北省" })];
  const right = [
    row(2, "长安区", {
      code: { system: "statistical-division-12", value: "130102000000" },
      place: "河北省 石家庄市",
    }),
    row(3, "长安区", {
      code: { system: "statistical-division-12", value: "610116000000" },
      place: "陕西省 西安市",
    }),
  ];
  const { proposals } = runMatching({ left, right, settings });
  expect(proposals).toMatchObject([{ left: 2, right: 2, kind: "proposed" }]);
  expect(proposals[0]!.reasons.map(({ kind }) => kind)).toEqual(["code-contained", "name", "place"]);
});

test("numbers in names have to agree", () => {
  const left = [row(2, "中山路路灯第十三号"), row(3, "中山路路灯第十四号")];
  const right = [row(2, "中山路路灯13号"), row(3, "中山路路灯15号")];
  const { proposals, unmatched } = runMatching({ left, right, settings });
  expect(proposals).toMatchObject([{ left: 2, right: 2 }]);
  expect(unmatched).toEqual({ left: [3], right: [3] });
});

test("two that are as good as each other are ambiguous", () => {
  const point = { latitude: 52_500_000, longitude: 13_400_000 };
  const left = [row(2, "Ostweg", { point })];
  const right = [row(2, "Ostweg", { point }), row(3, "Ostweg", { point })];
  const { proposals } = runMatching({ left, right, settings });
  expect(proposals.map(({ kind, score }) => [kind, score])).toEqual([
    ["ambiguous", 1000],
    ["ambiguous", 1000],
  ]);
});

test("the same name far away is something else", () => {
  const left = [row(2, "Dorfplatz", { point: { latitude: 52_500_000, longitude: 13_400_000 } })];
  const right = [row(2, "Dorfplatz", { point: { latitude: 52_600_000, longitude: 13_400_000 } })];
  expect(runMatching({ left, right, settings }).proposals).toEqual([]);
  const [judged] = judgePairs({ left, right, settings }, [{ left: 2, right: 2 }]);
  expect(judged).toMatchObject({
    score: 366,
    reasons: [{ points: 666 }, { points: 0 }, { kind: "far", metres: 11_119, points: -300 }],
  });
});

test("what is confirmed takes no part, what is refused is not proposed again", () => {
  const left = [row(2, "Ostweg"), row(3, "Ostweg Nord")];
  const right = [row(2, "Ostweg"), row(3, "Ostweg Nord")];
  const pairs = (more: object) =>
    runMatching({ left, right, settings, ...more }).proposals.map((one) => `${one.left}-${one.right}`);
  expect(pairs({})).toEqual(["2-2", "3-3"]);
  expect(pairs({ confirmed: [{ left: 2, right: 2 }] })).toEqual(["3-3"]);
  expect(pairs({ refused: [{ left: 2, right: 2 }] })).not.toContain("2-2");
});

const SYSTEMS = ["", "a", "uscc", "gbt2260", "statistical-division-12"];
const rowsArb = fc
  .array(
    fc.record({
      code: fc.record({
        system: fc.constantFrom(...SYSTEMS),
        value: fc.constantFrom("", "130102", "130102000000", "x9999", "7"),
      }),
      codes: fc.array(
        fc.record({ system: fc.constantFrom("b", ""), value: fc.constantFrom("B-00001", "B-00002") }),
        { maxLength: 2 },
      ),
      names: fc.array(
        fc.record({
          language: fc.constantFrom("", "zh", "de"),
          text: fc
            .array(
              fc.constantFrom(
                "Ost",
                "west",
                "Str.",
                "Berlin",
                "7",
                "8",
                "石家庄",
                "十三",
                "号",
                "Freidrich",
                "Friedrich",
              ),
              { maxLength: 5 },
            )
            .map((words) => words.join(" ")),
        }),
        { maxLength: 2 },
      ),
      place: fc.constantFrom("", "河北省", "河北省 石家庄市", "130100", "130102"),
      point: fc.option(
        fc.record({
          latitude: fc.integer({ min: 0, max: 9_000 }),
          longitude: fc.integer({ min: 0, max: 9_000 }),
        }),
        { nil: undefined },
      ),
    }),
    { maxLength: 10 },
  )
  .map((all) =>
    all.map(({ point, ...rest }, at): Row => ({ number: at + 2, ...rest, ...(point && { point }) })),
  );

const lines = (proposals: readonly Proposal[]): string[] =>
  proposals.map(({ left, right, kind, score }) => `${left}-${right} ${kind} ${score}`).sort();

/** Rows that hold exactly what another one does cannot be told from it by anything but their numbers. */
const distinct = (rows: readonly Row[]): readonly Row[] => {
  const seen = new Set<string>();
  return rows.filter(({ number: _, ...rest }) => {
    const text = JSON.stringify(rest);
    return !seen.has(text) && seen.add(text);
  });
};

test("the order of rows does not matter, nor which list is which; scores are sums within bounds, no pair twice", () => {
  fc.assert(
    fc.property(rowsArb, rowsArb, fc.integer({ min: 0, max: 1000 }), (allLeft, allRight, scoreMin) => {
      const [left, right] = [distinct(allLeft), distinct(allRight)];
      const rules = { ...settings, scoreMin };
      const { proposals } = runMatching({ left, right, settings: rules });
      const pairs = proposals.map((one) => `${one.left}-${one.right}`);
      expect(new Set(pairs).size).toBe(pairs.length);
      for (const { score, reasons } of proposals) {
        expect(score).toBe(reasons.reduce((sum, { points }) => sum + points, 0));
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(1000);
        expect(reasons.every(({ points, most }) => Number.isInteger(points) && points <= most)).toBe(true);
      }
      const reversed = runMatching({
        left: [...left].reverse(),
        right: [...right].reverse(),
        settings: rules,
      });
      expect(lines(reversed.proposals)).toEqual(lines(proposals));
      const swapped = runMatching({ left: right, right: left, settings: rules });
      const back = swapped.proposals.map((one) => ({ ...one, left: one.right, right: one.left }));
      expect(lines(back)).toEqual(lines(proposals));
    }),
    { numRuns: 400 },
  );
});

test("larger lists too come out the same in any order and either way round", () => {
  const { left, right } = assetLists(1_500, 3);
  const { proposals } = runMatching({ left, right, settings });
  const reversed = runMatching({ left: [...left].reverse(), right: [...right].reverse(), settings });
  expect(lines(reversed.proposals)).toEqual(lines(proposals));
  const swapped = runMatching({ left: right, right: left, settings }).proposals;
  expect(lines(swapped.map((one) => ({ ...one, left: one.right, right: one.left })))).toEqual(
    lines(proposals),
  );
});

test("crowds under one name in one spot take bounded work, and are ambiguous", () => {
  const crowd = Array.from({ length: 6_000 }, (_, at) => {
    const point = { latitude: 38_000_000, longitude: 114_000_000 };
    return row(at + 2, "路灯", { code: { system: "", value: `L-${at}` }, point });
  });
  const { proposals, compared } = runMatching({ left: crowd, right: crowd, settings });
  expect(compared).toBeLessThan(6_000 * 60);
  expect(proposals.filter(({ kind }) => kind === "proposed")).toEqual([]);
}, 60_000);

test("the stops of Berlin find themselves in another department's list", () => {
  const lists = noisyList(berlinStops("stop"), 7);
  const quality = qualityOf(runMatching({ ...lists, settings }), lists.truth);
  expect(quality.precision).toBeGreaterThanOrEqual(990);
  expect(quality.recall).toBeGreaterThanOrEqual(930);
  expect(quality.shown).toBeGreaterThanOrEqual(970);
}, 60_000);
