import { utf8ToBytes } from "@noble/hashes/utils.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { equalBytes } from "../hex.ts";
import { publicKeyOf, type Verify } from "../key/ed25519.ts";
import {
  type Checkpoint,
  encodeCheckpoint,
  parseCheckpoint,
  signCheckpoint,
  verifyCheckpoint,
} from "./checkpoint.ts";
import { addSignatures, encodeNote, makeVerifierKey, parseNote, SIGNATURE_TYPES, signText } from "./note.ts";
import { turnBit } from "./reference.testing.ts";
import { emptyRoot } from "./tree.ts";

const ORIGIN = "registry.example/shijiazhuang";
const seed = new Uint8Array(32).fill(7);
const logKey = makeVerifierKey(ORIGIN, SIGNATURE_TYPES.ed25519, publicKeyOf(seed));

const CHECKPOINT: Checkpoint = {
  origin: ORIGIN,
  size: 20_852_163,
  logRoot: new Uint8Array(32).fill(0x11),
  height: 4_096,
  timeMs: 1_574_812_800_000,
  stateRoot: new Uint8Array(32).fill(0x22),
};
const TEXT = `registry.example/shijiazhuang
20852163
ERERERERERERERERERERERERERERERERERERERERERE=
cityroot/v1 height=4096 time=1574812800000 state=IiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiI=
`;

describe("a checkpoint's text", () => {
  test("has the four lines of the specification, in their order", () => {
    expect(encodeCheckpoint(CHECKPOINT)).toBe(TEXT);
    expect(parseCheckpoint(TEXT)).toEqual({ ok: true, value: CHECKPOINT });
  });

  test("leads back to the checkpoint", () => {
    const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });
    const checkpoint = fc.record({
      origin: fc.constantFrom(ORIGIN, "例え.example", "a"),
      size: fc.maxSafeNat().map((size) => size || 1),
      logRoot: hash,
      height: fc.maxSafeNat(),
      timeMs: fc.maxSafeNat(),
      stateRoot: hash,
    });
    fc.assert(
      fc.property(checkpoint, (some) => {
        expect(parseCheckpoint(encodeCheckpoint(some))).toEqual({ ok: true, value: some });
      }),
    );
  });

  test("of an empty log has size 0 and the root of no leaves", () => {
    const empty = { ...CHECKPOINT, size: 0, logRoot: emptyRoot() };
    expect(encodeCheckpoint(empty)).toContain("\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n");
    expect(parseCheckpoint(encodeCheckpoint(empty))).toEqual({ ok: true, value: empty });
    expect(parseCheckpoint(TEXT.replace("20852163", "0"))).toMatchObject({
      ok: false,
      fault: { field: "root" },
    });
  });

  test.each([
    ["checkpoint", "", "nothing"],
    ["checkpoint", TEXT.slice(0, -1), "no last newline"],
    ["checkpoint", `${TEXT}\n`, "an empty line more"],
    ["checkpoint", `${TEXT}more\n`, "another extension line"],
    ["checkpoint", TEXT.replace(/cityroot.*\n/, ""), "no extension line"],
    ["checkpoint", TEXT.replace("20852163\n", ""), "no size"],
    ["origin", TEXT.replace(ORIGIN, ""), "no origin"],
    ["origin", TEXT.replace(ORIGIN, "a log"), "a space in the origin"],
    ["origin", TEXT.replace(ORIGIN, "a+log"), "a plus in the origin"],
    ["origin", TEXT.replace(ORIGIN, "a".repeat(256)), "a long origin"],
    ["size", TEXT.replace("20852163", "020852163"), "a leading zero"],
    ["size", TEXT.replace("20852163", "00"), "two zeros"],
    ["size", TEXT.replace("20852163", "-1"), "a negative size"],
    ["size", TEXT.replace("20852163", "+1"), "a sign"],
    ["size", TEXT.replace("20852163", "1e3"), "an exponent"],
    ["size", TEXT.replace("20852163", "0x10"), "hexadecimal"],
    ["size", TEXT.replace("20852163", " 1"), "a space"],
    ["size", TEXT.replace("20852163", "9007199254740992"), "2^53"],
    ["size", TEXT.replace("20852163", "99999999999999999999"), "twenty digits"],
    ["root", TEXT.replace("ERE=\n", "ERF=\n"), "unused bits that are set"],
    ["root", TEXT.replace("ERE=\n", "ER==\n"), "31 bytes"],
    ["root", TEXT.replace("ERE=\n", "EREREREREREREREREREREREREREREREREQ==\n"), "more bytes"],
    ["extension", TEXT.replace("cityroot/v1", "cityroot/v2"), "another version"],
    [
      "extension",
      TEXT.replace("height=4096 time=1574812800000", "time=1574812800000 height=4096"),
      "another order",
    ],
    ["extension", TEXT.replace(" time", "  time"), "two spaces"],
    ["extension", TEXT.replace("cityroot", " cityroot"), "a space before"],
    ["extension", TEXT.replace("I=\n", "I= \n"), "a space after"],
    ["extension", TEXT.replace("I=\n", "I= more=1\n"), "another member"],
    ["extension", TEXT.replace("height=4096", "height="), "no height"],
    ["extension", TEXT.replace("height=4096", "height=-1"), "a negative height"],
    ["extension", TEXT.replace("time=1574812800000", "time=1574812800000.5"), "a fraction"],
    ["height", TEXT.replace("height=4096", "height=04096"), "a leading zero"],
    ["height", TEXT.replace("height=4096", "height=9007199254740992"), "2^53"],
    ["time", TEXT.replace("time=1574812800000", "time=9007199254740992"), "2^53"],
    ["time", TEXT.replace("time=1574812800000", "time=01"), "a leading zero"],
    ["state", TEXT.replace("IiI=", "IiJ="), "unused bits that are set"],
    ["state", TEXT.replace("IiI=", "Ig=="), "31 bytes"],
  ])("is refused at its %s: %j, %s", (field, text) => {
    expect(parseCheckpoint(text)).toMatchObject({ ok: false, fault: { field } });
  });

  test("is there once for each checkpoint", () => {
    for (let at = 0; at < TEXT.length; at++) {
      for (const character of ["0", " ", "\n", "=", ""]) {
        const text = TEXT.slice(0, at) + character + TEXT.slice(at + 1);
        const read = parseCheckpoint(text);
        if (read.ok) expect(encodeCheckpoint(read.value), text).toBe(text);
      }
    }
  });

  test("is not written for parts out of range, a mistake of ours", () => {
    const hash = new Uint8Array(31);
    for (const wrong of [
      { size: -1 },
      { size: 0 },
      { height: 0.5 },
      { timeMs: 2 ** 53 },
      { logRoot: hash },
      { stateRoot: hash },
    ]) {
      expect(() => encodeCheckpoint({ ...CHECKPOINT, ...wrong }), JSON.stringify(wrong)).toThrow(
        "invariant broken",
      );
    }
    expect(() => encodeCheckpoint({ ...CHECKPOINT, origin: "two\nlines" })).toThrow("invariant broken");
  });
});

