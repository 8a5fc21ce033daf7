import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { EXIT } from "./exit-code.ts";
import { type RunningRegistry, startRegistry } from "./running-registry.testing.ts";

/**
 * Goal: a department's legacy codes are claimed, judged and found from the command line, one by one and by a table.
 * Method: one registry with a city and a bureau of it; the tests build on each other.
 */
let registry: RunningRegistry;
const CITY = "MA.156.1301";
const BUREAU = `${CITY}.01`;
const LAMP = `${BUREAU}/60.10000000.1/000001`;
const OTHER = `${CITY}/60.10000000.1/000002`;
const GTIN = "6901234567892";

const ok = async (...argv: string[]) => {
  const result = await registry.call([...argv, "--json"]);
  expect(result.err, argv.join(" ")).toBe("");
  expect(result.exit, argv.join(" ")).toBe(EXIT.ok);
  return result.json();
};
const ends = async (exit: keyof typeof EXIT, ...argv: string[]) => {
  const result = await registry.call([...argv, "--json"]);
  expect(result.exit, `${argv.join(" ")}: ${result.err}`).toBe(EXIT[exit]);
  return result;
};

beforeAll(async () => {
  registry = await startRegistry("--shape", "any .<d2-4>**", "--shape", "any /<n1-50>**");
  for (const holder of ["city", "bureau"])
    await ok("prefix", "keys", "generate", holder, "--name", `en=${holder}`);
  await ok("prefix", "delegate", CITY, "--to", "city", "--class", "division");
  await ok("prefix", "delegate", BUREAU, "--to", "bureau", "--class", "department");
  await ok("code", "issue", LAMP, "--class", "street-lamp");
  await ok("code", "issue", OTHER, "--class", "street-lamp");
}, 60_000);
afterAll(() => registry.close());

