import fc from "fast-check";
import { expect, test } from "vitest";
import { codeNodes, codes } from "./code.testing.ts";
import { type Code, formatCode, isCode, parseCode, partsOf, profileOf } from "./code.ts";
import { CODE_CHARACTERS_MAX, CUSTOM_NODE_CHARACTERS_MAX, NODE_CHARACTERS_MAX, NODES_MAX } from "./limits.ts";

/** Published forms, and one of every depth. All are canonical. */
const CANONICAL_CODES = [
  "MA.156",
  "MA.156.1301",
  "MA.156.1301.01",
  "MA.156.110101",
  "MA.156/60",
  "MA.156.1301/60.10000000.1",
  "MA.156.1301.02/60",
  "MA.156.1301.02/60.10000000",
  "MA.156.1301.02/60.10000000.1",
  "MA.156.1301.02/60.10000000.1/000123",
  "MA.156.1301.02/60.10000000.1/a.b.c",
  "MA.156.1003.1629/73.10000000.6",
  "MA.156.1003.1629/10.46100000.riseplatform",
  "MA.156.1003.1629/10.46100000.Model-7_b/-._",
  "MA.840.x.Y",
  "MA.156.M10.1",
  "MA.156.m0.1/60",
  "MA.156.M0",
  "MA.156.M0.100032",
  "MA.156.M0.100032.00002689",
  "MA.156.M0.100350.01004YA10017.SLMSAGAAAC.M210628.LAY21062803.E220628.V220627.C3",
];

/** Accepted on input, with the canonical code that results. */
const ACCEPTED = [
  ["MA.156/", "MA.156"],
  ["MA.156.1301/", "MA.156.1301"],
  ["MA.156.1003.1629/73.10000000.6/", "MA.156.1003.1629/73.10000000.6"],
  ["MA.156.1003.1629/73.10000000.6/1/", "MA.156.1003.1629/73.10000000.6/1"],
  ["MA.156.1301.02.60", "MA.156.1301.02/60"],
  ["MA.156.1301.02.60/", "MA.156.1301.02/60"],
  ["MA.156.1301.02.60.10000000.1", "MA.156.1301.02/60.10000000.1"],
  ["MA.156.1301.02.60.10000000.1.000123", "MA.156.1301.02/60.10000000.1/000123"],
  ["MA.156.1301.02.60.10000000.1/000123.x", "MA.156.1301.02/60.10000000.1/000123.x"],
  ["MA.156.1301.02/60.10000000.1.000123.x", "MA.156.1301.02/60.10000000.1/000123.x"],
  ["MA.156.1301/60.10000000.1.000123", "MA.156.1301/60.10000000.1/000123"],
  ["MA.156.M0.100032.00002689/", "MA.156.M0.100032.00002689"],
] as const;

test.each(CANONICAL_CODES)("%s is canonical", (text) => {
  expect(parseCode(text)).toEqual({ ok: true, value: text });
  expect(isCode(text)).toBe(true);
});

test.each(ACCEPTED)("%s is read as %s", (text, canonical) => {
  expect(parseCode(text)).toEqual({ ok: true, value: canonical });
  expect(isCode(text)).toBe(false);
});

test("the parts of a general code", () => {
  expect(partsOf("MA.156.1301.02/60.10000000.1/000123.a" as Code)).toEqual({
    profile: "general",
    root: ["MA", "156", "1301", "02"],
    object: ["60", "10000000", "1"],
    custom: ["000123", "a"],
  });
  expect(partsOf("MA.156/60" as Code)).toEqual({
    profile: "general",
    root: ["MA", "156"],
    object: ["60"],
    custom: [],
  });
});

test("the parts of a medical code", () => {
  expect(partsOf("MA.156.M0.100350.01004YA10017.S1.C3" as Code)).toEqual({
    profile: "medical",
    root: ["MA", "156", "M0", "100350"],
    object: ["01004YA10017"],
    custom: ["S1", "C3"],
  });
  expect(partsOf("MA.156.M0" as Code)).toEqual({
    profile: "medical",
    root: ["MA", "156", "M0"],
    object: [],
    custom: [],
  });
});

test("only M and one digit make a code medical", () => {
  expect(profileOf("MA.156.M0" as Code)).toBe("medical");
  expect(profileOf("MA.276.M9.1" as Code)).toBe("medical");
  for (const text of [
    "MA.156",
    "MA.156/60",
    "MA.156.M",
    "MA.156.M10",
    "MA.156.m0",
    "MA.156.N0",
    "MA.156.MA",
  ]) {
    expect(profileOf(text as Code), text).toBe("general");
  }
});

test("the nodes make the code again", () => {
  fc.assert(
    fc.property(codeNodes, (nodes) => {
      const made = formatCode(nodes);
      if (!made.ok) throw new Error(`refused: ${JSON.stringify(made.fault)}`);
      const { profile, ...parts } = partsOf(made.value);
      expect(parts, made.value).toEqual(nodes);
      expect(profile, made.value).toBe(/^M[0-9]$/.test(nodes.root[2] ?? "") ? "medical" : "general");
      expect(parseCode(made.value), made.value).toEqual({ ok: true, value: made.value });
    }),
  );
});

