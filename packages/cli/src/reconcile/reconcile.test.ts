import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { callCli } from "../call-cli.testing.ts";
import { EXIT } from "../exit-code.ts";
import { spawnCli } from "../start-process.testing.ts";

const DATA = fileURLToPath(new URL("../../../../data/", import.meta.url));
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cityroot-reconcile-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const call = (argv: readonly string[]) =>
  callCli(["reconcile", ...argv], { folder, env: { USER: "tester" } });
const json = async (...argv: string[]) => {
  const { exit, out, err, json: lines } = await call([...argv, "--json"]);
  expect(exit, `${argv.join(" ")}\n${out}${err}`).toBe(EXIT.ok);
  return lines();
};
const refusal = async (...argv: string[]) => {
  const { exit, problem } = await call([...argv, "--json"]);
  return { exit, ...problem() };
};

const LEFT = `code,name,lat,lon
MA.156.1301.02/60.10000000.1/000001,长安区中山路路灯1号,38.0428,114.5149
MA.156.1301.02/60.10000000.1/000002,长安区中山路路灯2号,38.0430,114.5153
MA.156.1301.02/60.10000000.1/000003,裕华区槐安路路灯7号,38.0128,114.5349
MA.156.1301.02/60.10000000.1/000004,桥西区新石路井盖12号,38.0200,114.4600
`;
const RIGHT = `编号;名称;纬度;经度
X-77;中山路１号灯杆（长安区）;38.04281;114.51492
X-78;中山路２号灯杆（长安区）;38.04302;114.51528
X-79;槐安路七号灯杆（裕华区）;38.01279;114.53492
X-80;体育大街电话亭;38.03;114.55
`;

/** Chinese text in GBK, which Node reads and does not write: by trying all pairs of bytes. */
function toGbk(text: string): Buffer {
  const decoder = new TextDecoder("gbk");
  const bytes = new Map<string, readonly number[]>();
  for (let high = 0x81; high <= 0xfe; high++) {
    for (let low = 0x40; low <= 0xfe; low++) {
      const character = decoder.decode(Uint8Array.of(high, low));
      if (character.length === 1 && !bytes.has(character)) bytes.set(character, [high, low]);
    }
  }
  return Buffer.from(
    [...text].flatMap((one) => (one < "\u0080" ? [one.charCodeAt(0)] : [...bytes.get(one)!])),
  );
}

function writeLists(left: string | Uint8Array = LEFT, right: string | Uint8Array = RIGHT): string[] {
  writeFileSync(join(folder, "left.csv"), left);
  writeFileSync(join(folder, "right.csv"), right);
  return ["--left", "left.csv", "--right", "right.csv"];
}

async function openBench(): Promise<void> {
  await json("open", "bench", ...writeLists());
  await json("propose", "bench");
}

const idsOf = async (kind: string) =>
  (await json("list", "bench", "--kind", kind)).slice(0, -1).map(({ id }) => id);

test.each([
  ["UTF-8 with a byte order mark", (text: string) => Buffer.from(`\ufeff${text}`)],
  ["UTF-16, little end first", (text: string) => Buffer.from(`\ufeff${text}`, "utf16le")],
  ["UTF-16, big end first", (text: string) => Buffer.from(`\ufeff${text}`, "utf16le").swap16()],
  ["GBK", toGbk],
])("lists in %s are opened, and their columns guessed", async (_, encode) => {
  const [opened] = await json("open", "bench", ...writeLists(encode(LEFT), encode(RIGHT)));
  expect(opened).toMatchObject({
    left: {
      rows: 4,
      system: "ma",
      mapping: { code: "{code}", names: { "": "{name}" }, latitude: "{lat}" },
      problems: {},
    },
    right: {
      rows: 4,
      delimiter: ";",
      mapping: { code: "{编号}", names: { "": "{名称}" }, longitude: "{经度}" },
      problems: {},
    },
  });
  expect(readFileSync(join(folder, "bench", "left.csv"))).toEqual(encode(LEFT));
  const [proposed] = await json("propose", "bench");
  expect(proposed).toMatchObject({ proposed: 3, ambiguous: 0, unmatched: 2 });
  expect(await idsOf("proposed")).toEqual(expect.arrayContaining(["2-2", "3-3", "4-4"]));
});

