import { expect, test } from "vitest";
import { sayIn } from "../text/say.ts";
import { describeProgress } from "./describe-progress.ts";
import { printable } from "./printable.ts";
import { durationText, progressBar } from "./progress-bar.ts";
import { factLines, tableLines } from "./table.ts";
import { cutTo, padTo, widthOf } from "./text-width.ts";

test("Chinese characters take two columns, marks none", () => {
  expect(widthOf("MA.156")).toBe(6);
  expect(widthOf("石家庄市")).toBe(8);
  expect(widthOf("，（")).toBe(4);
  expect(widthOf("e\u0301")).toBe(1);
  expect(padTo("路灯", 6)).toBe("路灯  ");
  expect(cutTo("石家庄市", 5)).toBe("石家…");
  expect(cutTo("short", 5)).toBe("short");
});

test("columns line up, whatever the language", () => {
  const lines = tableLines(
    ["code", "name"],
    [
      ["石家庄", "x"],
      ["a", "y"],
    ],
    { columns: undefined, heading: (text) => text },
  );
  expect(lines).toEqual(["code    name", "石家庄  x", "a       y"]);
});

test("a narrow terminal cuts the widest column, not the others", () => {
  const lines = tableLines(["code", "name"], [["MA.156.1301", "n".repeat(100)]], {
    columns: 40,
    heading: (text) => text,
  });
  for (const line of lines) expect(widthOf(line), line).toBeLessThanOrEqual(40);
  expect(lines[1]).toContain("MA.156.1301");
});

test("values of several lines stay in their column", () => {
  const lines = factLines([["name", "a\nb"]], (text) => text);
  expect(lines).toEqual(["name  a", "      b"]);
});

test("nothing that a stranger wrote moves the cursor", () => {
  expect(printable("a\u001b[2Jb\u202ec\nd")).toBe("a\ufffd[2Jb\ufffdc d");
});

test("progress says how far, how fast and how long", () => {
  let timeMs = 0;
  const drawn: string[] = [];
  const bar = progressBar({
    label: "Importing",
    total: 1000,
    write: (text) => drawn.push(text),
    columns: 200,
    now: () => timeMs,
    describe: describeProgress(sayIn("en"), "en"),
  });
  bar.update(0);
  timeMs = 1_000;
  bar.update(250, 3);
  bar.stop();
  expect(drawn.at(-2)).toContain("250 of 1,000 · 250/s · 3s left · 3 refused");
  expect(drawn.at(-1)).toBe("\r\u001b[K");
});

test("durations are short", () => {
  expect([900, 65_000, 7_500_000].map(durationText)).toEqual(["1s", "1m 05s", "2h 05m"]);
});