describe("a signed checkpoint", () => {
  const note = signCheckpoint(CHECKPOINT, ORIGIN, seed);
  const bytes = encodeNote(note);

  test("verifies under the log's key", () => {
    expect(verifyCheckpoint(bytes, ORIGIN, [logKey])).toEqual({ ok: true, checkpoint: CHECKPOINT, note });
  });

  test("does not verify with any bit turned", () => {
    const message = utf8ToBytes(note.text);
    const honest: Verify = (_, some, signature) =>
      equalBytes(some, message) && equalBytes(signature, note.signatures[0]!.signature);
    expect(verifyCheckpoint(bytes, ORIGIN, [logKey], honest).ok).toBe(true);
    for (let bit = 0; bit < 8 * bytes.length; bit++) {
      expect(verifyCheckpoint(turnBit(bytes, bit), ORIGIN, [logKey], honest).ok, `bit ${bit}`).toBe(false);
    }
  });

  test("passes over signatures of other keys, even under the log's name", () => {
    const other = signText(note.text, ORIGIN, new Uint8Array(32).fill(8));
    const both = encodeNote(addSignatures(note, [other]));
    expect(verifyCheckpoint(both, ORIGIN, [logKey])).toMatchObject({ ok: true, checkpoint: CHECKPOINT });
  });

  test("is refused with the reason", () => {
    const refusal = (some: Uint8Array, origin = ORIGIN) => verifyCheckpoint(some, origin, [logKey]);
    expect(refusal(utf8ToBytes("no note"))).toMatchObject({
      ok: false,
      reason: "malformed",
      fault: { field: "note" },
    });
    const noCheckpoint = encodeNote({ text: "hello\n", signatures: note.signatures });
    expect(refusal(noCheckpoint)).toMatchObject({
      ok: false,
      reason: "malformed",
      fault: { field: "checkpoint" },
    });
    expect(refusal(bytes, "another.example")).toEqual({
      ok: false,
      reason: "wrong-origin",
      expected: "another.example",
      got: ORIGIN,
    });
    const stranger = signCheckpoint(CHECKPOINT, ORIGIN, new Uint8Array(32).fill(8));
    expect(refusal(encodeNote(stranger))).toEqual({ ok: false, reason: "log-signature-missing" });
    const forged = { ...note.signatures[0]!, signature: new Uint8Array(64) };
    const invalid = { ok: false, reason: "log-signature-invalid" };
    expect(refusal(encodeNote({ text: note.text, signatures: [forged] }))).toEqual(invalid);
    const doubled = encodeNote({ text: note.text, signatures: [note.signatures[0]!, forged] });
    expect(refusal(doubled), "one good and one bad signature of the log").toEqual(invalid);
  });

  test("is verified with what is handed in", () => {
    expect(verifyCheckpoint(bytes, ORIGIN, [logKey], () => false)).toMatchObject({
      reason: "log-signature-invalid",
    });
    const read = parseNote(bytes);
    expect(read.ok && read.value.text).toBe(TEXT);
  });
});