test("pairs are confirmed and refused, steps taken back and done again, and all of it is shown", async () => {
  await openBench();
  expect(await json("confirm", "bench", "2-2", "3-3")).toMatchObject([{ confirmed: 2, already: 0, step: 3 }]);
  expect(await json("confirm", "bench", "2-2")).toMatchObject([{ confirmed: 0, already: 1, step: null }]);
  expect(await json("refuse", "bench", "--min-score", "0")).toMatchObject([{ refused: 1, step: 4 }]);
  expect(await idsOf("refused")).toEqual(["4-4"]);
  expect(await json("undo", "bench")).toMatchObject([{ undone: 4, counts: { refused: 0, proposed: 1 } }]);
  expect(await json("undo", "bench", "5")).toMatchObject([
    { undone: 5, counts: { refused: 1, proposed: 0 } },
  ]);
  expect(await json("undo", "bench", "3")).toMatchObject([
    { undone: 3, counts: { confirmed: 0, proposed: 2 } },
  ]);
  const again = await json("propose", "bench");
  expect(again).toMatchObject([{ proposed: 2, refused: 1 }]);
  const { out } = await call(["list", "bench", "--steps", "--lang", "zh"]);
  for (const text of ["建立", "提出 3", "确认 2", "撤回步骤 4", "tester", "已撤回"])
    expect(out).toContain(text);
  const { out: shown } = await call(["show", "bench", "2-2"]);
  for (const text of ["长安区中山路路灯1号", "中山路１号灯杆", "distance", "1000"])
    expect(shown).toContain(text);
  const unmatched = (await json("list", "bench", "--kind", "unmatched")).slice(0, -1);
  expect(unmatched.map(({ side, row }) => [side, (row as { number: number }).number])).toEqual([
    ["left", 4],
    ["left", 5],
    ["right", 4],
    ["right", 5],
  ]);
});

test("no row is confirmed twice, by no way", async () => {
  await openBench();
  await json("confirm", "bench", "2-2");
  expect(await refusal("confirm", "bench", "2-3")).toMatchObject({
    exit: EXIT.conflict,
    code: "ROW_CONFIRMED",
    field: "2-3",
  });
  expect(await refusal("confirm", "bench", "3-3", "4-3")).toMatchObject({ code: "ROW_CONFIRMED" });
  await json("refuse", "bench", "2-2");
  await json("confirm", "bench", "2-3");
  // Without the refusal the first confirmation would stand again.
  expect(await refusal("undo", "bench", "4")).toMatchObject({ exit: EXIT.conflict, code: "ROW_CONFIRMED" });
  expect(await idsOf("confirmed")).toEqual(["2-3"]);
});

test("decisions come back from a table that people filled in, whatever their spreadsheet makes of it", async () => {
  await openBench();
  await json("list", "bench", "--csv", "review.csv");
  const lines = readFileSync(join(folder, "review.csv"), "utf8").replace("\ufeff", "").trim().split("\n");
  expect(lines).toHaveLength(4);
  const decided = lines.map((line) =>
    line
      .replace(/^(2-2),,/, "$1,确认,")
      .replace(/^(3-3),,/, "$1,No,")
      .replace(",proposed,", ",,"),
  );
  writeFileSync(join(folder, "review.csv"), toGbk(decided.join("\r\n").replaceAll(",", ";")));
  expect(await json("confirm", "bench", "--file", "review.csv")).toMatchObject([{ confirmed: 1 }]);
  expect(await json("refuse", "bench", "--file", "review.csv")).toMatchObject([{ refused: 1 }]);
  writeFileSync(
    join(folder, "codes.csv"),
    "left_code,right_code\nMA.156.1301.02/60.10000000.1/000003,X-79\n",
  );
  expect(await json("confirm", "bench", "--file", "codes.csv")).toMatchObject([{ confirmed: 1 }]);
  writeFileSync(join(folder, "bad.csv"), "pair,decision\n2-2,confirm\n2x2,confirm\n");
  expect(await refusal("confirm", "bench", "--file", "bad.csv")).toMatchObject({
    code: "DECISIONS_MALFORMED",
    field: "row 3",
    got: "2x2",
  });
});