describe("one claim", () => {
  test("is made of a value as people write it, by the prefix that has the say, with a file as evidence", async () => {
    const file = join(registry.home, "photo.bin");
    writeFileSync(file, "evidence");
    const [done] = await ok(
      "alias",
      "claim",
      "gtin-13",
      "690-1234 567892",
      "--target",
      LAMP,
      "--from",
      "2019",
      "--evidence",
      file,
    );
    const evidence = createHash("sha256").update("evidence").digest("hex");
    expect(done).toMatchObject({
      ...{
        type: "claim-alias",
        system: "gtin-13",
        value: GTIN,
        claimant: BUREAU,
        relation: "same-as",
        target: LAMP,
      },
      ...{ from: "2019-01-01", until: null, evidence, status: "committed" },
    });
    const [found] = await ok("alias", "list", "--system", "gtin-13", "--value", GTIN);
    expect(found).toMatchObject({
      meaning: { kind: "one", target: LAMP, isConfirmed: true },
      authority: null,
    });
  });

  test("of a value that its system has not is refused with the one that was meant, unless it is to stand", async () => {
    const wrong = await ends("usage", "alias", "claim", "gtin-13", "69O1234567892", "--target", LAMP);
    expect(wrong.problem()).toMatchObject({ code: "VALUE_MALFORMED", field: "value" });
    expect(wrong.problem()["fix"]).toContain(GTIN);
    const [done] = await ok("alias", "claim", "gtin-13", "690123456789X", "--target", OTHER, "--unchecked");
    expect(done).toMatchObject({ value: "690123456789X", claimant: CITY });
  });

  test("that another contradicts is a conflict until it is disputed by who has a say", async () => {
    const warned = await registry.call(["alias", "claim", "gtin-13", GTIN, "--target", OTHER, "--json"]);
    expect([warned.exit, JSON.parse(warned.err)]).toMatchObject([EXIT.ok, { warning: "CLAIM_CONFLICT" }]);
    expect(warned.err).toContain(LAMP);
    const conflict = await ends("conflict", "alias", "list", "--system", "gtin-13", "--value", GTIN);
    expect(conflict.json()[0]).toMatchObject({ meaning: { kind: "conflict", targets: [LAMP, OTHER] } });
    const human = await registry.call([
      "alias",
      "list",
      "--system",
      "gtin-13",
      "--value",
      GTIN,
      "--lang",
      "zh",
    ]);
    expect(human.out).toContain("冲突");
    const [identified] = await ok("code", "identify", GTIN, "--aliases");
    expect(identified).toMatchObject({ aliases: [{ system: "gtin-13", meaning: { kind: "conflict" } }] });
    await ends("notFound", "alias", "dispute", "gtin-13", GTIN, "--target", OTHER, "--as", "system");
    await ok("coding-system", "set", "gtin-13", BUREAU, "--yes");
    await ok("alias", "dispute", "gtin-13", GTIN, "--target", OTHER, "--as", "system");
    const [after] = await ok("alias", "list", "--system", "gtin-13", "--value", GTIN);
    expect(after).toMatchObject({ meaning: { kind: "one", target: LAMP }, authority: BUREAU });
    expect(await ok("alias", "list", "gtin-13", GTIN)).toEqual(
      await ok("alias", "list", "--system", "gtin-13", "--value", GTIN),
    );
    const [systems] = (await ok("coding-system", "list")) as unknown as [{ systems: { system: string }[] }];
    expect(systems.systems.find(({ system }) => system === "gtin-13")).toMatchObject({ authority: BUREAU });
  });

  test("is confirmed, listed with its code, and taken back", async () => {
    await ok(
      "alias",
      "claim",
      "works-number",
      "LD 7",
      "--target",
      LAMP,
      "--claimant",
      CITY,
      "--relation",
      "part-of",
    );
    await ok("alias", "confirm", "works-number", "LD 7", "--target", LAMP, "--relation", "part-of");
    const [listed] = (await ok("alias", "list", LAMP)) as unknown as [{ aliases: object[] }];
    expect(listed.aliases).toHaveLength(2);
    expect(listed.aliases).toContainEqual(expect.objectContaining({ value: "LD 7", standing: "confirmed" }));
    await ok("alias", "withdraw", "works-number", "LD 7", "--target", LAMP, "--relation", "part-of");
    const none = await ends("notFound", "alias", "list", "--system", "works-number", "--value", "LD 7");
    expect(none.json()[0]).toMatchObject({ meaning: { kind: "none" }, aliases: [{ standing: "withdrawn" }] });
    await ends(
      "conflict",
      "alias",
      "confirm",
      "works-number",
      "LD 7",
      "--target",
      LAMP,
      "--relation",
      "part-of",
    );
  });

  test.each([
    [["alias", "list"], "code"],
    [["alias", "list", LAMP, "--system", "gtin-13"], "code"],
    [["alias", "list", "gtin-13", GTIN, "--system", "gtin-13"], "--system"],
    [["alias", "list", "__proto__", "x"], "system"],
    [["code", "resolve", "--system", "城市部件", "x"], "system"],
    [["alias", "claim", "serial", "1", "--target", LAMP, "--from", "2019-02-30"], "--from"],
    [["alias", "claim", "serial", "1", "--target", LAMP, "--evidence", "no-such-file"], "--evidence"],
    [["alias", "claim", "serial", "1"], "--target"],
    [["coding-system", "set", "serial"], "prefix"],
  ])("%j is refused", async (argv, field) => {
    expect((await ends("usage", ...argv)).problem()).toMatchObject({ field });
  });

  test("of the number of a person is refused, which is not repeated", async () => {
    const refused = await ends(
      "denied",
      "alias",
      "claim",
      "resident",
      "11010519491231002X",
      "--target",
      LAMP,
    );
    expect(refused.problem()).toMatchObject({ code: "PERSONAL_NUMBER" });
    expect(refused.err).not.toContain("110105");
    for (const argv of [
      ["alias", "list", "--system", "resident", "--value", "11010519491231002X"],
      ["code", "resolve", "--system", "resident", "11010519491231002X"],
    ]) {
      const asked = await ends("denied", ...argv);
      expect(asked.problem(), argv.join(" ")).toMatchObject({ code: "PERSONAL_NUMBER" });
      expect(asked.err, argv.join(" ")).not.toContain("110105");
    }
  });
});

