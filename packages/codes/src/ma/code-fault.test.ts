import fc from "fast-check";
import { expect, test } from "vitest";
import type { Fault } from "../fault.ts";
import { codes } from "./code.testing.ts";
import { parseCode } from "./code.ts";
import { CODE_CHARACTERS_MAX, NODES_MAX } from "./limits.ts";

function faultOf(text: string): Fault {
  const read = parseCode(text);
  if (read.ok) throw new Error(`not refused: ${text}`);
  return read.fault;
}

/** Text; field, position and what came; fix. */
const REFUSED: readonly (readonly [string, string, number, string, string | undefined])[] = [
  ["", "agency", 0, "", undefined],
  ["MA", "agency", 2, "MA", undefined],
  ["MA/", "agency", 2, "MA", undefined],
  ["MB.156", "agency", 1, "MB", undefined],
  ["ma.156.1301", "agency", 0, "ma", 'write "MA.156.1301"'],
  [" MA.156", "agency", 0, " MA", 'write "MA.156"'],
  ["MA/156/1301", "agency", 2, "MA", 'write "MA.156.1301"'],
  ["\u041c\u0410.156", "agency", 0, "\\u041c\\u0410", 'write "MA.156"'],
  ["https://x.cn/MA.156", "agency", 0, "https:", "give the code alone, without the address around it"],
  ["MA.", "country", 3, "", "give the node, or remove the separator before it"],
  ["MA.86", "country", 3, "86", "use the three digits of ISO 3166-1, such as 156 for China"],
  ["MA.CN", "country", 3, "CN", "use the three digits of ISO 3166-1, such as 156 for China"],
  ["MA.\uff11\uff15\uff16.1301", "country", 3, "\\uff11\\uff15\\uff16", 'write "MA.156.1301"'],
  ["MA.156.1301 ", "root[2]", 11, "1301 ", 'write "MA.156.1301"'],
  ["MA.156.13-01", "root[2]", 9, "13-01", undefined],
  ["MA.156..02", "root[2]", 7, "", "give the node, or remove the separator before it"],
  ["MA.156.1301.", "root[3]", 12, "", "give the node, or remove the separator before it"],
  ["MA.156.1301\u300202", "root[2]", 11, "1301\\u300202", 'write "MA.156.1301.02"'],
  ["MA.156.1301.02//", "object.use", 15, "", "give the node, or remove the separator before it"],
  [
    "MA.156.1301.02/000123",
    "object.use",
    15,
    "000123",
    "after the root come use (2 digits), category (8 digits) and model; only then nodes of your own",
  ],
  [
    "MA.156.1301.02/60/000123",
    "object.category",
    17,
    "/",
    "give use, category and model before the custom part",
  ],
  [
    "MA.156.1301.02/60.10000000/1",
    "object.model",
    26,
    "/",
    "give use, category and model before the custom part",
  ],
  ["MA.156.1301.02/60.1000", "object.category", 18, "1000", undefined],
  ["MA.156.1301.02/60.10000000.a b", "object.model", 28, "a b", 'write "MA.156.1301.02/60.10000000.ab"'],
  ["MA.156.1301.02/60.10000000.1/a.b/c", "custom[2]", 32, "/", 'write "MA.156.1301.02/60.10000000.1/a.b.c"'],
  ["MA.156.1301.02/60.10000000.1/a.b@", "custom[1]", 32, "b@", undefined],
  ["MA.156/60.10000000.1.a..c", "custom[1]", 23, "", "give the node, or remove the separator before it"],
  ["MA.156.M0/60", "root[3]", 9, "/", 'write "MA.156.M0.60"'],
  ["MA.156.M0.100032/00002689", "object.product", 16, "/", 'write "MA.156.M0.100032.00002689"'],
  ["MA.156.M0.100032.00002689/S1#", "custom[0]", 25, "/", 'separate all nodes of a medical code by "."'],
  ["MA.156.M0.1.00002689.S1.M*", "custom[1]", 25, "M*", undefined],
];

test.each(REFUSED)("%j is refused at %s", (text, field, at, got, fix) => {
  const { expected, ...fault } = faultOf(text);
  expect(fault).toEqual(fix === undefined ? { field, at, got } : { field, at, got, fix });
  expect(expected).not.toBe("");
});

test("what is expected names characters and lengths", () => {
  expect(faultOf("ma.156").expected).toBe('"MA" in upper case, then "." and a country');
  expect(faultOf("MA.86").expected).toBe("3 ASCII digits");
  expect(faultOf("MA.156.13_01").expected).toBe("1 to 32 ASCII letters or digits");
  expect(faultOf("MA.156/60/1").expected).toBe('"." and 8 ASCII digits');
});

test("a code with too many nodes or characters", () => {
  const nodes = `MA.156.1301.02/60.10000000.1/s${".s".repeat(NODES_MAX - 7)}`;
  expect(faultOf(nodes)).toMatchObject({
    field: `custom[${NODES_MAX - 7}]`,
    expected: `at most ${NODES_MAX} nodes`,
  });
  const long = "MA.156.1".padEnd(CODE_CHARACTERS_MAX + 1, "1");
  expect(faultOf(long)).toMatchObject({
    field: "code",
    expected: `at most ${CODE_CHARACTERS_MAX} characters`,
  });
});

/** Goal: a fix can be pasted. Method: disguise codes in ways that can be read in one way only. */
test("a suggested code is accepted, and is the code that was disguised", () => {
  const disguises: readonly ((code: string) => string)[] = [
    (code) => ` ${code}`,
    (code) => `${code}\r\n`,
    (code) => `ma${code.slice(2)}`,
    (code) => code.replace(/[0-9]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0)),
    (code) => code.replaceAll(".", "\u3002"),
    (code) => `\ufeff${code}`,
  ];
  fc.assert(
    fc.property(codes, fc.constantFrom(...disguises), (code, disguise) => {
      const text = disguise(code);
      if (text.length > CODE_CHARACTERS_MAX) return;
      expect(faultOf(text).fix, text).toBe(`write "${code}"`);
    }),
  );
});
