/**
 * Goal: what CometBFT says reaches the node's log at a fitting level, within bounds, and its last errors are kept.
 * Method: lines as it writes them, in pieces as a pipe brings them.
 */
import { PassThrough } from "node:stream";
import fc from "fast-check";
import { pino } from "pino";
import { expect, test } from "vitest";
import { type CometLine, failureIn, hearLines, lastErrors, passOn, readCometLine } from "./comet-log.ts";

const DIAL =
  '{"_msg":"Failed to dial","err":"connection refused","level":"error","module":"p2p","ts":"2026-01-01T00:00:00Z"}';
const BLOCK =
  '{"_msg":"executed block","height":3,"level":"info","module":"state","ts":"2026-01-01T00:00:00Z"}';

async function heard(pieces: readonly string[], charactersMax: number): Promise<string[]> {
  const stream = new PassThrough();
  const lines: string[] = [];
  hearLines(stream, charactersMax, (line) => lines.push(line));
  const end = new Promise((resolve) => stream.on("end", resolve));
  for (const piece of pieces) stream.write(piece);
  stream.end();
  await end;
  return lines;
}

test("lines are the same however they come in pieces, and each is cut where it is too long", async () => {
  const text = fc.string({ unit: fc.constantFrom("a", "b", "\n", "é"), maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(text, { maxLength: 8 }),
      fc.integer({ min: 1, max: 10 }),
      async (pieces, max) => {
        const whole = pieces.join("");
        const expected = whole.split("\n").map((line) => line.slice(0, max));
        if (expected.at(-1) === "") expected.pop();
        expect(await heard(pieces, max)).toEqual(expected);
      },
    ),
    { numRuns: 200 },
  );
});

test("a line of its log is taken apart; plain text is an error, and a cut line keeps its level", () => {
  const fields = { err: "connection refused", module: "p2p" };
  expect(readCometLine(DIAL)).toEqual({ level: "error", message: "Failed to dial", fields });
  expect(readCometLine(BLOCK)).toEqual({
    ...{ level: "info", message: "executed block" },
    fields: { height: 3, module: "state" },
  });
  const cut = BLOCK.slice(0, -4);
  expect(readCometLine(cut)).toEqual({ level: "info", message: cut, fields: {} });
  for (const plain of ["panic: no", "", "{", "ERROR: failed", '"level":"info"'])
    expect(readCometLine(plain), plain).toEqual({ level: "error", message: plain, fields: {} });
});

test("errors are warnings of the node while it is watched; the rest is for who looks for it", () => {
  const written: { readonly level: number; readonly msg: string; readonly cometbft: unknown }[] = [];
  const logger = pino({ level: "debug" }, { write: (line: string) => written.push(JSON.parse(line)) });
  for (const line of [DIAL, BLOCK, DIAL.replace("error", "warn")]) passOn(logger, readCometLine(line), true);
  passOn(logger, readCometLine(DIAL), false);
  expect(written.map(({ level, msg }) => `${level} ${msg}`)).toEqual([
    "40 CometBFT: Failed to dial",
    "20 CometBFT: executed block",
    "40 CometBFT: Failed to dial",
    "20 CometBFT: Failed to dial",
  ]);
  expect(written[0]!.cometbft).toEqual({ err: "connection refused", module: "p2p" });
});

test("the last errors are kept, each cut, and none after the reason for which Go gives up", () => {
  const errors = lastErrors();
  const hear = (...lines: readonly string[]): void => {
    for (const line of lines) errors.hear(readCometLine(line));
  };
  expect(errors.text()).toBe("");
  hear("one", BLOCK, "two", "", DIAL);
  expect(errors.text()).toBe("one | two | Failed to dial: connection refused");
  hear("x".repeat(10_000));
  expect(errors.text().length).toBeLessThan(600);
  hear(
    "panic: it is over. Got",
    "\tone thing, expected",
    DIAL,
    "another.",
    "",
    "goroutine 1 [running]:",
    DIAL,
  );
  expect(errors.text()).toMatch(/ \| panic: it is over\. Got one thing, expected another\.$/);
});

test("that it decides on no more blocks is seen in its line, also in one that was cut", () => {
  const line =
    '{"_msg":"CONSENSUS FAILURE!!!","err":"+2/3 committed an invalid block","level":"error","module":"consensus","stack":"goroutine"}';
  const found = (text: string): string | undefined => failureIn(readCometLine(text) satisfies CometLine);
  expect(found(line)).toBe("+2/3 committed an invalid block");
  expect(found(line.slice(0, -3))).toContain("+2/3 committed an invalid block");
  expect(found('{"_msg":"State sync failed","err":"no witnesses","level":"error"}')).toBe("no witnesses");
  for (const other of [DIAL, BLOCK, "panic: no"]) expect(found(other), other).toBeUndefined();
});