describe("a legacy code resolves", () => {
  const OLD = `${BUREAU}/60.10000000.1/000009`;
  const claim = (value: string, target: string, ...more: string[]) =>
    ok("alias", "claim", "mast", value, "--target", target, ...more);
  const resolved = (value: string, ...more: string[]) => [
    "code",
    "resolve",
    "--system",
    "mast",
    value,
    ...more,
  ];

  test("to the record of the one code that it means", async () => {
    await claim("M1", LAMP);
    const [found] = await ok(...resolved(" M1 "));
    expect(found).toMatchObject({
      ...{ system: "mast", value: "M1", meaning: { kind: "one", target: LAMP }, successors: [] },
      resolution: { code: LAMP, record: { class: "street-lamp" } },
    });
    const human = await registry.call(resolved("M1"));
    expect(human.exit, human.err).toBe(EXIT.ok);
    expect(human.out).toMatch(/M1 {2}mast\n.*confirmed\n[\s\S]*street-lamp/);
  });

  test("to nothing where claims contradict each other, and all of them are told", async () => {
    await claim("M2", LAMP);
    expect((await registry.call(["alias", "claim", "mast", "M2", "--target", OTHER])).exit).toBe(EXIT.ok);
    const conflict = await ends("conflict", ...resolved("M2"));
    expect(conflict.json()[0]).toMatchObject({
      ...{ resolution: null, meaning: { kind: "conflict", targets: [LAMP, OTHER] } },
      aliases: [{ system: "mast" }, { system: "mast" }],
    });
  });

  test("and where its system is not named, it is told how", async () => {
    const refused = await ends("usage", "code", "resolve", "LGAX2A135B1234567");
    expect(refused.problem()).toMatchObject({ code: "CODE_MALFORMED" });
    expect(refused.problem()["fix"]).toContain("--system NAME");
    expect((await ends("usage", "code", "resolve", "MA.15")).problem()["fix"]).not.toContain("--system");
  });

  test("to what took its place where it means nothing any more", async () => {
    await ok("code", "issue", OLD, "--class", "street-lamp");
    await claim("M3", OLD, "--until", "1999");
    await claim("M3", OTHER, "--relation", "replaced-by", "--from", "2000");
    await ok("code", "supersede", OLD, "--by", LAMP, "--yes");
    const ended = await ends("notFound", ...resolved("M3"));
    expect(ended.json()[0]).toMatchObject({
      ...{ resolution: null, meaning: { kind: "ended", targets: [OLD] }, successors: [OTHER, LAMP] },
    });
    const [then] = await ok(...resolved("M3", "--day", "1995"));
    expect(then).toMatchObject({ resolution: { code: OLD, record: { status: "retired" } }, successors: [] });
    await ends("notFound", ...resolved("M4"));
  });

  test("to nothing where it is mistyped, and what is wrong is told", async () => {
    const asked = [
      ["code", "resolve", "--system", "gtin-13", "69O1234567892"],
      ["alias", "list", "--system", "gtin-13", "--value", "69O1234567892"],
    ];
    for (const argv of asked) {
      const none = await ends("notFound", ...argv);
      expect(none.json()[0]).toMatchObject({
        ...{ meaning: { kind: "none" }, doubt: { fault: { kind: "form", meant: GTIN }, nearSystem: null } },
      });
      expect((await registry.call(argv)).out).toContain(`probably ${GTIN}`);
    }
    const near = await registry.call(["alias", "list", "--system", "gtn-13", "--value", GTIN]);
    expect(near.out).toContain("No system of this name is known here; gtin-13 is.");
    const [found] = await ok("alias", "list", "--system", "mast", "--value", "M1");
    expect(found).toMatchObject({ doubt: null });
  });

  test("with a proof to keep, which is checked without a server, and about nothing else", async () => {
    const file = join(registry.home, "claims.proof");
    const about = ["--system", "mast", "--value", "M3"];
    await ends("notFound", "alias", "list", ...about, "--proof", file);
    const offline = (...more: string[]) => ["proof", "verify", file, ...more];
    const human = await registry.call(offline(...about, "--day", "1995"));
    expect(human.out).toMatch(/1995-12-31: .*000009, confirmed[\s\S]*proof +verified here/);
    const [shown] = await ok(...offline(...about));
    expect(shown).toMatchObject({ system: "mast", value: "M3", meaning: { kind: "ended", targets: [OLD] } });
    expect((shown as { aliases: object[] }).aliases).toHaveLength(2);
    await ok(...resolved("M1", "--proof", file));
    const [one] = await ok(...offline("--system", "mast", "--value", " M1"));
    expect(one).toMatchObject({ meaning: { kind: "one", target: LAMP } });
    for (const other of [
      ["--system", "mast", "--value", "M2"],
      ["--code", LAMP],
    ]) {
      const refused = await ends("verification", ...offline(...other));
      expect(refused.problem()).toMatchObject({ code: "PROOF_REFUSED" });
      expect(refused.problem()["fix"]).toContain("--system");
    }
    // That nobody claims it is shown, too.
    await ends("notFound", ...resolved("M99", "--proof", file));
    const [none] = await ok(...offline("--system", "mast", "--value", "M99"));
    expect(none).toMatchObject({ meaning: { kind: "none" }, aliases: [] });
  });

  test.each([
    [["proof", "verify", "x.proof"], "--code"],
    [["proof", "verify", "x.proof", "--code", LAMP, "--system", "mast", "--value", "1"], "--code"],
    [["proof", "verify", "x.proof", "--code", LAMP, "--value", "1"], "--value"],
    [["proof", "verify", "x.proof", "--system", "mast", "--value", "1", "--as-of", "1"], "--as-of"],
    [["alias", "list", LAMP, "--proof", "x.proof"], "--proof"],
    [["code", "resolve", "--system", "mast", "M1", "--as-of", "1"], "--as-of"],
    [["code", "resolve", "--system", "mast", "M1", "--no-verify"], "--no-verify"],
    [["code", "resolve", LAMP, "--day", "1995"], "--day"],
  ])("%j is refused", async (argv, field) => {
    expect((await ends("usage", ...argv)).problem()).toMatchObject({ code: "OPTION_MALFORMED", field });
  });
});

