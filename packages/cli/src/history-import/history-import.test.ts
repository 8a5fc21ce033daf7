import { existsSync, readFileSync, watch, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { EXIT } from "../exit-code.ts";
import { addressOfHome } from "../registry/address.ts";
import { type RunningRegistry, startRegistry } from "../running-registry.testing.ts";
import { spawnCli } from "../start-process.testing.ts";

/**
 * Goal: a table of what codes meant over the years becomes claims that answer for each year what the table says of it: what it was,
 * that it was abolished and what took its place, that it never was; and what a code meant before is never mixed with what it means since.
 * Method: a real node, and rows of the real table with the noise that is in them; for every code and many years the answers are
 * compared with a reading of the table that knows nothing of the importer's.
 */
let registry: RunningRegistry;
const TABLE = fileURLToPath(new URL("../../../../data/gbt2260-history.csv", import.meta.url));
const LINES = readFileSync(TABLE, "utf8").trimEnd().split("\n");
const HEADER = LINES[0]!;
/** Beijing, Anshan, the Greater Khingan, Huzhou, Wenzhou, and Taizhou and Lishui, whose codes went round in 1982. */
const SLICE = LINES.slice(1).filter((line) => /^(110[12]|2103|2327|3305|3303|3324|332[678])/.test(line));
const MODEL = "MA.156/80.10000000.1";
const MAP = ["--map", "class=division", "--map", "name.zh={name}"];

beforeAll(async () => {
  registry = await startRegistry("--shape", "any .<d2-4>**", "--shape", "any /<n1-50>**");
}, 60_000);
afterAll(() => registry.close());

const call = (...argv: string[]) => registry.call([...argv, "--json"]);
async function ok(...argv: string[]) {
  const result = await call(...argv);
  expect(result.exit, `${argv.join(" ")}: ${result.err}`).toBe(EXIT.ok);
  return result.json()[0]!;
}

function write(name: string, lines: readonly string[], header = HEADER): string {
  const path = join(registry.folder, name);
  writeFileSync(path, `${[header, ...lines].join("\n")}\n`);
  return path;
}

const argvOf = (path: string, model: string, ...more: string[]): string[] => [
  ...["code", "import-history", path, "--system", "gbt2260", ...MAP],
  ...["--map", `code=${model}/{period}`, ...more],
];
const imported = (path: string, model = MODEL, ...more: string[]) => ok(...argvOf(path, model, ...more));
const resolved = async (value: string, ...more: string[]) => {
  const { exit, json } = await call("code", "resolve", "--system", "gbt2260", value, ...more);
  return { exit, found: json()[0]! };
};

describe("the real table's rows", () => {
  let path: string;

  test("are told with their noise before anything is sent", async () => {
    path = write("slice.csv", SLICE);
    const dry = await imported(path, MODEL, "--dry-run");
    expect(dry).toMatchObject({ dryRun: true, free: SLICE.length - 1, void: 1, reused: 30 });
    expect(dry["findingCounts"]).toEqual({ overlap: 19, gap: 1, reversed: 1 });
    const findings = dry["findings"] as readonly { finding: string; value: string; from: string }[];
    expect(findings.filter(({ finding }) => finding !== "overlap")).toMatchObject([
      { finding: "reversed", value: "210311", from: "1983-01-01" },
      { finding: "gap", value: "330502", from: "1988-01-01", until: "2002-12-31" },
    ]);
    const file = readFileSync(`${path}.findings.csv`, "utf8").trimEnd().split("\n");
    expect(file).toHaveLength(1 + findings.length);
    expect((await resolved("110101")).exit).toBe(EXIT.notFound);
  });

  test("propose successors, and never the one that a code was given to next", () => {
    const lines = readFileSync(`${path}.proposals.csv`, "utf8").trimEnd().split("\n").slice(1);
    const proposals = lines.map((line) => line.split(","));
    const of = (key: string) => proposals.filter(([period]) => period === key).map(([, , , next]) => next);
    expect(of("110201")).toEqual(["110221-1982"]);
    // 加格達奇區 went on under another code, and its own was given to 漠河市.
    expect(of("232701-1981")).toEqual(["232761-2018"]);
    expect(of("332600")).toEqual(["332800-1982"]);
    // 城区 ended when 吴兴区 was not yet thought of.
    expect(of("330502-1983")).toEqual([]);
    expect(new Set(proposals.map(([period]) => period)).size).toBe(proposals.length);
  });

  test("are issued with their claims and with the successors that somebody went through", async () => {
    const reviewed = `${path}.reviewed.csv`;
    writeFileSync(reviewed, readFileSync(`${path}.proposals.csv`));
    const done = await imported(path, MODEL, "--successors", reviewed, "--evidence", TABLE);
    expect(done).toMatchObject({ issued: SLICE.length - 1, void: 1 });
    expect(done["succeeded"]).toBe((done["successors"] as { known: number }).known);
    const again = await imported(path, MODEL, "--successors", reviewed, "--evidence", TABLE);
    expect(again).toMatchObject({ stands: SLICE.length - 1, void: 1 });
    for (const name of ["issued", "changed", "succeeded"]) expect(again).not.toHaveProperty(name);
  });

  test("answer for every code and year what the table says, and no more", async () => {
    const rows = SLICE.map((line) => line.split(","));
    const values = [...new Set(rows.map(([value]) => value!))];
    let asked = 0;
    for (const year of [1975, 1982, 1983, 1995, 2018]) {
      for (const value of values) {
        const own = rows.filter(([of]) => of === value);
        const names = own
          .filter(([, , from, until]) => Number(from || 0) <= year && year <= Number(until || 9999))
          .map(([, name]) => name!);
        const { exit, found } = await resolved(value, "--day", String(year));
        const about = `${value} in ${year}`;
        const { kind, targets } = found["meaning"] as { kind: string; targets?: string[] };
        asked += 1;
        if (names.length === 1) {
          expect(found["resolution"], about).toMatchObject({
            record: { attributes: { name: { zh: names[0] } } },
          });
          expect(found, about).toMatchObject({ meaning: { kind: "one" }, successors: [], ended: null });
          expect(exit, about).toBe(EXIT.ok);
        } else if (names.length > 1) {
          expect(kind, about).toBe("conflict");
          expect(targets, about).toHaveLength(names.length);
          expect(exit, about).toBe(EXIT.conflict);
        } else {
          expect(kind, about).toBe("ended");
          expect(exit, about).toBe(EXIT.notFound);
          const before = own.filter(([, , , until]) => until !== "" && Number(until) < year);
          const former = found["former"] as readonly { name: { zh: string } }[];
          const last = Math.max(...before.map(([, , , until]) => Number(until)));
          const lastNames = before.filter(([, , , until]) => Number(until) === last).map(([, name]) => name);
          expect(former.map(({ name }) => name.zh).sort(), about).toEqual(lastNames.sort());
        }
      }
    }
    expect(asked).toBe(5 * values.length);
  }, 60_000);

  test("an abolished code answers what it was, and what took its place", async () => {
    const then = await resolved("110201", "--day", "1981");
    expect(then.found).toMatchObject({ resolution: { record: { status: "retired" } }, successors: [] });
    const today = await resolved("110201");
    expect(today.exit).toBe(EXIT.notFound);
    expect(today.found).toMatchObject({
      meaning: { kind: "ended" },
      ended: { kind: "abolished", last: [`${MODEL}/110201`], until: "1982-12-31" },
      former: [{ code: `${MODEL}/110201`, name: { zh: "昌平县" } }],
      successors: [`${MODEL}/110221-1982`],
      inUse: [],
    });
    const human = await registry.call(["code", "resolve", "--system", "gbt2260", "110201"]);
    expect(human.out).toContain(
      `: abolished; until 1982-12-31 it was ${MODEL}/110201\nWhat it was: 昌平县\n`,
    );
    expect(human.out).toContain(`What took its place: ${MODEL}/110221-1982\nNone of that is in use any more`);
    // 松嶺區 goes on under another code, which is in use.
    expect((await resolved("232702")).found).toMatchObject({
      ended: { kind: "abolished" },
      successors: [`${MODEL}/232762-2018`],
      inUse: [`${MODEL}/232762-2018`],
    });
    const listed = await registry.call(["alias", "list", "--system", "gbt2260", "--value", "110201"]);
    expect(listed.exit).toBe(EXIT.notFound);
    expect(listed.out).toContain("abolished; until 1982-12-31");
    expect(listed.out).toContain("replaced by");
    const [line] = (await call("alias", "list", "--system", "gbt2260", "--value", "110201")).json();
    expect(line).toMatchObject({ meaning: { kind: "ended" }, ended: { kind: "abolished" } });
  });

  test("a code that was given to something else never mixes the two", async () => {
    for (const [year, name] of [
      [1985, "城区"],
      [2010, "吴兴区"],
    ] as const) {
      const { found } = await resolved("330502", "--day", String(year));
      expect(found, String(year)).toMatchObject({
        resolution: { record: { attributes: { name: { zh: name } } } },
      });
    }
    const between = await registry.call([
      ...["code", "resolve", "--system", "gbt2260", "330502", "--day", "1995"],
    ]);
    expect(between.exit).toBe(EXIT.notFound);
    expect(between.out).toContain(
      `1995-12-31: nothing; until 1987-12-31 it was ${MODEL}/330502-1983, and from 2003-01-01 on ${MODEL}/330502-2003`,
    );
    // Of what took the place of 加格達奇區 nothing is said once the code is that of 漠河市.
    const mohe = await resolved("232701", "--day", "2019");
    expect(mohe.found).toMatchObject({
      resolution: { record: { attributes: { name: { zh: "漠河市" } } } },
      successors: [],
    });
    const relations = (mohe.found["aliases"] as { relation: string; standing: string }[]).map(
      ({ relation, standing }) => `${relation} ${standing}`,
    );
    expect(relations).toEqual(["same-as confirmed", "same-as confirmed"]);
    const [former] = (await call("code", "resolve", `${MODEL}/232701-1981`)).json();
    expect(former).toMatchObject({ record: { succession: { codes: [`${MODEL}/232761-2018`] } } });
  });

  test("a code that never was says so, in any year", async () => {
    for (const day of [[], ["--day", "1950"], ["--day", "1990"], ["--day", "2090"]]) {
      const { exit, found } = await resolved("110199", ...day);
      expect(exit).toBe(EXIT.notFound);
      expect(found).toMatchObject({ meaning: { kind: "none" }, ended: null, aliases: [], successors: [] });
    }
    const human = await registry.call(["code", "resolve", "--system", "gbt2260", "110199", "--lang", "zh"]);
    expect(human.out).toContain("没有人声明它现在或曾在任何日期是某个编码");
  });

  test("programs and whoever identifies a text are told the same", async () => {
    const ask = async (query: string) => {
      const answer = await fetch(`${addressOfHome(registry.home)}/v1/aliases?system=gbt2260&${query}`);
      return (await answer.json()) as object;
    };
    expect(await ask("value=110201&day=1981-06-01")).toMatchObject({
      meaning: { kind: "one", target: `${MODEL}/110201` },
    });
    expect(await ask("value=110201")).toMatchObject({
      meaning: { kind: "ended", targets: [`${MODEL}/110201`] },
    });
    expect(await ask("value=110199")).toMatchObject({ meaning: { kind: "none" }, aliases: [] });
    const identified = await ok("code", "identify", "110201", "--aliases", "--year", "1981");
    expect(identified["aliases"]).toMatchObject([{ meaning: { kind: "one", target: `${MODEL}/110201` } }]);
  });
});

describe("a table of a department's own", () => {
  const posts = (path: string, model: string) => imported(path, model, "--system", "post-number");
  const resolved = async (value: string, ...more: string[]) => {
    const { json } = await call("code", "resolve", "--system", "post-number", value, ...more);
    return { found: json()[0]! };
  };
  const model = `${MODEL.slice(0, -1)}7`;
  const columns = "code,name,from_year,until_year,successor";

  test("has endings, reuse and successors added, and what was said before is mended by that", async () => {
    const path = write("posts.csv", ["990001,旧址,1980,1999,990002", "990002,新址,2000,,"], columns);
    expect(await posts(path, model)).toMatchObject({ issued: 2, succeeded: 1 });
    expect((await resolved("990001", "--day", "2020")).found).toMatchObject({
      successors: [`${model}/990002-2000`],
      inUse: [`${model}/990002-2000`],
    });
    // The next edition: the second was abolished as well, with a successor of its own, and the first code is used again.
    write(
      "posts.csv",
      [
        "990001,旧址,1980,1999,990002",
        "990001,别处,2011,,",
        "990002,新址,2000,2005,990003|990004",
        "990003,甲,2006,,",
        "990004,乙,2006,,",
      ],
      columns,
    );
    expect(await posts(path, model)).toMatchObject({ issued: 3, changed: 1, succeeded: 2 });
    expect((await resolved("990001", "--day", "2008")).found).toMatchObject({
      ended: { kind: "unused", last: [`${model}/990001-1980`], next: [`${model}/990001-2011`] },
      successors: [`${model}/990002-2000`],
      inUse: [`${model}/990003-2006`, `${model}/990004-2006`],
    });
    expect((await resolved("990001", "--day", "2020")).found).toMatchObject({
      meaning: { kind: "one", target: `${model}/990001-2011` },
      successors: [],
    });
    expect(await posts(path, model)).toMatchObject({ stands: 5 });
    // It was used again at once: nothing took its place on any day of its own.
    write(
      "posts.csv",
      ["990001,旧址,1980,1999,990002", "990001,别处,2000,,", "990002,新址,2000,2005,"],
      columns,
    );
    await posts(path, model);
    const { found } = await resolved("990001", "--day", "2008");
    expect(found).toMatchObject({ successors: [] });
  });

  test("ends together what one thing took the place of, and nothing that was refused", async () => {
    const path = write(
      "merged.csv",
      [
        "960001,a,1980,1999,960003",
        "960002,b,1980,1999,960003",
        "960003,c,2000,,",
        // No name may be so long, so neither its end nor its being a successor can be told.
        `960004,${"长".repeat(2_000)},1980,1999,960003`,
        `960005,e,1980,1999,960006`,
        `960006,${"长".repeat(2_000)},2000,,`,
      ],
      columns,
    );
    const model = `${MODEL.slice(0, -1)}5`;
    for (const more of [["--dry-run"], []]) {
      const argv = argvOf(path, model, "--system", "post-number", ...more);
      const { exit, json } = await call(...argv);
      expect(exit).toBe(EXIT.failure);
      const [name, then] = more.length > 0 ? ["free", "due"] : ["issued", "succeeded"];
      expect(json()[0]).toMatchObject({ [name]: 4, [then]: 2, refused: 2 });
    }
    expect((await resolved("960002")).found).toMatchObject({ successors: [`${model}/960003-2000`] });
    // It waits for its successor: what is retired can be given none any more.
    const waiting = await resolved("960005", "--day", "1990");
    expect(waiting.found).toMatchObject({ resolution: { record: { status: "active" } } });
  });

  test("tells of successors that cannot be, and leaves them out", async () => {
    const path = write(
      "doubtful.csv",
      [
        "980001,a,1980,1999,970000",
        "980002,b,1980,,980001",
        "980003,c,1980,1999,980004-1980",
        "980004,d,1980,1999,980003-1980",
        "980005,e,1980,1999,980006",
        "980006,f,1990,2005,",
        "980006,g,1995,2005,",
      ],
      columns,
    );
    const done = await posts(path, `${MODEL.slice(0, -1)}8`);
    expect(done["findingCounts"]).toEqual({
      ...{ overlap: 1, "successor-unknown": 1, "successor-of-current": 1 },
      ...{ "successor-unclear": 1, "successor-circular": 2 },
    });
    expect(done).toMatchObject({ issued: 7 });
    expect((await resolved("980003")).found).toMatchObject({ ended: { kind: "abolished" }, successors: [] });
  });
});

describe("what is wrong", () => {
  test("in a row is told by its line, and spoils no other", async () => {
    const path = write("wrong.csv", [
      "130102,长安区,1955,,",
      "13010,太短,1955,,",
      "13O103,字母,1955,,",
      "130104,哪天,1955-13,,",
      "11010519491231002X,某某,1955,,",
      "130102,长安区,1955,,",
      "130105,反了,2000,1999,",
      "130106,少一列",
    ]);
    const result = await call(...argvOf(path, `${MODEL.slice(0, -1)}6`));
    expect(result.exit).toBe(EXIT.failure);
    expect(result.json()[0]).toMatchObject({ issued: 1, refused: 5, duplicate: 1, void: 1 });
    const text = readFileSync(`${path}.results.csv`, "utf8");
    expect(
      text
        .trimEnd()
        .split("\n")
        .slice(1)
        .map((line) =>
          line
            .split(",")
            .filter((_, at) => at !== 1)
            .slice(0, 3)
            .join(" "),
        ),
    ).toEqual([
      "2 issued ",
      "3 refused VALUE_MALFORMED",
      "4 refused VALUE_MALFORMED",
      "5 refused DAY_MALFORMED",
      "6 refused PERSONAL_NUMBER",
      "7 duplicate ROW_REPEATED",
      "8 void PERIOD_REVERSED",
      "9 refused ROW_RAGGED",
    ]);
    expect(text).toContain("probably 130103");
    expect(text + result.out).not.toContain("110105194912");
  });

  test.each([
    ["from", "code,name,until", { code: "COLUMN_MISSING", field: "from" }],
    ["period", "code,name,from,until,period", { code: "COLUMN_RESERVED", field: "period" }],
  ])("in the columns is told before anything is sent: %s", async (_, header, problem) => {
    const path = write("columns.csv", ["1,a,1980,1999,x"], header);
    const refused = await call(...argvOf(path, MODEL));
    expect(refused.exit).toBe(EXIT.usage);
    expect(refused.problem()).toMatchObject(problem);
    expect(refused.problem()["fix"]).toEqual(expect.stringMatching(/./));
  });

  test("in a file of successors is told, and the one that is written anew is not taken", async () => {
    const path = write("judged.csv", ["120101,和平区,1983,1999,", "120102,河东区,2000,,"]);
    await imported(path, MODEL, "--dry-run");
    for (const [name, lines, got] of [
      ["judged.csv.proposals.csv", undefined, "judged.csv.proposals.csv"],
      ["a.csv", "period,next\n120101-1983,120102\n", "period, next"],
      ["b.csv", "period,successor\n999999,120102\n", "999999"],
    ] as const) {
      const file = join(registry.folder, name);
      if (lines !== undefined) writeFileSync(file, lines);
      const refused = await call(...argvOf(path, MODEL, "--dry-run", "--successors", file));
      expect(refused.exit, name).toBe(EXIT.usage);
      expect(refused.problem(), name).toMatchObject({ code: "SUCCESSORS_MALFORMED", field: "--successors" });
      expect(refused.problem()["got"], name).toContain(got);
    }
  });
});

test("the whole table goes on after kills, and each row is issued once", async () => {
  const path = write("whole.csv", LINES.slice(1));
  const model = `${MODEL.slice(0, -1)}9`;
  await imported(path, model, "--dry-run");
  const reviewed = `${path}.reviewed.csv`;
  writeFileSync(reviewed, readFileSync(`${path}.proposals.csv`));
  const argv = [...argvOf(path, model, "--successors", reviewed), "--claimant", "MA.156", "--json"];
  for (const settled of [3, 2]) {
    const started = spawnCli(argv, registry.folder);
    let seen = 0;
    const watcher = watch(registry.folder, { recursive: true }, (_, name) => {
      if (name?.endsWith("import.json") !== true || ++seen !== settled) return;
      watcher.close();
      started.process.kill("SIGKILL");
    });
    await started.ended;
    watcher.close();
    expect(existsSync(`${path}.import/import.json`), `after ${settled}`).toBe(true);
  }
  const done = await ok(...argv.slice(0, -1));
  expect(done).toMatchObject({
    ...{ periods: 7_127, codes: 6_885, inUse: 3_514, abolished: 3_613, reused: 239 },
    ...{ issued: 7_127, succeeded: 2_282, void: 14 },
    findingCounts: { overlap: 19, gap: 10, reversed: 14 },
  });
  const lines = readFileSync(`${path}.results.csv`, "utf8").trimEnd().split("\n").slice(1);
  const issued = lines.filter((line) => line.includes(",issued,")).map((line) => line.split(",")[1]);
  expect(new Set(issued).size).toBe(7_127);
}, 120_000);