test("what is confirmed is exported with its evidence, and as claims", async () => {
  await openBench();
  await json("confirm", "bench", "--min-score", "600");
  await json("export", "bench", "pairs.csv");
  const pairs = readFileSync(join(folder, "pairs.csv"), "utf8").split("\n");
  expect(pairs[0]).toBe(
    "\ufeffpair,left_system,left_code,left_name,right_system,right_code,right_name,score,reasons,confirmed_at,confirmed_by,evidence",
  );
  expect(pairs[1]).toMatch(/^2-2,ma,MA\.156\.1301\.02\/60\.10000000\.1\/000001,长安区中山路路灯1号,,X-77,/);
  const documents = readFileSync(join(folder, "pairs.csv.evidence.jsonl"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { digest: string; document: string });
  expect(pairs[1]).toContain(documents[0]!.digest);
  await call(["show", "bench", "2-2", "--evidence", "one.cbor"]);
  expect(readFileSync(join(folder, "one.cbor")).toString("base64")).toBe(documents[0]!.document);
  expect(await refusal("export", "bench", "claims.csv", "--claims")).toMatchObject({
    code: "OPTION_MALFORMED",
    field: "--system",
  });
  await json(
    "export",
    "bench",
    "claims.csv",
    "--claims",
    "--system",
    "handle",
    "--relation",
    "located-at",
    "--claimant",
    "MA.156.1301.02",
    "--from",
    "2026-12-01",
  );
  const [header, first] = readFileSync(join(folder, "claims.csv"), "utf8").split("\n");
  expect(header).toBe("claimant,system,value,relation,target,evidence,from,until");
  expect(first).toBe(
    `MA.156.1301.02,handle,X-77,located-at,MA.156.1301.02/60.10000000.1/000001,${documents[0]!.digest},2026-12-01,`,
  );
  // The other side's codes may be of a system that only the department knows, and days may be years.
  const own = ["export", "bench", "own.csv", "--claims", "--system", "works-number", "--until", "2019"];
  await json(...own);
  expect(readFileSync(join(folder, "own.csv"), "utf8").split("\n")[1]).toBe(
    `,works-number,X-77,same-as,MA.156.1301.02/60.10000000.1/000001,${documents[0]!.digest},,2019-12-31`,
  );
  for (const [field, wrong] of [
    ["--system", "Works number"],
    ["--from", "2026-02-30"],
  ] as const) {
    expect(await refusal(...own, field, wrong), field).toMatchObject({
      ...{ exit: EXIT.usage, code: "OPTION_MALFORMED", field, got: wrong },
    });
  }
});

test("claims need MA codes on one side, and say so where neither has them", async () => {
  await json("open", "bench", ...writeLists("code,name\nA1,Ostweg\n", "code,name\nB1,Ostweg\n"));
  await json("propose", "bench");
  await json("confirm", "bench", "2-2");
  expect(await refusal("export", "bench", "c.csv", "--claims")).toMatchObject({
    exit: EXIT.usage,
    code: "NO_MA_CODES",
    got: "A1",
  });
  expect(existsSync(join(folder, "c.csv"))).toBe(false);
});

test("bad rows are told with the reason and the probable meaning, and numbers of persons go nowhere", async () => {
  const person = "11010519491231002X";
  const left = `id,name,uscc,lat,lon
1,Ａｌｐｈａ,91350100M000100Y43,38.1,114.2
,no code,,,
3,wrong check,91350100M000100Y44,38.1,114.2
4,张三 ${person},,,
5,"broken
6,no place,9135O1OOM000100Y43,999,114.2
6,again,,0,0
`;
  const right = "id,name,uscc\nB1,ALPHA,９１３５０１００Ｍ０００１００Ｙ４３\n";
  const [opened] = await json(
    "open",
    "bench",
    ...writeLists(left.replace('"broken', "bro\ufffdken,,,"), right),
    "--left-map",
    "code.uscc=uscc",
    "--right-map",
    "code.uscc=uscc",
  );
  expect(opened).toMatchObject({
    left: {
      rows: 4,
      problems: {
        "no-code": 1,
        person: 1,
        characters: 1,
        repeated: 1,
        "code-doubtful": 2,
        "place-unread": 2,
      },
    },
  });
  const problems = readFileSync(join(folder, "bench", "left.problems.csv"), "utf8");
  expect(problems).toContain("4,code-doubtful,uscc,91350100M000100Y43,91350100M000100Y44");
  expect(problems).toContain("7,code-doubtful,uscc,91350100M000100Y43,9135O1OOM000100Y43");
  expect(problems).not.toContain(person);
  await json("propose", "bench");
  expect(await json("list", "bench")).toMatchObject([
    { id: "2-2", kind: "proposed", reasons: [{ kind: "code" }, { kind: "name" }] },
    {},
  ]);
  expect(readFileSync(join(folder, "bench", "proposals-2.jsonl"), "utf8")).not.toContain(person);
});

test("wrong uses are refused with what would be right", async () => {
  const lists = writeLists();
  expect(await refusal("propose", "nowhere")).toMatchObject({
    exit: EXIT.notFound,
    code: "WORKBENCH_NOT_FOUND",
  });
  expect(await refusal("open", "b", "--left", "left.csv", "--right", "none.csv")).toMatchObject({
    code: "FILE_NOT_FOUND",
    field: "--right",
  });
  expect(await refusal("open", "b", ...lists, "--left-map", "code=nothing")).toMatchObject({
    field: "--left-map code",
    got: "nothing",
    expected: "code, name, lat, lon",
  });
  expect(await refusal("open", "b", ...lists, "--left-map", "size=lat")).toMatchObject({
    field: "--left-map",
  });
  expect(await refusal("open", "b", ...lists, "--left-where", "x=1")).toMatchObject({
    field: "--left-where",
  });
  writeFileSync(join(folder, "odd.csv"), "foo,bar\n1,2\n");
  expect(await refusal("open", "b", "--left", "odd.csv", "--right", "right.csv")).toMatchObject({
    field: "--left-map",
    expected: "code=COLUMN",
    got: "foo, bar",
  });
  expect(existsSync(join(folder, "b"))).toBe(false);
  await openBench();
  expect(await refusal("open", "bench", ...lists)).toMatchObject({
    exit: EXIT.conflict,
    code: "WORKBENCH_EXISTS",
  });
  expect(await refusal("confirm", "bench")).toMatchObject({ exit: EXIT.usage, code: "USAGE" });
  expect(await refusal("confirm", "bench", "2-2", "--min-score", "1")).toMatchObject({ code: "USAGE" });
  expect(await refusal("confirm", "bench", "two")).toMatchObject({ code: "PAIR_MALFORMED", got: "two" });
  expect(await refusal("confirm", "bench", "2-99")).toMatchObject({
    exit: EXIT.notFound,
    code: "PAIR_UNKNOWN",
  });
  expect(await refusal("undo", "bench", "1")).toMatchObject({ exit: EXIT.notFound, code: "STEP_UNKNOWN" });
  expect(await refusal("show", "bench", "2-2", "--evidence", "x")).toMatchObject({
    code: "PAIR_NOT_CONFIRMED",
  });
});

test("what somebody changed in a workbench is seen", async () => {
  await openBench();
  await json("confirm", "bench", "2-2");
  const path = join(folder, "bench", "journal.jsonl");
  const journal = readFileSync(path, "utf8");
  writeFileSync(path, journal.replace('"by":"tester"', '"by":"nobody"'));
  expect(await refusal("list", "bench")).toMatchObject({
    exit: EXIT.verification,
    code: "WORKBENCH_DAMAGED",
  });
  writeFileSync(path, journal);
  const proposals = join(folder, "bench", "proposals-2.jsonl");
  const written = readFileSync(proposals, "utf8");
  writeFileSync(proposals, written.replace("proposed", "refused"));
  expect(await refusal("list", "bench")).toMatchObject({ code: "WORKBENCH_DAMAGED" });
  writeFileSync(proposals, written);
  appendFileSync(join(folder, "bench", "left.csv"), "x");
  expect(await refusal("export", "bench", "out.csv")).toMatchObject({ code: "WORKBENCH_DAMAGED" });
});

test("a part of a line that a kill left is no step", async () => {
  await openBench();
  const path = join(folder, "bench", "journal.jsonl");
  appendFileSync(path, '{"step":3,"at":"2026');
  const { err, exit } = await call(["confirm", "bench", "2-2"]);
  expect(exit).toBe(EXIT.ok);
  expect(err).toContain("killed");
  expect((await call(["list", "bench", "--kind", "confirmed"])).err).not.toContain("killed");
  expect(await idsOf("confirmed")).toEqual(["2-2"]);
});

test("killed at any moment, what was acknowledged is kept, and the same command goes on", async () => {
  await json(
    ...[
      "open",
      "bench",
      "--left",
      join(DATA, "gbt2260-divisions.csv"),
      "--right",
      join(DATA, "statistical-divisions.csv"),
    ],
    ...["--left-system", "gbt2260", "--right-system", "statistical-division-12"],
    ...["--left-map", "place={province} {prefecture}", "--right-map", "place={province} {prefecture}"],
  );
  const [proposed] = await json("propose", "bench");
  const all = proposed!["proposed"] as number;
  expect(all).toBeGreaterThan(3_300);
  const confirmed = async (): Promise<number> => {
    const [last] = (await json("list", "bench", "--limit", "1")).slice(-1);
    return (last!["counts"] as { readonly confirmed: number }).confirmed;
  };
  for (let round = 0; round < 8; round++) {
    const [words, wanted] =
      round % 2 === 0 ? [["confirm", "bench", "--min-score", "600"], all] : [["undo", "bench"], 0];
    const child = spawnCli(["reconcile", ...words, "--json"], folder);
    const timer = setTimeout(() => child.process.kill("SIGKILL"), 250 + 60 * round);
    await child.ended;
    clearTimeout(timer);
    const isAcknowledged = child.written().includes('"step":');
    const after = await confirmed();
    expect([wanted, ...(isAcknowledged ? [] : [all - wanted])], `round ${round}`).toContain(after);
    if (after !== wanted) await json(...words);
    expect(await confirmed(), `round ${round}`).toBe(wanted);
  }
}, 120_000);

test("matching shows how far it is, and an interrupt leaves all as it was", async () => {
  await json(
    "open",
    "bench",
    ...["--left", join(DATA, "berlin-stops.csv"), "--right", join(DATA, "berlin-stops.csv")],
  );
  const stop = new AbortController();
  let seen = "";
  const { exit } = await callCli(["reconcile", "propose", "bench"], {
    folder,
    isTerminal: true,
    interrupt: stop.signal,
    onErr: (text) => {
      seen += text;
      if (text.includes("Comparing")) stop.abort();
    },
  });
  expect(exit).toBe(EXIT.interrupted);
  for (const text of ["Taking names apart", "Looking for candidates", "Comparing", "/s"])
    expect(seen).toContain(text);
  expect(await idsOf("proposed")).toEqual([]);
  expect(
    readFileSync(join(folder, "bench", "journal.jsonl"), "utf8")
      .trim()
      .split("\n"),
  ).toHaveLength(1);
}, 60_000);