describe("a table of claims", () => {
  const table = (name: string, lines: readonly string[], encoding: BufferEncoding = "utf8"): string => {
    const path = join(registry.home, name);
    writeFileSync(path, Buffer.from(`${lines.join("\r\n")}\r\n`, encoding));
    return path;
  };

  test("is claimed row by row, and what is wrong is told with what was meant", async () => {
    const path = table("claims.csv", [
      "\ufeffsystem,value,target,from,until,note",
      `gbt2260,130102,${LAMP},1984,1999,first`,
      `gbt2260,130103,${OTHER},2000,,second`,
      `gtin-13,4006381333931,${LAMP},,,`,
      `gtin-13,4006381333932,${LAMP},,,wrong check digit`,
      `gbt2260,130102,${LAMP},1984,1999,again`,
      `serial,7,${BUREAU}/60.10000000.1/999,,,never issued`,
      `serial,8,${LAMP},2019-13-01,,no day`,
      `resident,11010519491231002X,${LAMP},,,a person`,
    ]);
    const dry = await ends("failure", "alias", "claim", "--file", path, "--dry-run");
    expect(dry.json().at(-1)).toMatchObject({ free: 3, duplicate: 1, refused: 4, dryRun: true });
    const done = await ends("failure", "alias", "claim", "--file", path);
    expect(done.json().at(-1)).toMatchObject({ claimed: 3, duplicate: 1, refused: 4 });
    const results = readFileSync(`${path}.claims.results.csv`, "utf8");
    expect(results).toContain("4006381333931 if all else is right");
    expect(results).toContain("CODE_NEVER_ISSUED");
    expect(results).not.toContain("110105194912");
    const [in1990] = await ok("alias", "list", "--system", "gbt2260", "--value", "130102", "--day", "1990");
    expect(in1990).toMatchObject({ meaning: { kind: "one", target: LAMP } });
    await ends("notFound", "alias", "list", "--system", "gbt2260", "--value", "130102", "--day", "2001");
    // A second time nothing is claimed, and it is said why.
    const again = await ends("failure", "alias", "claim", "--file", path, "--restart");
    expect(again.json().at(-1)).toMatchObject({ stands: 3, duplicate: 1, refused: 4 });
    expect(again.json().at(-1)).not.toHaveProperty("claimed");
  });

  describe("that was claimed before", () => {
    const NUMBERS = ["N1", "N2"];
    const file = (lines: readonly string[]) => table("again.csv", ["number,target", ...lines]);
    const claim = (path: string, ...more: string[]) => [
      ...["alias", "claim", "again", "{number}", "--target", "{target}", "--file", path, ...more],
    ];
    const of = async (value: string) => {
      const found = (
        await registry.call(["alias", "list", "--system", "again", "--value", value, "--json"])
      ).json();
      return found[0] as unknown as { meaning: object; aliases: { from: string | null; standing: string }[] };
    };
    let path = "";
    beforeAll(async () => {
      path = file(NUMBERS.map((number) => `${number},${LAMP}`));
      await ok(...claim(path, "--from", "2019"));
    });

    test("keeps the days that it does not speak of, and tells those that it changes", async () => {
      const again = await ok(...claim(path));
      expect(again.at(-1)).toMatchObject({ stands: 2 });
      expect((await of("N1")).aliases).toMatchObject([{ from: "2019-01-01", standing: "confirmed" }]);
      const dry = await ok(...claim(path, "--from", "2020", "--dry-run"));
      expect(dry.at(-1)).toMatchObject({ due: 2 });
      const human = await registry.call(claim(path, "--from", "2020"));
      expect(human.out).toContain(
        "2 changed\n  What stood is replaced (CHANGED, 2), first in row 2: before: 2019-01-01 - …",
      );
    });

    test("does not claim anew what was withdrawn, unless it is told to", async () => {
      await ok("alias", "withdraw", "again", "N2", "--target", LAMP);
      for (const more of [["--dry-run"], []]) {
        const again = await ok(...claim(path, ...more));
        expect(again.at(-1)).toMatchObject({ stands: 1, withdrawn: 1 });
      }
      expect((await of("N2")).aliases).toMatchObject([{ standing: "withdrawn" }]);
      expect(readFileSync(`${path}.again.results.csv`, "utf8")).toContain("--renew claims it again");
      const renewed = await ok(...claim(path, "--renew"));
      expect(renewed.at(-1)).toMatchObject({ stands: 1, claimed: 1 });
      expect((await of("N2")).aliases).toMatchObject([{ standing: "confirmed" }]);
    });

    test("tells what is in conflict then, with the ledger and within itself", async () => {
      const conflicts = file([`N1,${OTHER}`, `N5,${LAMP}`, `N6,${LAMP}`, `N5,${OTHER}`]);
      for (const [more, outcome] of [
        [["--dry-run"], "free"],
        [[], "claimed"],
      ] as const) {
        const done = await ok(...claim(conflicts, ...more));
        expect(done.at(-1)).toMatchObject({ [outcome]: 4, conflict: 2 });
      }
      const results = readFileSync(`${conflicts}.again.results.csv`, "utf8").split("\n");
      expect(results[1]).toContain(`it is claimed to be ${LAMP}, too`);
      expect(results[4]).toContain(`row 3 claims that it is ${LAMP}`);
      expect((await of("N5")).meaning).toMatchObject({ kind: "conflict" });
      // It stands as it is, and so does the conflict.
      const again = await ok(...claim(conflicts));
      expect(again.at(-1)).toMatchObject({ stands: 4 });
    });

    test("tells a change that is a conflict as both, and no conflict with rows that claim nothing", async () => {
      const both = table("both.csv", ["value,target,from", `B1,${LAMP},2001`]);
      await ok("alias", "claim", "both", "B1", "--target", LAMP);
      await ok("alias", "dispute", "both", "B1", "--target", LAMP, "--as", "target");
      await registry.call(["alias", "claim", "both", "B1", "--target", OTHER]);
      const argv = ["alias", "claim", "both", "--file", both];
      expect((await ok(...argv, "--dry-run")).at(-1)).toMatchObject({ due: 1, conflict: 1 });
      expect((await ok(...argv)).at(-1)).toMatchObject({ changed: 1, conflict: 1 });
      const told = readFileSync(`${both}.both.results.csv`, "utf8");
      expect(told).toContain(`it is claimed to be ${OTHER}, too; before: no days; that claim was disputed`);
      await ok("alias", "claim", "idle", "I1", "--target", LAMP);
      await ok("alias", "withdraw", "idle", "I1", "--target", LAMP);
      const idle = table("idle.csv", [
        "value,target",
        `I1,${LAMP}`,
        `I1,${OTHER}`,
        `I2,${BUREAU}/60.10000000.1/999`,
        `I2,${OTHER}`,
      ]);
      const done = await ends("failure", "alias", "claim", "idle", "--file", idle);
      expect(done.json().at(-1)).toMatchObject({ claimed: 2, withdrawn: 1, refused: 1 });
      expect(done.json().at(-1)).not.toHaveProperty("conflict");
    });

    test("tells claimants apart, and claims that are too many, before anything is signed", async () => {
      const lines = ["value,target,claimant", `A1,${OTHER},${CITY}`, `A1,${OTHER},MA.156`];
      const path = table("claimants.csv", lines);
      const dry = await ok("alias", "claim", "by", "--file", path, "--dry-run");
      expect(dry.at(-1)).toMatchObject({ free: 2 });
      const range = [
        "code",
        "range",
        `${BUREAU}/60.10000000.1/500001`,
        "--count",
        "20",
        "--class",
        "street-lamp",
      ];
      await ok(...range);
      const many = table("many.csv", [
        "value,target,relation",
        ...Array.from(
          { length: 20 },
          (_, at) => `M,${BUREAU}/60.10000000.1/5000${String(at + 1).padStart(2, "0")},part-of`,
        ),
      ]);
      const argv = ["alias", "claim", "many", "--file", many];
      const foreseen = await ends("failure", ...argv, "--dry-run");
      expect(foreseen.json().at(-1)).toMatchObject({ free: 16, refused: 4 });
      const done = await ends("failure", ...argv);
      expect(done.json().at(-1)).toMatchObject({ claimed: 16, refused: 4 });
      const again = await ends("failure", ...argv, "--dry-run");
      expect(again.json().at(-1)).toMatchObject({ stands: 16, refused: 4 });
    });

    test("refuses a row that says of an earlier one's claim that it is of other days", async () => {
      const days = table("days.csv", [
        "value,target,from,until",
        `D1,${LAMP},1990,1999`,
        `D1,${LAMP},2005,2009`,
        `D1,${OTHER},2000,2004`,
      ]);
      const done = await ends("failure", "alias", "claim", "days", "--file", days);
      expect(done.json().at(-1)).toMatchObject({ claimed: 2, refused: 1 });
      expect(done.json().at(-1)).not.toHaveProperty("conflict");
    });
  });

  test("may be about items of a batch", async () => {
    const items = table("items.csv", ["id", "0001", "0002", "0003"]);
    const code = `${BUREAU}/60.10000000.1/7{id}`;
    await ok("code", "batch", items, "--class", "street-lamp", "--map", `code=${code}`);
    const claim = ["alias", "claim", "item", "{id}", "--file", items, "--target", code];
    expect((await ok(...claim, "--dry-run")).at(-1)).toMatchObject({ free: 3 });
    expect((await ok(...claim)).at(-1)).toMatchObject({ claimed: 3 });
    expect((await ok(...claim)).at(-1)).toMatchObject({ stands: 3 });
    const [found] = await ok("alias", "list", "--system", "item", "--value", "0002");
    expect(found).toMatchObject({ meaning: { kind: "one", isConfirmed: true } });
  });

  test("with systems of their own in the rows is refused in those that are mistyped", async () => {
    const path = table("systems.csv", ["system,value", "gtn-13,1", "gtin-13,4006381333931", "mine,1"]);
    const claim = ["alias", "claim", "--file", path, "--target", LAMP];
    const dry = await ends("failure", ...claim, "--dry-run");
    expect(dry.json().at(-1)).toMatchObject({ refused: 1 });
    expect(readFileSync(`${path}.claims.dry-run.csv`, "utf8")).toContain("2,gtn-13 1,refused,SYSTEM_UNKNOWN");
    expect((await ok(...claim, "--dry-run", "--unchecked")).at(-1)).not.toHaveProperty("refused");
  });

  test("of a system that is mistyped is refused as a whole", async () => {
    const path = table("mistyped.csv", ["code", "1"]);
    const claim = (system: string, ...more: string[]) => [
      ...["alias", "claim", system, "{code}", "--file", path, "--target", LAMP, ...more],
    ];
    expect((await ends("usage", ...claim("ucss"))).problem()).toMatchObject({
      ...{ code: "SYSTEM_UNKNOWN", expected: "uscc", got: "ucss" },
    });
    expect((await ends("usage", ...claim("城市部件"))).problem()).toMatchObject({
      ...{ code: "SYSTEM_MALFORMED", field: "system", got: "城市部件" },
    });
    expect((await ends("usage", ...claim("统一社会信用代码"))).problem()["fix"]).toContain("uscc");
    expect((await ok(...claim("ucss", "--unchecked"))).at(-1)).toMatchObject({ claimed: 1 });
    const single = await ends("usage", "alias", "claim", "gtin13", "1", "--target", LAMP);
    expect(single.problem()).toMatchObject({ code: "SYSTEM_UNKNOWN", expected: "gtin-13" });
  });

  test("may have no value of a system in a row, which is passed over, and tells the part that is wrong", async () => {
    const path = table("gaps.csv", [
      "number,ean",
      "1,4006381333931",
      "2,",
      "3,   ",
      "4,4006381333932",
      ",4006381333948",
      "6,4.00638E+12",
    ]);
    const claim = (...more: string[]) => ["alias", "claim", ...more, "--file", path, "--target", OTHER];
    const done = await ends("failure", ...claim("gtin-13", "{ean}"));
    expect(done.json().at(-1)).toMatchObject({ claimed: 2, skipped: 2, refused: 2 });
    expect(readFileSync(`${path}.gtin-13.results.csv`, "utf8")).toContain(
      "the check character should be 1, it is 2",
    );
    const results = readFileSync(`${path}.gtin-13.results.csv`, "utf8");
    expect(results).toContain("a spreadsheet has cut this number to 4.00638E+12");
    const outcomes = results
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => line.split(",")[0]);
    expect(outcomes, "every row of the table").toEqual(["2", "3", "4", "5", "6", "7"]);
    const numbered = await ok(...claim("gaps", "N-{number}"));
    expect(numbered.at(-1)).toMatchObject({ claimed: 5, skipped: 1 });
    const own = table("own-gaps.csv", ["system,value", "gaps,", "gaps,N-9"]);
    const both = await ok("alias", "claim", "--file", own, "--target", OTHER);
    expect(both.at(-1)).toMatchObject({ claimed: 1, skipped: 1 });
  });

  test("is refused in rows without what the target is made of, which would be the prefix above", async () => {
    const path = table("no-target.csv", ["number,plate", ",冀AD7778"]);
    for (const target of [`${BUREAU}/{number}`, `${BUREAU}{number}`]) {
      const argv = ["alias", "claim", "licence-plate", "{plate}", "--file", path, "--target", target];
      for (const more of [["--dry-run"], []])
        expect((await ends("failure", ...argv, ...more)).json().at(-1)).toMatchObject({ refused: 1 });
    }
    const results = readFileSync(`${path}.licence-plate.results.csv`, "utf8");
    expect(results).toContain("COLUMN_EMPTY,the column number is empty in this row");
  });

  test("leaves results of its own for each of its systems", async () => {
    const path = table("two-systems.csv", ["one,other", "T1,T2"]);
    for (const [system, column] of [
      ["road-one", "{one}"],
      ["rail", "{other}"],
    ] as const) {
      await ok("alias", "claim", system, column, "--file", path, "--target", LAMP, "--dry-run");
      await ok("alias", "claim", system, column, "--file", path, "--target", LAMP);
    }
    const written = readdirSync(registry.home).filter((name) => name.startsWith("two-systems.csv."));
    expect(written.sort()).toEqual(
      ["rail", "road-one"].flatMap((system) =>
        ["dry-run", "results"].map((kind) => `two-systems.csv.${system}.${kind}.csv`),
      ),
    );
    expect(readFileSync(`${path}.rail.results.csv`, "utf8")).toContain("T2");
  });

  test("may lack columns for which options stand, and be of another encoding", async () => {
    const path = table("values.csv", ["value", "A1", "A2"], "utf16le");
    const done = await registry.call([
      "alias",
      "claim",
      "own",
      "--file",
      path,
      "--target",
      LAMP,
      "--encoding",
      "utf-16le",
      "--json",
    ]);
    expect(done.err).toBe("");
    expect(done.json().at(-1)).toMatchObject({ claimed: 2 });
    const other = table("department.csv", ["number;name", "B1;lamp 1", "B2;lamp 2"]);
    const mapped = await ok("alias", "claim", "own", "B-{number}", "--file", other, "--target", LAMP);
    expect(mapped.at(-1)).toMatchObject({ claimed: 2, results: `${other}.own.results.csv` });
    const [found] = await ok("alias", "list", "--system", "own", "--value", "B-B2");
    expect(found).toMatchObject({ meaning: { kind: "one", target: LAMP } });
    const none = await ends("usage", "alias", "claim", "own", "{serial}", "--file", other, "--target", LAMP);
    expect(none.problem()).toMatchObject({ code: "COLUMN_MISSING", field: "serial" });
    const lacking = await ends("usage", "alias", "claim", "--file", path, "--encoding", "utf-16le");
    expect(lacking.problem()).toMatchObject({ code: "COLUMN_MISSING", field: "system" });
  });
});