test.each([
  [{ root: ["MA"], object: [], custom: [] }, "root", "1 nodes"],
  [{ root: ["MA", "156", "1", "2", "60"], object: [], custom: [] }, "root", "5 nodes"],
  [{ root: ["MA", "156"], object: ["60", "10000000", "1", "2"], custom: [] }, "object", "4 nodes"],
  [{ root: ["MA", "156"], object: ["60", "10000000"], custom: ["1"] }, "object", "2 nodes"],
  [{ root: ["MA", "156"], object: [], custom: ["1"] }, "object", "0 nodes"],
  [{ root: ["MA", "156", "M0", "1"], object: ["1", "2"], custom: [] }, "object", "2 nodes"],
  [{ root: ["MA", "156", "M0", "1"], object: [], custom: ["S1"] }, "object", "0 nodes"],
  [{ root: ["MA", "156", "M0"], object: ["00002689"], custom: [] }, "root", "3 nodes"],
  [{ root: ["MA", "156", "1301.02"], object: [], custom: [] }, "root[2]", "1301.02"],
  [{ root: ["MA", "156/60"], object: [], custom: [] }, "country", "156/60"],
  [{ root: ["MA", "156"], object: [""], custom: [] }, "object.use", ""],
  [{ root: ["MA", "156", "M0", "1"], object: ["a.b"], custom: [] }, "object.product", "a.b"],
  [{ root: ["MA", "156"], object: ["60", "10000000", "1"], custom: ["1", "2/3"] }, "custom[1]", "2/3"],
  [{ root: ["ma", "156"], object: [], custom: [] }, "agency", "ma"],
  [{ root: ["MA", "156"], object: ["60", "1"], custom: [] }, "object.category", "1"],
])("nodes that make no code: %j", (nodes, field, got) => {
  expect(formatCode(nodes)).toMatchObject({ ok: false, fault: { field, got } });
});

test("the limits hold exactly", () => {
  const model = "m".repeat(NODE_CHARACTERS_MAX);
  const serial = "s".repeat(CUSTOM_NODE_CHARACTERS_MAX);
  const above = "MA.156.1301.02/60.10000000.";
  expect(isCode(above + model)).toBe(true);
  expect(isCode(`${above}${model}m`)).toBe(false);
  expect(isCode(`${above}1/${serial}`)).toBe(true);
  expect(isCode(`${above}1/${serial}s`)).toBe(false);
  const nodes = `${above}1/s${".s".repeat(NODES_MAX - 8)}`;
  expect(isCode(nodes)).toBe(true);
  expect(isCode(`${nodes}.s`)).toBe(false);
  const longest = `${above}1/${serial}.`.padEnd(CODE_CHARACTERS_MAX, "s");
  expect(isCode(longest)).toBe(true);
  expect(parseCode(`${longest}/`)).toEqual({ ok: true, value: longest });
  expect(isCode(`${longest}s`)).toBe(false);
});

/** The grammar once more, as patterns: slow, and written apart from the scanner. */
const ROOT_UNIT = `[0-9A-Za-z]{1,${NODE_CHARACTERS_MAX}}`;
const MODEL = `[0-9A-Za-z_-]{1,${NODE_CHARACTERS_MAX}}`;
const SERIAL = `[0-9A-Za-z_-]{1,${CUSTOM_NODE_CHARACTERS_MAX}}`;
const OBJECT = `[0-9]{2}(\\.[0-9]{8}(\\.${MODEL}([./]${SERIAL}(\\.${SERIAL})*)?)?)?`;
const REGION = `(?!M[0-9](?:[./]|$))${ROOT_UNIT}`;
const GENERAL = new RegExp(
  `^MA\\.[0-9]{3}((\\.${REGION})?(/${OBJECT})?|\\.${REGION}\\.${ROOT_UNIT}([./]${OBJECT})?)/?$`,
);
const MEDICAL = new RegExp(`^MA\\.[0-9]{3}\\.M[0-9](\\.${ROOT_UNIT}(\\.${MODEL}(\\.${SERIAL})*)?)?/?$`);

function isGrammatical(text: string): boolean {
  const code = text.replace(/\/$/, "");
  if (code.length > CODE_CHARACTERS_MAX || code.split(/[./]/).length > NODES_MAX) return false;
  return GENERAL.test(text) || MEDICAL.test(text);
}

/** Goal: scanner and patterns accept the same texts. Method: codes with a few characters changed. */
test("the scanner agrees with the grammar written as patterns", () => {
  const piece = fc.oneof(
    fc.constantFrom("", ".", "/", "-", "M0", "60", "a", " ", "\uff11", "10000000"),
    fc.string(),
  );
  const edit = fc.record({ at: fc.nat(60), remove: fc.nat(3), insert: piece });
  fc.assert(
    fc.property(codes, fc.array(edit, { maxLength: 3 }), (code, edits) => {
      let text: string = code;
      for (const { at, remove, insert } of edits) text = text.slice(0, at) + insert + text.slice(at + remove);
      expect(parseCode(text).ok, text).toBe(isGrammatical(text));
    }),
    { numRuns: 3000 },
  );
});

test("what is accepted is canonical when read again, and is the input with other separators", () => {
  const dotted = codes.map((code) => code.replaceAll("/", "."));
  fc.assert(
    fc.property(fc.oneof(codes, dotted), fc.constantFrom("", "/"), (text, end) => {
      const read = parseCode(text + end);
      if (!read.ok) return;
      expect(isCode(read.value), text).toBe(true);
      expect(read.value.replaceAll("/", "."), text).toBe(text.replaceAll("/", "."));
    }),
  );
});

/** Goal: no input throws. Method: arbitrary text, alone and behind a good beginning. */
test("any text is read or refused with a fault that points into it", () => {
  fc.assert(
    fc.property(
      fc.constantFrom("", "MA.156.", "MA.156.1301.02/"),
      fc.string({ unit: "binary" }),
      (start, end) => {
        const read = parseCode(start + end);
        if (read.ok) return;
        expect(read.fault.at, start + end).toBeLessThanOrEqual(start.length + end.length);
        expect(read.fault.expected, start + end).not.toBe("");
      },
    ),
    { numRuns: 1000 },
  );
});
