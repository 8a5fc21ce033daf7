import type { Code } from "@cityroot/codes/ma/code";
import { hexToBytes } from "@cityroot/core/hex";
import type { Day } from "@cityroot/core/state/day";
import type { ResolvedAlias } from "@cityroot/sdk/find-aliases";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sayIn } from "../text/say.ts";
import type { Claim } from "./claim-kind.ts";
import { judgeClaim, overlap, rivalsOf, type SaidFields } from "./foresee-claims.ts";

const EVIDENCE = "ab".repeat(32);
const NAME = { system: "mast", value: "M1", claimant: "MA.156" as Code, relation: "same-as" } as const;
const MOMENT = { height: 7, time: "2026-01-02T03:04:05.000Z" };
const standing = (more: Partial<ResolvedAlias> = {}): ResolvedAlias => ({
  ...NAME,
  ...{ target: "MA.156.1" as Code, standing: "confirmed", claimed: MOMENT, from: "2019-01-01", until: null },
  ...{ evidence: EVIDENCE, byTarget: null, bySystem: null, version: 1, since: MOMENT },
  ...more,
});
const claim = (more: Partial<Claim> = {}): Claim => ({
  ...{ type: "claim-alias", ...NAME, target: "MA.156.1" as Code },
  ...{ from: null, until: null, evidence: null, item: null },
  ...more,
});
const judge = (
  asked: Claim,
  aliases: readonly ResolvedAlias[],
  { renews = false, ...said }: Partial<SaidFields> & { renews?: boolean } = {},
) =>
  judgeClaim(
    { say: sayIn("en"), renews, said: { from: false, until: false, evidence: false, ...said } },
    { row: 2, code: "it", operation: asked },
    aliases,
  );

describe("a claim of a table", () => {
  test("that nobody made is made as it is", () => {
    expect(judge(claim(), [])).toEqual({ row: 2, code: "it", operation: claim() });
  });

  test("stands where the table does not say otherwise", () => {
    expect(judge(claim(), [standing()])).toMatchObject({ outcome: "stands" });
    expect(judge(claim(), [standing({ standing: "disputed" })])).toMatchObject({ outcome: "stands" });
    const same = claim({ from: "2019-01-01" as Day, evidence: hexToBytes(EVIDENCE)! });
    expect(judge(same, [standing()], { from: true, evidence: true })).toMatchObject({ outcome: "stands" });
  });

  test("changes what it says, keeps what it does not say, and tells what was", () => {
    const changed = judge(claim({ from: "2020-01-01" as Day }), [standing()], { from: true });
    expect(changed).toMatchObject({
      operation: { from: "2020-01-01", until: null, evidence: hexToBytes(EVIDENCE) },
      foreseen: { notice: "CHANGED", detail: `before: 2019-01-01 - …, ${EVIDENCE}` },
    });
    const bare = standing({ from: null, evidence: null, standing: "disputed" });
    expect(judge(claim({ from: "2020-01-01" as Day }), [bare], { from: true })).toMatchObject({
      foreseen: { notice: "CHANGED", detail: "before: no days; that claim was disputed" },
    });
    // A column that is empty in the row says that there is no such day.
    expect(judge(claim(), [standing()], { from: true })).toMatchObject({ operation: { from: null } });
  });

  test("that was withdrawn stays so, or is made anew as the table says", () => {
    const withdrawn = standing({ standing: "withdrawn" });
    expect(judge(claim(), [withdrawn])).toMatchObject({
      outcome: "withdrawn",
      detail: "withdrawn in block 7 on 2026-01-02; --renew claims it again",
    });
    expect(judge(claim(), [withdrawn], { renews: true })).toEqual({ row: 2, code: "it", operation: claim() });
  });

  test("is in conflict with what others say of the same days, and with nothing else", () => {
    const other = standing({ target: "MA.156.2" as Code, from: null, until: "1999-12-31" });
    expect(judge(claim(), [other])).toMatchObject({
      foreseen: { notice: "CONFLICT", detail: "it is claimed to be MA.156.2, too", isChange: false },
    });
    for (const harmless of [
      { ...other, standing: "withdrawn" },
      { ...other, standing: "disputed" },
      { ...other, relation: "part-of" },
    ] as const)
      expect(judge(claim(), [harmless]), JSON.stringify(harmless)).not.toHaveProperty("foreseen");
    expect(judge(claim({ from: "2000-01-01" as Day }), [other], { from: true })).not.toHaveProperty(
      "foreseen",
    );
    expect(judge(claim({ relation: "part-of" }), [other])).not.toHaveProperty("foreseen");
    expect(rivalsOf(claim(), [other, { ...other }, standing()])).toEqual(["MA.156.2"]);
  });
});

test("two spans overlap where they have a day in common", () => {
  const day = fc.constantFrom(null, ..."123456");
  const span = fc.record({ from: day, until: day });
  const holds = ({ from, until }: { from: string | null; until: string | null }, one: string): boolean =>
    (from === null || from <= one) && (until === null || one <= until);
  const sound = span.filter(({ from, until }) => from === null || until === null || from <= until);
  fc.assert(
    fc.property(sound, sound, (a, b) => {
      const common = [..."0123456789"].some((one) => holds(a, one) && holds(b, one));
      expect(overlap(a, b)).toBe(common);
      expect(overlap(b, a)).toBe(common);
    }),
  );
});
